import { expect, test } from 'vitest';
import { durationInWords, timeInWords } from '../../../src/errors/times.ts';

test.each([
  [0, 'less than a second'],
  [499, 'less than a second'],
  [1_000, '1 second'],
  [12_000, '12 seconds'],
  [59_700, '1 minute'],
  [250_000, '4 minutes and 10 seconds'],
  [3_600_000, '1 hour'],
  [3_605_000, '1 hour'],
  [3_660_000, '1 hour and 1 minute'],
  [90_000_000, '1 day and 1 hour'],
])('%d ms are %s', (ms, words) => {
  expect(durationInWords(ms)).toBe(words);
});

test('a time is told to the second, in UTC', () => {
  expect(timeInWords(Date.UTC(2026, 2, 2, 8, 0, 12, 345))).toBe('2026-03-02 08:00:12 UTC');
});
