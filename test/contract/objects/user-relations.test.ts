import { expect, test } from 'vitest';
import type { Sandbox, SwitchName } from '../../../src/sandbox/index.ts';
import { record } from '../../support/messages.ts';
import { idOf, seedPlaces } from '../../support/objects/places.ts';
import { refusal, refusedBy, type Sync, sync, syncTwice } from '../../support/objects/syncs.ts';
import { contentOf, countsOf } from '../../support/output.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const USERS = { stream: 'users', object: 'user', relations: 'replace' };

function seedUsers(sandbox: Sandbox): void {
  seedPlaces(sandbox);
  sandbox.seed(
    'users',
    ['eve', 'fay', 'gil', 'hal'].map((externalId) => ({
      externalId,
      email: `${externalId}@acme.test`,
      accountIds: ['acme', 'globex'],
      organizationIds: ['holding'],
    })),
  );
}

/** Accounts in every way they can be named, and rows that name none. */
function replacing(sandbox: Sandbox): Sync {
  return {
    streams: [
      { ...USERS, mode: 'upsert' },
      { ...USERS, stream: 'by_email', mode: 'update', match_on: 'email' },
      { ...USERS, stream: 'adding', mode: 'update', relations: 'add' },
    ],
    rows: [
      record('users', { id: 'eve', accountIds: ['globex', 'initech'], name: 'Eve' }),
      record('users', { id: 'fay', name: 'Fay' }),
      record('users', { id: 'new', accountIds: `["${idOf(sandbox, 'accounts', 'acme')}"]` }),
      record('by_email', { id: 'GIL@acme.test', accountId: 'acme' }),
      record('adding', { id: 'hal', accountId: 'initech' }),
    ],
  };
}

const LEFT = {
  eve: { name: 'Eve', accounts: ['globex', 'initech'], organizations: ['holding'] },
  fay: { name: 'Fay', accounts: ['acme', 'globex'], organizations: ['holding'] },
  gil: { accounts: ['acme'], organizations: ['holding'] },
  hal: { accounts: ['acme', 'globex', 'initech'], organizations: ['holding'] },
  new: { accounts: ['acme'], organizations: [] },
};

test.each<{ readonly profile: readonly SwitchName[]; readonly analyticsDelayMs?: number }>([
  { profile: [] },
  { profile: ['put-replaces-relations'] },
  { profile: ['put-replaces-relations', 'users-need-relations-on-update', 'put-creates'] },
  { profile: ['post-refuses-duplicate', 'not-found-400', 'message-envelope'] },
  { profile: ['not-found-200', 'no-created-at', 'scoped-lists-need-uuid'], analyticsDelayMs: 200 },
])(
  'with relations replace a user is in the accounts of its row alone, under every reading: $profile',
  async (options) => {
    const sandbox = await openSandbox(options);
    seedUsers(sandbox);
    const { counts, content } = await syncTwice(sandbox, replacing(sandbox));
    expect(counts[0]).toEqual({
      users: { received: 3, created: 1, updated: 2 },
      by_email: { received: 1, updated: 1 },
      adding: { received: 1, updated: 1 },
    });
    expect(counts[1]).toEqual({
      users: { received: 3, unchanged: 3 },
      by_email: { received: 1, unchanged: 1 },
      adding: { received: 1, unchanged: 1 },
    });
    expect(content.users).toMatchObject(LEFT);
  },
);

test.each<{ readonly profile: readonly SwitchName[]; readonly analyticsDelayMs: number }>([
  { profile: [], analyticsDelayMs: 0 },
  { profile: [], analyticsDelayMs: 900 },
  { profile: ['put-replaces-relations'], analyticsDelayMs: 900 },
])(
  'the last row of a user counts, however late Vitally takes it out of an account: $profile, $analyticsDelayMs ms',
  async (options) => {
    const sandbox = await openSandbox(options);
    seedUsers(sandbox);
    const program = await sync(sandbox, {
      streams: [{ ...USERS, mode: 'update' }],
      rows: [['globex'], ['initech'], ['acme']].map((accountIds) =>
        record('users', { id: 'eve', accountIds }),
      ),
    });
    expect(program.code).toBe(0);
    const { users } = await contentOf(sandbox);
    expect(at(users, 'eve', 'accounts')).toEqual(['acme']);
  },
);

test('where nothing takes a user out of what its row no longer names, the row is refused', async () => {
  const sandbox = await openSandbox();
  seedUsers(sandbox);
  const { program, refused } = await refusedBy(sandbox, {
    streams: [{ ...USERS, mode: 'update' }],
    more: { analytics_api_token: undefined },
    rows: [
      record('users', { id: 'eve', accountIds: ['acme'] }),
      record('users', { id: 'fay', organizationIds: ['other-holding'] }),
      record('users', { id: 'gil', accountIds: ['acme', 'globex'], name: 'Gil' }),
    ],
  });
  expect(countsOf(program.summary, 'users')).toEqual({ received: 3, updated: 1, rejected: 2 });
  expect(Object.fromEntries(refused)).toEqual({
    eve: refusal('refused', 'accountIds', 'only its Analytics API'),
    fay: refusal('refused', 'organizationIds', 'no way to take a user out'),
  });
});
