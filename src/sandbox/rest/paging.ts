import { type Answer, ok, Refusal } from '../answer.ts';
import type { Switches } from '../faults/switches.ts';
import type { JsonObject } from '../json.ts';
import type { Stored } from '../store/records.ts';
import type { SortField } from '../store/table.ts';

/** Default and maximum of `limit` (vitally-api.md, "Paging"). */
const MAX_PAGE_RECORDS = 100;

interface Cursor {
  /** The page begins below this order. */
  readonly before: number;
  /** The page that this cursor leads to has no results: see the switch `empty-page`. */
  readonly empty: boolean;
}

/** One page of `sorted`, newest first, as `{results, next, atEnd}`. */
export function page<R extends Stored>(
  sorted: readonly R[],
  query: URLSearchParams,
  switches: Switches,
  show: (record: R) => JsonObject,
): Answer {
  const limit = readLimit(query.get('limit'), switches);
  const cursor = readCursor(query.get('from'));
  const order = orderOf(readSort(query));
  if (cursor?.empty) return list([], writeCursor({ before: cursor.before, empty: false }), switches);
  const start = cursor === undefined ? 0 : sorted.findIndex((record) => order(record) < cursor.before);
  const records = start < 0 ? [] : sorted.slice(start, start + limit);
  const last = records.at(-1);
  const more = last !== undefined && start + limit < sorted.length;
  const next = more ? writeCursor({ before: order(last), empty: switches.has('empty-page') }) : null;
  return list(records.map(show), next, switches);
}

function list(results: JsonObject[], next: string | null, switches: Switches): Answer {
  return ok(switches.has('no-at-end') ? { results, next } : { results, next, atEnd: next === null });
}

/** @throws Refusal (400) for a field that lists can't be sorted by. */
export function readSort(query: URLSearchParams): SortField {
  const by = query.get('sortBy') ?? 'updatedAt';
  if (by === 'updatedAt' || by === 'createdAt') return by;
  throw new Refusal(400, 'sortBy must be updatedAt or createdAt');
}

function orderOf(by: SortField): (record: Stored) => number {
  return by === 'createdAt' ? (record) => record.createdOrder : (record) => record.updatedOrder;
}

function readLimit(text: string | null, switches: Switches): number {
  if (text === null) return MAX_PAGE_RECORDS;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Refusal(400, 'limit must be a positive integer');
  const limit = Number(text);
  if (limit > MAX_PAGE_RECORDS && switches.has('page-limit-400'))
    throw new Refusal(400, `limit must not be above ${MAX_PAGE_RECORDS}`);
  return Math.min(limit, MAX_PAGE_RECORDS);
}

/** Opaque to clients. Like Vitally's it is base64 of JSON that begins with `sortVal`. */
function writeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify({ sortVal: cursor.before, empty: cursor.empty })).toString('base64');
}

function readCursor(text: string | null): Cursor | undefined {
  // Clients in production send an empty cursor for the first page, so Vitally must take it.
  if (text === null || text === '') return undefined;
  const match = /^\{"sortVal":(\d{1,15}),"empty":(true|false)\}$/.exec(
    Buffer.from(text, 'base64').toString(),
  );
  if (match === null) throw new Refusal(400, 'from is not a cursor of this list');
  return { before: Number(match[1]), empty: match[2] === 'true' };
}
