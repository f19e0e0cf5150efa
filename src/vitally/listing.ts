import { isJsonObject, own } from '../json/guards.ts';
import type { JsonValue } from '../json/json.ts';
import type { Answer, VitallyRequest } from './answer.ts';

/** Vitally REST reference, Pagination: 100 a page at most. Sorted by creation, since what is updated in the midst moves. */
const PAGE_QUERY = 'limit=100&sortBy=createdAt';

export type Send = (request: VitallyRequest) => Promise<Answer>;

/** One page of a list; `next` is the cursor of the page after it, `undefined` at the end. */
export interface Page {
  readonly results: readonly JsonValue[];
  readonly next: string | undefined;
}

/**
 * Reads one page of the records at a path; a page may be empty and yet not the last. `undefined` where Vitally
 * doesn't list them.
 *
 * @param filter further query, e.g. `status=activeOrChurned`
 * @param from the page before's `next`
 */
export async function readPage(
  send: Send,
  path: string,
  filter: string | undefined,
  from: string | undefined,
): Promise<Page | undefined> {
  const query = [PAGE_QUERY, filter, from === undefined ? undefined : `from=${encodeURIComponent(from)}`];
  const answer = await send({ method: 'GET', path: `${path}?${query.filter(Boolean).join('&')}` });
  if (answer.kind !== 'ok' || !isJsonObject(answer.body)) return undefined;
  const results = own(answer.body, 'results');
  if (!Array.isArray(results)) return undefined;
  const next = own(answer.body, 'next');
  return { results, next: typeof next === 'string' && next !== '' && next !== from ? next : undefined };
}
