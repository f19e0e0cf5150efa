import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/index.ts';
import { catalogOf, configFor, record } from '../../support/messages.ts';
import { idOf, namedIdOf, seedPlaces } from '../../support/objects/places.ts';
import {
  countsIn,
  type Entry,
  type Run,
  refusal,
  refusedBy,
  sync,
  syncTwice,
} from '../../support/objects/syncs.ts';
import { contentOf } from '../../support/output.ts';
import { runCommand } from '../../support/run-command.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const SITES = { stream: 'sites', object: 'custom_object:site' };
const ACCOUNTS = '/resources/accounts';
const USERS = { stream: 'users', object: 'user' };

/** A user and an instance each of an account that is there, and of one that nobody knows. */
const ROWS = [
  record('users', { id: 'good', accountId: 'acme' }),
  record('users', { id: 'users lost', accountId: 'nowhere' }),
  record('users', { id: 'users half', accountIds: ['acme', 'elsewhere'] }),
  record('sites', { id: 'good', name: 'Site', accountId: 'acme' }),
  record('sites', { id: 'sites lost', name: 'Site', accountId: 'nowhere' }),
];

function idOfSite(sandbox: Sandbox): string {
  return namedIdOf(sandbox, 'customObjects', 'site');
}

function both(options: object): Entry[] {
  return [
    { ...USERS, ...options },
    { ...SITES, ...options },
  ];
}

test.each([
  { profile: [] },
  { profile: ['not-found-200'] },
  { profile: ['not-found-400', 'message-envelope'] },
])(
  'an account that nobody knows is not made on the side; its rows are refused by its name: $profile',
  async ({ profile }) => {
    const sandbox = await openSandbox({ profile });
    seedPlaces(sandbox);
    const streams = both({});
    const { program, refused } = await refusedBy(sandbox, { streams, rows: ROWS });
    expect(countsIn(program, { streams, rows: [] })).toEqual({
      users: { received: 3, accepted: 1, rejected: 2 },
      sites: { received: 2, accepted: 1, rejected: 1 },
    });
    expect(Object.fromEntries(refused)).toEqual({
      'users lost': refusal('unknown_association', 'accountIds', 'account "nowhere"'),
      'users half': refusal('unknown_association', 'accountIds', 'account "elsewhere"'),
      'sites lost': refusal('unknown_association', 'accountId', 'account "nowhere"'),
    });
    const { accounts, users } = await contentOf(sandbox);
    expect(Object.keys(accounts)).toEqual(['acme', 'globex', 'initech']);
    expect(Object.keys(users).sort()).toEqual(['ann', 'bob', 'cid', 'good']);
  },
);

test.each([{ analyticsDelayMs: 0 }, { analyticsDelayMs: 200 }])(
  'with unknown_accounts create it is made, once: after $analyticsDelayMs ms',
  async ({ analyticsDelayMs }) => {
    const sandbox = await openSandbox({ analyticsDelayMs });
    seedPlaces(sandbox);
    const vitallys = idOf(sandbox, 'accounts', 'globex');
    const { counts, content } = await syncTwice(sandbox, {
      streams: both({ unknown_accounts: 'create' }),
      rows: [...ROWS, record('users', { id: 'by-vitallys-id', accountId: vitallys })],
    });
    const accepted = { users: { received: 4, accepted: 4 }, sites: { received: 2, accepted: 2 } };
    expect(counts).toEqual([accepted, accepted]);
    expect(Object.keys(content.accounts)).toEqual(['acme', 'elsewhere', 'globex', 'initech', 'nowhere']);
    expect(at(content, 'users', 'users half', 'accounts')).toEqual(['acme', 'elsewhere']);
    expect(at(content, 'users', 'by-vitallys-id', 'accounts')).toEqual(['globex']);
    expect(at(content, 'instances', 'site', 'sites lost', 'customerId')).toBe('nowhere');
  },
);

test('an account that the same run brings is known, before its rows or after them', async () => {
  const sandbox = await openSandbox({ analyticsDelayMs: 100 });
  seedPlaces(sandbox);
  const { counts, content } = await syncTwice(sandbox, {
    streams: [...both({}), { stream: 'accounts', object: 'account' }],
    rows: [
      record('accounts', { id: 'nowhere', name: 'Nowhere' }),
      ...ROWS,
      record('accounts', { id: 'elsewhere', name: 'Elsewhere' }),
    ],
  });
  expect(counts[0]).toEqual({
    users: { received: 3, accepted: 3 },
    sites: { received: 2, accepted: 2 },
    accounts: { received: 2, accepted: 2 },
  });
  expect(at(content, 'accounts', 'elsewhere', 'name')).toBe('Elsewhere');
});

