import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical, field, isObject, parseJson, sortedObject } from '../../../src/sandbox/json.ts';

describe('parseJson', () => {
  test.each([
    '9007199254740993',
    '-123456789012345678901234567890',
    '0.12345678901234567890',
    '[1234567890123456789,1]',
    '{"__proto__":12345678901234567890,"b":"12345678901234567890"}',
    '1234567890123456',
  ])('%s is written out as it came', (text) => {
    expect(JSON.stringify(parseJson(text))).toBe(text);
  });

  test('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.parse(JSON.stringify(parseJson(text)))).toEqual(JSON.parse(text));
      }),
    );
  });

  test.each(['', '{', '[1,]', 'undefined', '{"a":1234567890123456789'])('%j is none', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });
});

describe('objects', () => {
  test.each([
    { text: '{}', object: true },
    { text: '[]', object: false },
    { text: 'null', object: false },
    { text: '"x"', object: false },
    { text: '12345678901234567890', object: false },
  ])('$text: $object', ({ text, object }) => {
    expect(isObject(parseJson(text))).toBe(object);
  });

  test.each([
    { name: 'a', value: 1 },
    { name: '__proto__', value: 2 },
    { name: 'toString', value: undefined },
    { name: 'b', value: undefined },
  ])('field $name is $value', ({ name, value }) => {
    const object = parseJson('{"a":1,"__proto__":2}');
    expect(isObject(object) && field(object, name)).toBe(value);
  });
});

describe('canonical', () => {
  test('is the same text for the same content in any order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), (object) => {
        const turned = Object.fromEntries(Object.entries(object).reverse());
        const texts = [object, turned].map((value) =>
          JSON.stringify(canonical(parseJson(JSON.stringify(value)))),
        );
        expect(texts[0]).toBe(texts[1]);
        expect(JSON.parse(texts[0] ?? '')).toEqual(JSON.parse(JSON.stringify(object)));
      }),
    );
  });

  test.each([
    { text: '{"b":1,"a":[{"d":1,"c":2}]}', canonicalText: '{"a":[{"c":2,"d":1}],"b":1}' },
    { text: '{"b":1,"__proto__":{"y":1,"x":2}}', canonicalText: '{"__proto__":{"x":2,"y":1},"b":1}' },
    { text: '[3,1,2]', canonicalText: '[3,1,2]' },
    { text: '{"n":12345678901234567890}', canonicalText: '{"n":12345678901234567890}' },
  ])('$text', ({ text, canonicalText }) => {
    expect(JSON.stringify(canonical(parseJson(text)))).toBe(canonicalText);
  });

  test('sortedObject takes any key', () => {
    expect(
      JSON.stringify(
        sortedObject([
          ['b', 1],
          ['__proto__', 2],
          ['a', 3],
        ]),
      ),
    ).toBe('{"__proto__":2,"a":3,"b":1}');
  });
});
