import { expect, test } from 'vitest';
import type { Sandbox, SwitchName } from '../../../src/sandbox/index.ts';
import { record } from '../../support/messages.ts';
import { idOf, seedPlaces } from '../../support/objects/places.ts';
import { countsIn, refusal, refusedBy, type Sync, sync, syncTwice } from '../../support/objects/syncs.ts';
import { contentOf } from '../../support/output.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const object = 'user_account';
const LINK = { stream: 'link', object, mode: 'append', keyless: true };
const UNLINK = { stream: 'unlink', object, mode: 'delete', keyless: true };
const MANY = Array.from({ length: 12 }, (_, index) => `account-${index}`);

function seedLinks(sandbox: Sandbox): void {
  seedPlaces(sandbox);
  sandbox.seed('users', [{ externalId: 'dan', name: 'Dan', accountIds: ['acme', 'globex'] }]);
  sandbox.seed(
    'accounts',
    MANY.map((externalId) => ({ externalId, name: externalId })),
  );
}

/** Links that are there and others, their ends in every way they can be named. */
function bothModes(sandbox: Sandbox): Sync {
  return {
    streams: [LINK, UNLINK],
    rows: [
      record('link', { userId: 'ann', accountId: 'acme' }),
      record('link', { userId: 'ann', accountId: 'globex' }),
      record('link', {
        user_id: idOf(sandbox, 'users', 'bob'),
        account_id: idOf(sandbox, 'accounts', 'acme'),
      }),
      record('link', { user: 'cid@holding.test', account: 'initech' }),
      record('unlink', { userId: 'dan', accountId: 'globex' }),
      record('unlink', { userId: 'dan', accountId: 'initech' }),
      record('unlink', { userId: 'nobody', accountId: 'acme' }),
    ],
  };
}

const LEFT = {
  ann: ['acme', 'globex'],
  bob: ['acme', 'globex'],
  cid: ['initech'],
  dan: ['acme'],
};

async function accountsOf(sandbox: Sandbox): Promise<Record<string, unknown>> {
  const { users } = await contentOf(sandbox);
  return Object.fromEntries(Object.entries(users).map(([id, user]) => [id, at(user, 'accounts')]));
}

test.each<{ readonly profile: readonly SwitchName[]; readonly analyticsDelayMs?: number }>([
  { profile: [] },
  { profile: ['put-replaces-relations', 'users-need-relations-on-update'] },
  { profile: ['put-creates', 'not-found-400', 'message-envelope'] },
  { profile: ['not-found-200'], analyticsDelayMs: 200 },
])('users are linked and unlinked alike under every reading, and once: $profile', async (options) => {
  const sandbox = await openSandbox(options);
  seedLinks(sandbox);
  const { counts } = await syncTwice(sandbox, bothModes(sandbox));
  expect(counts).toEqual([
    {
      link: { received: 4, created: 3, skipped: 1 },
      unlink: { received: 3, accepted: 1, skipped: 2 },
    },
    { link: { received: 4, skipped: 4 }, unlink: { received: 3, skipped: 3 } },
  ]);
  expect(await accountsOf(sandbox)).toEqual(LEFT);
});

test('without a REST token links go by message, by your own ids', async () => {
  const sandbox = await openSandbox();
  seedLinks(sandbox);
  const { counts } = await syncTwice(sandbox, {
    streams: [LINK, UNLINK],
    more: { rest_api_token: undefined },
    rows: [
      record('link', { userId: 'ann', accountId: 'globex' }),
      record('unlink', { userId: 'dan', accountId: 'globex' }),
    ],
  });
  const accepted = { received: 1, accepted: 1 };
  expect(counts).toEqual([
    { link: accepted, unlink: accepted },
    { link: accepted, unlink: accepted },
  ]);
  expect(await accountsOf(sandbox)).toEqual({
    ann: ['acme', 'globex'],
    bob: ['globex'],
    cid: [],
    dan: ['acme'],
  });
});

test.each<{ readonly profile: readonly SwitchName[] }>([
  { profile: ['not-found-400', 'message-envelope'] },
  { profile: ['not-found-200'] },
])('a link without one of its ends is refused and says which: $profile', async ({ profile }) => {
  const sandbox = await openSandbox({ profile });
  seedLinks(sandbox);
  const { refused } = await refusedBy(sandbox, {
    streams: [LINK, { ...UNLINK, unknown_key: 'reject' }],
    rows: [
      record('link', { userId: 'nobody', accountId: 'acme' }),
      record('link', { userId: 'ann', accountId: 'nowhere' }),
      record('unlink', { userId: 'ann', accountId: 'globex' }),
    ],
  });
  expect(Object.fromEntries(refused)).toEqual({
    'nobody:acme': refusal('unknown_association', 'userId', 'user "nobody"'),
    'ann:nowhere': refusal('unknown_association', 'accountId', 'account "nowhere"'),
    'ann:globex': { code: 'unknown_key', field: null, message: expect.any(String) },
  });
  expect(await accountsOf(sandbox)).toMatchObject({ ann: ['acme'] });
});

test.each<{ readonly profile: readonly SwitchName[] }>([
  { profile: [] },
  { profile: ['put-replaces-relations'] },
])('many links of one user at once are all made: $profile', async ({ profile }) => {
  const sandbox = await openSandbox({ profile, latencyMs: 5 });
  seedLinks(sandbox);
  const wanted = {
    streams: [LINK],
    rows: MANY.map((accountId) => record('link', { userId: 'ann', accountId })),
  };
  expect(countsIn(await sync(sandbox, wanted), wanted)).toEqual({
    link: { received: MANY.length, created: MANY.length },
  });
  expect((await accountsOf(sandbox)).ann).toEqual(['acme', ...MANY].sort());
});

test.each([{ analyticsDelayMs: 0 }, { analyticsDelayMs: 900 }])(
  'a link that is undone and made again is there in the end, whenever Vitally undoes it: $analyticsDelayMs ms later',
  async ({ analyticsDelayMs }) => {
    const sandbox = await openSandbox({ analyticsDelayMs });
    seedLinks(sandbox);
    const wanted = {
      streams: [UNLINK, LINK],
      rows: [
        record('unlink', { userId: 'ann', accountId: 'acme' }),
        record('link', { userId: 'ann', accountId: 'acme' }),
      ],
    };
    expect(countsIn(await sync(sandbox, wanted), wanted)).toEqual({
      unlink: { received: 1, accepted: 1 },
      link: { received: 1, created: 1 },
    });
    expect(await accountsOf(sandbox)).toMatchObject({ ann: ['acme'] });
  },
);
