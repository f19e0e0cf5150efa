import { describe, expect, test } from 'vitest';
import type { Route } from '../../src/mapping/route.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { lateProxy } from '../support/late-proxy.ts';
import { idOf, itemIdOf, namedIdOf, seedPlaces } from '../support/objects/places.ts';
import { seedConversations, TESS } from '../support/objects/talks.ts';
import { seededRandom } from '../support/random.ts';
import { routeOf } from '../support/routes.ts';
import { type InputRow, runRows } from '../support/runs.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';

const SEEDS = [1, 2, 3, 4, 5, 6];
const MAX_LATE_MS = 12;

function route(object: Parameters<typeof routeOf>[0], stream: string, more: Partial<Route> = {}): Route {
  const matchOn = more.matchOn ?? 'externalId';
  return routeOf(object, { stream, matchOn, keyColumns: [matchOn], ...more });
}

function chooser(seed: number): <T>(of: readonly T[]) => T {
  const random = seededRandom(seed);
  return (of) => {
    const one = of[Math.floor(random() * of.length)];
    if (one === undefined) throw new Error('nothing to choose from');
    return one;
  };
}

const ACCOUNTS = Array.from({ length: 8 }, (_, index) => `a-${index}`);
const LINK = routeOf('user_account', { stream: 'link', mode: 'append', keyColumns: [] });
const UNLINK = routeOf('user_account', {
  stream: 'unlink',
  mode: 'delete',
  keyColumns: [],
  transport: 'analytics',
  unknownKey: 'reject',
});

function seedAccounts(sandbox: Sandbox): void {
  sandbox.seed(
    'accounts',
    ACCOUNTS.map((externalId) => ({ externalId, name: externalId })),
  );
}

function accountsOf(sandbox: Sandbox, user: string): unknown {
  return at(sandbox.snapshot(), 'users', user, 'accounts');
}

describe('links of users who are there', () => {
  test.each(SEEDS)('lose no account, whichever names both ends have (seed %i)', async (seed) => {
    const sandbox = await openSandbox({ profile: ['put-replaces-relations'] });
    seedAccounts(sandbox);
    const users = ['u-0', 'u-1', 'u-2'];
    sandbox.seed(
      'users',
      users.map((externalId) => ({ externalId, email: `${externalId}@x.test`, accountIds: ['a-0'] })),
    );
    const choose = chooser(seed);
    const rows = ACCOUNTS.flatMap((account) =>
      users.map(
        (user): InputRow => [
          'link',
          {
            userId: choose([user, `${user}@X.test`, idOf(sandbox, 'users', user)]),
            accountId: choose([account, idOf(sandbox, 'accounts', account)]),
          },
        ],
      ),
    );
    const { error } = await runRows(sandbox, [LINK], rows, await lateProxy(sandbox.url, seed, MAX_LATE_MS));
    expect(error).toBeUndefined();
    for (const user of users) expect(accountsOf(sandbox, user)).toEqual(ACCOUNTS);
  });

  test.each(SEEDS)('are made and taken away in the order of the input (seed %i)', async (seed) => {
    const sandbox = await openSandbox({ profile: ['put-replaces-relations'], analyticsDelayMs: 30 });
    seedAccounts(sandbox);
    sandbox.seed('users', [{ externalId: 'u', email: 'u@x.test', accountIds: ['a-0', 'a-7'] }]);
    const choose = chooser(seed);
    const linked = new Set(['a-0', 'a-7']);
    const rows: InputRow[] = [];
    for (let step = 0; step < 6; step++) {
      const account = choose(['a-0', 'a-1']);
      const stream = linked.has(account) ? 'unlink' : 'link';
      if (stream === 'link') linked.add(account);
      else linked.delete(account);
      const userId = choose(['u', 'U@x.test', idOf(sandbox, 'users', 'u')]);
      rows.push([stream, { userId, accountId: choose([account, idOf(sandbox, 'accounts', account)]) }]);
    }
    const { error } = await runRows(sandbox, [LINK, UNLINK], rows);
    expect(error).toBeUndefined();
    await sandbox.settle();
    expect(accountsOf(sandbox, 'u')).toEqual([...linked].toSorted());
  });
});

test.each(SEEDS)('links that came before their user lose no account either (seed %i)', async (seed) => {
  const sandbox = await openSandbox({ profile: ['put-replaces-relations'] });
  seedAccounts(sandbox);
  const choose = chooser(seed);
  const rows = ACCOUNTS.map(
    (accountId): InputRow => ['link', { userId: choose(['u', 'u@x.test']), accountId }],
  );
  rows.push(['users', { externalId: 'u', email: 'u@x.test', accountIds: ['a-0'] }]);
  const routes = [LINK, route('user', 'users', choose([{}, { transport: 'analytics' }]))];
  const { error } = await runRows(sandbox, routes, rows, await lateProxy(sandbox.url, seed, MAX_LATE_MS));
  expect(error).toBeUndefined();
  await sandbox.settle();
  expect(accountsOf(sandbox, 'u')).toEqual(ACCOUNTS);
});

