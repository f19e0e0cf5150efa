import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../../src/json/json.ts';
import { parseLossless } from '../../../../src/json/parse.ts';
import { coerceObjects, coerceTexts, elementsOf, parsed } from '../../../../src/mapping/values/lists.ts';
import { expectRejection } from '../../../support/routes.ts';

const PLACE = { column: 'c', destination: 'f' };

function given(json: string): Exclude<JsonValue, null> {
  const value = parseLossless(json);
  if (value === null) throw new Error('null is no given value');
  return value;
}

describe('texts', () => {
  test.each([
    ['["a","b"]', ['a', 'b']],
    ['["b","a","b"]', ['b', 'a']],
    ['"a"', ['a']],
    ['"[\\"a\\",\\"b\\"]"', ['a', 'b']],
    ['"[urgent] call"', ['[urgent] call']],
    ['"a, b"', ['a, b']],
    ['[1e21,1e-7]', ['1000000000000000000000', '0.0000001']],
    ['[1,1.5,true,12345678901234567890]', ['1', '1.5', 'true', '12345678901234567890']],
    ['7', ['7']],
    ['[]', []],
    ['"[]"', []],
    ['["",null," ","a"]', ['a']],
    ['""', null],
    ['" "', null],
  ])('%s becomes %j', (json, texts) => {
    expect(coerceTexts(given(json), PLACE)).toEqual(texts);
  });

  test.each(['{"a":1}', '[{"a":1}]', '[["a"]]', '"[{\\"a\\":1}]"'])('%s is rejected', (json) => {
    expectRejection(() => coerceTexts(given(json), PLACE), 'bad_value');
  });

  test('a list is the same as its JSON text', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (texts) => {
        expect(coerceTexts(JSON.stringify(texts), PLACE)).toEqual(coerceTexts(texts, PLACE));
      }),
    );
  });
});

describe('objects', () => {
  test.each([
    ['[{"a":1},{"b":2}]', [{ a: 1 }, { b: 2 }]],
    ['{"a":1}', [{ a: 1 }]],
    ['"[{\\"a\\":1}]"', [{ a: 1 }]],
    ['" {\\"a\\":1}"', [{ a: 1 }]],
    ['[]', []],
  ])('%s becomes %j', (json, objects) => {
    expect(coerceObjects(given(json), PLACE)).toEqual(objects);
  });

  test.each(['"x"', '1', '[1]', '[null]', '[[{}]]', '"[{]"', '"{"', 'true', '12345678901234567890'])(
    '%s is rejected',
    (json) => {
      expectRejection(() => coerceObjects(given(json), PLACE), 'bad_value');
    },
  );

  test('the rejection names the element', () => {
    const error = expectRejection(() => coerceObjects(given('[{},1]'), PLACE), 'bad_value');
    expect(error.message).toContain('f[1]');
  });
});

test.each([
  ['"a"', ['a']],
  ['"[\\"a\\"]"', ['a']],
  ['"{\\"a\\":1}"', [{ a: 1 }]],
  ['[1,null]', [1, null]],
  ['"[a"', undefined],
  ['"{a"', undefined],
])('the elements of %s are %j', (json, elements) => {
  expect(elementsOf(given(json))).toEqual(elements);
});

test.each([
  ['1', 1],
  ['', undefined],
  ['{', undefined],
])('the JSON text %j is %j', (text, value) => {
  expect(parsed(text)).toEqual(value);
});
