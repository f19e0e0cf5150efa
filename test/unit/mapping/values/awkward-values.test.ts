import { describe, expect, test } from 'vitest';
import { RecordError } from '../../../../src/errors/record-error.ts';
import type { JsonObject, JsonValue } from '../../../../src/json/json.ts';
import { parseLossless } from '../../../../src/json/parse.ts';
import type { Write } from '../../../../src/mapping/route.ts';
import { createRowMapper } from '../../../../src/mapping/row-mapper.ts';
import { coerceKnownTrait } from '../../../../src/mapping/values/trait-values.ts';
import { OBJECTS } from '../../../../src/objects/index.ts';
import type { Field, VitallyObject } from '../../../../src/objects/object.ts';
import type { KnownTrait } from '../../../../src/vitally/traits/known-traits.ts';
import { NOTHING_NULLED, routeOf } from '../../../support/routes.ts';

const BLANKS = ['""', '" "', String.raw`"\t\r\n"`, String.raw`"\u00a0\ufeff"`];

/** Values, as JSON text, that somebody's warehouse holds. */
const AWKWARD = [
  ...['true', 'false', '0', '-0', '1', '-1', '0.1', '1e-30', '1e21', '1e400', '-1e400', '1e-400'],
  ...[
    '12345678901234567890',
    '0.1234567890123456789',
    '46053',
    '2026',
    '20260131',
    '2026013109',
    '1700000000',
  ],
  ...[
    '[]',
    '[null]',
    '[""]',
    '["a"]',
    '["a",1,true]',
    '[[]]',
    '[{}]',
    '{}',
    '{"a":1}',
    '{"__proto__":1}',
    '{"id":" "}',
  ],
  ...[
    '"[]"',
    '"{}"',
    '"[1"',
    '"{a,b}"',
    '"a;b"',
    '"a,b"',
    '"null"',
    '"NULL"',
    '"undefined"',
    '"NaN"',
    '"Infinity"',
  ],
  ...[
    '"1,200.50"',
    '"1.200,50"',
    '"$5"',
    '"1e400"',
    '"0x1f"',
    '"٣"',
    '"１"',
    '"yes"',
    '"on"',
    '"01/02/2026"',
    '"2026-02-30"',
  ],
  ...[
    '"2026-01-31"',
    '"2026-01-31T09:30:00.1234567890Z"',
    '"2026-01-31 09:30:00"',
    '"."',
    '".."',
    '"a:b"',
    '"a/b?c#d"',
  ],
  ...[' a ', 'a<b', '<3', '<b>x', '<script>x()</script>', '&', '&amp;', '💥', 'é'].map((text) =>
    JSON.stringify(text),
  ),
  ...[
    String.raw`"\u0000"`,
    String.raw`"a\u0000b"`,
    String.raw`"\ud800"`,
    String.raw`"\u202e"`,
    String.raw`"a\nb"`,
  ],
  `"${'x'.repeat(2_000)}"`,
  `${'['.repeat(150)}${']'.repeat(150)}`,
];

const FIELDS = OBJECTS.flatMap((object) =>
  Object.entries(object.fields).map(([name, field]) => ({ object, name, field })),
);

function mapped(object: VitallyObject, name: string, value: JsonValue): Write | RecordError {
  const row: JsonObject = { key: 'k', [name]: value };
  const keyColumns = object.name === 'user_account' ? [] : ['key'];
  const mode = object.modes.includes('upsert') ? 'upsert' : 'append';
  try {
    return createRowMapper(routeOf(object.name, { keyColumns, mode, otherColumns: 'drop' }))(
      row,
      NOTHING_NULLED,
    );
  } catch (error) {
    if (error instanceof RecordError) return error;
    throw error;
  }
}

/** What the row says of the field; `undefined` where it says nothing. */
function heldIn(write: Write, name: string, field: Field): JsonValue | undefined {
  return (field.in === 'traits' ? write.traits : write.fields).get(name);
}

