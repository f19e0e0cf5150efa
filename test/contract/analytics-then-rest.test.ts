import { describe, expect, test } from 'vitest';
import type { Route } from '../../src/mapping/route.ts';
import { Shutdown } from '../../src/pipeline/shutdown.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { countsOf } from '../support/output.ts';
import { seededRandom } from '../support/random.ts';
import { routeOf } from '../support/routes.ts';
import { type InputRow, runRows } from '../support/runs.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';

const DELAY_MS = 300;

function route(object: Parameters<typeof routeOf>[0], stream: string, more: Partial<Route> = {}): Route {
  const matchOn = more.matchOn ?? 'externalId';
  return routeOf(object, { stream, matchOn, keyColumns: [matchOn], ...more });
}

const ROUTES: readonly Route[] = [
  route('user', 'batched', { transport: 'analytics' }),
  route('user', 'update', { mode: 'update' }),
  route('user', 'by-mail', { mode: 'update', matchOn: 'email' }),
  route('user', 'append', { mode: 'append' }),
  route('user', 'delete', { mode: 'delete' }),
  route('user', 'delete-by-mail', { mode: 'delete', matchOn: 'email' }),
  routeOf('user_account', { stream: 'link', mode: 'append', keyColumns: [] }),
  routeOf('user_account', { stream: 'unlink', mode: 'delete', keyColumns: [], transport: 'analytics' }),
];

async function openLate(): Promise<Sandbox> {
  let shiftMs = -3_600_000;
  const sandbox = await openSandbox({
    now: () => Date.now() + shiftMs,
    analyticsDelayMs: DELAY_MS,
    profile: ['put-replaces-relations', 'user-delete-immediate'],
  });
  sandbox.seed('accounts', [
    { externalId: 'a', name: 'A' },
    { externalId: 'b', name: 'B' },
  ]);
  sandbox.seed('users', [{ externalId: 'old', email: 'old@x.test', name: 'Before', accountIds: ['a'] }]);
  shiftMs = 0;
  return sandbox;
}

const MAKES: InputRow = [
  'batched',
  { externalId: 'u', email: 'u@x.test', name: 'Message', accountIds: ['a'], n: 1 },
];
const CHANGES: InputRow = ['batched', { externalId: 'old', name: 'Message', accountIds: ['a'], n: 1 }];