describe('projects', () => {
  const OWN = routeOf('project', { stream: 'projects', keyColumns: [] });

  test.each(SEEDS)('are one under every spelling of template, account and name (seed %i)', async (seed) => {
    const sandbox = await openSandbox();
    seedPlaces(sandbox);
    sandbox.seed('projectTemplates', [{ name: 'Onboarding', projectName: 'Onboard' }]);
    const choose = chooser(seed);
    const rows: InputRow[] = [];
    for (let day = 10; day < 22; day++) {
      rows.push([
        'projects',
        {
          template: choose([
            'Onboarding',
            'ONBOARDING',
            namedIdOf(sandbox, 'projectTemplates', 'Onboarding'),
          ]),
          accountId: choose(['acme', idOf(sandbox, 'accounts', 'acme')]),
          ...choose([{}, { name: 'Onboard' }]),
          targetStartDate: `2026-03-${day}`,
        },
      ]);
    }
    const { error } = await runRows(sandbox, [OWN], rows, await lateProxy(sandbox.url, seed, MAX_LATE_MS));
    expect(error).toBeUndefined();
    expect(sandbox.items('projects').all()).toMatchObject([
      { name: 'Onboard', targetStartDate: '2026-03-21' },
    ]);
  });

  test.each(SEEDS)('are one by their id too (seed %i)', async (seed) => {
    const sandbox = await openSandbox();
    seedPlaces(sandbox);
    sandbox.seed('projectTemplates', [{ name: 'Onboarding', projectName: 'Onboard' }]);
    sandbox.seed('projects', [{ templateId: 'Onboarding', accountId: 'acme', name: 'Old' }]);
    const choose = chooser(seed);
    const id = namedIdOf(sandbox, 'projects', 'Old');
    const rows: InputRow[] = [];
    for (let day = 10; day < 22; day++) {
      const targetStartDate = `2026-03-${day}`;
      rows.push(
        choose<InputRow>([
          ['projects', { template: 'Onboarding', accountId: 'acme', name: 'Old', targetStartDate }],
          ['by-id', { id, targetStartDate }],
        ]),
      );
    }
    const routes = [OWN, route('project', 'by-id', { matchOn: 'id', mode: 'update' })];
    const { error } = await runRows(sandbox, routes, rows, await lateProxy(sandbox.url, seed, MAX_LATE_MS));
    expect(error).toBeUndefined();
    expect(sandbox.items('projects').all()).toMatchObject([{ name: 'Old', targetStartDate: '2026-03-21' }]);
  });
});

test.each(SEEDS)('instances of a custom object by both ids and over both APIs (seed %i)', async (seed) => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  sandbox.seed('instances', [
    { customObjectId: 'site', externalId: 's', name: 'Before', customerId: 'acme' },
  ]);
  const choose = chooser(seed);
  const rows = Array.from({ length: 12 }, (_, step) =>
    choose<InputRow>([
      ['own', { externalId: 's', step }],
      ['batched', { externalId: 's', name: 'Batched', accountId: 'acme', step }],
      ['by-id', { id: itemIdOf(sandbox, 'instances', 's'), step }],
    ]),
  );
  const routes = [
    route('custom_object', 'own', { mode: 'update', customObject: 'site' }),
    route('custom_object', 'batched', { transport: 'analytics', customObject: 'Site' }),
    route('custom_object', 'by-id', {
      mode: 'update',
      matchOn: 'id',
      customObject: namedIdOf(sandbox, 'customObjects', 'site'),
    }),
  ];
  const { error } = await runRows(sandbox, routes, rows, await lateProxy(sandbox.url, seed, MAX_LATE_MS));
  expect(error).toBeUndefined();
  expect(at(sandbox.items('instances').byExternalId('s'), 'traits', 'step')).toBe(11);
});

test.each(SEEDS)('a conversation and its messages by both ids (seed %i)', async (seed) => {
  const sandbox = await openSandbox();
  seedConversations(sandbox, ['x', 'y']);
  const choose = chooser(seed);
  const last: Record<string, string> = {};
  const rows: InputRow[] = [];
  for (let step = 0; step < 16; step++) {
    const name = choose(['x', 'y']);
    const message = `Step ${step}`;
    const conversationId = choose([`${name}-old`, itemIdOf(sandbox, 'conversations', `${name}-old`)]);
    last[name] = message;
    rows.push(
      choose<InputRow>([
        ['messages', { externalId: `${name}-1`, conversationId, message, from: 'ann', to: TESS }],
        ['update', { externalId: `${name}-1`, message }],
        ['by-id', { id: itemIdOf(sandbox, 'messages', `${name}-1`), message }],
        [
          'conversations',
          {
            externalId: `${name}-old`,
            messages: [{ externalId: `${name}-1`, message, from: 'ann', to: TESS }],
          },
        ],
      ]),
    );
  }
  const routes = [
    route('message', 'messages'),
    route('message', 'update', { mode: 'update' }),
    route('message', 'by-id', { mode: 'update', matchOn: 'id' }),
    route('conversation', 'conversations', { mode: 'update' }),
  ];
  const { error } = await runRows(sandbox, routes, rows, await lateProxy(sandbox.url, seed, MAX_LATE_MS));
  expect(error).toBeUndefined();
  for (const [name, message] of Object.entries(last)) {
    expect(sandbox.items('messages').byExternalId(`${name}-1`)).toMatchObject({ message });
  }
});
