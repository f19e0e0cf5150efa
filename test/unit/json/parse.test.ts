import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRawNumber, parseLossless } from '../../../src/json/parse.ts';

describe('a number that a double holds is a number', () => {
  test.each([
    ['0', 0],
    ['1.0', 1],
    ['-0.1e2', -10],
    ['1767225600000', 1_767_225_600_000],
    ['9007199254740992', 9_007_199_254_740_992],
    ['0.30000000000000004', 0.30000000000000004],
    ['100000000000000000000', 1e20],
    ['1.7976931348623157e308', Number.MAX_VALUE],
    ['5e-324', Number.MIN_VALUE],
    ['0.00000000000000000000', 0],
    ['1.00000000000000000000', 1],
    ['-1234567890123450000e-4', -123_456_789_012_345],
    ['0.000000000000000000000012', 1.2e-23],
    ['0e999', 0],
  ])('%s', (text, number) => {
    expect(parseLossless(text)).toBe(number);
    expect(parseLossless(`{"a":[ ${text}]}`)).toEqual({ a: [number] });
  });
});

describe('a number that a double would change keeps every digit', () => {
  test.each([
    '9007199254740993',
    '-9223372036854775807',
    '12345678901234567890',
    '12345678.123456789012',
    '0.1000000000000000055511151231257827',
    '1e400',
    '-1.5E+400',
    '1e-400',
    '1.000000000000000000000000000001',
    '10000000000000000000000000000000000000001e-10',
  ])('%s', (text) => {
    const alone = parseLossless(text);
    expect(isRawNumber(alone)).toBe(true);
    expect(JSON.stringify(alone)).toBe(text);
    for (const place of [`[${text}]`, `{"a":${text}}`, `[1,\t${text} ,{"b":[${text}]}]`]) {
      expect(JSON.stringify(parseLossless(place))).toBe(place.replaceAll(/\s/g, ''));
    }
  });
});

test.each([
  ['digits in a string', '{"id":"12345678901234567890"}'],
  ['a number after a comma in a string', '["x,12345678901234567890"]'],
  ['an exponent in a string', '["a:1e999"]'],
])('%s are text', (_, text) => {
  expect(JSON.stringify(parseLossless(text))).toBe(text);
  const value = parseLossless(text);
  expect(Object.values(value ?? {}).some(isRawNumber)).toBe(false);
});

test('an object with a rawJSON member is an object', () => {
  const value = parseLossless('{"rawJSON":"5"}');
  expect(isRawNumber(value)).toBe(false);
  expect(value).toEqual({ rawJSON: '5' });
});

test.each(['1', '12345678901234567890'])('__proto__ is data like any other key (%s)', (number) => {
  const text = `{"__proto__":{"polluted":${number}},"constructor":{"prototype":null},"toString":"x"}`;
  const value = parseLossless(text);
  expect(Object.keys(value ?? {})).toEqual(['__proto__', 'constructor', 'toString']);
  expect(JSON.stringify(value)).toBe(text);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect({}).not.toHaveProperty('polluted');
});

test.each([
  ['the last of repeated keys', '{"a":1,"a":12345678901234567890}', '{"a":12345678901234567890}'],
  ['escaped keys and values', '{"\\u0061":"\\ud83d\\ude00\\n","b":1e400}', '{"a":"😀\\n","b":1e400}'],
  ['empty keys', '{"":{"":1e400}}', '{"":{"":1e400}}'],
  ['literals beside it', '[true,false,null,1e400,"",[],{}]', '[true,false,null,1e400,"",[],{}]'],
])('keeps %s', (_, text, written) => {
  expect(JSON.stringify(parseLossless(text))).toBe(written);
});

test('100,000 levels of nesting are read, with and without a long number', () => {
  const levels = 100_000;
  for (const number of ['1', '12345678901234567890']) {
    let value = parseLossless('['.repeat(levels) + number + ']'.repeat(levels));
    for (let level = 0; level < levels; level++) value = Array.isArray(value) ? (value[0] ?? null) : null;
    expect(JSON.stringify(value)).toBe(number);
  }
});

test.each(['', '{', '{"a":01}', '[1,]', '12345678901234567890x', '{"a":12345678901234567890'])(
  '%j is no JSON',
  (text) => {
    expect(() => parseLossless(text)).toThrow(SyntaxError);
  },
);

test('without long numbers it is JSON.parse', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseLossless(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('beside a long number everything else is as JSON.parse has it', () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: 'binary' }), (text) => {
      const value = parseLossless(`[12345678901234567890,${text}]`);
      expect(JSON.stringify(value)).toBe(`[12345678901234567890,${JSON.stringify(JSON.parse(text))}]`);
    }),
  );
});

test('any integer comes out with the digits it went in with', () => {
  fc.assert(
    fc.property(fc.bigInt(), (integer) => {
      expect(JSON.stringify(parseLossless(`{"id":${integer}}`))).toBe(`{"id":${integer}}`);
    }),
  );
});
