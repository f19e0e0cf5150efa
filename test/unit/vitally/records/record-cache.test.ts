import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../../src/json/json.ts';
import type { Answer } from '../../../../src/vitally/http/answer.ts';
import { type Collection, type LookupBy, RecordCache } from '../../../../src/vitally/records/record-cache.ts';
import { no, ok, Script } from '../../../support/scripted.ts';

const ACCOUNTS: Collection = { path: '/resources/accounts', listFilter: 'status=activeOrChurned' };
const USERS: Collection = { path: '/resources/users', search: '/resources/users/search' };
const ACME = { id: 'v-1', externalId: 'a-1', name: 'Acme', traits: { plan: 'pro' } };

function recordCacheOver(answers: Readonly<Record<string, Answer>> = {}): {
  recordCache: RecordCache;
  script: Script;
} {
  const script = new Script(answers);
  return { recordCache: new RecordCache(script.send), script };
}

describe('a look-up', () => {
  test.each<{ by: LookupBy; value: string; body: JsonValue; kind: string }>([
    { by: 'externalId', value: 'a-1', body: ACME, kind: 'found' },
    { by: 'id', value: 'v-1', body: ACME, kind: 'found' },
    { by: 'either', value: 'v-1', body: ACME, kind: 'found' },
    { by: 'either', value: 'a-1', body: ACME, kind: 'found' },
    { by: 'externalId', value: '17', body: { id: 'v-1', externalId: 17 }, kind: 'found' },
    // The path takes either id: what came back is another record than the one that was meant.
    { by: 'externalId', value: 'v-1', body: ACME, kind: 'absent' },
    { by: 'id', value: 'a-1', body: ACME, kind: 'absent' },
    { by: 'either', value: 'a-1', body: { name: 'no id' }, kind: 'absent' },
    { by: 'either', value: 'a-1', body: [], kind: 'absent' },
  ])('by $by $value of $body: $kind', async ({ by, value, body, kind }) => {
    const { recordCache, script } = recordCacheOver({ [`GET /accounts/${value}`]: ok(body) });
    expect(await recordCache.find(ACCOUNTS, by, value)).toMatchObject({ kind });
    expect(script.asked()).toEqual([`GET /accounts/${value}`]);
  });

  test('finds the record by both ids from then on, without asking', async () => {
    const { recordCache, script } = recordCacheOver({ 'GET /accounts/a-1': ok(ACME) });
    await recordCache.find(ACCOUNTS, 'either', 'a-1');
    script.asked();
    for (const [by, value] of [
      ['id', 'v-1'],
      ['externalId', 'a-1'],
      ['either', 'v-1'],
      ['either', 'a-1'],
    ] as const) {
      const finding = await recordCache.find(ACCOUNTS, by, value, 'fields');
      expect(finding).toMatchObject({
        kind: 'found',
        record: { id: 'v-1', externalId: 'a-1', fields: { name: 'Acme' } },
      });
    }
    expect(script.asked()).toEqual([]);
  });

  test('kinds are told apart', async () => {
    const { recordCache, script } = recordCacheOver({ 'GET /accounts/a-1': ok(ACME) });
    await recordCache.find(ACCOUNTS, 'externalId', 'a-1');
    expect(await recordCache.find(USERS, 'externalId', 'a-1')).toEqual({ kind: 'absent' });
    expect(script.asked()).toEqual(['GET /accounts/a-1', 'GET /users/a-1']);
  });

  test('at the same time as another of the same id shares its request', async () => {
    const { recordCache, script } = recordCacheOver({ 'GET /accounts/a-1': ok(ACME) });
    const findings = await Promise.all(
      Array.from({ length: 20 }, () => recordCache.find(ACCOUNTS, 'externalId', 'a-1', 'fields')),
    );
    expect(script.asked()).toEqual(['GET /accounts/a-1']);
    expect(new Set(findings.map(({ kind }) => kind))).toEqual(new Set(['found']));
  });

  test('that fails is not remembered', async () => {
    let answer: Answer = no('refused', 'no');
    const recordCache = new RecordCache(async () => answer);
    await expect(recordCache.find(ACCOUNTS, 'externalId', 'a-1')).rejects.toMatchObject({ code: 'refused' });
    answer = ok(ACME);
    expect(await recordCache.find(ACCOUNTS, 'externalId', 'a-1')).toMatchObject({ kind: 'found' });
  });

  test.each(['', '.', '..'])('of %j asks nothing: no path can name it', async (id) => {
    const { recordCache, script } = recordCacheOver();
    expect(await recordCache.find(ACCOUNTS, 'externalId', id)).toEqual({ kind: 'absent' });
    expect(script.asked()).toEqual([]);
  });
});

