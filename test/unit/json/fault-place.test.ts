import { describe, expect, test } from 'vitest';
import { glance } from '../../../src/json/fault-place.ts';

const SOUND = '{"a":{"b":[1,{"c":"x"}],"d":null},"e":"f"}';
const NONE: ReadonlySet<string> = new Set();

describe('where a text stops being JSON', () => {
  test('nowhere, where it is JSON', () => {
    expect(glance(SOUND, NONE).fault).toBeUndefined();
  });

  test('is cut, wherever it is cut', () => {
    for (let end = 1; end < SOUND.length; end++) {
      const { fault } = glance(SOUND.slice(0, end), NONE);
      // A word or a number that is cut is another word.
      if (!/nu?l?$/.test(SOUND.slice(0, end))) expect([end, fault?.kind]).toEqual([end, 'cut']);
    }
  });

  test.each([
    [`${SOUND}{}`, 'more', []],
    [`${SOUND}\u00a0`, 'more', []],
    [`${SOUND} x`, 'more', []],
    ['{"a":{"b":NaN}}', 'word', ['a', 'b']],
    ['{"a":[1,-Infinity]}', 'word', ['a']],
    ['{"a":"x\ty"}', 'control-character', ['a']],
    ['{"a":1,}', 'other', ['a']],
    ['x{"a":1}', 'other', []],
    ['{"a":"b","c","d":1}', 'other', []],
  ])('%j: %s at %j', (text, kind, path) => {
    expect(glance(text, NONE).fault).toMatchObject({ kind, path });
  });

  test('what is wanted is read before the fault, and past words that are none', () => {
    const { values } = glance('{"x":NaN,"y":-inf,"a":{"b":"c"},"d":01,"e":"f"}', new Set(['a.b', 'e']));
    expect([...values]).toEqual([['a.b', 'c']]);
  });
});
