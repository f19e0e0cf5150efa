import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/json/json.ts';
import { parseLossless } from '../../../src/json/parse.ts';
import { keyOf } from '../../../src/mapping/keys.ts';
import { expectRejection, NOTHING_NULLED } from '../../support/routes.ts';

const keyed = (...keyColumns: readonly string[]) => ({ keyColumns });

function keyFrom(id: JsonValue): string | undefined {
  return keyOf(keyed('id'), { id }, NOTHING_NULLED);
}

describe('a key', () => {
  test.each([
    ['1', '1'],
    ['1.0', '1'],
    ['1e0', '1'],
    ['"1"', '1'],
    ['"1.0"', '1.0'],
    ['" 1 "', '1'],
    ['"\\u00a0a b\\n"', 'a b'],
    ['-0', '0'],
    ['1.5', '1.5'],
    ['1e21', '1000000000000000000000'],
    ['9007199254740993', '9007199254740993'],
    ['12345678901234567890', '12345678901234567890'],
    ['12345678901234567890.0', '12345678901234567890'],
    ['1234567890123456789e3', '1234567890123456789000'],
    ['"a/b?c#d@e.f"', 'a/b?c#d@e.f'],
    ['"..."', '...'],
    ['"Zoë 🦊"', 'Zoë 🦊'],
    ['"__proto__"', '__proto__'],
  ])('%s is the text %j', (json, key) => {
    expect(keyFrom(parseLossless(json))).toBe(key);
  });

  test.each(['null', '""', '" "', '"\\t\\n"'])('%s is missing', (json) => {
    const error = expectRejection(() => keyFrom(parseLossless(json)), 'missing_key');
    expect(error.field).toBe('id');
  });

  test.each([
    'true',
    'false',
    '[]',
    '["MARKER"]',
    '{}',
    '{"MARKER":1}',
    '"."',
    '".."',
    '"MARKER\\ud800"',
    '1e999999',
  ])('%s is rejected', (json) => {
    const error = expectRejection(() => keyFrom(parseLossless(json)), 'bad_key', 'MARKER');
    expect(error.field).toBe('id');
  });

  test('is missing where its column is absent, inherited or nulled', () => {
    expectRejection(() => keyOf(keyed('id'), {}, NOTHING_NULLED), 'missing_key');
    const several = { keyColumns: ['a', 'b', 'c'] };
    const error = expectRejection(() => keyOf(several, { b: 1, d: 2 }, NOTHING_NULLED), 'missing_key');
    expect(error.message).toBe('the key columns "a", "c" are missing; the row has the columns "b", "d"');
    expectRejection(() => keyOf(keyed('constructor'), {}, NOTHING_NULLED), 'missing_key');
    expectRejection(() => keyOf(keyed('__proto__'), {}, NOTHING_NULLED), 'missing_key');
    expectRejection(() => keyOf(keyed('id'), { id: 1 }, new Set(['id'])), 'missing_key');
  });

  test('may come from columns with hostile names', () => {
    const data = parseLossless('{"__proto__": 1, "constructor": "c", "": 2}');
    if (data === null || typeof data !== 'object') throw new Error('no object');
    const row: JsonObject = Object.fromEntries(Object.entries(data));
    expect(keyOf(keyed('__proto__', 'constructor', ''), row, NOTHING_NULLED)).toBe('1:c:2');
  });

  test('of several columns is joined; each must be there', () => {
    expect(keyOf(keyed('a', 'b'), { a: 1, b: 'x' }, NOTHING_NULLED)).toBe('1:x');
    const error = expectRejection(
      () => keyOf(keyed('a', 'b'), { a: 1, b: null }, NOTHING_NULLED),
      'missing_key',
    );
    expect(error.field).toBe('b');
  });

  test.each([':', 'a:b', ' :a', 'a: '])(
    'of several columns is rejected where a part holds a colon: %j',
    (part) => {
      const error = expectRejection(
        () => keyOf(keyed('a', 'b'), { a: 1, b: part }, NOTHING_NULLED),
        'bad_key',
      );
      expect(error.field).toBe('b');
      expect(error.message).toContain('":"');
      expect(keyFrom(part)).toBe(part.trim());
    },
  );

  test('is not asked of routes without key columns', () => {
    expect(keyOf(keyed(), { id: 1 }, NOTHING_NULLED)).toBeUndefined();
  });

  test('has a greatest length, alone and joined', () => {
    const longest = 'x'.repeat(1_000);
    expect(keyFrom(longest)).toBe(longest);
    expectRejection(() => keyFrom(`${longest}x`), 'bad_key', longest);
    expectRejection(() => keyOf(keyed('a', 'b'), { a: longest, b: 1 }, NOTHING_NULLED), 'bad_key', longest);
  });

  test('is the same for a number in every spelling, and for its text', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.integer({ min: 1, max: 5 }), (integer, zeros) => {
        const text = String(integer);
        expect(keyFrom(parseLossless(text))).toBe(text);
        expect(keyFrom(parseLossless(`${text}.${'0'.repeat(zeros)}`))).toBe(text);
        expect(keyFrom(parseLossless(`${integer * 10n ** BigInt(zeros)}e-${zeros}`))).toBe(text);
        expect(keyFrom(text)).toBe(text);
      }),
    );
  });

  test('differs for different numbers', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (a, b) => {
          expect(keyFrom(a) === keyFrom(b)).toBe(a === b);
        },
      ),
    );
  });
});