describe('what is missing', () => {
  test('is remembered, for each way of asking', async () => {
    const { recordCache, script } = recordCacheOver();
    for (const _ of [1, 2]) await recordCache.find(ACCOUNTS, 'externalId', 'a-1');
    expect(recordCache.peek(ACCOUNTS, 'externalId', 'a-1')).toEqual({ kind: 'absent' });
    expect(recordCache.peek(ACCOUNTS, 'either', 'a-1')).toBeUndefined();
    expect(script.asked()).toEqual(['GET /accounts/a-1']);
  });

  test.each<{ by: LookupBy; value: string }>([
    { by: 'externalId', value: 'a-1' },
    { by: 'either', value: 'a-1' },
    { by: 'either', value: 'v-1' },
    { by: 'id', value: 'v-1' },
  ])('by $by $value is there once the run has created it', async ({ by, value }) => {
    const { recordCache } = recordCacheOver();
    await recordCache.find(ACCOUNTS, by, value);
    recordCache.remember(ACCOUNTS, ACME);
    expect(await recordCache.find(ACCOUNTS, by, value)).toMatchObject({ kind: 'found' });
  });

  test('by e-mail is asked for again once a user with it was seen', async () => {
    const { recordCache, script } = recordCacheOver();
    await recordCache.find(USERS, 'email', 'A@x.io');
    await recordCache.find(USERS, 'email', 'a@x.io');
    expect(script.asked()).toHaveLength(1);
    recordCache.remember(USERS, { id: 'v-1', email: 'a@X.io' });
    await recordCache.find(USERS, 'email', 'a@x.io');
    expect(script.asked()).toHaveLength(1);
  });

  test('may be there once Analytics took it in', async () => {
    const { recordCache, script } = recordCacheOver();
    await recordCache.find(ACCOUNTS, 'either', 'a-1');
    expect(recordCache.wasAccepted(ACCOUNTS, 'externalId', 'a-1')).toBe(false);
    recordCache.markAccepted(ACCOUNTS, { externalId: 'a-1' });
    expect(recordCache.wasAccepted(ACCOUNTS, 'externalId', 'a-1')).toBe(true);
    await recordCache.find(ACCOUNTS, 'either', 'a-1');
    expect(script.asked().filter((request) => request === 'GET /accounts/a-1')).toHaveLength(2);
  });
});

test('what Analytics took in makes the fields that were seen untrue, not the id', async () => {
  const { recordCache, script } = recordCacheOver({ 'GET /accounts/a-1': ok(ACME) });
  recordCache.remember(ACCOUNTS, ACME);
  recordCache.markAccepted(ACCOUNTS, { externalId: 'a-1' });
  expect(recordCache.peek(ACCOUNTS, 'externalId', 'a-1')).toMatchObject({
    record: { id: 'v-1', fields: undefined },
  });
  await recordCache.find(ACCOUNTS, 'externalId', 'a-1', 'id');
  expect(script.asked()).toEqual([]);
  await recordCache.find(ACCOUNTS, 'externalId', 'a-1', 'fields');
  expect(script.asked()).toEqual(['GET /accounts/a-1']);
});

test.each([
  { record: { id: 'v-1' } },
  { record: { externalId: 'a-1' } },
  { record: { id: 'v-1', externalId: 'a-1' } },
  { record: { id: 'other', externalId: 'a-1' } },
])('what is forgotten is forgotten by both ids: $record', ({ record }) => {
  const { recordCache } = recordCacheOver();
  recordCache.remember(ACCOUNTS, ACME);
  recordCache.markAccepted(ACCOUNTS, { externalId: 'a-1' });
  recordCache.forget(ACCOUNTS, record);
  expect(recordCache.peek(ACCOUNTS, 'id', 'v-1')).toBeUndefined();
  expect(recordCache.peek(ACCOUNTS, 'externalId', 'a-1')).toBeUndefined();
});

test.each([{ record: { id: 'v-1' } }, { record: { externalId: 'a-1' } }])(
  'a record that went is no longer one that is to come: $record',
  ({ record }) => {
    const { recordCache } = recordCacheOver();
    recordCache.remember(ACCOUNTS, ACME);
    recordCache.markAccepted(ACCOUNTS, { externalId: 'a-1' });
    recordCache.markDeleted(ACCOUNTS, record);
    expect(recordCache.wasAccepted(ACCOUNTS, 'externalId', 'a-1')).toBe(false);
    expect(recordCache.peek(ACCOUNTS, 'externalId', 'a-1')).toEqual({ kind: 'absent' });
  },
);

