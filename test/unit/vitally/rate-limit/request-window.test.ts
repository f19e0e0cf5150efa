import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RequestWindow } from '../../../../src/vitally/rate-limit/request-window.ts';

/** A minute. */
const WINDOW_MS = 60_000;
/** Sends whenever it may, for some minutes; `gapsMs` are added delays between being ready and asking. */
function drain(window: RequestWindow, minutes: number, gapMs: () => number = () => 0): number[] {
  const sentMs: number[] = [];
  for (let nowMs = 0; nowMs < minutes * WINDOW_MS; ) {
    const readyAtMs = window.readyAtMs(nowMs);
    if (readyAtMs > nowMs) {
      nowMs = readyAtMs;
      continue;
    }
    window.sent(nowMs);
    sentMs.push(nowMs);
    nowMs += gapMs();
  }
  return sentMs;
}

/** The most requests in any stretch of 60 s. */
function busiest(sentMs: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (const [last, atMs] of sentMs.entries()) {
    while ((sentMs[first] ?? 0) + WINDOW_MS <= atMs) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

describe('SendWindow', () => {
  test.each([1, 2, 3, 10, 60, 1_000])('%i a minute: never more, and all of them used', (ceiling) => {
    const sentMs = drain(new RequestWindow(ceiling), 5);
    expect(busiest(sentMs)).toBe(ceiling);
    expect(sentMs.length).toBe(5 * ceiling);
  });

  test('the first half goes at once, the others are spread over the minute', () => {
    const sentMs = drain(new RequestWindow(100), 1);
    expect(sentMs.slice(0, 50)).toEqual(Array(50).fill(0));
    const gapsMs = sentMs.slice(50).map((atMs, index) => atMs - (sentMs[49 + index] ?? 0));
    for (const gapMs of gapsMs) expect(gapMs).toBeCloseTo(60_000 / 51, 3);
  });

  test('never more than the ceiling in any 60 s, whoever asks when', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 4_000 })),
        (ceiling, gaps) => {
          expect(
            busiest(drain(new RequestWindow(ceiling), 4, () => gaps.next().value ?? 0)),
          ).toBeLessThanOrEqual(ceiling);
        },
      ),
    );
  });

  test('counts what was sent within the minute, and what has left it', () => {
    const window = new RequestWindow(10);
    window.sent(0);
    window.sent(30_000);
    expect([window.countAt(59_999), window.expired]).toEqual([2, 0]);
    expect([window.countAt(60_000), window.expired]).toEqual([1, 1]);
    expect([window.countAt(90_000), window.expired]).toEqual([0, 2]);
  });

  test('a lowered ceiling holds at once', () => {
    const window = new RequestWindow(100);
    for (let request = 0; request < 40; request++) window.sent(request * 100);
    window.ceiling = 10;
    expect(window.readyAtMs(5_000)).toBe(3_000 + WINDOW_MS);
    expect(window.ceiling).toBe(10);
  });

  test.each([
    [0, 1],
    [-5, 1],
    [0.5, 1],
    [7.9, 7],
    [100, 100],
    [500, 100],
  ])('a ceiling set to %d is %d', (given, ceiling) => {
    const window = new RequestWindow(100);
    window.ceiling = given;
    expect(window.ceiling).toBe(ceiling);
  });
});