describe('a row that only REST writes, after a message of its record that is applied later', () => {
  test.each<{ what: string; rows: readonly InputRow[]; key: string; left: object | undefined }>([
    {
      what: 'updates a new one',
      key: 'u',
      rows: [MAKES, ['update', { externalId: 'u', name: 'Rest' }]],
      left: { name: 'Rest', traits: { n: 1 } },
    },
    {
      what: 'updates a known one',
      key: 'old',
      rows: [CHANGES, ['update', { externalId: 'old', name: 'Rest' }]],
      left: { name: 'Rest', traits: { n: 1 } },
    },
    {
      what: 'sets back what the message changes',
      key: 'old',
      rows: [CHANGES, ['update', { externalId: 'old', name: 'Before' }]],
      left: { name: 'Before' },
    },
    {
      what: 'updates one that holds already what the message says',
      key: 'old',
      rows: [
        ['batched', { externalId: 'old', name: 'Before', accountIds: ['a'] }],
        ['update', { externalId: 'old', name: 'Rest' }],
      ],
      left: { name: 'Rest' },
    },
    {
      what: 'updates by e-mail',
      key: 'u',
      rows: [MAKES, ['by-mail', { email: 'U@x.test', name: 'Rest' }]],
      left: { name: 'Rest', traits: { n: 1 } },
    },
    { what: 'deletes a new one', key: 'u', rows: [MAKES, ['delete', { externalId: 'u' }]], left: undefined },
    {
      what: 'deletes a known one',
      key: 'old',
      rows: [CHANGES, ['delete', { externalId: 'old' }]],
      left: undefined,
    },
    {
      what: 'deletes by e-mail',
      key: 'u',
      rows: [MAKES, ['delete-by-mail', { email: 'u@x.test' }]],
      left: undefined,
    },
    {
      what: 'has a field that only REST takes, in the same stream',
      key: 'u',
      rows: [MAKES, ['batched', { externalId: 'u', name: 'Rest', unsubscribedFromConversations: true }]],
      left: { name: 'Rest', unsubscribedFromConversations: true, traits: { n: 1 } },
    },
    {
      what: 'links it',
      key: 'u',
      rows: [MAKES, ['link', { userId: 'u', accountId: 'b' }]],
      left: { accounts: ['a', 'b'], name: 'Message' },
    },
    {
      what: 'links it by e-mail',
      key: 'u',
      rows: [MAKES, ['link', { userId: 'u@x.test', accountId: 'b' }]],
      left: { accounts: ['a', 'b'] },
    },
    {
      what: 'links it again after an unlink',
      key: 'old',
      rows: [
        ['unlink', { userId: 'old', accountId: 'a' }],
        ['link', { userId: 'old', accountId: 'a' }],
      ],
      left: { accounts: ['a'] },
    },
    {
      what: 'is followed by a message',
      key: 'u',
      rows: [
        MAKES,
        ['update', { externalId: 'u', name: 'Rest' }],
        ['batched', { externalId: 'u', name: 'Last', accountIds: ['a'] }],
      ],
      left: { name: 'Last', traits: { n: 1 } },
    },
    {
      what: 'would append it',
      key: 'u',
      rows: [MAKES, ['append', { externalId: 'u', name: 'Rest', accountIds: ['a'] }]],
      left: { name: 'Message' },
    },
  ])('$what', async ({ rows, key, left }) => {
    const sandbox = await openLate();
    const { error } = await runRows(sandbox, ROUTES, rows);
    expect(error).toBeUndefined();
    await sandbox.settle();
    const user = at(sandbox.snapshot(), 'users', key);
    if (left === undefined) expect(user).toBeUndefined();
    else expect(user).toMatchObject(left);
  });

  test.each([1, 2, 3])('rows in any order take effect in that order (seed %i)', async (seed) => {
    const sandbox = await openLate();
    const random = seededRandom(seed);
    const rows: InputRow[] = [];
    const names = new Map<string, string>();
    const keys = ['u-0', 'u-1', 'u-2'];
    for (const key of keys)
      rows.push(['batched', { externalId: key, email: `${key}@x.test`, name: 'First', accountIds: ['a'] }]);
    for (let step = 0; step < 12; step++) {
      const key = keys[Math.floor(random() * keys.length)] ?? '';
      const name = `step ${step}`;
      names.set(key, name);
      const kind = Math.floor(random() * 3);
      if (kind === 0) rows.push(['batched', { externalId: key, name, accountIds: ['a'] }]);
      else if (kind === 1) rows.push(['update', { externalId: key, name }]);
      else rows.push(['by-mail', { email: `${key}@x.test`, name }]);
    }
    const { error } = await runRows(sandbox, ROUTES, rows);
    expect(error).toBeUndefined();
    await sandbox.settle();
    const { users } = sandbox.snapshot();
    expect(Object.fromEntries([...names.keys()].map((key) => [key, at(users, key, 'name')]))).toEqual(
      Object.fromEntries(names),
    );
  });
});

test('a stop ends the wait at once: the row’s fate is unknown, and nothing is rejected', async () => {
  const sandbox = await openSandbox({ analyticsDelayMs: 600_000 });
  sandbox.seed('accounts', [{ externalId: 'a', name: 'A' }]);
  const shutdown = new Shutdown();
  const ended = runRows(sandbox, ROUTES, [MAKES, ['delete', { externalId: 'u' }]], sandbox.url, shutdown);
  // The message is taken in, and the delete has looked in vain.
  const looks = (): number =>
    sandbox.requests().filter(({ api, method }) => api === 'rest' && method === 'GET').length;
  await expect.poll(looks, { timeout: 10_000 }).toBeGreaterThan(1);
  shutdown.requestHard({ kind: 'signal', signal: 'SIGTERM' });
  const { error, summary } = await ended;
  expect(error).toBeUndefined();
  expect(countsOf(summary, 'delete')).toEqual({ received: 1, unsettled: 1 });
  expect(sandbox.requests().filter(({ method }) => method === 'DELETE')).toEqual([]);
});
