import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { SendAborted } from '../../../../src/vitally/http/send-aborted.ts';
import { createRateLimiter, type RateLimiter } from '../../../../src/vitally/rate-limit/limiter.ts';
import type { Permit } from '../../../../src/vitally/rate-limit/pacer.ts';
import type { RequestKind } from '../../../../src/vitally/rate-limit/request-cost.ts';
import { JumpingClock, SteppedClock, settle } from '../../../support/virtual-clock.ts';

const OK = { status: 200, headers: {} };
const never = new AbortController().signal;

function limited(requestsPerMinute: number, maxInFlight = 8) {
  const clock = new SteppedClock();
  const limiter = createRateLimiter({ requestsPerMinute, maxInFlight, clock, random: () => 0 });
  const granted: { readonly label: string; readonly permit: Permit }[] = [];
  const acquire = (label: string, kind: RequestKind = 'write', signal: AbortSignal = never): Promise<void> =>
    limiter.acquire(kind, signal).then((permit) => {
      granted.push({ label, permit });
    });
  const answer = (index: number, given: Parameters<RateLimiter['answered']>[1] = OK): void => {
    const grant = granted[index];
    if (grant === undefined) throw new Error(`no grant ${index}`);
    limiter.answered(grant.permit, given);
  };
  const labels = (): string[] => granted.map(({ label }) => label);
  return { clock, limiter, acquire, answer, labels };
}

describe('the queue', () => {
  test('first come, first served, whatever the kind', async () => {
    const { acquire, answer, labels } = limited(1_000, 1);
    const all = ['a', 'b', 'c', 'd'].map((label, index) =>
      acquire(label, index % 2 === 0 ? 'write' : 'read'),
    );
    for (let index = 0; index < 4; index++) {
      await settle();
      expect(labels()).toEqual(['a', 'b', 'c', 'd'].slice(0, index + 1));
      answer(index);
    }
    await Promise.all(all);
  });

  test('an aborted request leaves it, the others keep their places', async () => {
    const { acquire, answer, labels } = limited(1_000, 1);
    const stop = new AbortController();
    acquire('a');
    const aborted = acquire('b', 'write', stop.signal);
    acquire('c');
    await settle();
    stop.abort();
    await expect(aborted).rejects.toBeInstanceOf(SendAborted);
    answer(0);
    await settle();
    expect(labels()).toEqual(['a', 'c']);
  });

  test('a request whose signal is aborted already never enters', async () => {
    const { acquire, labels } = limited(1_000);
    await expect(acquire('a', 'write', AbortSignal.abort())).rejects.toBeInstanceOf(SendAborted);
    await acquire('b');
    expect(labels()).toEqual(['b']);
  });

  test('an abort after the grant changes nothing, and nobody listens for it', async () => {
    const { acquire, answer, labels } = limited(1_000, 1);
    const stop = new AbortController();
    await acquire('a', 'write', stop.signal);
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
    stop.abort();
    answer(0);
    await acquire('b');
    expect(labels()).toEqual(['a', 'b']);
  });
});

describe('the timer', () => {
  test('wakes the queue when the ceiling allows', async () => {
    const { clock, acquire, answer, labels } = limited(2);
    await acquire('a');
    answer(0);
    acquire('b');
    acquire('c');
    await clock.advance(29_000);
    expect(labels()).toEqual(['a']);
    await clock.advance(1_000);
    expect(labels()).toEqual(['a', 'b']);
    answer(1);
    await clock.advance(29_999);
    expect(labels()).toEqual(['a', 'b']);
    await clock.advance(1);
    expect(labels()).toEqual(['a', 'b', 'c']);
  });

  test('is one, and none where nobody waits', async () => {
    const { clock, acquire, answer } = limited(2);
    await acquire('a');
    answer(0);
    const stop = new AbortController();
    const calls = ['b', 'c', 'd'].map((label) => acquire(label, 'write', stop.signal));
    await settle();
    expect(clock.asleep).toBe(1);
    stop.abort();
    for (const call of calls) await expect(call).rejects.toBeInstanceOf(SendAborted);
    expect(clock.asleep).toBe(0);
  });

  test('an answer that changes the wait changes the timer', async () => {
    const { clock, acquire, answer, labels } = limited(1_000);
    for (const index of [0, 1]) {
      await acquire(`start ${index}`);
      answer(index);
    }
    await Promise.all([acquire('a'), acquire('b')]);
    answer(2, { status: 429, headers: { 'retry-after': '5' } });
    acquire('c');
    await settle();
    answer(3, { status: 429, headers: { 'retry-after': '60' } });
    await clock.advance(59_999);
    expect(labels()).toHaveLength(4);
    await clock.advance(1);
    expect(labels().at(-1)).toBe('c');
  });

  test('a sleep that ends early is no reason to send early, nor to sleep for ever', async () => {
    const early = new JumpingClock();
    const clock = {
      now: () => early.now(),
      sleep: (ms: number, signal?: AbortSignal) => early.sleep(Math.max(0, ms - 2), signal),
    };
    const limiter = createRateLimiter({ requestsPerMinute: 2, maxInFlight: 1, clock, random: () => 0 });
    for (let request = 0; request < 4; request++) limiter.answered(await limiter.acquire('write', never), OK);
    expect(early.sleptMs).toHaveLength(3);
  });
});

describe('waitedMs', () => {
  test('is the time during which somebody waited for the limit, however many', async () => {
    const { clock, limiter, acquire, answer } = limited(2);
    await acquire('a');
    answer(0);
    await clock.advance(10_000);
    expect(limiter.waitedMs()).toBe(0);
    acquire('b');
    acquire('c');
    await clock.advance(5_000);
    expect(limiter.waitedMs()).toBe(5_000);
    await clock.advance(15_000);
    answer(1);
    await clock.advance(60_000);
    expect(limiter.waitedMs()).toBe(50_000);
  });

  test('is not the time spent waiting for a free connection', async () => {
    const { clock, limiter, acquire, answer } = limited(1_000, 1);
    await acquire('a');
    acquire('b');
    await clock.advance(5_000);
    answer(0);
    await settle();
    expect(limiter.waitedMs()).toBe(0);
  });

  test('is the time for which answers are awaited because the units are used up', async () => {
    const { clock, limiter, acquire, answer, labels } = limited(1_000);
    const left = (remaining: number) => ({
      status: 200,
      headers: { 'ratelimit-limit': '60', 'ratelimit-remaining': String(remaining), 'ratelimit-reset': '1' },
    });
    for (const index of [0, 1, 2]) {
      await acquire(`start ${index}`);
      await clock.advance(9_000);
      answer(index, left(4 - index));
    }
    await acquire('a');
    answer(3, left(1));
    acquire('b');
    await clock.advance(4_000);
    expect(labels().at(-1)).toBe('b');
    const before = limiter.waitedMs();
    acquire('c');
    await clock.advance(4_000);
    expect(labels().at(-1)).toBe('b');
    expect(limiter.waitedMs()).toBe(before + 4_000);
  });
});