/** Lists in which there is nothing, and `{}` of which one element is made. */
function isNothing(value: JsonValue): boolean {
  if (typeof value === 'string') return value.trim() === '' || value === '[]';
  return Array.isArray(value) && value.every((element) => element === null || element === '');
}

describe('any value of any field', () => {
  test.each(FIELDS)(
    '$object.name.$name is taken, or rejected with field, reason and fix',
    ({ object, name, field }) => {
      for (const json of AWKWARD) {
        const value = parseLossless(json);
        const result = mapped(object, name, value);
        if (result instanceof RecordError) {
          // A link is known by its two fields alone: the other is missing.
          if (result.code === 'missing_key') continue;
          expect(result.field, json).toBe(name);
          expect(['bad_value', 'bad_key']).toContain(result.code);
          expect(result.fix.length).toBeGreaterThan(0);
          expect(result.message).toContain(name);
        } else if (field.onlyNull === true) {
          // A column of this name is no field's unless it is null: here it is dropped.
          expect(heldIn(result, name, field) ?? null, json).toBeNull();
        } else if (!isNothing(value)) {
          expect(heldIn(result, name, field) ?? null, `${json} is lost`).not.toBeNull();
        }
      }
    },
  );

  test.each(FIELDS)(
    '$object.name.$name: blank text is text, or nothing and counted',
    ({ object, name, field }) => {
      for (const json of BLANKS) {
        const blank = parseLossless(json);
        const result = mapped(object, name, blank);
        if (result instanceof RecordError) {
          expect(result.code).toBe('missing_key');
          continue;
        }
        const hasText = (field.type === 'text' || field.type === 'html') && field.neverNull !== true;
        const held = heldIn(result, name, field);
        if (!hasText) expect(held ?? null, json).toBeNull();
        else if (field.type === 'text') expect(held).toBe(blank);
        else expect(typeof held).toBe('string');
        expect(result.coerced ?? [], json).toEqual(hasText ? [] : [name]);
      }
    },
  );
});

const TRAIT_TYPES: readonly KnownTrait['type'][] = [
  ...(['text', 'number', 'boolean', 'date', 'datetime', 'select', 'multiselect', 'json', 'unknown'] as const),
];
const OPTIONS = ['a', 'b', 'yes', '💥', '2026'].map((value) => ({ label: value.toUpperCase(), value }));

describe('any value of a trait that Vitally knows', () => {
  test.each(TRAIT_TYPES)('%s: is taken, or rejected with column, reason and fix', (type) => {
    const trait: KnownTrait = { path: 'vitally.custom.t', label: 'T', type, options: OPTIONS };
    for (const json of AWKWARD) {
      const value = parseLossless(json);
      try {
        const taken = coerceKnownTrait(trait, value, { column: 'T', destination: trait.path });
        if (!isNothing(value)) expect(taken, `${json} is lost`).not.toBeNull();
      } catch (error) {
        expect(error).toBeInstanceOf(RecordError);
        expect(error).toMatchObject({
          code: 'bad_value',
          field: 'T',
          message: expect.stringContaining(trait.path),
        });
      }
    }
  });
});

describe('signs that other systems may not take', () => {
  test.each([
    String.raw`a\u0000b`,
    String.raw`\u0007\u001b[2J`,
    String.raw`\ud83d`,
    String.raw`\u202e\u2066`,
    String.raw`\ufffe`,
  ])('stay in a text, in HTML and in a trait as the row has them: %s', (escaped) => {
    const text = String(parseLossless(`"${escaped}"`));
    const note = createRowMapper(routeOf('note', { keyColumns: ['key'] }));
    const { fields, traits } = note({ key: 'k', note: text, subject: text, t: text }, NOTHING_NULLED);
    expect([fields.get('note'), fields.get('subject'), traits.get('t')]).toEqual([text, text, text]);
    // JSON writes half of a pair as an escape: what is sent is the same, and valid.
    expect(JSON.parse(JSON.stringify(text))).toBe(text);
  });
});
