import { expect, test } from 'vitest';
import { AcceptedRows } from '../../../../../src/write/analytics/verify/accepted-rows.ts';
import { routeOf } from '../../../../support/routes.ts';

const ACCOUNTS = { path: '/resources/accounts' };
const USERS = { path: '/resources/users' };

function accept(rows: AcceptedRows, collection: typeof ACCOUNTS, count: number): void {
  const route = routeOf(collection === USERS ? 'user' : 'account', { transport: 'analytics' });
  for (let row = 0; row < count; row++) {
    const fields = new Map([['name', 'x'.repeat(300)]]);
    rows.add(collection, route, { key: `k-${row}`, fields, traits: new Map() }, row);
  }
}

function keptOf(
  rows: AcceptedRows,
): Record<string, [first: string | undefined, kept: number, forgotten: number]> {
  return Object.fromEntries(
    rows.all.map(({ collection, rows: kept, forgotten }) => [
      collection.path,
      [[...kept.keys()][0], kept.size, forgotten],
    ]),
  );
}

test('all objects share the room, and the one that takes most forgets what it wrote first', () => {
  const rows = new AcceptedRows('all', 10_000);
  accept(rows, ACCOUNTS, 3);
  accept(rows, USERS, 1_000);
  const { [ACCOUNTS.path]: accounts, [USERS.path]: users } = keptOf(rows);
  expect(accounts).toEqual(['k-0', 3, 0]);
  expect(users?.[1]).toBeLessThan(18);
  expect(users?.[1]).toBeGreaterThan(10);
  expect((users?.[1] ?? 0) + (users?.[2] ?? 0)).toBe(1_000);
  expect(users?.[0]).toBe(`k-${1_000 - (users?.[1] ?? 0)}`);
});

test('a sample is of the last hundred rows of each object', () => {
  const rows = new AcceptedRows('sample');
  accept(rows, ACCOUNTS, 250);
  accept(rows, USERS, 2);
  expect(keptOf(rows)).toEqual({ [ACCOUNTS.path]: ['k-150', 100, 150], [USERS.path]: ['k-0', 2, 0] });
});
