import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/json/json.ts';
import type { SandboxOptions } from '../../../src/sandbox/index.ts';
import { RecordCache } from '../../../src/vitally/records/record-cache.ts';
import { PendingMessages } from '../../../src/write/analytics/pending-messages.ts';
import { AnalyticsWriter } from '../../../src/write/analytics/writer.ts';
import { AccountUnlinker } from '../../../src/write/memberships/account-unlinker.ts';
import { Writer } from '../../../src/write/writer.ts';
import { routeOf } from '../../support/routes.ts';
import { no } from '../../support/scripted.ts';
import { openWorkspace, type Workspace, writeOf } from '../../support/workspace.ts';

const accounts = routeOf('account', { transport: 'analytics' });
const users = routeOf('user', { transport: 'analytics' });
const events = routeOf('event');

/** Both tokens; batches go at once. */
async function openBoth(options: SandboxOptions = {}, tokens: { rest?: boolean } = {}): Promise<Workspace> {
  const { rest = true } = tokens;
  const workspace = await openWorkspace({
    ...options,
    routes: [accounts, users, events, routeOf('organization', { transport: 'analytics' })],
    ...(!rest && { settings: { restAuthorization: undefined } }),
  });
  workspace.connection.batcher?.endOfInput();
  return workspace;
}

/** `rest` or `analytics`, by what was written. */
function written({ sandbox }: Workspace): string[] {
  return sandbox
    .requests()
    .filter(({ method }) => method !== 'GET')
    .map(({ api }) => api);
}

test.each<{
  what: string;
  fields: Record<string, JsonValue>;
  traits?: Record<string, JsonValue>;
  api: string;
  outcome: string;
}>([
  { what: 'values', fields: { name: 'New' }, traits: { plan: 'x' }, api: 'analytics', outcome: 'accepted' },
  {
    what: 'a null that empties something',
    fields: { name: 'New' },
    traits: { plan: null },
    api: 'rest',
    outcome: 'updated',
  },
  {
    what: 'a null where nothing is',
    fields: { name: 'New' },
    traits: { other: null },
    api: 'analytics',
    outcome: 'accepted',
  },
  { what: 'no name', fields: {}, traits: { plan: 'x' }, api: 'analytics', outcome: 'accepted' },
  {
    what: 'an organization taken away',
    fields: { name: 'New', organizationId: null },
    api: 'rest',
    outcome: 'updated',
  },
])('an existing account with $what goes by $api', async ({ fields, traits, api, outcome }) => {
  const workspace = await openBoth();
  workspace.seed('organizations', { externalId: 'o-1', name: 'Org' });
  workspace.seed('accounts', {
    externalId: 'a-1',
    name: 'Old',
    organizationId: 'o-1',
    traits: { plan: 'pro' },
  });
  expect(await workspace.outcome(accounts, writeOf('a-1', fields, traits))).toBe(outcome);
  expect(written(workspace)).toEqual([api]);
});

test('a new account with nulls travels by Analytics, the nulls left out', async () => {
  const workspace = await openBoth();
  expect(await workspace.outcome(accounts, writeOf('a-1', { name: 'New' }, { plan: null, tier: 1 }))).toBe(
    'accepted',
  );
  await workspace.sandbox.settle();
  expect(workspace.sandbox.snapshot().accounts).toMatchObject({
    'a-1': { name: 'New', traits: { tier: 1 } },
  });
  expect(written(workspace)).toEqual(['analytics']);
  expect(JSON.stringify(workspace.sandbox.requests().at(-1)?.body)).not.toContain('plan');
});

test('a user field that only REST takes goes by REST', async () => {
  const workspace = await openBoth();
  workspace.seed('accounts', { externalId: 'a-1', name: 'A' });
  const row = writeOf('u-1', { accountIds: ['a-1'], unsubscribedFromConversations: true });
  expect(await workspace.outcome(users, row)).toBe('created');
  expect(written(workspace)).toEqual(['rest']);
});

test('a row with if_empty goes by REST', async () => {
  const workspace = await openBoth();
  const route = routeOf('account', { transport: 'analytics', ifEmpty: ['name'] });
  expect(await workspace.outcome(route, writeOf('a-1', { name: 'New' }))).toBe('created');
  expect(written(workspace)).toEqual(['rest']);
});

