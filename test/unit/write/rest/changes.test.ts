import { expect, test } from 'vitest';
import type { JsonValue } from '../../../../src/json/json.ts';
import { parseLossless } from '../../../../src/json/parse.ts';
import { objectByName } from '../../../../src/objects/index.ts';
import type { ObjectName } from '../../../../src/objects/object.ts';
import { changesOf } from '../../../../src/write/rest/changes.ts';
import { writeOf } from '../../../support/workspace.ts';

interface Row {
  readonly object: ObjectName;
  readonly field: string;
  readonly from: JsonValue | undefined;
  readonly to: JsonValue;
}

const DATE = '2026-01-01T00:00:00.000Z';

const SAME: readonly Row[] = [
  { object: 'account', field: 'name', from: 'Acme', to: 'Acme' },
  { object: 'account', field: 'name', from: 5, to: '5' },
  { object: 'account', field: 'organizationId', from: null, to: null },
  { object: 'account', field: 'organizationId', from: undefined, to: null },
  { object: 'user', field: 'joinDate', from: DATE, to: '2026-01-01T01:00:00+01:00' },
  { object: 'user', field: 'joinDate', from: DATE, to: '2026-01-01T00:00:00Z' },
  { object: 'user', field: 'joinDate', from: '2026-01-01T00:00:00.000100Z', to: '2026-01-01T00:00:00.0001Z' },
  { object: 'user', field: 'unsubscribedFromConversations', from: false, to: false },
  { object: 'user', field: 'accountIds', from: ['a', 'b'], to: ['b', 'a', 'b'] },
  { object: 'user', field: 'accountIds', from: [], to: [] },
  { object: 'note', field: 'note', from: '<p>a<br />b', to: '<p>a<br>b</p>' },
  { object: 'note', field: 'note', from: 'one\ntwo', to: 'one<br>two' },
  { object: 'note', field: 'note', from: 'a &lt; b', to: 'a &lt; b' },
  { object: 'note', field: 'note', from: 'a < b', to: 'a &lt; b' },
  { object: 'note', field: 'note', from: '<h1>a</h1>b', to: '<div>a</div>b' },
];

const DIFFERENT: readonly Row[] = [
  { object: 'note', field: 'note', from: '<p>a</p>', to: '<p>b</p>' },
  { object: 'note', field: 'note', from: 'a b', to: 'a<br>b' },
  { object: 'account', field: 'name', from: 'Acme', to: 'acme' },
  { object: 'account', field: 'name', from: null, to: '' },
  { object: 'account', field: 'organizationId', from: 'o', to: null },
  { object: 'user', field: 'joinDate', from: DATE, to: '2026-01-01T00:00:00.001Z' },
  {
    object: 'user',
    field: 'joinDate',
    from: '2026-01-01T00:00:00.000001Z',
    to: '2026-01-01T00:00:00.000002Z',
  },
  { object: 'user', field: 'joinDate', from: 'soon', to: 'later' },
  { object: 'user', field: 'joinDate', from: 0, to: DATE },
  { object: 'user', field: 'unsubscribedFromConversations', from: false, to: true },
  { object: 'user', field: 'accountIds', from: ['a'], to: ['a', 'b'] },
  { object: 'user', field: 'accountIds', from: ['a', 'b'], to: ['a'] },
  { object: 'user', field: 'accountIds', from: undefined, to: ['a'] },
  { object: 'user', field: 'accountIds', from: 'a', to: ['a'] },
];

function changed({ object, field, from, to }: Row): [string, unknown][] {
  const record = from === undefined ? {} : { [field]: from };
  return [...changesOf(objectByName(object), record, writeOf('k', { [field]: to }))];
}

test.each(SAME)('$object.$field $from is $to already', (row) => {
  expect(changed(row)).toEqual([]);
});

test.each(DIFFERENT)('$object.$field $from becomes $to', (row) => {
  expect(changed(row)).toEqual([[row.field, { from: row.from ?? null, to: row.to }]]);
});

test.each<{ held: JsonValue | undefined; to: JsonValue; same: boolean }>([
  { held: 'pro', to: 'pro', same: true },
  { held: 5, to: '5', same: false },
  { held: 5, to: 5, same: true },
  { held: { a: [1, { b: null }] }, to: { a: [1, { b: null }] }, same: true },
  { held: [1, 2], to: [2, 1], same: false },
  { held: undefined, to: null, same: true },
  { held: 0, to: null, same: false },
  { held: '', to: null, same: false },
])('a trait that holds $held, written $to: same is $same', ({ held, to, same }) => {
  const record = { traits: held === undefined ? {} : { plan: held } };
  const changes = changesOf(objectByName('account'), record, writeOf('k', {}, { plan: to }));
  expect([...changes.keys()]).toEqual(same ? [] : ['traits.plan']);
});

test.each([
  { record: { traits: { mrr: 5 } }, same: true },
  { record: { traits: {}, mrr: 5 }, same: true },
  { record: { mrr: 5 }, same: true },
  { record: { traits: { mrr: 6 }, mrr: 5 }, same: false },
  { record: {}, same: false },
])('a standard trait is looked for among the traits and beside them: $record', ({ record, same }) => {
  const changes = changesOf(objectByName('account'), record, writeOf('k', {}, { mrr: 5 }));
  expect(changes.size === 0).toBe(same);
});

test('a trait of one’s own is not looked for beside the traits', () => {
  const changes = changesOf(
    objectByName('account'),
    { usersCount: 5, traits: {} },
    writeOf('k', {}, { usersCount: 5 }),
  );
  expect([...changes.keys()]).toEqual(['traits.usersCount']);
});

test('a standard date among the traits is compared as a moment', () => {
  const record = { traits: { churnedAt: DATE } };
  const changes = changesOf(
    objectByName('account'),
    record,
    writeOf('k', {}, { churnedAt: '2026-01-01T00:00:00Z' }),
  );
  expect(changes.size).toBe(0);
});

test('integers above 2^53 are compared digit for digit', () => {
  const record = parseLossless('{"traits":{"n":9007199254740993}}');
  const changed = (text: string): number => {
    const body = parseLossless(text);
    return changesOf(objectByName('account'), Object(record), writeOf('k', {}, { n: body })).size;
  };
  expect(changed('9007199254740993')).toBe(0);
  expect(changed('9007199254740992')).toBe(1);
});

test('inherited names are no values', () => {
  const changes = changesOf(objectByName('account'), {}, writeOf('k', {}, { constructor: 'x' }));
  expect(changes.get('traits.constructor')).toEqual({ from: null, to: 'x' });
});
