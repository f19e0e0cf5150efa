import fc from 'fast-check';
import { expect, test } from 'vitest';
import { repeatedNames } from '../../../src/json/repeated-names.ts';

test.each([
  { text: '{"a": 1, "b": 2}', names: [] },
  { text: '{"a": 1, "a": 2}', names: ['/a'] },
  { text: '{"a": 1, "\\u0061": 2}', names: ['/a'] },
  { text: '{"a": {"b": 1}, "c": {"b": "a"}}', names: [] },
  { text: '{"a": [{"b": 1}, {"b": 1, "c": [], "b": {}}]}', names: ['/a/1/b'] },
  { text: '{"a": {"a": {"a": 1, "a": 2}}, "a": 3, "a": 4}', names: ['/a/a/a', '/a'] },
  { text: '{"x/y": {"~": 1, "~": 1}}', names: ['/x~1y/~0'] },
  { text: '{"__proto__": 1, "__proto__": 2}', names: ['/__proto__'] },
  { text: '["a", "a", {"a": "a"}]', names: [] },
  { text: '"a"', names: [] },
])('$text repeats $names', ({ text, names }) => {
  expect(repeatedNames(text, 10)).toEqual(names);
});

test('no more are told than are asked for, and depth does not matter', () => {
  expect(repeatedNames('{"a":1,"a":1,"b":1,"b":1}', 1)).toEqual(['/a']);
  const deep = 50_000;
  expect(repeatedNames('['.repeat(deep) + ']'.repeat(deep), 10)).toEqual([]);
});

test('what JSON.stringify writes repeats nothing', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(repeatedNames(JSON.stringify(value, null, 1), 10)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
