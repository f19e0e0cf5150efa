import { expect, test } from 'vitest';
import { record } from '../../support/messages.ts';
import { idOf, seedPlaces } from '../../support/objects/places.ts';
import { countsIn, type Entry, refusal, refusedBy, syncTwice } from '../../support/objects/syncs.ts';
import { contentOf } from '../../support/output.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const SITES = { stream: 'sites', object: 'custom_object:site' };
const USERS = { stream: 'users', object: 'user' };

/** A user and an instance each of an account that is there, and of one that nobody knows. */
const ROWS = [
  record('users', { id: 'good', accountId: 'acme' }),
  record('users', { id: 'users lost', accountId: 'nowhere' }),
  record('users', { id: 'users half', accountIds: ['acme', 'elsewhere'] }),
  record('sites', { id: 'good', name: 'Site', accountId: 'acme' }),
  record('sites', { id: 'sites lost', name: 'Site', accountId: 'nowhere' }),
];

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
