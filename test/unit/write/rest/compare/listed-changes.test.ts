import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../../../src/json/json.ts';
import { cleanHtml } from '../../../../../src/mapping/values/html.ts';
import { OBJECTS } from '../../../../../src/objects/index.ts';
import type { VitallyObject } from '../../../../../src/objects/object.ts';
import type { CanonicalValue, PackedFinding } from '../../../../../src/vitally/records/listed/packed.ts';
import { PackedCollection } from '../../../../../src/vitally/records/listed/packed-collection.ts';
import { changesOf } from '../../../../../src/write/rest/changes.ts';
import { comparison, listedRule, valuesShown } from '../../../../../src/write/rest/compare/listed-changes.ts';
import { writeOf } from '../../../../support/workspace.ts';

const ID = '00000000-0000-4000-8000-000000000001';

/** Values that are the same under one type and differ under another, often enough drawn together. */
const VALUES: readonly JsonValue[] = [
  null,
  '',
  [],
  {},
  'a',
  'A',
  ' a ',
  'set "a"',
  '["a"]',
  1,
  '1',
  0,
  false,
  'false',
  JSON.rawJSON('12345678901234567890'),
  '12345678901234567890',
  ['a'],
  ['a', 'a'],
  ['a', 'b'],
  ['b', 'a'],
  ['a,b'],
  [1],
  ['1'],
  [null],
  [{ name: 'a' }],
  { id: 'a' },
  { a: 1, b: [2] },
  { b: [2], a: 1 },
  { a: 1, b: ['2'] },
  JSON.parse('{"__proto__": 1}'),
  'moment 1767225600000 ',
  '2026-01-01',
  '2026-01-01T00:00:00Z',
  '2026-01-01T01:00:00.000+01:00',
  '2026-01-01T00:00:00.000100Z',
  '2026-01-01T00:00:00.0001Z',
  '<p>a',
  '<p>a</p>',
  'a<br>b',
  'a<br />b',
  'a\nb',
];

/** A few values, drawn again and again, so that what is shown and what is written are often alike. */
const fewValues: fc.Arbitrary<fc.Arbitrary<JsonValue>> = fc
  .tuple(fc.subarray([...VALUES], { minLength: 1, maxLength: 4 }), fc.jsonValue() as fc.Arbitrary<JsonValue>)
  .map(([values, other]) => fc.constantFrom(...values, other));

const TRAITS = ['plan', 'seats', '__proto__', 'constructor', 'id', 'name', 'tags'];

function placesOf(object: VitallyObject): string[] {
  return Object.entries(object.fields).flatMap(([name, { restName = name, listedIn }]) => [
    name,
    restName,
    ...(restName.endsWith('Id') ? [restName.slice(0, -2)] : []),
    ...(listedIn === undefined ? [] : [listedIn]),
  ]);
}

function cases(object: VitallyObject, value: fc.Arbitrary<JsonValue>) {
  const shownValue = fc.oneof(
    { weight: 4, arbitrary: value },
    {
      weight: 1,
      arbitrary: fc.constantFrom<JsonValue>([{ id: 'a' }, { id: 'b' }], [{ id: 'a' }], { id: 'a' }),
    },
  );
  const names = Object.keys(object.fields);
  return fc.record({
    shown: fc.dictionary(fc.constantFrom('x', ...placesOf(object)), shownValue, { maxKeys: 30 }),
    traits: fc.dictionary(fc.constantFrom(...TRAITS, ...names), value),
    fields: fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 30 }),
    written: fc.dictionary(fc.constantFrom(...TRAITS, ...names), value),
  });
}

test.each(OBJECTS.filter(({ fields }) => Object.keys(fields).length > 0))(
  'a list tells what would change in $plural as the record itself does',
  (object) => {
    fc.assert(
      fc.property(
        fewValues.chain((value) => cases(object, value)),
        ({ shown, traits, fields, written }) => {
          const record: JsonObject = { ...shown, id: ID, traits };
          const write = writeOf('k', mapped(object, fields), mapped(object, written));
          expect(listedChanges(object, record, write)).toEqual([...changesOf(object, record, write).keys()]);
        },
      ),
      { numRuns: 300 },
    );
  },
);

test('what a row repeats of the record is no change', () => {
  const [account] = OBJECTS.filter(({ name }) => name === 'account');
  if (account === undefined) throw new Error('no account');
  const record = { id: ID, name: 'Acme', traits: { plan: 'pro', seats: 5 } };
  const write = writeOf('k', { name: 'Acme' }, { plan: 'pro', seats: 6 });
  expect(listedChanges(account, record, write)).toEqual(['traits.seats']);
});

test.each<[JsonValue, JsonValue, string]>([
  ['pro', 'pro', 'same'],
  ['pro', 'free', 'different'],
  ['pro', null, 'different'],
  [null, 'pro', 'empty'],
  [[], 'pro', 'empty'],
  [null, null, 'same'],
  ['', 'pro', 'different'],
])('a trait that is shown as %j and written as %j: %s', (from, to, expected) => {
  const rule = listedRule({ path: '/resources/customObjects/12/instances' });
  const store = storeOf(rule?.valuesOf ?? (() => []));
  store.put({ id: ID, traits: { plan: from } });
  expect(rule?.compare(listedIn(store), 'traits.plan', to)).toBe(expected);
});

test.each<[JsonValue, string]>([
  [[{ id: 'a' }, { id: 'b' }], 'same'],
  [[{ id: 'a' }, { id: 'c' }], 'empty'],
  [[{ id: 'b' }], 'empty'],
])('a record that belongs to %j, written with b alone: %s', (customers, expected) => {
  const rule = listedRule({ path: '/resources/customObjects/12/instances' });
  const store = storeOf(rule?.valuesOf ?? (() => []));
  store.put({ id: ID, customers });
  expect(rule?.compare(listedIn(store), 'accountId', 'b')).toBe(expected);
});

test('a field that the object lacks counts as different', () => {
  const rule = listedRule({ path: '/resources/accounts' });
  const store = storeOf(rule?.valuesOf ?? (() => []));
  store.put({ id: ID });
  expect(rule?.compare(listedIn(store), 'unheard', null)).toBe('different');
});

test('records that no object declares have no rule', () => {
  expect(listedRule({ path: '/resources/accounts/1/elsewhere' })).toBeUndefined();
});

/** HTML as a row is written with it: cleaned text, or nothing. */
function mapped(
  object: VitallyObject,
  values: Readonly<Record<string, JsonValue>>,
): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (!Object.hasOwn(object.fields, name) || object.fields[name]?.type !== 'html') return [name, value];
      return [name, typeof value === 'string' ? cleanHtml(value).html : null];
    }),
  );
}

function storeOf(valuesOf: (record: JsonObject) => Iterable<CanonicalValue>): PackedCollection {
  return new PackedCollection(valuesOf, { records: 1, bytes: 2 ** 20 }, [1, 2]);
}

function listedIn(store: PackedCollection): PackedFinding {
  const listed = store.get('id', ID);
  if (typeof listed !== 'object') throw new Error('the record was not kept');
  return listed;
}

function listedChanges(
  object: VitallyObject,
  record: JsonObject,
  { fields, traits }: ReturnType<typeof writeOf>,
) {
  const store = storeOf((each) => valuesShown(object, each));
  store.put(record);
  const listed = listedIn(store);
  const values = [...fields, ...[...traits].map(([name, value]) => [`traits.${name}`, value] as const)];
  return values
    .filter(([name, value]) => comparison(object, listed, name, value) !== 'same')
    .map(([name]) => name);
}
