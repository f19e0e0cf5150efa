import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/index.ts';
import { record } from '../../support/messages.ts';
import { seedPlaces } from '../../support/objects/places.ts';
import {
  countsIn,
  type Entry,
  expectWhole,
  type Run,
  refusal,
  refusedBy,
  sync,
} from '../../support/objects/syncs.ts';
import { TESS } from '../../support/objects/talks.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const REST = { write_via: 'rest' };

/** Two accounts with an owner, and one without. */
async function openOwned(): Promise<Sandbox> {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  sandbox.seed('accounts', [
    { externalId: 'owned', name: 'Owned', accountOwnerId: TESS },
    { externalId: 'kept', name: 'Kept', accountOwnerId: TESS },
    { externalId: 'free', name: 'Free' },
  ]);
  return sandbox;
}

function entry(options: object = {}): Entry {
  return { stream: 'rows', object: 'account', mode: 'upsert', ...options };
}

async function run(sandbox: Sandbox, options: object, rows: string[], more: object = {}): Promise<Run> {
  const wanted = { streams: [entry(options)], rows, more };
  const program = await sync(sandbox, wanted);
  expectWhole(program, sandbox, wanted);
  return program;
}

const countsOf = (program: Run) => countsIn(program, { streams: [entry()], rows: [] }).rows;
const isOwned = (sandbox: Sandbox, id: string) =>
  at(sandbox.accounts.byExternalId(id), 'accountOwnerId') !== null;

function bodies(sandbox: Sandbox, method: string): unknown[] {
  return sandbox.requests().flatMap((one) => (one.api === 'rest' && one.method === method ? [one.body] : []));
}

describe.each([
  { tokens: 'both', options: {}, more: {} },
  { tokens: 'REST by write_via', options: REST, more: {} },
  { tokens: 'REST alone', options: {}, more: { analytics_api_token: undefined } },
])('null takes the owner off: $tokens', ({ options, more }) => {
  test.each([
    { column: 'accountOwnerId' },
    { column: 'account_owner_id' },
    { column: 'Account Owner ID' },
    { column: 'ACCOUNT-OWNER-ID' },
  ])('by the column $column', async ({ column }) => {
    const sandbox = await openOwned();
    const row = (id: string, mode: string) => record('rows', { id, name: mode, [column]: null });
    const program = await run(sandbox, options, [row('owned', 'Owned'), row('free', 'Free')], more);
    expect(isOwned(sandbox, 'owned')).toBe(false);
    expect(isOwned(sandbox, 'kept')).toBe(true);
    expect(countsOf(program)).toMatchObject({ received: 2, updated: 1 });
    expect(bodies(sandbox, 'PUT')).toEqual([{ name: 'Owned', accountOwnerId: null }]);
    expect(bodies(sandbox, 'POST')).toEqual([]);
  });

  test('by a mapping, a template and a constant', async () => {
    for (const how of [
      { fields: [{ source: 'left', destination: 'accountOwnerId' }] },
      { fields: [{ template: '{{ left }}', destination: 'accountOwnerId' }] },
      { constants: [{ destination: 'account_owner_id', value: null }] },
      { constants: [{ destination: 'accountOwnerId', value: '' }] },
    ]) {
      const sandbox = await openOwned();
      await run(
        sandbox,
        { ...options, ...how },
        [record('rows', { id: 'owned', name: 'Owned', left: '' })],
        more,
      );
      expect([how, isOwned(sandbox, 'owned')]).toEqual([how, false]);
    }
  });

  test('a new account is created without it, and one is written in one piece with its other values', async () => {
    const sandbox = await openOwned();
    const rows = [
      record('rows', { id: 'new', name: 'New', accountOwnerId: null, plan: 'pro' }),
      record('rows', { id: 'owned', name: 'Renamed', accountOwnerId: null, plan: 'pro' }),
    ];
    await run(sandbox, options, rows, more);
    expect(isOwned(sandbox, 'owned')).toBe(false);
    expect(bodies(sandbox, 'PUT')).toEqual([
      { name: 'Renamed', accountOwnerId: null, traits: { plan: 'pro' } },
    ]);
    for (const body of bodies(sandbox, 'POST')) expect(body).not.toHaveProperty('accountOwnerId');
    expect(at(sandbox.accounts.byExternalId('new'), 'traits')).toEqual({ plan: 'pro' });
  });

  test('nulls: keep leaves it', async () => {
    const sandbox = await openOwned();
    const row = record('rows', { id: 'owned', name: 'Owned', accountOwnerId: null });
    await run(sandbox, { ...options, nulls: 'keep' }, [row], more);
    expect(isOwned(sandbox, 'owned')).toBe(true);
  });
});

