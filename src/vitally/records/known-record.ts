import { RecordError } from '../../errors/record-error.ts';
import { isJsonObject, own } from '../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../json/json.ts';
import type { Answer } from '../http/answer.ts';
import type { ListedRecord } from './listing/listed-record.ts';

/**
 * A record that Vitally showed. `fields` are those last seen; `undefined` where they are not remembered. Then `listed` may
 * still tell whether it holds a value.
 */
export interface KnownRecord {
  readonly id: string;
  readonly externalId: string | undefined;
  readonly fields: JsonObject | undefined;
  readonly listed?: ListedRecord | undefined;
}

/** The body that a read gave. Throws {@link RecordError} where Vitally refused the question. */
export function bodyOf(answer: Answer): JsonValue | undefined {
  if (answer.kind === 'ok') return answer.body;
  throw new RecordError({
    code: 'refused',
    message: `Vitally refused to look the record up (HTTP ${answer.status})`,
    fix: 'Check that the key is an id that Vitally can hold.',
    httpStatus: answer.status,
    detail: answer.text,
    ...(answer.request !== undefined && { request: answer.request }),
  });
}

/** The results of a search: a bare array, `{results: [...]}` or one object, by endpoint and age of the docs. */
export function hitsOf(body: JsonValue | undefined): readonly JsonValue[] {
  if (Array.isArray(body)) return body;
  if (!isJsonObject(body)) return [];
  const results = body.results;
  if (Array.isArray(results)) return results;
  return 'id' in body ? [body] : [];
}

/** The record that an answer shows; `undefined` where it shows none. */
export function knownRecord(body: JsonValue | undefined): KnownRecord | undefined {
  if (!isJsonObject(body)) return undefined;
  const id = body.id;
  if (typeof id !== 'string') return undefined;
  const { accounts: _accounts, organizations, segments: _segments, ...rest } = body;
  // They may be shown whole, with all their traits: what the record belongs to is kept.
  const fields = Array.isArray(organizations)
    ? {
        ...rest,
        organizations: organizations.filter(isJsonObject).map((one) => ({ id: own(one, 'id') ?? null })),
      }
    : rest;
  const externalId = body.externalId;
  const text = typeof externalId === 'number' ? String(externalId) : externalId;
  return { id, externalId: typeof text === 'string' ? text : undefined, fields };
}

/** Whether Vitally shows a record as archived. Of one that was not seen nothing says so. */
export function isArchived(shown: JsonValue | undefined): boolean {
  return isJsonObject(shown) && typeof own(shown, 'archivedAt') === 'string';
}

/** Whether Vitally changed a record after it was shown before. */
export function isNewer(shown: JsonObject | undefined, before: JsonObject): boolean {
  const [now, then] = [shown?.updatedAt, before.updatedAt];
  return typeof now === 'string' && typeof then === 'string' && Date.parse(now) > Date.parse(then);
}
