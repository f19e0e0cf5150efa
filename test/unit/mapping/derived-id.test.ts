import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/json/json.ts';
import { contentId, derivedId } from '../../../src/mapping/derived-id.ts';
import { map } from '../../support/rows.ts';

const UUID_8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/;

type Values = Record<string, JsonValue>;

function idOf(fields: Values, traits: Values = {}, stream = 's', namespace?: string): string {
  const write = { fields: new Map(Object.entries(fields)), traits: new Map(Object.entries(traits)) };
  return contentId({ stream, namespace }, write);
}

const plain = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const values = fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), plain, { maxKeys: 5 });

describe('a derived id', () => {
  test('has the form of a UUID, whatever it is derived from', () => {
    fc.assert(fc.property(fc.array(plain), (parts) => UUID_8.test(derivedId(parts))));
  });

  test('is the same in every version: ids in Vitally were made with it', () => {
    expect(derivedId(['', 'rows', 'key', 'k'])).toBe('23166e31-1c1e-8685-abc0-797e20a4ce4f');
    expect(idOf({ note: 'a' }, { b: 1 })).toBe(derivedId(['', 's', 'content', [['note', 'a']], [['b', 1]]]));
  });

  test('does not depend on the order of what the row writes', () => {
    fc.assert(
      fc.property(values, values, (fields, traits) => {
        const turned = (given: Values): Values => Object.fromEntries(Object.entries(given).reverse());
        expect(idOf(turned(fields), turned(traits))).toBe(idOf(fields, traits));
      }),
    );
  });

  test('is another one for other content', () => {
    fc.assert(
      fc.property(values, values, (one, other) => {
        fc.pre(JSON.stringify(Object.entries(one).sort()) !== JSON.stringify(Object.entries(other).sort()));
        expect(idOf(one)).not.toBe(idOf(other));
      }),
    );
  });

  test.each<[string, string]>([
    ['stream', idOf({ a: 1 }, {}, 't')],
    ['namespace', idOf({ a: 1 }, {}, 's', 'mart')],
    ['place: a trait is no field', idOf({}, { a: 1 })],
    ['type: a text is no number', idOf({ a: '1' })],
    ['presence: null is there', idOf({ a: 1, b: null })],
  ])('differs by %s', (_, id) => {
    expect(id).not.toBe(idOf({ a: 1 }));
  });
});

describe('rows without a key', () => {
  const route = { mode: 'append', keyColumns: [] } as const;
  const note = '{"accountId":"a","content":"<p>x</p>","note_date":"2026-01-02","plan":1}';
  const keyOf = (row: string): string | undefined => map({ what: '', object: 'note', route, row }).key;

  test('get the same id at each sync, in whatever order and spelling their columns come', () => {
    expect(keyOf(note)).toMatch(UUID_8);
    expect(keyOf('{"plan":1,"NOTE_DATE":"2026-01-02","body":"<p>x</p>","account id":"a"}')).toBe(keyOf(note));
    expect(keyOf(note.replace('}', ',"_airbyte_raw_id":"r"}'))).toBe(keyOf(note));
  });

  test.each([
    ['a field', note.replace('<p>x', '<p>y')],
    ['a trait', note.replace('"plan":1', '"plan":2')],
    ['a null', note.replace('}', ',"subject":null}')],
  ])('get another id for another value of %s', (_, row) => {
    expect(keyOf(row)).not.toBe(keyOf(note));
  });
});