describe.each([
  { by: 'write_via', more: { write_via: 'rest' }, options: {} },
  { by: 'the REST token alone', more: { analytics_api_token: undefined }, options: {} },
  { by: 'write_via of the stream', more: {}, options: { write_via: 'rest' } },
])('over REST by $by', ({ more, options }) => {
  const create = { ...options, unknown_accounts: 'create' };

  test('create makes the account once, under its id, and leaves one that is there as it is', async () => {
    const sandbox = await openSandbox({ latencyMs: 5 });
    seedPlaces(sandbox);
    const rows = [...ROWS, record('users', { id: 'third', accountId: 'nowhere' })];
    const { counts, content } = await syncTwice(sandbox, { streams: both(create), rows, more });
    expect(counts[0]).toEqual({
      users: { received: 4, created: 4 },
      sites: { received: 2, created: 2 },
    });
    expect(counts[1]).toMatchObject({ users: { unchanged: 4 }, sites: { unchanged: 2 } });
    expect(Object.keys(content.accounts)).toEqual(['acme', 'elsewhere', 'globex', 'initech', 'nowhere']);
    expect(at(content, 'accounts', 'nowhere', 'name')).toBe('nowhere');
    expect(at(content, 'accounts', 'acme', 'name')).toBe('Acme');
    expect(at(content, 'users', 'users half', 'accounts')).toEqual(['acme', 'elsewhere']);
    const posts = sandbox.requests().filter(({ method, path }) => method === 'POST' && path === ACCOUNTS);
    expect(posts).toHaveLength(2);
  });

  test('reject refuses the rows', async () => {
    const sandbox = await openSandbox();
    seedPlaces(sandbox);
    const { refused } = await refusedBy(sandbox, { streams: both(options), rows: ROWS, more });
    expect([...refused.keys()].sort()).toEqual(['sites lost', 'users half', 'users lost']);
  });

  test('an account that a later row of the run brings is waited for, with its own name', async () => {
    const sandbox = await openSandbox();
    seedPlaces(sandbox);
    const { counts, content } = await syncTwice(sandbox, {
      streams: [...both(create), { stream: 'accounts', object: 'account', ...options }],
      rows: [...ROWS, record('accounts', { id: 'nowhere', name: 'Nowhere' })],
      more,
    });
    expect(counts[0].accounts).toEqual({ received: 1, created: 1 });
    const names = sandbox
      .requests()
      .map(({ method, path, body }) => method === 'POST' && path === ACCOUNTS && at(body, 'name'));
    expect(names).not.toContain('nowhere');
    expect(at(content, 'accounts', 'nowhere', 'name')).toBe('Nowhere');
    expect(at(content, 'accounts', 'elsewhere', 'name')).toBe('elsewhere');
  });
});

test('an account whose row comes long after is waited for: none is made in its stead', async () => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  const streams = [
    { ...USERS, unknown_accounts: 'create', write_via: 'rest' },
    { stream: 'accounts', object: 'account', write_via: 'rest' },
  ];
  async function* rows(): AsyncGenerator<string> {
    yield `${record('users', { id: 'early', accountId: 'nowhere' })}\n`;
    // The row has looked for its account, and gone on to what it does where there is none.
    while (sandbox.requests().length === 0) await setTimeout(5);
    await setTimeout(50);
    yield `${record('accounts', { id: 'nowhere', name: 'Nowhere' })}\n`;
  }
  const program = await runCommand(['write', '--config', 'config.json', '--catalog', 'catalog.json'], {
    config: configFor(sandbox, { streams }),
    catalog: catalogOf('users', 'accounts'),
    stdin: Readable.from(rows()),
  });
  expect(program.code).toBe(0);
  const made = sandbox.requests().filter(({ method, path }) => method === 'POST' && path === ACCOUNTS);
  expect(made.map(({ body }) => at(body, 'name'))).toEqual(['Nowhere']);
});

test.each([
  { mode: 'update', row: { id: 'unknown', accountId: 'nowhere' }, outcome: 'skipped' },
  { mode: 'append', row: { id: 'ann', accountId: 'nowhere' }, outcome: 'skipped' },
])('no account is made for a row that mode $mode skips', async ({ mode, row, outcome }) => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  const { counts, content } = await syncTwice(sandbox, {
    streams: [{ ...USERS, mode, unknown_accounts: 'create' }],
    rows: [record('users', row)],
  });
  expect(counts[0]).toEqual({ users: { received: 1, [outcome]: 1 } });
  expect(Object.keys(content.accounts)).toEqual(['acme', 'globex', 'initech']);
});

