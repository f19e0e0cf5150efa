import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createServerClock } from '../../../../src/vitally/http/server-clock.ts';

/** An answer of a server whose clock is off by `offsetMs`: sent, on the way for `wayMs` each way, and dated. */
function answer(ownMs: number, wayMs: number, offsetMs: number) {
  const dated = new Date(ownMs + wayMs + offsetMs).toUTCString();
  return { dated, sentAtMs: ownMs, receivedAtMs: ownMs + 2 * wayMs };
}

const NOON = Date.parse('2026-03-01T12:00:00.000Z');

describe("Vitally's clock", () => {
  test.each([
    { name: 'no header', dateHeader: undefined },
    { name: 'two headers', dateHeader: ['Sun, 01 Mar 2026 10:00:00 GMT', 'Sun, 01 Mar 2026 10:00:00 GMT'] },
    { name: 'no date', dateHeader: 'yesterday' },
  ])('is taken for ours with $name', ({ dateHeader }) => {
    const clock = createServerClock();
    clock.learn(dateHeader, NOON, NOON + 20);
    expect(clock.at(NOON + 0.9)).toBe(NOON);
  });

  test('is taken for ours while the header fits it', () => {
    const clock = createServerClock();
    for (const ms of [0, 130, 999, 1_001, 1_450]) {
      const { dated, sentAtMs, receivedAtMs } = answer(NOON + ms, 5, 0);
      clock.learn(dated, sentAtMs, receivedAtMs);
    }
    expect(clock.at(NOON + 500)).toBe(NOON + 500);
  });

  test('that was set begins anew', () => {
    const clock = createServerClock();
    for (const offsetMs of [3_600_000, -3_600_000]) {
      const { dated, sentAtMs, receivedAtMs } = answer(NOON, 5, offsetMs);
      clock.learn(dated, sentAtMs, receivedAtMs);
    }
    expect(Math.abs(clock.at(NOON) - (NOON - 3_600_000))).toBeLessThanOrEqual(1_010);
  });

  test('is known to the time on the way once answers fell all over the second', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -100_000, max: 100_000 }),
        fc.integer({ min: 1, max: 200 }),
        (offsetMs, wayMs) => {
          const clock = createServerClock();
          for (let ms = 0; ms < 1_000; ms += 10) {
            const { dated, sentAtMs, receivedAtMs } = answer(NOON + ms, wayMs, offsetMs);
            clock.learn(dated, sentAtMs, receivedAtMs);
          }
          expect(Math.abs(clock.at(NOON) - (NOON + offsetMs))).toBeLessThanOrEqual(wayMs + 11);
        },
      ),
    );
  });

  test('is never further off than a second and the time on the way', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -10_000_000, max: 10_000_000 }),
        fc.array(
          fc.record({ ms: fc.integer({ min: 0, max: 5_000 }), wayMs: fc.integer({ min: 0, max: 500 }) }),
          {
            minLength: 1,
          },
        ),
        (offsetMs, answers) => {
          const clock = createServerClock();
          for (const { ms, wayMs } of answers) {
            const { dated, sentAtMs, receivedAtMs } = answer(NOON + ms, wayMs, offsetMs);
            clock.learn(dated, sentAtMs, receivedAtMs);
          }
          expect(Math.abs(clock.at(NOON) - (NOON + offsetMs))).toBeLessThanOrEqual(1_501);
        },
      ),
    );
  });
});
