import { expect, test } from 'vitest';
import { keyedHash } from '../../../../../src/vitally/records/listed/keyed-hash.ts';

/** The published vectors of HalfSipHash-2-4 with 64 bits: key 00…07, input 00 01 02 … of so many bytes. */
const VECTORS: readonly (readonly [number, string])[] = [
  [0, '218d1f59b9b83cc8'],
  [2, '064f39ef7c50eb57'],
  [4, 'd5e78a175be52ea1'],
  [6, 'ce3e91358aa2bc25'],
  [8, 'edfee820bce4858c'],
  [10, '95b0469f06a6f2ee'],
  [12, '7bc71f9faef5c799'],
  [14, '3bb1a870eae8e658'],
];

test.each(VECTORS)('%d bytes hash as published', (bytes, vector) => {
  const input = Buffer.from(Array.from({ length: bytes }, (_, byte) => byte)).toString('utf16le');
  const { low, high } = keyedHash([0x03020100, 0x07060504])(input);
  const hash = Buffer.alloc(8);
  hash.writeUInt32LE(low, 0);
  hash.writeUInt32LE(high, 4);
  expect(hash.toString('hex')).toBe(vector);
});

test('another key gives another hash', () => {
  const [one, other] = [keyedHash([1, 2])('a').low, keyedHash([1, 3])('a').low];
  expect(one).not.toBe(other);
});
