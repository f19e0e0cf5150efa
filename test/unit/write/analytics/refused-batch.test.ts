import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../../src/errors/config-error.ts';
import type { Answer } from '../../../../src/vitally/http/answer.ts';
import type { Message } from '../../../../src/write/analytics/message.ts';
import { RefusedBatches } from '../../../../src/write/analytics/refused-batch.ts';
import { Firewall } from '../../../../src/write/firewall.ts';
import { no, ok } from '../../../support/scripted.ts';

const PAGE: Answer = {
  kind: 'refused',
  status: 403,
  text: '<html>Blocked</html>',
  sentAtMs: 0,
  repeated: false,
  foreign: true,
};

function messages(count: number): Message[] {
  return Array.from({ length: count }, (_, index) => ({ text: String(index), bytes: 1 }));
}

/** Batches to an API that answers as `answer` says for the numbers of their messages. */
function batchesTo(answer: (numbers: readonly number[]) => Answer, random: () => number = Math.random) {
  const sent: number[][] = [];
  const batches = new RefusedBatches({
    send: async (batch) => {
      const numbers = batch.map(({ text }) => Number(text));
      sent.push(numbers);
      return answer(numbers);
    },
    firewall: new Firewall({ api: 'Analytics API' }),
    random,
  });
  return { batches, sent };
}

const badOf =
  (bad: ReadonlySet<number>, because: (number: number) => Answer) => (numbers: readonly number[]) => {
    const first = numbers.find((number) => bad.has(number));
    return first === undefined ? ok() : because(first);
  };

describe('a type of which no message was taken', () => {
  test.each([100, 99, 50, 8])(
    'costs 8 requests a batch of %i where all are refused for one reason',
    async (count) => {
      const { batches, sent } = batchesTo((numbers) => no('refused', `type "x-${numbers[0]}" is blocked`));
      for (let round = 1; round <= 3; round++) {
        const { refused } = await batches.post('account', messages(count));
        expect(refused.size).toBe(count);
        expect([...refused.values()].filter(({ alone }) => alone)).toHaveLength(7);
        expect(sent).toHaveLength(8 * round);
      }
      const alone = sent.slice(1, 8).flat();
      expect(alone.slice(0, 2)).toEqual([0, count - 1]);
      expect(new Set(alone).size).toBe(7);
    },
  );

  test.each([2, 5, 7])('sends all of a batch of %i alone', async (count) => {
    const { batches, sent } = batchesTo(() => no('refused', 'blocked'));
    const { refused } = await batches.post('account', messages(count));
    expect([...refused.values()].every(({ alone }) => alone)).toBe(true);
    expect(sent).toHaveLength(count + 1);
  });

  test('is looked at message by message where the reasons differ', async () => {
    const reasons = ['name', 'mail', 'date', 'size', 'kind', 'tags', 'plan', 'tier'];
    const { batches } = batchesTo((numbers) => no('refused', `${reasons[(numbers[0] ?? 0) % 8]} is bad`));
    const { refused } = await batches.post('account', messages(100));
    expect([...refused.values()].every(({ alone }) => alone)).toBe(true);
  });

  test('is no longer one once a message was taken: the next batch is halved to the bad rows', async () => {
    const all = new Set(Array.from({ length: 40 }, (_, index) => index));
    const { batches } = batchesTo(badOf(all, () => no('refused', 'blocked')));
    await batches.post('account', messages(40));
    expect((await batches.post('account', messages(41))).refused.size).toBe(40);
    const { refused } = await batches.post('account', messages(40));
    expect([...refused.values()].every(({ alone }) => alone)).toBe(true);
    // Another type has to show for itself.
    const other = await batches.post('user', messages(40));
    expect([...other.refused.values()].filter(({ alone }) => !alone)).toHaveLength(33);
  });
});

test('whichever messages are bad: none that was sent alone and taken is refused, none is sent again once it was taken', async () => {
  const bad = fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { maxLength: 100 });
  await fc.assert(
    fc.asyncProperty(bad, fc.integer({ min: 1, max: 100 }), fc.boolean(), async (given, count, isKnown) => {
      const numbers = new Set(given.filter((number) => number < count));
      const { batches, sent } = batchesTo(
        badOf(numbers, (number) => no('refused', `number ${number} is bad`)),
      );
      if (isKnown) await batches.post('account', [{ text: '1000', bytes: 1 }]);
      const all = messages(count);
      const { refused } = await batches.post('account', all);
      const alone = [...refused].filter(([, refusal]) => refusal.alone).map(([{ text }]) => Number(text));
      expect(alone.every((number) => numbers.has(number))).toBe(true);
      if (isKnown) expect(alone.toSorted((a, b) => a - b)).toEqual([...numbers].sort((a, b) => a - b));
      const taken = sent.filter((batch) => !batch.some((number) => numbers.has(number))).flat();
      expect(new Set(taken).size).toBe(taken.length);
      const left = all.filter((message) => !refused.has(message)).map(({ text }) => Number(text));
      expect(left.every((number) => taken.includes(number))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

describe('a firewall', () => {
  test.each([
    { bad: [3], what: 'one row' },
    { bad: [0, 1, 2, 3, 4, 5, 6], what: 'seven rows at the head' },
    { bad: [93, 94, 95, 96, 97, 98, 99], what: 'seven rows at the end' },
  ])('that takes offence at $what refuses those alone', async ({ bad }) => {
    const { batches } = batchesTo(badOf(new Set(bad), () => PAGE));
    await batches.post('track', [{ text: '1000', bytes: 1 }]);
    const { refused } = await batches.post('track', messages(100));
    expect([...refused.keys()].map(({ text }) => Number(text)).sort((a, b) => a - b)).toEqual(bad);
  });

  test.each([{ isKnown: false }, { isKnown: true }])(
    'that lets nothing through stops the run within a few requests; one was taken before: $isKnown',
    async ({ isKnown }) => {
      const { batches, sent } = batchesTo((numbers) => (numbers[0] === 1_000 ? ok() : PAGE));
      if (isKnown) await batches.post('track', [{ text: '1000', bytes: 1 }]);
      await expect(batches.post('track', messages(100))).rejects.toThrow(ConfigError);
      expect(sent.length).toBeLessThan(25);
      const alone = sent.filter((batch) => batch.length === 1).flat();
      expect(alone.some((number) => number > 50 && number < 1_000)).toBe(true);
    },
  );
});
