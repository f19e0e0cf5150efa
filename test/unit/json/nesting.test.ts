import { expect, test } from 'vitest';
import { isNestedWithin, isValueNestedWithin } from '../../../src/json/nesting.ts';
import { parseLossless } from '../../../src/json/parse.ts';

test.each([
  ['1', 0, true],
  ['{}', 0, false],
  ['{"a":[{}]}', 3, true],
  ['{"a":[{}]}', 2, false],
  ['[[],[],[]]', 2, true],
  ['["[[[[", "{{{{"]', 1, true],
  ['["\\"[[[["]', 1, true],
  ['["\\\\",[]]', 1, false],
  ['['.repeat(2_000_000), 1_000, false],
])('%.30s within %i levels: %j', (text, levels, within) => {
  expect(isNestedWithin(text, levels)).toBe(within);
});

test.each([
  ['1', 0, true],
  ['{}', 0, false],
  ['{"a":[{}]}', 3, true],
  ['{"a":[{}]}', 2, false],
  ['[12345678901234567890]', 1, true],
  [`${'['.repeat(200_000)}${']'.repeat(200_000)}`, 1_000, false],
])('the value %.30s within %i levels: %j', (text, levels, within) => {
  expect(isValueNestedWithin(parseLossless(text), levels)).toBe(within);
});
