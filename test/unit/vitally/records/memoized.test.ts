import { describe, expect, test } from 'vitest';
import { LruMap } from '../../../../src/vitally/records/lru.ts';
import { memoized, onceAtATime } from '../../../../src/vitally/records/memoized.ts';

function counter(): { readonly ask: () => Promise<number>; readonly asked: () => number } {
  let asked = 0;
  return {
    ask: async () => {
      asked += 1;
      return asked;
    },
    asked: () => asked,
  };
}

describe('memoized', () => {
  test('asks once for each key, for callers at the same time and later', async () => {
    const { ask, asked } = counter();
    const memory = new LruMap<string, Promise<number>>(10);
    expect(await Promise.all([memoized(memory, 'a', ask), memoized(memory, 'a', ask)])).toEqual([1, 1]);
    expect(await memoized(memory, 'a', ask)).toBe(1);
    expect(await memoized(memory, 'b', ask)).toBe(2);
    expect(asked()).toBe(2);
  });

  test('a question that failed is asked again, and everyone who waited for it is told', async () => {
    const { ask } = counter();
    const memory = new LruMap<string, Promise<number>>(10);
    const fail = (): Promise<number> => Promise.reject(new Error('no'));
    const both = await Promise.allSettled([memoized(memory, 'a', fail), memoized(memory, 'a', ask)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(memory.get('a')).toBeUndefined();
    expect(await memoized(memory, 'a', ask)).toBe(1);
  });

  test('an answer that is forgotten while it is on its way does not take its successor along', async () => {
    const { ask } = counter();
    const memory = new LruMap<string, Promise<number>>(10);
    const first = Promise.withResolvers<number>();
    const failing = memoized(memory, 'a', () => first.promise);
    memory.delete('a');
    expect(await memoized(memory, 'a', ask)).toBe(1);
    first.reject(new Error('no'));
    await expect(failing).rejects.toThrow('no');
    expect(await memory.get('a')).toBe(1);
  });

  test('the least recently wanted answer is forgotten first', async () => {
    const { ask } = counter();
    const memory = new LruMap<string, Promise<number>>(2);
    for (const key of ['a', 'b', 'a', 'c']) await memoized(memory, key, ask);
    expect(await memory.get('a')).toBe(1);
    expect(memory.get('b')).toBeUndefined();
  });
});

test('onceAtATime shares work that is under way, and does it anew afterwards, after a failure too', async () => {
  let done = 0;
  const work = onceAtATime(async () => {
    done += 1;
    if (done === 2) throw new Error('no');
    return done;
  });
  expect(await Promise.all([work(), work()])).toEqual([1, 1]);
  expect((await Promise.allSettled([work(), work()])).map(({ status }) => status)).toEqual([
    'rejected',
    'rejected',
  ]);
  expect(await work()).toBe(3);
});
