import { describe, expect, test } from 'vitest';
import type { RecordErrorDetail } from '../../../../src/errors/record-error.ts';
import { routeOf } from '../../../support/routes.ts';
import { openWorkspace, writeOf } from '../../../support/workspace.ts';

/** Readings that matter to modes that must not create, or must not touch. */
const READINGS: readonly (readonly string[])[] = [
  [],
  ['put-creates'],
  ['post-refuses-duplicate'],
  ['post-refuses-duplicate-400'],
  ['post-answers-201'],
  ['not-found-400'],
  ['not-found-200'],
  ['put-creates', 'not-found-200', 'no-created-at'],
];
const readings = READINGS.map((profile) => ({ profile, name: profile.join(' + ') || 'as documented' }));
const UUID_SHAPED = '0b7b41f4-15d2-4c7c-9d3f-2f1c4e6a8b90';
const KEYS = ['a-1', 'search', 'a/b?c#d', 'ü 😀', UUID_SHAPED];

describe.each(readings)('mode update, Vitally read as: $name', ({ profile }) => {
  const route = routeOf('account', { mode: 'update' });

  test.each(KEYS)('an unknown key %j is skipped and nothing is created', async (key) => {
    const { sandbox, outcome, asked } = await openWorkspace({ profile });
    expect(await outcome(route, writeOf(key, { name: 'Acme' }))).toBe('skipped');
    expect(asked()).toEqual([`GET /accounts/${encodeURIComponent(key)}`]);
    expect(sandbox.accounts.size).toBe(0);
  });

  test.each(KEYS)('an existing key %j is read, then written', async (key) => {
    const { sandbox, outcome, asked, seed, idOf } = await openWorkspace({ profile });
    seed('accounts', { externalId: key, name: 'Old', traits: { plan: 'pro' } });
    expect(await outcome(route, writeOf(key, { name: 'New' }))).toBe('updated');
    expect(asked()).toEqual([
      `GET /accounts/${encodeURIComponent(key)}`,
      `PUT /accounts/${idOf('accounts', key)}`,
    ]);
    expect(sandbox.snapshot().accounts).toEqual({
      [key]: expect.objectContaining({ name: 'New', traits: { plan: 'pro' } }),
    });
  });

  test('a row that changes nothing is not written; one that brings nothing neither', async () => {
    const { outcome, asked, seed } = await openWorkspace({ profile });
    seed('accounts', { externalId: 'a-1', name: 'Acme', traits: { mrr: 5, plan: 'pro' } });
    const row = writeOf('a-1', { name: 'Acme' }, { mrr: 5, plan: 'pro', gone: null });
    expect(await outcome(route, row)).toBe('unchanged');
    expect(await outcome(route, writeOf('a-1'))).toBe('unchanged');
    expect(asked()).toEqual(['GET /accounts/a-1']);
  });

  test('without skip_unchanged an equal row is written all the same', async () => {
    const { outcome, seed } = await openWorkspace({ profile, settings: { skipUnchanged: false } });
    seed('accounts', { externalId: 'a-1', name: 'Acme' });
    expect(await outcome(route, writeOf('a-1', { name: 'Acme' }))).toBe('updated');
  });
});

test('an unknown key is rejected where the route says so', async () => {
  const { write } = await openWorkspace();
  const route = routeOf('account', { mode: 'update', unknownKey: 'reject' });
  const { outcome } = await write(route, writeOf('a-1', { name: 'Acme' }));
  expect(outcome).toMatchObject({
    kind: 'rejected',
    error: {
      code: 'unknown_key',
      message: expect.not.stringContaining('a-1'),
    } satisfies Partial<RecordErrorDetail>,
  });
});

test.each([
  { unknownKey: 'skip', told: { skippedFor: 'no record', request: { method: 'PUT' }, httpStatus: 404 } },
  {
    unknownKey: 'reject',
    told: { outcome: { error: { code: 'unknown_key', request: { method: 'PUT', httpStatus: 404 } } } },
  },
] as const)(
  'a record that vanished between look-up and PUT is an unknown key: $unknownKey',
  async ({ unknownKey, told }) => {
    const { write, outcome, seed, vanish, sandbox } = await openWorkspace();
    const route = routeOf('account', { mode: 'update', unknownKey });
    seed('accounts', { externalId: 'a-1', name: 'Acme' });
    await outcome(route, writeOf('a-1', { name: 'Acme 2' }));
    await vanish('accounts', 'a-1');
    expect(await write(route, writeOf('a-1', { name: 'Acme 3' }))).toMatchObject(told);
    expect(sandbox.accounts.size).toBe(0);
  },
);

