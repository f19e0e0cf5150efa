import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReadAhead } from '../../../src/pipeline/read-ahead.ts';

/** Whether a promise is still open after everything that is ready has run. */
async function isPending(promise: Promise<unknown> | undefined): Promise<boolean> {
  if (promise === undefined) return false;
  let done = false;
  promise.then(() => {
    done = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return !done;
}

test.each([
  { bound: 'rows', bounds: { maxRows: 2, maxCharacters: 1_000 }, characters: [1, 1, 1] },
  { bound: 'characters', bounds: { maxRows: 100, maxCharacters: 10 }, characters: [5, 5, 1] },
])('the row above the bound of $bound waits until one is given back', async ({ bounds, characters }) => {
  const budget = new ReadAhead(bounds);
  const [first = 0, second = 0, third = 0] = characters;
  await budget.take(first);
  await budget.take(second);
  const waiting = budget.take(third);
  expect(await isPending(waiting)).toBe(true);
  expect(budget.rows).toBe(2);
  budget.give(first);
  await waiting;
  expect(budget.rows).toBe(2);
});

test('giving back too little keeps the row waiting', async () => {
  const budget = new ReadAhead({ maxRows: 10, maxCharacters: 10 });
  await budget.take(2);
  await budget.take(8);
  const waiting = budget.take(5);
  budget.give(2);
  expect(await isPending(waiting)).toBe(true);
  budget.give(8);
  await waiting;
});

test('a row larger than the bound goes alone', async () => {
  const budget = new ReadAhead({ maxRows: 10, maxCharacters: 10 });
  await budget.take(1);
  const large = budget.take(50);
  expect(await isPending(large)).toBe(true);
  budget.give(1);
  await large;
  const next = budget.take(1);
  expect(await isPending(next)).toBe(true);
  budget.give(50);
  await next;
});

test('once closed nobody waits', async () => {
  const budget = new ReadAhead({ maxRows: 1, maxCharacters: 10 });
  await budget.take(1);
  const waiting = budget.take(1);
  budget.close();
  await waiting;
  await budget.take(1);
  expect(budget.rows).toBe(3);
});

test('the bounds hold whatever is taken and given, and everybody gets a turn', async () => {
  const bounds = { maxRows: 5, maxCharacters: 100 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 150 }), { maxLength: 40 }),
      fc.infiniteStream(fc.nat()),
      async (sizes, picks) => {
        const budget = new ReadAhead(bounds);
        const held: number[] = [];
        for (const characters of sizes) {
          const taking = budget.take(characters);
          while (await isPending(taking)) {
            const [given = 0] = held.splice((picks.next().value ?? 0) % held.length, 1);
            budget.give(given);
          }
          held.push(characters);
          const total = held.reduce((sum, size) => sum + size, 0);
          expect(held.length).toBeLessThanOrEqual(bounds.maxRows);
          expect(total <= bounds.maxCharacters || held.length === 1).toBe(true);
          expect(budget.rows).toBe(held.length);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('what is no row takes characters alone', async () => {
  const budget = new ReadAhead({ maxRows: 1, maxCharacters: 10 });
  await budget.take(6, 0);
  expect(budget.rows).toBe(0);
  expect([budget.fits(4), budget.fits(5)]).toEqual([true, false]);
  await budget.take(4);
  expect(budget.fits(0)).toBe(false);
  budget.give(4);
  budget.give(6, 0);
  expect(budget.fits(1_000)).toBe(true);
});

test('who waits is let go wherever the giving falls, and the bound holds', async () => {
  for (let microtasks = 0; microtasks <= 12; microtasks++) {
    const budget = new ReadAhead({ maxRows: 2, maxCharacters: 10 });
    const wait = async (): Promise<void> => {
      for (let index = 0; index < microtasks; index++) await null;
    };
    let held = 0;
    const give = async (): Promise<void> => {
      await wait();
      held--;
      budget.give(4);
    };
    const giving: Promise<void>[] = [];
    for (let row = 0; row < 30; row++) {
      await budget.take(4);
      held++;
      expect(held).toBeLessThanOrEqual(2);
      giving.push(give());
      if (row % 3 === 0) await wait();
    }
    await Promise.all(giving);
    expect(budget.rows).toBe(0);
  }
});

test('a second caller that would wait is a fault: one of the two would never be let go', async () => {
  const budget = new ReadAhead({ maxRows: 1, maxCharacters: 10 });
  await budget.take(1);
  const first = budget.take(1);
  expect(() => budget.take(1)).toThrow('two callers');
  budget.give(1);
  await first;
});
