import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../../src/json/json.ts';
import { parseLossless } from '../../../../src/json/parse.ts';

import { coerce, coerceObject, coerceTrait, type PlainType } from '../../../../src/mapping/values/values.ts';
import { expectRejection } from '../../../support/routes.ts';

const PLACE = { column: 'c', destination: 'f' };

/** What a JSON text becomes, as JSON text: shows every digit and the type. */
function coerced(type: PlainType, json: string): string {
  return JSON.stringify(coerce(type, parseLossless(json), PLACE));
}

describe('text', () => {
  test.each([
    ['"a"', '"a"'],
    ['""', '""'],
    ['" "', '" "'],
    ['1', '"1"'],
    ['1.50', '"1.5"'],
    ['1e21', '"1000000000000000000000"'],
    ['1e-30', `"0.${'0'.repeat(29)}1"`],
    ['0.0000001', '"0.0000001"'],
    ['12345678901234567890', '"12345678901234567890"'],
    ['0.1234567890123456789', '"0.1234567890123456789"'],
    ['1e400', '"1e400"'],
    ['12345678901234567890.10', '"12345678901234567890.10"'],
    ['true', '"true"'],
    ['false', '"false"'],
    ['[1,"a",null]', '"[1,\\"a\\",null]"'],
    ['{"a":12345678901234567890}', '"{\\"a\\":12345678901234567890}"'],
    ['null', 'null'],
  ])('%s becomes %s', (json, text) => {
    expect(coerced('text', json)).toBe(text);
  });
});

describe('a number', () => {
  test.each([
    ['1.5', '1.5'],
    ['12345678901234567890', '12345678901234567890'],
    ['"12"', '12'],
    ['" 12.50 "', '12.5'],
    ['"-3e2"', '-300'],
    ['"+7"', '7'],
    ['"007"', '7'],
    ['".5"', '0.5'],
    ['"12345678901234567890.123"', '12345678901234567890.123'],
    ['"1e300"', '1e+300'],
    ['null', 'null'],
  ])('%s becomes %s', (json, number) => {
    expect(coerced('number', json)).toBe(number);
  });

  test.each([
    '"1,200"',
    '"1 200"',
    '"$5"',
    '"NaN"',
    '"Infinity"',
    '"0x1f"',
    '"1e999"',
    '1e400',
    '-1e400',
    `1${'0'.repeat(400)}`,
    'true',
    '[1]',
    '{}',
  ])('%s is rejected', (json) => {
    expectRejection(() => coerced('number', json), 'bad_value');
  });

  test('text loses nothing: the number comes back as it was', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(coerce('number', String(number), PLACE)).toBe(number === 0 ? 0 : number);
      }),
    );
    fc.assert(
      fc.property(fc.bigInt(), (integer) => {
        fc.pre(String(integer).length <= 40);
        expect(JSON.stringify(coerce('number', String(integer), PLACE))).toBe(
          JSON.stringify(parseLossless(String(integer))),
        );
      }),
    );
  });
});

describe('a boolean', () => {
  test.each(['true', '1', '1.0', '"true"', '"T"', '"Yes"', '"y"', '"1"', '" TRUE "'])(
    '%s is true',
    (json) => {
      expect(coerced('boolean', json)).toBe('true');
    },
  );

  test.each(['false', '0', '-0', '"false"', '"F"', '"No"', '"n"', '"0"'])('%s is false', (json) => {
    expect(coerced('boolean', json)).toBe('false');
  });

  test.each(['2', '-1', '0.5', '"on"', '"1.0"', '[]', '{}', '12345678901234567890'])(
    '%s is rejected',
    (json) => {
      expectRejection(() => coerced('boolean', json), 'bad_value');
    },
  );
});

describe('a date-time', () => {
  test.each([
    ['"2026-01-02"', '"2026-01-02T00:00:00.000Z"'],
    ['"2026-01-02 03:04:05"', '"2026-01-02T03:04:05Z"'],
    ['1700000000', '"2023-11-14T22:13:20.000Z"'],
    ['1700000000123', '"2023-11-14T22:13:20.123Z"'],
    ['1700000000.123456789', '"2023-11-14T22:13:20.123456789Z"'],
    ['"1700000000"', '"2023-11-14T22:13:20.000Z"'],
    ['null', 'null'],
  ])('%s becomes %s', (json, text) => {
    expect(coerced('datetime', json)).toBe(text);
  });

  test.each(['"2026-02-30"', '20260102', '1e30', 'true', '[]', '{}', '"soon"'])('%s is rejected', (json) => {
    expectRejection(() => coerced('datetime', json), 'bad_value');
  });
});

