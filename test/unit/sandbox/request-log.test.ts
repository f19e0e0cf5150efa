import { describe, expect, test } from 'vitest';
import { Concurrency } from '../../../src/sandbox/http/concurrency.ts';
import { type LogEntry, RequestLog } from '../../../src/sandbox/http/request-log.ts';

const entry = (at: number): LogEntry => ({
  number: 0,
  run: 1,
  at,
  method: 'GET',
  path: '/',
  api: 'rest',
  status: 200,
  fault: undefined,
  messageCount: undefined,
  body: undefined,
  answer: undefined,
  answerHeaders: {},
});

describe('the log', () => {
  test('keeps the last 200,000 requests', () => {
    const log = new RequestLog();
    for (let at = 0; at < 450_000; at++) log.add(entry(at));
    const kept = log.last();
    expect(kept).toHaveLength(200_000);
    expect(kept[0]?.at).toBe(250_000);
    expect(kept.at(-1)?.at).toBe(449_999);
    expect(log.last(2).map(({ at }) => at)).toEqual([449_998, 449_999]);
    expect(log.last(0)).toEqual([]);
  });

  test('lets the bodies of the oldest go beyond 128 MB', () => {
    const log = new RequestLog();
    const entries = [0, 1, 2, 3].map(entry);
    for (const added of entries) {
      log.add(added);
      log.setBody(added, 'x'.repeat(50_000_000));
    }
    expect(entries.map(({ body }) => body?.length)).toEqual([undefined, undefined, 50_000_000, 50_000_000]);
    expect(log.last()).toHaveLength(4);
  });

  test('lets them go as well after it let requests go', () => {
    const log = new RequestLog();
    const entries = Array.from({ length: 400_000 }, (_, at) => entry(at));
    for (const added of entries) log.add(added);
    const last = entries.slice(-4);
    for (const added of last) log.setBody(added, 'x'.repeat(50_000_000));
    expect(last.map(({ body }) => body?.length)).toEqual([undefined, undefined, 50_000_000, 50_000_000]);
  });

  test('counts what was answered', () => {
    const log = new RequestLog();
    log.settle({ ...entry(0), status: 429 });
    log.settle({ ...entry(0), api: 'analytics', fault: '500' });
    expect(log.totals).toEqual({ rest: 1, analytics: 1, throttled: 1, faults: 1 });
  });

  test.each([
    { body: '{"a":1}', shown: { a: 1 } },
    { body: 'null', shown: null },
    { body: '{"a"', shown: '{"a"' },
  ])('a body is shown parsed where it is JSON: $body', ({ body, shown }) => {
    const log = new RequestLog();
    log.add({ ...entry(0), body });
    expect(log.last()[0]?.body).toEqual(shown);
  });
});

describe('concurrency', () => {
  test('counts the highest, in all and for one key', () => {
    const concurrency = new Concurrency();
    const leaves = [['a'], ['a', 'b'], ['c'], []].map((keys) => concurrency.enter(keys));
    expect([concurrency.highest, concurrency.highestPerKey]).toEqual([4, 2]);
    for (const leave of leaves) leave();
    for (const key of ['a', 'b', 'c', 'a']) concurrency.enter([key])();
    expect([concurrency.highest, concurrency.highestPerKey]).toEqual([4, 2]);
  });

  test('a request leaves once', () => {
    const concurrency = new Concurrency();
    const leave = concurrency.enter(['a']);
    leave();
    leave();
    concurrency.enter(['a']);
    concurrency.enter(['a']);
    expect([concurrency.highest, concurrency.highestPerKey]).toEqual([2, 2]);
  });
});

describe('answers', () => {
  test('are cut, and the oldest go beyond 32 MB', () => {
    const log = new RequestLog();
    const entries = Array.from({ length: 1_700 }, (_, at) => entry(at));
    for (const added of entries) {
      log.add(added);
      log.setAnswer(added, 'x'.repeat(50_000), { a: 'b' });
    }
    expect(entries[0]?.answer).toBeUndefined();
    expect(entries.at(-1)?.answer).toHaveLength(20_001);
    expect(entries.filter(({ answer }) => answer !== undefined)).toHaveLength(1_599);
  });

  test('a request is found by its number while it is kept', () => {
    const log = new RequestLog();
    for (let at = 1; at <= 450_000; at++) log.add(entry(at));
    expect(log.byNumber(450_000)?.at).toBe(450_000);
    expect(log.byNumber(250_001)?.at).toBe(250_001);
    for (const number of [250_000, 1, 0, -1, 450_001, Number.NaN])
      expect(log.byNumber(number)).toBeUndefined();
    expect([...log.newest().take(2)].map(({ number }) => number)).toEqual([450_000, 449_999]);
    expect(log.size).toBe(200_000);
  });
});
