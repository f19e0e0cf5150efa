import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LruMap } from '../../../../src/vitally/records/lru.ts';

test('the least recently used goes first, and is told; reading and writing count as use', () => {
  const forgotten: number[] = [];
  const map = new LruMap<string, number>(
    3,
    () => 1,
    (value) => forgotten.push(value),
  );
  for (const [index, key] of ['a', 'b', 'c'].entries()) map.set(key, index);
  map.get('a');
  map.set('b', 10);
  map.set('d', 3);
  expect(forgotten).toEqual([2]);
  expect(['a', 'b', 'c', 'd'].map((key) => map.get(key))).toEqual([0, 10, undefined, 3]);
});

test('entries weigh what they are said to weigh', () => {
  const map = new LruMap<string, string>(10, (value) => value.length);
  for (const [key, value] of [
    ['a', 'xxxx'],
    ['b', 'xxxx'],
    ['a', 'x'],
    ['c', 'xxxxx'],
  ] as const)
    map.set(key, value);
  expect(map.size).toBe(3);
  map.set('d', 'xxxx');
  expect(map.size).toBe(3);
  expect(map.get('b')).toBeUndefined();
});

test('an entry heavier than all may weigh is kept alone', () => {
  const map = new LruMap<string, string>(3, (value) => value.length);
  map.set('a', 'x');
  map.set('b', 'xxxxxx');
  expect(map.get('b')).toBe('xxxxxx');
  expect(map.size).toBe(1);
});

test('what is deleted weighs nothing', () => {
  const map = new LruMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.delete('a');
  map.delete('never there');
  map.set('c', 3);
  expect(map.get('b')).toBe(2);
  expect(map.get('a')).toBeUndefined();
});

test('it never holds more than it may, and always what was set last', () => {
  const step = fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    weight: fc.integer({ min: 1, max: 12 }),
    act: fc.constantFrom('set', 'get', 'delete'),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const map = new LruMap<string, number>(10, (weight) => weight);
      for (const { key, weight, act } of steps) {
        if (act === 'get') map.get(key);
        else if (act === 'delete') map.delete(key);
        else {
          map.set(key, weight);
          expect(map.get(key)).toBe(weight);
        }
        const held = ['a', 'b', 'c', 'd', 'e'].map((name) => map.get(name) ?? 0);
        const total = held.reduce((sum, one) => sum + one, 0);
        expect(total <= 10 || map.size === 1).toBe(true);
      }
    }),
  );
});
