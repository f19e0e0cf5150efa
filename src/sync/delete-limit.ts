import { ConfigError } from '../errors/config-error.ts';
import { isJsonObject, own } from '../json/guards.ts';
import type { Route } from '../routing/route.ts';
import type { Answer, VitallyRequest } from '../vitally/answer.ts';
import { nameOf } from './summary.ts';

/** Vitally REST reference, Pagination: 100 a page at most; a full scan is sorted by creation. */
const PAGE = 'limit=100&sortBy=createdAt';

/**
 * Guards a run against deleting more than a stream's `delete_limit`: called before each delete, it stops the run at
 * the one past the limit. A percent needs to know how many records there are, so they are counted once, before the
 * first delete.
 */
export function deleteGuard(
  send: (request: VitallyRequest) => Promise<Answer>,
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
          : countRecords(route, send).then((count) => Math.floor((count * deleteLimit.percent) / 100));
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

async function countRecords(
  route: Route,
  send: (request: VitallyRequest) => Promise<Answer>,
): Promise<number> {
  const path = route.object.rest?.path ?? '';
  // Without it the list hides the accounts that churned.
  const status = route.object.name === 'account' ? '&status=activeOrChurned' : '';
  let count = 0;
  let from = '';
  for (;;) {
    const answer = await send({ method: 'GET', path: `${path}?${PAGE}${status}${from}` });
    const body = answer.kind === 'ok' ? answer.body : undefined;
    const results = isJsonObject(body) ? own(body, 'results') : undefined;
    if (!isJsonObject(body) || !Array.isArray(results)) {
      throw new ConfigError(
        `delete_limit of stream ${nameOf(route)} is a percent, but Vitally does not list its ${route.object.plural} ` +
          `(HTTP ${answer.status}): give it as a count instead`,
      );
    }
    count += results.length;
    const next = own(body, 'next');
    if (typeof next !== 'string' || next === '') return count;
    from = `&from=${encodeURIComponent(next)}`;
  }
}