describe('blank text', () => {
  const types = ['email', 'number', 'boolean', 'datetime', 'date', 'id', 'ids', 'texts'] as const;

  test.each(types)('is no %s: nothing is there', (type) => {
    for (const blank of ['""', '" "', '"\\t\\r\\n"', '"\u00a0\u3000\ufeff"'])
      expect(coerced(type, blank)).toBe('null');
  });

  test('is text', () => {
    expect(coerced('text', '" "')).toBe('" "');
  });

  test('is no object of traits', () => {
    expect(coerceObject(' ', PLACE)).toBeNull();
  });
});

describe('an e-mail', () => {
  test.each([
    ['" Jane@Acme.example\\n"', '"Jane@Acme.example"'],
    ['7', '"7"'],
  ])('%s becomes %s', (json, text) => {
    expect(coerced('email', json)).toBe(text);
  });
});

describe('an id', () => {
  test.each([
    ['"a"', '"a"'],
    ['" a b\\t"', '"a b"'],
    ['1.0', '"1"'],
    ['12345678901234567890', '"12345678901234567890"'],
    ['""', 'null'],
    ['"  "', 'null'],
    ['null', 'null'],
  ])('%s becomes %s', (json, id) => {
    expect(coerced('id', json)).toBe(id);
  });

  test.each(['true', '[]', '["a"]', '{}', '"."', '".."', '"\\ud800"'])('%s is rejected', (json) => {
    expectRejection(() => coerced('id', json), 'bad_value');
  });
});

describe('a list of ids', () => {
  test.each([
    ['["a","b"]', '["a","b"]'],
    ['["b","a","b"]', '["b","a"]'],
    ['[1,"1",1.0,2]', '["1","2"]'],
    ['[null,"","a"]', '["a"]'],
    ['[]', '[]'],
    ['"[]"', '[]'],
    ['[null]', '[]'],
    ['"[\\"a\\", 12345678901234567890]"', '["a","12345678901234567890"]'],
    ['" [1]"', '["1"]'],
    ['"a"', '["a"]'],
    ['"a,b"', '["a,b"]'],
    ['7', '["7"]'],
    ['""', 'null'],
    ['null', 'null'],
  ])('%s becomes %s', (json, ids) => {
    expect(coerced('ids', json)).toBe(ids);
  });

  test.each([
    '[["a"]]',
    '[{"id":1}]',
    '{"id":1}',
    '[true]',
    'true',
    '"[a"',
    '"[a]"',
    '"[[1]]"',
    '["a",".."]',
  ])('%s is rejected', (json) => {
    expectRejection(() => coerced('ids', json), 'bad_value');
  });
});

describe('a trait', () => {
  test.each([
    '"a"',
    '1.5',
    '12345678901234567890',
    'true',
    'null',
    '""',
    '[1,[2,{"a":null}]]',
    '{"__proto__":{"a":1}}',
  ])('%s stays as it is', (json) => {
    expect(JSON.stringify(coerceTrait(parseLossless(json), PLACE))).toBe(json);
  });
});

describe('a number that no double holds', () => {
  test.each(['1e400', '[1,[-1e400]]', '{"a":{"b":1e309}}'])('is rejected in a trait: %s', (json) => {
    const error = expectRejection(() => coerceTrait(parseLossless(json), PLACE), 'bad_value');
    expect(error.message).toContain('too large');
  });
});

describe('an object of traits', () => {
  test.each(['{"a":1}', '{}'])('%s is taken as it is and as text', (json) => {
    expect(JSON.stringify(coerceObject(parseLossless(json), PLACE))).toBe(json);
    expect(JSON.stringify(coerceObject(json, PLACE))).toBe(json);
  });

  test.each<JsonValue>(['MARKER', '[1]', '"MARKER"', 'null', '1', [1], 1, true, '{"a":'])(
    '%j is rejected',
    (value) => {
      expectRejection(() => coerceObject(value, PLACE), 'bad_value', 'MARKER');
    },
  );
});
