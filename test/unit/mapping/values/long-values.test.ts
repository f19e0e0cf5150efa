import { beforeAll, describe, expect, test } from 'vitest';
import { RecordError } from '../../../../src/errors/record-error.ts';
import type { JsonValue } from '../../../../src/json/json.ts';
import { parseLossless } from '../../../../src/json/parse.ts';
import { keyOf } from '../../../../src/mapping/keys.ts';
import { coerceField } from '../../../../src/mapping/values/field-values.ts';
import { coerceKnownTrait } from '../../../../src/mapping/values/trait-values.ts';
import { coerceObject } from '../../../../src/mapping/values/values.ts';
import { objectByName } from '../../../../src/objects/index.ts';
import type { Field } from '../../../../src/objects/object.ts';
import type { KnownTrait, TraitOption } from '../../../../src/vitally/traits/known-traits.ts';
import { changesOf } from '../../../../src/write/rest/changes.ts';
import { NOTHING_NULLED } from '../../../support/routes.ts';

/** Long enough for work that grows with its square to be a hundred times as much as is allowed. */
const LENGTH = 250_000;

/** What a long value is made of, and what comes before and after it. */
const SHAPES: readonly (readonly [string, string, string])[] = [
  ...[
    '0',
    '9',
    ' ',
    '\t',
    '\n',
    '<',
    '>',
    '&',
    ';',
    ',',
    '{',
    '[',
    '"',
    "'",
    '\\',
    '-',
    ':',
    '.',
    'é',
    '\u0000',
    '\ud800',
  ].map((sign): [string, string, string] => ['', sign, '']),
  ['2026-01-01T00:00:00.', '0', '1Z'],
  ['2026-01-01', ' ', 'x'],
  ['1', '0', 'x'],
  ['1.', '0', ''],
  ['0.', '0', '1'],
  ['1e', '9', ''],
  ['x', ' ', 'x'],
  ['{', ' ', '}'],
  ['{"', '\\\\', '"}'],
  ['{', '"a",', '}'],
  ['{', 'a,', '}'],
  ['', 'Gold;', ''],
  ['[', '"Gold",', '"Gold"]'],
  ['[', '{},', '{}]'],
  ['[', '[', ''],
  ['', '<b><i>', ''],
  ['', '<div>', ''],
  ['', '<table><tr>', ''],
  ['', '<svg><style>', ''],
  ['', '<ul><li>', ''],
  ['', '<p>x', ''],
  ['', '</b>', ''],
  ['', '<b></i>', ''],
  ['', '<!--', ''],
  ['', '<![CDATA[', ''],
  ['', '<textarea>', ''],
  ['', '<a b="', ''],
  ['', '<a b=\'"', ''],
  ['<a ', 'b ', ''],
  ['<a b="', '<', ''],
  ['', '<x-y>', ''],
  ['', '&amp', ''],
  ['<img src="data:', ' ', '">'],
];

/** The tenth comes first: what grows with the square of the length is found before it takes minutes. */
const SIZES = [LENGTH / 10, LENGTH];

const TYPES: readonly Field['type'][] = [
  ...([
    'text',
    'email',
    'html',
    'number',
    'boolean',
    'datetime',
    'date',
    'id',
    'ids',
    'texts',
    'json',
  ] as const),
];
const TRAIT_TYPES: readonly KnownTrait['type'][] = [
  ...(['text', 'number', 'boolean', 'date', 'datetime', 'select', 'multiselect', 'json', 'unknown'] as const),
];

const OPTIONS: readonly TraitOption[] = Array.from({ length: 10_000 }, (_, index) => ({
  label: index === 9_999 ? 'Gold' : `option ${index}`,
  value: `o${index}`,
}));

const PLACE = { column: 'c', destination: 'f' };

/** Work that no row may come near: a pattern that begins anew at every sign takes thousands of times as much. */
let mostMicroseconds = Number.POSITIVE_INFINITY;

beforeAll(() => {
  const text = 'x<'.repeat(LENGTH / 2);
  const spent = spentOn(() => {
    for (let round = 0; round < 30; round++) text.replaceAll('<', '&lt;').length;
  });
  mostMicroseconds = Math.max(spent, 50_000) * 50;
});

/** Microseconds of processor time. */
function spentOn(work: () => unknown): number {
  const { user } = process.cpuUsage();
  try {
    work();
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
  }
  return process.cpuUsage().user - user;
}

function expectLittle(work: (text: string) => unknown): void {
  for (const [before, part, after] of SHAPES) {
    for (const size of SIZES) {
      const text = before + part.repeat(size / part.length) + after;
      const most = mostMicroseconds * (size / LENGTH);
      expect(
        spentOn(() => work(text)),
        `${before}${part}…${after}`,
      ).toBeLessThan(most);
    }
  }
}

describe('a long value of one sign or shape costs work that grows with its length alone', () => {
  test.each(TYPES)('in a field of type %s', { timeout: 120_000 }, (type) => {
    const field: Field = { type, title: '', description: '', ...(type === 'json' && { items: 'attendee' }) };
    expectLittle((text) => coerceField(field, text, PLACE));
  });

  test.each(TRAIT_TYPES)('in a trait of type %s', { timeout: 120_000 }, (type) => {
    const trait: KnownTrait = { path: 'f', label: 'f', type, options: OPTIONS };
    expectLittle((text) => coerceKnownTrait(trait, text, PLACE));
  });

  test('as the digits of a number', () => {
    for (const json of [
      '1'.repeat(LENGTH),
      `0.${'0'.repeat(LENGTH)}1`,
      `1${'0'.repeat(LENGTH)}`,
      `1e${'9'.repeat(300)}`,
    ]) {
      const number = parseLossless(json);
      for (const type of TYPES) {
        const field: Field = { type, title: '', description: '' };
        expect(spentOn(() => coerceField(field, number, PLACE))).toBeLessThan(mostMicroseconds);
      }
      expect(spentOn(() => keyOf({ keyColumns: ['id'] }, { id: number }, NOTHING_NULLED))).toBeLessThan(
        mostMicroseconds,
      );
    }
  });

  test('in a key, and in a column of traits', { timeout: 120_000 }, () => {
    expectLittle((text) => keyOf({ keyColumns: ['a', 'b'] }, { a: text, b: text }, NOTHING_NULLED));
    expectLittle((text) => coerceObject(text, PLACE));
  });

  test('in what Vitally shows', { timeout: 120_000 }, () => {
    const shown: readonly (readonly ['user' | 'task' | 'note', string, JsonValue])[] = [
      ['user', 'name', 'x'],
      ['user', 'email', 'x'],
      ['user', 'joinDate', '2026-01-01T00:00:00.000Z'],
      ['task', 'dueDate', '2026-01-01'],
      ['task', 'description', 'x'],
      ['note', 'tags', ['x']],
    ];
    for (const [object, field, to] of shown) {
      const body = { fields: new Map([[field, to]]), traits: new Map<string, JsonValue>([['t', 'x']]) };
      expectLittle((text) => changesOf(objectByName(object), { [field]: text, traits: { t: text } }, body));
    }
  });
});
