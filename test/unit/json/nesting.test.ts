import { expect, test } from 'vitest';
import { isNestedWithin } from '../../../src/json/nesting.ts';

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
