import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Batch, type Entry, requestsOf } from '../../../../src/write/analytics/batch.ts';
import type { Message } from '../../../../src/write/analytics/message.ts';

function messageOf(bytes: number): Message {
  return { text: '"'.padEnd(bytes, 'x'), bytes };
}

function entryOf(messages = 1, bytes = 10, since = 0): Entry {
  return { messages: Array.from({ length: messages }, () => messageOf(bytes)), since };
}

function batchOf(...entries: readonly Entry[]): Batch<Entry> {
  const batch = new Batch<Entry>('user');
  for (const entry of entries) batch.add(entry, entry.since);
  return batch;
}

describe('a batch is due', () => {
  test.each([
    { what: 'never when empty', batch: () => batchOf(), dueAtMs: Number.POSITIVE_INFINITY },
    {
      what: 'a second after its first row',
      batch: () => batchOf(entryOf(1, 10, 100), entryOf(1, 10, 900)),
      dueAtMs: 1_100,
    },
    {
      what: 'at once with 100 messages',
      batch: () => batchOf(...Array.from({ length: 100 }, () => entryOf())),
      dueAtMs: 500,
    },
    {
      what: 'at once with 100 messages of few rows',
      batch: () => batchOf(entryOf(60), entryOf(40)),
      dueAtMs: 500,
    },
    {
      what: 'later with 99',
      batch: () => batchOf(...Array.from({ length: 99 }, () => entryOf())),
      dueAtMs: 1_000,
    },
    {
      what: 'at once with 500 kB',
      batch: () => batchOf(entryOf(1, 250_000), entryOf(1, 249_998)),
      dueAtMs: 500,
    },
    {
      what: 'later with less',
      batch: () => batchOf(entryOf(1, 250_000), entryOf(1, 249_000)),
      dueAtMs: 1_000,
    },
  ])('$what', ({ batch, dueAtMs }) => {
    expect(batch().dueAtMs(500)).toBe(dueAtMs);
  });

  test('20 ms after a STATE came, or before by its age', () => {
    const batch = batchOf(entryOf(1, 10, 0));
    batch.flush(300);
    expect(batch.dueAtMs(300)).toBe(320);
    batch.flush(310);
    expect(batch.dueAtMs(310)).toBe(320);
    const old = batchOf(entryOf(1, 10, 0));
    old.flush(990);
    expect(old.dueAtMs(990)).toBe(1_000);
  });

  test('never by a STATE alone', () => {
    const batch = batchOf();
    batch.flush(300);
    expect(batch.dueAtMs(300)).toBe(Number.POSITIVE_INFINITY);
  });

  test('anew for what was left behind', () => {
    const batch = batchOf(...Array.from({ length: 150 }, (_, index) => entryOf(1, 10, index)));
    expect(batch.take(200)).toHaveLength(100);
    expect(batch.size).toBe(50);
    expect(batch.dueAtMs(200)).toBe(1_100);
    batch.take(5_000);
    expect(batch.size).toBe(0);
    expect(batch.dueAtMs(5_000)).toBe(Number.POSITIVE_INFINITY);
  });
});

test('an entry too large for any batch goes alone', () => {
  const batch = batchOf(
    entryOf(1, 10),
    entryOf(250, 10),
    entryOf(1, 10),
    entryOf(1, 600_000),
    entryOf(1, 10),
  );
  const sizes = Array.from({ length: 5 }, () => batch.take(0).map((entry) => entry.messages.length));
  expect(sizes).toEqual([[1], [250], [1], [1], [1]]);
});

test('messages of one entry that are too many for a request take several', () => {
  const messages = entryOf(250).messages;
  const requests = requestsOf(messages);
  expect(requests.map((request) => request.length)).toEqual([100, 100, 50]);
  expect(requests.flat()).toEqual(messages);
  expect(requestsOf([])).toEqual([]);
});

test('every take is within 100 messages and 500 kB unless it is one entry; nothing is lost or turned round', () => {
  const entry = fc.record({
    messages: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 9 }) },
      fc.integer({ min: 90, max: 130 }),
    ),
    bytes: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 2, max: 3_000 }) },
      fc.integer({ min: 100_000, max: 600_000 }),
    ),
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 150 }), (shapes) => {
      const entries = shapes.map(({ messages, bytes }) => ({
        messages: Array.from({ length: messages }, () => ({ text: '', bytes })),
        since: 0,
      }));
      const batch = batchOf(...entries);
      const taken: Entry[] = [];
      while (batch.size > 0) {
        const request = batch.take(0);
        const messages = request.flatMap((one) => one.messages);
        const bodyBytes = messages.reduce((sum, message) => sum + message.bytes + 1, 0);
        expect(request.length === 1 || (messages.length <= 100 && bodyBytes <= 500_000)).toBe(true);
        expect(request.length).toBeGreaterThan(0);
        taken.push(...request);
      }
      expect(taken).toEqual(entries);
    }),
  );
});
