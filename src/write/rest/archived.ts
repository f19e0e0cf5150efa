import { own } from '../../json/guards.ts';
import type { KnownRecord } from '../../vitally/records/known-record.ts';

/** A record that was seen to be archived. */
export function isArchived({ fields }: KnownRecord): boolean {
  return fields !== undefined && typeof own(fields, 'archivedAt') === 'string';
}
