import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RecordError } from '../../../../src/errors/record-error.ts';
import type { JsonValue } from '../../../../src/json/json.ts';
import { parseLossless } from '../../../../src/json/parse.ts';
import { coerceKnownTrait } from '../../../../src/mapping/values/trait-values.ts';
import type { KnownTrait, TraitOption } from '../../../../src/vitally/traits/known-traits.ts';
import { expectRejection } from '../../../support/routes.ts';

const PLACE = { column: 'Column', destination: 'vitally.custom.x' };

const TIERS: readonly TraitOption[] = [
  { label: 'Gold', value: 'tier_1' },
  { label: 'Silver', value: 'tier_2' },
  { label: 'gold', value: 'tier_3' },
  { label: '[draft]', value: 'd' },
  { label: 'Ten', value: 10 },
  { label: 'Yes', value: true },
];

type Type = KnownTrait['type'];

function coerced(type: Type, value: JsonValue, options: readonly TraitOption[] = []): JsonValue {
  return coerceKnownTrait({ path: PLACE.destination, label: 'X', type, options }, value, PLACE);
}

describe('the table of coercions', () => {
  test.each<[Type, JsonValue, JsonValue]>([
    ['text', 'a', 'a'],
    ['text', '', ''],
    ['text', 5, '5'],
    ['text', 1.5, '1.5'],
    ['text', true, 'true'],
    ['text', [1, 'a'], '[1,"a"]'],
    ['text', { a: 1 }, '{"a":1}'],
    ['text', parseLossless('12345678901234567890'), '12345678901234567890'],
    ['number', 5, 5],
    ['number', '5', 5],
    ['number', ' 12.50 ', 12.5],
    ['number', '-1e3', -1000],
    ['boolean', true, true],
    ['boolean', 1, true],
    ['boolean', 0, false],
    ['boolean', 'Yes', true],
    ['boolean', 'n', false],
    ['date', '2026-01-31', '2026-01-31'],
    ['date', '2026-01-31 09:30:00', '2026-01-31T09:30:00Z'],
    ['date', 1_700_000_000, '2023-11-14T22:13:20.000Z'],
    ['datetime', '2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['datetime', '2026-01-31T09:30:00Z', '2026-01-31T09:30:00Z'],
    ['datetime', 1_700_000_000_000, '2023-11-14T22:13:20.000Z'],
    ['json', { a: [1] }, { a: [1] }],
    ['json', [1], [1]],
    ['json', '{"a":1}', { a: 1 }],
    ['json', ' [1]', [1]],
    ['json', 5, 5],
    ['json', false, false],
    ['unknown', 'a', 'a'],
    ['unknown', [1], [1]],
    ['unknown', 5, 5],
  ])('%s takes %j as %j', (type, value, wanted) => {
    expect(coerced(type, value)).toEqual(wanted);
  });

  test.each<[Type, JsonValue, string]>([
    ['number', 'secret', 'a number was wanted, but it is a text of another form'],
    ['number', '1,200', 'a number was wanted, but it is a text of another form'],
    ['number', true, 'a number was wanted, but it is a boolean'],
    ['number', [1], 'a number was wanted, but it is a list'],
    ['boolean', 'secret', 'true or false was wanted, but it is a text of another form'],
    ['boolean', 2, 'true or false was wanted, but it is a number'],
    ['date', 'secret', 'a date was wanted, but it is a text of another form'],
    [
      'date',
      20_260_131,
      'a date was wanted, but the number reads as a date, which as an epoch would be another day',
    ],
    ['datetime', false, 'a date-time was wanted, but it is a boolean'],
    ['json', 'secret', 'JSON was wanted, but it is a text of another form'],
  ])('%s rejects %j', (type, value, says) => {
    const error = expectRejection(() => coerced(type, value), 'bad_value', 'secret');
    expect(error.field).toBe('Column');
    expect(error.message).toBe(`column "Column" (for "vitally.custom.x"): ${says}`);
  });
});

describe('a select', () => {
  test.each<[JsonValue, JsonValue]>([
    ['tier_2', 'tier_2'],
    ['TIER_2', 'tier_2'],
    ['Silver', 'tier_2'],
    [' sIlVeR ', 'tier_2'],
    ['Gold', 'tier_1'],
    ['gold', 'tier_3'],
    [10, 10],
    ['10', 10],
    ['ten', 10],
    [true, true],
    ['[draft]', 'd'],
  ])('takes %j as %j', (value, wanted) => {
    expect(coerced('select', value, TIERS)).toBe(wanted);
  });

  test.each<JsonValue>(['secret', 'GOLD', 11, false, ['Gold'], { label: 'Gold' }])('rejects %j', (value) => {
    const error = expectRejection(() => coerced('select', value, TIERS), 'bad_value', 'secret');
    expect(error.message).toContain('one of the 6 options of the trait was wanted');
  });

  test('whose options are not known takes any value', () => {
    expect(coerced('select', 'Gold')).toBe('Gold');
    expect(coerced('multiselect', 'Gold')).toEqual(['Gold']);
    expect(coerced('multiselect', '["Gold", 1]')).toEqual(['Gold', 1]);
  });
});

describe('a multiselect', () => {
  test.each<[JsonValue, JsonValue]>([
    [
      ['Silver', 'tier_1'],
      ['tier_2', 'tier_1'],
    ],
    [['Silver', 'silver', 'tier_2'], ['tier_2']],
    ['["Silver", 10]', ['tier_2', 10]],
    ['Silver', ['tier_2']],
    ['[draft]', ['d']],
    [['[draft]'], ['d']],
    [10, [10]],
    [[], []],
    ['[]', []],
    [['', null, ' ', 'Silver'], ['tier_2']],
    ['Silver;Gold', ['tier_2', 'tier_1']],
    [' silver ; ;tier_1;', ['tier_2', 'tier_1']],
    [';', []],
    ['{Silver,tier_1}', ['tier_2', 'tier_1']],
    ['{"Silver",NULL, ten ,""}', ['tier_2', 10]],
    ['{"[dr\\aft]"}', ['d']],
    ['{}', []],
  ])('takes %j as %j', (value, wanted) => {
    expect(coerced('multiselect', value, TIERS)).toEqual(wanted);
  });

  test.each<[JsonValue, string]>([
    ['Silver, Gold', '(for "vitally.custom.x"): one of the 6'],
    ['[Silver', '(for "vitally.custom.x"): one of the 6'],
    ['Silver;secret', '(for "vitally.custom.x"): one of the 6'],
    ['{Silver,secret}', '(for "vitally.custom.x"): one of the 6'],
    ['{Silver', '(for "vitally.custom.x"): one of the 6'],
    ['{Silver}}', '(for "vitally.custom.x"): one of the 6'],
    [['Silver', 'secret'], '(for "vitally.custom.x[1]"): one of the 6'],
    [[['Silver']], '(for "vitally.custom.x[0]"): one of the 6'],
    [{ Silver: true }, '(for "vitally.custom.x"): one of the 6'],
  ])('rejects %j', (value, says) => {
    const error = expectRejection(() => coerced('multiselect', value, TIERS), 'bad_value', 'secret');
    expect(error.message).toContain(says);
  });

  test('of one option says so', () => {
    const one = [{ label: 'Gold', value: 'g' }];
    const error = expectRejection(() => coerced('multiselect', 'x', one), 'bad_value');
    expect(error.message).toContain('the one option of the trait was wanted');
  });
});

const types: readonly Type[] = [
  'text',
  'number',
  'boolean',
  'date',
  'datetime',
  'select',
  'multiselect',
  'json',
  'unknown',
];

test('an option with a `;` or braces in it is found before a text is taken for a list', () => {
  const options = [
    { label: 'a;b', value: 1 },
    { label: '{c}', value: 2 },
    { label: 'a', value: 3 },
    { label: 'b', value: 4 },
  ];
  expect(coerced('multiselect', 'a;b', options)).toEqual([1]);
  expect(coerced('multiselect', '{c}', options)).toEqual([2]);
  expect(coerced('multiselect', 'a; b', options)).toEqual([3, 4]);
});

test('the way to give several options is said', () => {
  const error = expectRejection(() => coerced('multiselect', 'Silver, Gold', TIERS), 'bad_value');
  expect(error.fix).toContain('a list or its JSON text');
});

test.each(types.filter((type) => type !== 'text' && type !== 'unknown'))('%s: blank text is null', (type) => {
  for (const blank of ['', ' ', '\t\n']) expect(coerced(type, blank, TIERS)).toBeNull();
});

test.each(types)('%s: null stays null', (type) => {
  expect(coerced(type, null, TIERS)).toBeNull();
});

test.each(types)('%s: too deep nesting is rejected', (type) => {
  const deep = parseLossless(`${'['.repeat(200)}${']'.repeat(200)}`);
  expectRejection(() => coerced(type, deep, type === 'unknown' ? [] : TIERS), 'bad_value');
});

test.each(types)('%s: any value is coerced for good or rejected without being shown', (type) => {
  const values = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('tier_1', 'Gold', 'TEN', '["gold"]', '2026-01-31', 'yes'),
  );
  fc.assert(
    fc.property(values, (given) => {
      const value = parseLossless(JSON.stringify(given));
      let once: JsonValue;
      try {
        once = coerced(type, value, TIERS);
      } catch (error) {
        expect(error).toBeInstanceOf(RecordError);
        return;
      }
      // A json trait reads text, and a text may hold JSON text.
      if (type !== 'json') expect(coerced(type, once, TIERS)).toEqual(once);
    }),
  );
});