describe('a record that this run handed to the Analytics API', () => {
  test('keeps going there: a message waits for none before it', async () => {
    const workspace = await openBoth({ analyticsDelayMs: 60_000 });
    workspace.seed('accounts', { externalId: 'a-1', name: 'Old', traits: { plan: 'pro' } });
    await workspace.outcome(accounts, writeOf('a-1', { name: 'One' }, { plan: 'x' }));
    expect(await workspace.outcome(accounts, writeOf('a-1', { name: 'Two' }, { seats: null }))).toBe(
      'accepted',
    );
    expect(written(workspace)).toEqual(['analytics', 'analytics']);
  });

  test('is emptied by REST, once it shows, of what the message is about to fill', async () => {
    const workspace = await openBoth({ analyticsDelayMs: 200, profile: ['analytics-null-kept'] });
    await workspace.outcome(accounts, writeOf('a-1', { name: 'One' }, { plan: 'x' }));
    expect(await workspace.outcome(accounts, writeOf('a-1', { name: 'Two' }, { plan: null }))).toBe(
      'updated',
    );
    expect(written(workspace)).toEqual(['analytics', 'rest']);
    expect(workspace.sandbox.accounts.byExternalId('a-1')).toMatchObject({ name: 'Two', traits: {} });
  });

  test('takes a later row without a name, too', async () => {
    const workspace = await openBoth({ analyticsDelayMs: 60_000 });
    await workspace.outcome(accounts, writeOf('a-1', { name: 'One' }));
    expect(await workspace.outcome(accounts, writeOf('a-1', {}, { plan: 'x' }))).toBe('accepted');
  });

  test('is a known parent at once', async () => {
    const workspace = await openBoth({ analyticsDelayMs: 60_000 });
    await workspace.outcome(accounts, writeOf('a-1', { name: 'One' }));
    expect(await workspace.outcome(users, writeOf('u-1', { accountIds: ['a-1'] }, { role: 'x' }))).toBe(
      'accepted',
    );
  });
});

describe('a user’s accounts over the Analytics API', () => {
  test.each([
    { given: 'your own ids', ids: () => ['a-1', 'a-2'] },
    { given: 'Vitally’s', ids: (w: Workspace) => [w.idOf('accounts', 'a-1'), w.idOf('accounts', 'a-2')] },
    { given: 'both', ids: (w: Workspace) => ['a-1', w.idOf('accounts', 'a-1'), 'a-2'] },
  ])('given by $given: one message for each', async ({ ids }) => {
    const workspace = await openBoth();
    for (const key of ['a-1', 'a-2']) workspace.seed('accounts', { externalId: key, name: key });
    expect(await workspace.outcome(users, writeOf('u-1', { accountIds: ids(workspace) }))).toBe('accepted');
    const batches = workspace.sandbox.requests().filter(({ api }) => api === 'analytics');
    expect(batches.map(({ messageCount }) => messageCount)).toEqual([2]);
    expect(workspace.sandbox.snapshot().users).toMatchObject({ 'u-1': { accounts: ['a-1', 'a-2'] } });
  });

  test('an account that nobody knows is refused, or made where that is wanted', async () => {
    const workspace = await openBoth();
    const row = writeOf('u-1', { accountIds: ['a-9'] });
    expect(await workspace.outcome(users, row)).toBe('unknown_association');
    expect(workspace.sandbox.accounts.size).toBe(0);
    const creating = routeOf('user', { transport: 'analytics', unknownAccounts: 'create' });
    expect(await workspace.outcome(creating, row)).toBe('accepted');
    expect(workspace.sandbox.accounts.byExternalId('a-9')).toBeDefined();
  });

  test('without a REST token the ids are taken as they are', async () => {
    const workspace = await openBoth({}, { rest: false });
    expect(await workspace.outcome(users, writeOf('u-1', { accountIds: ['a-9'] }))).toBe('accepted');
  });
});