describe.each(readings)('mode append, Vitally read as: $name', ({ profile }) => {
  const route = routeOf('account', { mode: 'append' });

  test.each(KEYS)('a new key %j is created, an existing one is skipped and stays as it is', async (key) => {
    const { sandbox, outcome, asked } = await openWorkspace({ profile });
    expect(await outcome(route, writeOf(key, { name: 'First' }))).toBe('created');
    expect(asked()).toEqual([`GET /accounts/${encodeURIComponent(key)}`, 'POST /accounts']);
    expect(await outcome(route, writeOf(key, { name: 'Second' }))).toBe('skipped');
    expect(asked()).toEqual([]);
    expect(sandbox.accounts.byExternalId(key)).toMatchObject({ name: 'First' });
  });

  test('what was there before the run is skipped', async () => {
    const { sandbox, outcome, asked, seed } = await openWorkspace({ profile });
    seed('accounts', { externalId: 'a-1', name: 'Old' });
    expect(await outcome(route, writeOf('a-1', { name: 'New' }))).toBe('skipped');
    expect(asked()).toEqual(['GET /accounts/a-1']);
    expect(sandbox.accounts.byExternalId('a-1')).toMatchObject({ name: 'Old' });
  });

  test('a new record without a name is refused before anything is sent', async () => {
    const { outcome, asked } = await openWorkspace({ profile });
    expect(await outcome(route, writeOf('a-1', {}, { plan: 'pro' }))).toBe('missing_field');
    expect(asked()).toEqual(['GET /accounts/a-1']);
  });
});

test.each(['post-refuses-duplicate', 'post-refuses-duplicate-400'])(
  'append: a record that came up since the look-up is skipped (%s)',
  async (profile) => {
    const { outcome, seed } = await openWorkspace({ profile: [profile] });
    const route = routeOf('account', { mode: 'append' });
    await outcome(routeOf('account', { mode: 'update' }), writeOf('a-1', { name: 'x' }));
    seed('accounts', { externalId: 'a-1', name: 'Old' });
    expect(await outcome(route, writeOf('a-1', { name: 'New' }))).toBe('skipped');
  },
);

describe.each(readings)('mode delete, Vitally read as: $name', ({ profile }) => {
  const route = routeOf('account', { mode: 'delete' });

  test.each([
    { key: 'a-1', direct: true },
    { key: 'a/b?c#d', direct: true },
    { key: 'search', direct: false },
    { key: UUID_SHAPED, direct: false },
  ])('the record with key $key is deleted', async ({ key, direct }) => {
    const { sandbox, outcome, asked, seed, idOf } = await openWorkspace({ profile });
    seed('accounts', { externalId: key, name: 'x' }, { externalId: 'other', name: 'y' });
    const id = idOf('accounts', key);
    const path = encodeURIComponent(key);
    expect(await outcome(route, writeOf(key))).toBe('deleted');
    expect(asked()).toEqual(
      direct ? [`DELETE /accounts/${path}`] : [`GET /accounts/${path}`, `DELETE /accounts/${id}`],
    );
    expect(Object.keys(sandbox.snapshot().accounts)).toEqual(['other']);
  });

  test.each(KEYS)('an unknown key %j is skipped', async (key) => {
    const { outcome } = await openWorkspace({ profile });
    expect(await outcome(route, writeOf(key))).toBe('skipped');
  });

  test('a key that is another record’s id at Vitally deletes nothing', async () => {
    const { sandbox, outcome, seed, idOf } = await openWorkspace({ profile });
    seed('accounts', { externalId: 'a-1', name: 'x' });
    expect(await outcome(route, writeOf(idOf('accounts', 'a-1')))).toBe('skipped');
    expect(sandbox.accounts.size).toBe(1);
  });
});

test('a key that this run knows to be missing is not asked for again', async () => {
  const { outcome, asked } = await openWorkspace();
  await outcome(routeOf('account', { mode: 'update' }), writeOf('a-1', { name: 'x' }));
  asked();
  expect(await outcome(routeOf('account', { mode: 'delete' }), writeOf('a-1'))).toBe('skipped');
  expect(asked()).toEqual([]);
});

test('a deleted record can be created again in the same run', async () => {
  const { outcome, asked } = await openWorkspace();
  const row = writeOf('a-1', { name: 'Acme' });
  await outcome(routeOf('account'), row);
  expect(await outcome(routeOf('account', { mode: 'delete' }), writeOf('a-1'))).toBe('deleted');
  asked();
  expect(await outcome(routeOf('account'), row)).toBe('created');
  expect(asked()).toEqual(['POST /accounts']);
});

test('a DELETE whose answer was lost counts as deleted when it is repeated', async () => {
  const { outcome, seed, sandbox } = await openWorkspace();
  seed('accounts', { externalId: 'a-1', name: 'x' });
  sandbox.setFaults({ rate: 0, kinds: [], seed: 1, sequence: ['reset-after'] });
  expect(await outcome(routeOf('account', { mode: 'delete' }), writeOf('a-1'))).toBe('deleted');
});

test('a POST whose answer was lost counts as created when Vitally refuses the repetition', async () => {
  const { outcome, sandbox } = await openWorkspace({ profile: ['post-refuses-duplicate'] });
  sandbox.setFaults({ rate: 0, kinds: [], seed: 1, sequence: ['none', 'reset-after'] });
  expect(await outcome(routeOf('account', { mode: 'append' }), writeOf('a-1', { name: 'x' }))).toBe(
    'created',
  );
});