test.each(['update', 'upsert'])("mode %s matched on Vitally's id takes the owner off", async (mode) => {
  const sandbox = await openOwned();
  const id = at(sandbox.accounts.byExternalId('owned'), 'id');
  await run(sandbox, { mode, match_on: 'id' }, [record('rows', { id, accountOwnerId: null })]);
  expect(isOwned(sandbox, 'owned')).toBe(false);
});

test('a dry run shows from whom, and sends nothing', async () => {
  const sandbox = await openOwned();
  const rows = [record('rows', { id: 'owned', name: 'Owned', accountOwnerId: null })];
  const program = await sync(sandbox, { streams: [entry()], rows, flags: ['--dry-run'] });
  expect(countsOf(program)).toEqual({ received: 1, updated: 1 });
  expect(isOwned(sandbox, 'owned')).toBe(true);
});

test('anything but null in a column of its name stays a trait, and the log says so once', async () => {
  const sandbox = await openOwned();
  const program = await run(sandbox, REST, [
    record('rows', { id: 'owned', name: 'Owned', account_owner_id: '005A' }),
    record('rows', { id: 'free', name: 'Free', account_owner_id: '005B' }),
  ]);
  expect(isOwned(sandbox, 'owned')).toBe(true);
  expect(at(sandbox.accounts.byExternalId('free'), 'traits')).toEqual({ account_owner_id: '005B' });
  expect(program.logsOf('WARN').filter((message) => message.includes('app alone'))).toEqual([
    expect.stringContaining('column "account_owner_id": the owner of an account is set in Vitally'),
  ]);
});

test('the trait that an earlier value of the column made goes with the owner', async () => {
  const sandbox = await openOwned();
  sandbox.seed('accounts', [{ externalId: 'owned', name: 'Owned', traits: { account_owner_id: '005A' } }]);
  await run(sandbox, REST, [
    record('rows', { id: 'owned', name: 'Owned', account_owner_id: null, plan: 'x' }),
  ]);
  expect(isOwned(sandbox, 'owned')).toBe(false);
  expect(at(sandbox.accounts.byExternalId('owned'), 'traits')).toEqual({ plan: 'x' });
});

test('columns of other names are no owner', async () => {
  const sandbox = await openOwned();
  const others = { owner: null, owner_email: null, owner_id: null, account_owner_email: null };
  await run(sandbox, REST, [record('rows', { id: 'owned', name: 'Owned', ...others })]);
  expect(isOwned(sandbox, 'owned')).toBe(true);
});

test('what config sends to it on purpose must be null', async () => {
  const sandbox = await openOwned();
  const fields = [{ source: 'owner', destination: 'accountOwnerId' }];
  const { refused } = await refusedBy(sandbox, {
    streams: [entry({ fields, ...REST })],
    rows: [
      record('rows', { id: 'owned', name: 'Owned', owner: TESS }),
      record('rows', { id: 'kept', name: 'Kept', owner: null }),
    ],
  });
  expect(Object.fromEntries(refused)).toEqual({
    owned: refusal('bad_value', 'owner', 'Vitally takes null alone here'),
  });
  expect(isOwned(sandbox, 'kept')).toBe(false);

  const constants = [{ destination: 'accountOwnerId', value: TESS }];
  const program = await sync(sandbox, { streams: [entry({ constants })], rows: [] });
  expect(program.failure).toContain('/streams/0/constants/0/value');
});

describe('with the Analytics token alone', () => {
  const more = { rest_api_token: undefined };

  test('the row is sent without it, and a warning says what that means', async () => {
    const sandbox = await openOwned();
    const rows = ['owned', 'kept'].map((id) => record('rows', { id, name: id, account_owner_id: null }));
    const program = await run(sandbox, {}, rows, more);
    expect(countsOf(program)).toEqual({ received: 2, accepted: 2 });
    expect(isOwned(sandbox, 'owned')).toBe(true);
    expect(program.logsOf('WARN').filter((message) => message.includes('accountOwnerId'))).toEqual([
      expect.stringContaining('what Vitally holds there stays; add a rest_api_token'),
    ]);
  });

  test('a mapping to it is a fault that asks for the REST token', async () => {
    const sandbox = await openOwned();
    const fields = [{ source: 'owner', destination: 'accountOwnerId' }];
    const program = await sync(sandbox, { streams: [entry({ fields })], rows: [], more });
    expect(program.failure).toContain('needs "rest_api_token": it writes accountOwnerId');
  });
});
