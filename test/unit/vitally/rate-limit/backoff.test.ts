import { describe, expect, test } from 'vitest';
import { Backoff } from '../../../../src/vitally/rate-limit/backoff.ts';

describe('Throttle', () => {
  test.each([
    ['nothing asked for, no jitter', 0, 0, 1_000],
    ['nothing asked for, jitter', 0, 0.5, 1_050],
    ['less than a second asked for', 200, 0, 1_000],
    ['7 s asked for', 7_000, 0, 7_000],
    ['7 s asked for, jitter', 7_000, 1, 7_700],
  ])('pauses everything: %s', (_name, askedMs, random, pauseMs) => {
    const throttle = new Backoff();
    throttle.refused(0, 100, askedMs, random);
    expect(throttle.untilMs).toBeCloseTo(100 + pauseMs, 6);
  });

  test('doubles while one 429 follows the other, up to a minute', () => {
    const throttle = new Backoff();
    const pausesMs: number[] = [];
    for (let times = 0; times < 8; times++) {
      const nowMs = throttle.untilMs + 10;
      throttle.refused(nowMs - 5, nowMs, 0, 0);
      pausesMs.push(throttle.untilMs - nowMs);
    }
    expect(pausesMs).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    expect(throttle.streak).toBe(8);
  });

  test('requests on the wire together that are refused make one backoff', () => {
    const throttle = new Backoff();
    const begun = [1, 2, 3, 4].map((sentAtMs) => throttle.refused(sentAtMs, 100 + sentAtMs, 0, 0));
    expect(begun).toEqual([true, false, false, false]);
    expect(throttle).toMatchObject({ streak: 1, untilMs: 1_104 });
  });

  test('a later refusal of the same backoff can only lengthen its pause', () => {
    const throttle = new Backoff();
    throttle.refused(0, 100, 30_000, 0);
    throttle.refused(1, 110, 0, 0);
    expect(throttle.untilMs).toBe(30_100);
    throttle.refused(2, 120, 60_000, 0);
    expect(throttle.untilMs).toBe(60_120);
  });

  test.each([
    ['sent after the pause ends the streak', 1_200, 0],
    ['sent before it proves nothing', 50, 1],
  ])('a request that got through, %s', (_name, sentAtMs, streak) => {
    const throttle = new Backoff();
    throttle.refused(0, 100, 0, 0);
    throttle.passed(sentAtMs);
    expect(throttle.streak).toBe(streak);
  });
});