describe('what is refused', () => {
  test.each([
    { profile: 'blocked-user', code: 'refused' },
    { profile: 'analytics-413', code: 'too_large' },
  ])('by Vitally ($profile) is $code', async ({ profile, code }) => {
    const workspace = await openBoth({ profile: [profile] }, { rest: false });
    const row = writeOf('u-1', { accountIds: ['a-1'] }, { text: 'x'.repeat(60_000) });
    expect(await workspace.outcome(users, row)).toBe(code);
  });

  test('in part says which part was taken in, and that part is waited for and known', async () => {
    const sequence = ['none', 'html-403', 'none', 'html-403'] as const;
    const faults = { rate: 0, kinds: [], seed: 1, paths: /analytics/, sequence };
    const { connection, sandbox } = await openBoth({ faults });
    if (connection.batcher === undefined) throw new Error('no batches');
    const recordCache = new RecordCache(async () => no('not_found'));
    const pending = new PendingMessages({ recordCache, now: () => 0, sleep: async () => {} });
    const rows = new AnalyticsWriter({
      batcher: connection.batcher,
      recordCache,
      pending,
      associations: undefined,
    });
    const kind = { path: '/resources/users' };
    await rows.write(users, writeOf('u-0', { accountIds: ['a-1'] }), kind, undefined);
    const refused = rows.write(users, writeOf('u-1', { accountIds: ['a-1', 'a-2'] }), kind, undefined);
    await expect(refused).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/2 messages.*others were taken in, refused was number 2$/),
      brief: expect.stringMatching(/refused was number 2$/),
    });
    expect(sandbox.snapshot().users).toMatchObject({ 'u-1': { accounts: ['a-1'] } });
    for (const key of ['u-0', 'u-1']) {
      expect(recordCache.wasAccepted(kind, 'externalId', key)).toBe(true);
      expect(pending.deadlineOf(kind, 'externalId', key)).toBeDefined();
    }
  });

  test('whole leaves nothing to wait for', async () => {
    const { connection } = await openBoth({ profile: ['blocked-user'] });
    if (connection.batcher === undefined) throw new Error('no batches');
    const recordCache = new RecordCache(async () => no('not_found'));
    const rows = new AnalyticsWriter({
      batcher: connection.batcher,
      recordCache,
      pending: undefined,
      associations: undefined,
    });
    const kind = { path: '/resources/users' };
    const refused = rows.write(users, writeOf('u-1', { accountIds: ['a-1', 'a-2'] }), kind, undefined);
    await expect(refused).rejects.toMatchObject({
      code: 'refused',
      message: expect.not.stringContaining('taken in,'),
    });
    expect(recordCache.wasAccepted(kind, 'externalId', 'u-1')).toBe(false);
  });

  test.each([
    { route: users, row: writeOf('u-1', { name: 'Ann' }) },
    { route: events, row: writeOf('e-1', { event: 'Login' }) },
    { route: events, row: writeOf('e-1', { accountId: 'a-1' }) },
  ])('before anything is sent: a message that lacks what it needs', async ({ route, row }) => {
    const workspace = await openBoth({}, { rest: false });
    expect(await workspace.outcome(route, row)).toBe('missing_field');
    expect(workspace.sandbox.requests()).toEqual([]);
  });

  test('a value nested too deeply to be sent', async () => {
    let deep: JsonValue = 1;
    for (let level = 0; level < 200_000; level++) deep = [deep];
    const workspace = await openBoth();
    const row = writeOf('a-1', { name: 'x' }, { deep });
    expect(await workspace.outcome(accounts, row)).toBe('too_large');
    expect(await workspace.outcome(routeOf('account'), row)).toBe('too_large');
  });
});

test('an event goes as it is, whoever it names', async () => {
  const workspace = await openBoth();
  const result = await workspace.write(
    events,
    writeOf('e-1', { event: 'Login', accountId: 'nobody' }, { page: '/' }),
  );
  expect(result).toMatchObject({
    outcome: { kind: 'accepted' },
    request: { method: 'POST', path: '/analytics/v1/batch' },
  });
  expect(workspace.asked()).toEqual([]);
  expect(workspace.sandbox.events()).toMatchObject([
    { event: 'Login', accountId: 'nobody', properties: { page: '/' } },
  ]);
});

test.each([
  { route: routeOf('account'), row: writeOf('a-1', { name: 'x' }), lacks: 'no REST writer' },
  { route: accounts, row: writeOf('a-1', { name: 'x' }), lacks: 'no Analytics writer' },
])('a route whose transport is not there is a bug: $lacks', async ({ route, row, lacks }) => {
  const apis = {
    rest: undefined,
    batcher: undefined,
    unlinker: new AccountUnlinker(undefined),
    beforeDelete: async () => () => {},
  };
  await expect(
    new Writer({ apis, analytics: undefined, warn: async () => {} }).write(route, row),
  ).rejects.toThrow(lacks);
});

test('without a REST token, what nulls do is said once a stream', async () => {
  const { connection } = await openBoth({}, { rest: false });
  const warnings: string[] = [];
  const writers = new Writer({
    apis: {
      rest: undefined,
      batcher: connection.batcher,
      unlinker: new AccountUnlinker(connection.batcher),
      beforeDelete: async () => () => {},
    },
    analytics:
      connection.batcher &&
      new AnalyticsWriter({
        batcher: connection.batcher,
        recordCache: undefined,
        pending: undefined,
        associations: undefined,
      }),
    warn: async (message) => {
      warnings.push(message);
    },
  });
  for (const key of ['u-1', 'u-2']) {
    expect(await writers.write(users, writeOf(key, { accountIds: ['a'] }, { plan: null }))).toMatchObject({
      outcome: { kind: 'accepted' },
    });
  }
  expect(warnings).toEqual([expect.stringContaining('null columns')]);
});
