import type { Switches } from '../faults/switches.ts';
import type { JsonObject } from '../json.ts';
import type { Stored } from './records.ts';

/** The fields that begin every record in an answer; times are ISO with milliseconds. */
export function shownIdentity(record: Stored, switches: Switches): JsonObject {
  const updatedAt = new Date(record.updatedAtMs).toISOString();
  if (switches.has('no-created-at')) return { id: record.id, updatedAt, externalId: record.externalId };
  const createdAt = new Date(record.createdAtMs).toISOString();
  return { id: record.id, createdAt, updatedAt, externalId: record.externalId };
}
