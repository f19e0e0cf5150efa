import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spliceMember } from '../../../src/json/splice.ts';

describe('a member that is missing is added as the last', () => {
  test.each([
    ['an empty object', '{}', ['a'], '{"a":9}'],
    ['an empty object with room in it', ' { } ', ['a'], ' {"a":9 } '],
    ['members before it', '{"x":1}', ['a'], '{"x":1,"a":9}'],
    ['space around the members', '{ "x" : [1, 2] }\t', ['a'], '{ "x" : [1, 2],"a":9 }\t'],
    ['an inner object', '{"state":{"id":7},"z":0}', ['state', 'a'], '{"state":{"id":7,"a":9},"z":0}'],
    ['an empty inner object', '{"state":{}}', ['state', 'a'], '{"state":{"a":9}}'],
    ['three levels', '{"a":{"b":{"c":1}}}', ['a', 'b', 'd'], '{"a":{"b":{"c":1,"d":9}}}'],
    ['its name deeper down', '{"x":{"a":1},"y":[{"a":2}]}', ['a'], '{"x":{"a":1},"y":[{"a":2}],"a":9}'],
    ['its name as a value', '{"x":"a"}', ['a'], '{"x":"a","a":9}'],
    ['braces and quotes in strings', `{"x":"}\\"{,"}`, ['a'], `{"x":"}\\"{,","a":9}`],
    ['a name that needs escapes', '{}', ['"\n'], '{"\\"\\n":9}'],
    ['the key of an empty name', '{"":{}}', ['', 'a'], '{"":{"a":9}}'],
    ['a __proto__ in the path', '{"__proto__":{}}', ['__proto__', 'a'], '{"__proto__":{"a":9}}'],
  ])('%s', (_, text, path, spliced) => {
    expect(spliceMember(text, path, '9')).toBe(spliced);
  });
});

describe('a member that is there has its value replaced', () => {
  test.each([
    ['a null', '{"a":null,"b":1}', ['a'], '{"a":9,"b":1}'],
    ['an object', '{"a":{"x":[{}]} ,"b":1}', ['a'], '{"a":9 ,"b":1}'],
    ['a list', '{"b":1,"a": [[1],[2]]}', ['a'], '{"b":1,"a": 9}'],
    ['a string', '{"a":"}"}', ['a'], '{"a":9}'],
    ['a number with sign and exponent', '{"a":-1.5e+3}', ['a'], '{"a":9}'],
    ['the last of repeated keys', '{"a":1,"b":2,"a":3}', ['a'], '{"a":1,"b":2,"a":9}'],
    ['in the last of repeated objects', '{"s":{"a":1},"s":{"a":2}}', ['s', 'a'], '{"s":{"a":1},"s":{"a":9}}'],
    ['under a key written with escapes', '{"\\u0061":1}', ['a'], '{"\\u0061":9}'],
  ])('%s', (_, text, path, spliced) => {
    expect(spliceMember(text, path, '9')).toBe(spliced);
  });
});

test.each([
  ['a list', '[1]', ['a']],
  ['a string', '"x"', ['a']],
  ['a missing object', '{"x":1}', ['state', 'a']],
  ['a null on the way', '{"state":null}', ['state', 'a']],
  ['a text that breaks off', '{"a":[1', ['a']],
])('%s can take no member', (_, text, path) => {
  expect(() => spliceMember(text, path, '9')).toThrow(/splice into/);
});

test('numbers that a double cannot hold stay as they are', () => {
  const text = '{"cursor":9007199254740993,"f":1.10,"state":{"lsn":18446744073709551615}}';
  expect(spliceMember(text, ['state', 'n'], '1')).toBe(text.replace('615}', '615,"n":1}'));
});

test('a million levels and megabytes of text are spliced', () => {
  const deep = `{"state":{"s":${'['.repeat(1e6)}${']'.repeat(1e6)}}}`;
  expect(spliceMember(deep, ['state', 'n'], '1')).toBe(`${deep.slice(0, -2)},"n":1}}`);
  const long = `{"x":"${'\\"a'.repeat(1e6)}","state":{}}`;
  expect(spliceMember(long, ['state', 'n'], '1')).toBe(`${long.slice(0, -2)}"n":1}}`);
});

test('the value read back is the value before, with the member set', () => {
  const name = fc.constantFrom('a', 'b', '__proto__x', '', 'é');
  fc.assert(
    fc.property(fc.dictionary(name, fc.jsonValue()), name, fc.jsonValue(), (object, key, value) => {
      for (const indent of [0, 2]) {
        const spliced = spliceMember(JSON.stringify(object, null, indent), [key], JSON.stringify(value));
        const before = JSON.parse(JSON.stringify(object));
        expect(JSON.parse(spliced)).toEqual({ ...before, [key]: JSON.parse(JSON.stringify(value)) });
      }
    }),
  );
});
