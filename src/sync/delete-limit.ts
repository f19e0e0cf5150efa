import { ConfigError } from '../errors/config-error.ts';
import type { Route } from '../routing/route.ts';
import type { Send } from '../vitally/listing.ts';
import { NamedThings } from '../vitally/named.ts';
import { ListScan } from '../vitally/records/list-scan.ts';
import { kindOf } from './rest-existence.ts';
import { nameOf } from './summary.ts';

/**
 * Guards a run against deleting more than a stream's `delete_limit`: called before each delete, it stops the run at
 * the one past the limit. A percent needs to know how many records there are, so they are counted once, before the
 * first delete.
 */
export function deleteGuard(
  send: Send,
  named: NamedThings = new NamedThings(send),
): (route: Route) => Promise<void> {
  const limits = new Map<Route, Promise<number>>();
  const deleted = new Map<Route, number>();

  return async (route) => {
    const { deleteLimit } = route;
    let limit = limits.get(route);
    if (limit === undefined) {
      limit =
        'count' in deleteLimit
          ? Promise.resolve(deleteLimit.count)
          : countRecords(route, send, named).then((count) => Math.floor((count * deleteLimit.percent) / 100));
      limits.set(route, limit);
    }
    const most = await limit;
    const soFar = deleted.get(route) ?? 0;
    if (soFar >= most) {
      throw new ConfigError(
        `stream ${nameOf(route)} would delete more than its delete_limit of ${most} ${route.object.plural}: ` +
          'stopped before the next delete. Raise delete_limit in the entry of this stream if they are all meant.',
      );
    }
    deleted.set(route, soFar + 1);
  };
}

async function countRecords(route: Route, send: Send, named: NamedThings): Promise<number> {
  if (route.object.rest === undefined) {
    throw new ConfigError(
      `delete_limit of stream ${nameOf(route)} is a percent, but ${route.object.plural} can't be counted: give it as a count`,
    );
  }
  const { path, listFilter } = await kindOf(route, named);
  let count = 0;
  const scan = new ListScan(send, path, listFilter);
  while (scan.end === undefined) count += (await scan.next()).length;
  if (scan.end === 'whole') return count;
  throw new ConfigError(
    `delete_limit of stream ${nameOf(route)} is a percent, but Vitally's list of its ${route.object.plural} cannot be read: ` +
      'give it as a count instead',
  );
}