test.each([undefined, null, 'text', [], {}, { id: 5 }])('there is nothing to learn from %j', (body) => {
  expect(recordCacheOver().recordCache.remember(ACCOUNTS, body)).toBeUndefined();
});

test('the full records inside a user are not kept', () => {
  const { recordCache } = recordCacheOver();
  recordCache.remember(USERS, {
    id: 'v-1',
    accountIds: ['x'],
    accounts: [ACME],
    organizations: [],
    segments: [],
  });
  const finding = recordCache.peek(USERS, 'id', 'v-1');
  expect(finding).toMatchObject({ record: { fields: { id: 'v-1', accountIds: ['x'] } } });
  expect(finding).not.toHaveProperty('record.fields.accounts');
});

describe('a search', () => {
  const ANN = { id: 'v-1', externalId: 'u-1', email: 'ann@x.io' };
  const path = 'GET /users/search?email=ann%40x.io';

  test.each<{ what: string; answer: Answer; kind: string }>([
    { what: 'one hit', answer: ok({ results: [ANN] }), kind: 'found' },
    { what: 'a bare array', answer: ok([ANN]), kind: 'found' },
    { what: 'one object', answer: ok(ANN), kind: 'found' },
    { what: 'another case', answer: ok({ results: [{ ...ANN, email: 'ANN@X.IO' }] }), kind: 'found' },
    { what: 'nobody', answer: ok({ results: [] }), kind: 'absent' },
    { what: '404', answer: no('not_found'), kind: 'absent' },
    { what: 'somebody else', answer: ok({ results: [{ ...ANN, email: 'joanna@x.io' }] }), kind: 'absent' },
    { what: 'no record', answer: ok('odd'), kind: 'absent' },
    {
      what: 'two',
      answer: ok({ results: [ANN, { ...ANN, id: 'v-2', externalId: 'u-2' }] }),
      kind: 'several',
    },
  ])('by e-mail with $what: $kind', async ({ answer, kind }) => {
    const { recordCache, script } = recordCacheOver({ [path]: answer });
    expect(await recordCache.find(USERS, 'email', 'ann@x.io')).toMatchObject({ kind });
    expect(script.asked()).toEqual([path]);
  });

  test('by e-mail is not answered by a record that is remembered: another may bear it too', async () => {
    const { recordCache, script } = recordCacheOver({ [path]: ok([ANN, { ...ANN, id: 'v-2' }]) });
    recordCache.remember(USERS, ANN);
    expect(await recordCache.find(USERS, 'email', 'ann@x.io')).toMatchObject({ kind: 'several' });
    expect(script.asked()).toHaveLength(1);
  });

  test.each([
    { what: 'the one it led to', write: { ...ANN, email: 'other@x.io' } },
    { what: 'one that bears it now', write: { id: 'v-9', email: 'Ann@x.io' } },
  ])('by e-mail is asked once, until this run writes $what', async ({ write }) => {
    const { recordCache, script } = recordCacheOver({ [path]: ok([ANN]) });
    for (const _ of [1, 2]) await recordCache.find(USERS, 'email', 'ann@x.io');
    expect(script.asked()).toHaveLength(1);
    recordCache.remember(USERS, write);
    await recordCache.find(USERS, 'email', 'ann@x.io');
    expect(script.asked()).toHaveLength(1);
  });

  test('names the ids where several bear the e-mail', async () => {
    const { recordCache } = recordCacheOver({ [path]: ok([ANN, { ...ANN, id: 'v-2' }]) });
    expect(await recordCache.find(USERS, 'email', 'ann@x.io')).toEqual({
      kind: 'several',
      ids: ['v-1', 'v-2'],
    });
  });

  test('stands in for the path that a key named search would take', async () => {
    const answers = { 'GET /users/search?externalId=search': ok([{ ...ANN, externalId: 'search' }, ANN]) };
    const { recordCache } = recordCacheOver(answers);
    expect(await recordCache.find(USERS, 'externalId', 'search')).toMatchObject({
      kind: 'found',
      record: { id: 'v-1' },
    });
  });

  test('where there is none finds nobody', async () => {
    expect(await recordCacheOver().recordCache.find(ACCOUNTS, 'email', 'ann@x.io')).toEqual({
      kind: 'absent',
    });
  });
});
