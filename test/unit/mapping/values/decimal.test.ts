import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDecimal, plainText } from '../../../../src/mapping/values/decimal.ts';

function plain(text: string, maxCharacters = 100): string | undefined {
  const decimal = parseDecimal(text);
  return decimal === undefined ? undefined : plainText(decimal, maxCharacters);
}

test.each([
  ['0', '0'],
  ['-0', '0'],
  ['-0.000', '0'],
  ['0e999999999999', '0'],
  ['1', '1'],
  ['1.0', '1'],
  ['1e0', '1'],
  ['+1', '1'],
  ['007', '7'],
  ['.5', '0.5'],
  ['5.', '5'],
  ['1.50', '1.5'],
  ['-1.50', '-1.5'],
  ['1e3', '1000'],
  ['1.5E+3', '1500'],
  ['150e-1', '15'],
  ['15e-3', '0.015'],
  ['1e-7', '0.0000001'],
  ['100', '100'],
  ['12345678901234567890.0', '12345678901234567890'],
  ['123456789012345678901234567890e-10', '12345678901234567890.123456789'],
])('%s in full is %s', (text, full) => {
  expect(plain(text)).toBe(full);
});

test.each([
  '',
  ' ',
  '.',
  '-',
  '1,200',
  '1 000',
  '0x1f',
  'NaN',
  'Infinity',
  '1e',
  'e1',
  '1.2.3',
  '١',
  '1n',
  '1_000',
])('%j is no decimal', (text) => {
  expect(parseDecimal(text)).toBeUndefined();
});

test.each([
  ['1000', 4],
  ['-100', 4],
  ['1.25', 4],
  ['0.01', 4],
])('the limit counts characters: %s fits %i, not one less', (text, length) => {
  expect(plain(text, length)).toBe(text);
  expect(plain(text, length - 1)).toBeUndefined();
});

test.each([
  '1e999999999',
  '1e-999999999',
  '1e99999999999999999999999',
  '9'.repeat(1_000_000),
  `1${'0'.repeat(1e6)}x`,
])('hostile numbers are rejected without being written out', (text) => {
  expect(plain(text)).toBeUndefined();
});

test('every double keeps its value', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      const text = plain(String(number), 400);
      expect(text).toMatch(/^(0|-?[1-9]\d*|-?(0|[1-9]\d*)\.\d*[1-9])$/);
      expect(Number(text)).toBe(number === 0 ? 0 : number);
    }),
  );
});

test('every big integer keeps its digits, however it is written', () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.nat(20), (integer, zeros) => {
      expect(plain(String(integer), 400)).toBe(String(integer));
      expect(plain(`${integer}.${'0'.repeat(zeros)}`, 400)).toBe(String(integer));
      expect(plain(`${integer}e${zeros}`, 400)).toBe(String(integer * 10n ** BigInt(zeros)));
    }),
  );
});
