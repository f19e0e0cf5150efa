import { ConfigError } from '../errors/config-error.ts';
import type { Route } from '../mapping/route.ts';
import { nameOf } from '../report/summary.ts';
import type { Send } from '../vitally/http/answer.ts';
import { memoized } from '../vitally/records/memoized.ts';
import { NamedLists } from '../vitally/records/named-lists.ts';
import { pages } from '../vitally/records/pages.ts';
import type { BeforeDelete, DeleteEnded } from './rest/before-delete.ts';
import { collectionOf } from './rest/find.ts';

export interface DeleteGuardOptions {
  readonly send: Send;
  readonly named?: NamedLists;
}

/** Deletes of one stream. Every change of it is one synchronous step. */
interface Count {
  deleted: number;
  /** Begun and not ended: some of them may find nothing to delete. */
  pending: number;
  /** Resolves when the next of them ends. */
  ended: PromiseWithResolvers<void>;
}

/**
 * Guards a run against deleting more than a stream's `delete_limit`. Only records that were there count. The run stops
 * before the first delete past the limit. A limit in percent needs to know how many records there are: they are counted
 * once, before the first delete.
 */
export function deleteGuard({ send, named = new NamedLists(send) }: DeleteGuardOptions): BeforeDelete {
  const limits = new Map<Route, Promise<number>>();
  const counts = new Map<Route, Count>();

  function limitOf(route: Route): Promise<number> {
    const { deleteLimit } = route;
    return memoized(limits, route, async () => {
      if ('count' in deleteLimit) return deleteLimit.count;
      return Math.floor(((await countRecords(route, send, named)) * deleteLimit.percent) / 100);
    });
  }

  return async (route, isThere) => {
    const most = await limitOf(route);
    const count = counts.get(route) ?? { deleted: 0, pending: 0, ended: Promise.withResolvers() };
    counts.set(route, count);
    let isSeen = false;
    for (;;) {
      if (count.deleted + count.pending < most) return begun(count);
      // A delete that has begun may find nothing to delete: then this one may take its place.
      if (count.pending > 0) await count.ended.promise;
      else if (isSeen) throw new DeleteLimitReached(route, most, count.deleted);
      else if (await isThere()) isSeen = true;
      else return 'absent';
    }
  };
}

function begun(count: Count): DeleteEnded {
  count.pending += 1;
  return (deleted) => {
    count.pending -= 1;
    if (deleted) count.deleted += 1;
    count.ended.resolve();
    count.ended = Promise.withResolvers();
  };
}

/**
 * A stream would delete more than its limit. How many rows are left is known when the writes under way have ended: the
 * error then says the same number as the summary.
 */
export class DeleteLimitReached extends ConfigError {
  readonly route: Route;
  readonly #most: number;
  readonly #deleted: number;

  /** @param left rows of the stream that were read and have no outcome, as far as that is known */
  constructor(route: Route, most: number, deleted: number, left?: number) {
    const { stream: name, namespace, object } = route;
    const rows =
      left === undefined
        ? ''
        : `, ${left} ${left === 1 ? 'row' : 'rows'} read and not settled are left, beside what follows them in the input`;
    super(
      `stream ${nameOf(route)} would delete more than its delete_limit of ${most} ${object.plural}: stopped before the ` +
        `next delete. ${deleted} ${deleted === 1 ? 'is' : 'are'} deleted already${rows}. Raise delete_limit in the entry ` +
        'of this stream if they are all meant.',
      { stream: { name, namespace } },
    );
    this.route = route;
    this.#most = most;
    this.#deleted = deleted;
  }

  withRowsLeft(left: number): DeleteLimitReached {
    return new DeleteLimitReached(this.route, this.#most, this.#deleted, left);
  }
}

async function countRecords(route: Route, send: Send, named: NamedLists): Promise<number> {
  if (route.object.rest === undefined) {
    throw new ConfigError(
      `delete_limit of stream ${nameOf(route)} is a percent, but ${route.object.plural} can't be counted: give it as a count`,
    );
  }
  const { path, listFilter } = await collectionOf(route, named);
  let count = 0;
  let isWhole = false;
  for await (const { records, end } of pages(send, path, listFilter)) {
    count += records.length;
    isWhole = end === 'whole';
  }
  if (isWhole) return count;
  throw new ConfigError(
    `delete_limit of stream ${nameOf(route)} is a percent, but Vitally's list of its ${route.object.plural} cannot be read: ` +
      'give it as a count instead',
  );
}