test('a user who is brought into an account that nobody knows, by mode update, makes it', async () => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  const { counts, content } = await syncTwice(sandbox, {
    streams: [{ ...USERS, mode: 'update', unknown_accounts: 'create' }],
    rows: [record('users', { id: 'ann', accountId: 'nowhere' })],
  });
  expect(counts[0]).toEqual({ users: { received: 1, updated: 1 } });
  expect(at(content, 'users', 'ann', 'accounts')).toEqual(['acme', 'nowhere']);
});

test('with both tokens a row that only REST can write makes its account too', async () => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  const { counts, content } = await syncTwice(sandbox, {
    streams: [{ ...USERS, unknown_accounts: 'create' }],
    rows: [record('users', { id: 'new', accountId: 'nowhere', unsubscribedFromConversations: true })],
  });
  expect(counts[0]).toEqual({ users: { received: 1, created: 1 } });
  expect(at(content, 'users', 'new', 'accounts')).toEqual(['nowhere']);
});

test('a link to an account that nobody knows makes it', async () => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  const { counts, content } = await syncTwice(sandbox, {
    streams: [{ stream: 'links', object: 'user_account', keyless: true, unknown_accounts: 'create' }],
    rows: [record('links', { userId: 'ann', accountId: 'nowhere' })],
  });
  expect(counts[0]).toMatchObject({ links: { received: 1 } });
  expect(at(content, 'users', 'ann', 'accounts')).toEqual(['acme', 'nowhere']);
});

test('activity of an account that nobody knows is refused all the same', async () => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  const { refused } = await refusedBy(sandbox, {
    streams: [{ stream: 'notes', object: 'note', unknown_accounts: 'create' }],
    rows: [record('notes', { id: 'n', accountId: 'nowhere', note: 'x', noteDate: '2026-01-31' })],
  });
  expect(Object.fromEntries(refused)).toEqual({
    n: refusal('unknown_association', 'accountId', 'account'),
  });
});

test.each([
  { tokens: 'both', more: {} },
  { tokens: 'REST', more: { write_via: 'rest' } },
])('a dry run foretells what create does: $tokens', async ({ more }) => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  const streams = both({ unknown_accounts: 'create' });
  const program = await sync(sandbox, { streams, rows: ROWS, more, flags: ['--dry-run'] });
  expect(program.code).toBe(0);
  expect(countsIn(program, { streams, rows: [] })).toEqual({
    users: { received: 3, created: 3 },
    sites: { received: 2, created: 2 },
  });
  expect(Object.keys((await contentOf(sandbox)).accounts)).toEqual(['acme', 'globex', 'initech']);
});

describe('with the Analytics token alone', () => {
  const more = { rest_api_token: undefined };
  const warningsOf = (program: Run) =>
    program.logsOf('WARN').filter((text) => text.includes('unknown_accounts'));

  test('reject cannot be kept: a warning a stream says so, before the first row', async () => {
    const sandbox = await openSandbox();
    seedPlaces(sandbox);
    const sites = { ...SITES, object: 'custom_object', custom_object: idOfSite(sandbox) };
    const streams = [
      USERS,
      sites,
      { stream: 'events', object: 'event' },
      { stream: 'accounts', object: 'account' },
      { stream: 'links', object: 'user_account', keyless: true },
      { stream: 'unlinks', object: 'user_account', mode: 'delete', keyless: true },
    ];
    const program = await sync(sandbox, { streams, rows: [], more });
    expect(program.code).toBe(0);
    expect(warningsOf(program)).toEqual(
      ['users', 'sites', 'links'].map((name) =>
        expect.stringMatching(new RegExp(`^stream "${name}": "unknown_accounts": "reject" cannot be kept`)),
      ),
    );
  });

  test('create needs no warning', async () => {
    const sandbox = await openSandbox();
    const streams = [{ ...USERS, unknown_accounts: 'create' }];
    expect(warningsOf(await sync(sandbox, { streams, rows: [], more }))).toEqual([]);
  });
});

test('without a REST token nobody is asked: unknown accounts are made', async () => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  const { counts, content } = await syncTwice(sandbox, {
    streams: [USERS],
    more: { rest_api_token: undefined },
    rows: ROWS.filter((row) => row.includes('"users"')),
  });
  expect(counts[0]).toEqual({ users: { received: 3, accepted: 3 } });
  expect(Object.keys(content.accounts)).toEqual(['acme', 'elsewhere', 'globex', 'initech', 'nowhere']);
});

test('events are not checked', async () => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  const { counts } = await syncTwice(sandbox, {
    streams: [{ stream: 'events', object: 'event' }],
    rows: [record('events', { id: 'e', event: 'Opened', userId: 'nobody', accountId: 'nowhere' })],
  });
  expect(counts[0]).toEqual({ events: { received: 1, accepted: 1 } });
  expect(sandbox.requests().every(({ api }) => api === 'analytics')).toBe(true);
});
