import { describe, expect, test } from 'vitest';
import type { RateHeaders } from '../../../../src/vitally/rate-limit/headers.ts';
import { Quota } from '../../../../src/vitally/rate-limit/quota.ts';

function headers(remaining: number, more: Partial<RateHeaders> = {}): RateHeaders {
  return { limit: 1_000, windowMs: 60_000, remaining, resetMs: 30_000, retryAfterMs: undefined, ...more };
}

/** A budget whose one answer so far, at 100 ms, left so much. */
function budgetWith(remaining: number, more: Partial<RateHeaders> = {}): Quota {
  const budget = new Quota();
  budget.answered(budget.sent(1, 0), 100, headers(remaining, more));
  return budget;
}

describe('what is left', () => {
  test('is not known before an answer, and then nothing is held back', () => {
    const budget = new Quota();
    budget.sent(1, 0);
    expect(budget.spendable).toBeUndefined();
    expect(budget.cover(100, 0)).toEqual({ kind: 'covered', atMs: 0 });
  });

  test('is what the answer says less what is on the wire', () => {
    const budget = budgetWith(500);
    budget.sent(3, 200);
    budget.sent(3, 200);
    expect(budget.spendable).toBe(494);
  });

  test('counts requests on the wire that the answer may or may not have counted', () => {
    const budget = new Quota();
    const first = budget.sent(3, 0);
    budget.sent(3, 0);
    budget.answered(first, 100, headers(500));
    expect(budget.spendable).toBe(497);
  });

  test('is the lowest of answers that overtook one another', () => {
    const budget = budgetWith(100);
    const first = budget.sent(1, 200);
    const second = budget.sent(1, 201);
    budget.answered(second, 300, headers(99));
    budget.answered(first, 301, headers(98));
    expect(budget.spendable).toBe(98);
    const third = budget.sent(1, 400);
    const fourth = budget.sent(1, 401);
    budget.answered(third, 500, headers(96));
    budget.answered(fourth, 501, headers(97));
    expect(budget.spendable).toBe(96);
  });

  test('is the new window where the limit was reset between two overlapping answers', () => {
    const budget = budgetWith(100);
    const before = budget.sent(1, 200);
    const afterwards = budget.sent(1, 201);
    budget.answered(before, 300, headers(5));
    budget.answered(afterwards, 301, headers(999));
    expect(budget.spendable).toBe(999);
    const late = budget.sent(1, 400);
    const early = budget.sent(1, 401);
    budget.answered(early, 500, headers(998));
    budget.answered(late, 501, headers(3));
    expect(budget.spendable).toBe(998);
  });

  test('shrinks by a request whose answer says nothing', () => {
    const budget = budgetWith(2);
    budget.answered(budget.sent(1, 200), 300, undefined);
    expect(budget.spendable).toBe(1);
    budget.answered(budget.sent(3, 400), 500, headers(0, { remaining: undefined }));
    expect(budget.spendable).toBe(0);
  });
});

describe('cover', () => {
  test.each([
    ['much is left', 500, 1],
    ['just the low mark is left', 100, 1],
    ['much is left for a dear request', 500, 50],
  ])('lets a request go at once: %s', (_name, remaining, units) => {
    expect(budgetWith(remaining).cover(units, 200)).toEqual({ kind: 'covered', atMs: 200 });
  });

  test.each([
    // 1,000 units a minute are one in 60 ms; half of the low mark (50) goes at that speed.
    [99, 30.3],
    [50, 60],
    [25, 120],
    [10, 300],
    [1, 3_000],
  ])('spaces requests where %i of 1,000 are left: %d ms', (remaining, gapMs) => {
    const budget = budgetWith(500);
    budget.answered(budget.sent(1, 0), 100, headers(remaining));
    const cover = budget.cover(1, 0);
    expect(cover.kind === 'covered' && cover.atMs).toBeCloseTo(gapMs, 1);
  });

  test('spaces requests less where a bucket never held a tenth of the limit', () => {
    const cover = budgetWith(12).cover(1, 0);
    expect(cover.kind === 'covered' && cover.atMs).toBeCloseTo(60, 1);
  });

  test('never sends what is not covered while an answer is to come', () => {
    const budget = budgetWith(4);
    budget.sent(3, 200);
    expect(budget.cover(3, 60_000)).toEqual({ kind: 'await_answer' });
  });

  test.each([
    ['the reset', 0, 1, { resetMs: 30_000 }, 30_100],
    ['the reset, and a second at least', 0, 1, { resetMs: 0 }, 1_100],
    ['until a bucket has the units, where the reset is sooner', 0, 5, { limit: 60, resetMs: 1_000 }, 5_100],
    ['until a bucket has the units that are missing', 2, 5, { limit: 60, resetMs: 1_000 }, 3_100],
    ['until a bucket has the units, where no reset is known', 0, 5, { limit: 60, resetMs: undefined }, 5_100],
    ['a window of another length', 0, 5, { limit: 60, windowMs: 600_000, resetMs: 1_000 }, 50_100],
    ['ten minutes at most', 0, 100, { limit: 1, windowMs: 86_400_000, resetMs: 1_000 }, 600_100],
  ])('tries with one request after %s', (_name, remaining, units, more, atMs) => {
    expect(budgetWith(remaining, more).cover(units, 100)).toEqual({ kind: 'probe', atMs });
  });

  test('takes what was left most for the limit where none is named', () => {
    const budget = budgetWith(59, { limit: undefined, resetMs: undefined });
    budget.answered(budget.sent(1, 200), 300, headers(0, { limit: undefined, resetMs: undefined }));
    const cover = budget.cover(1, 300);
    expect(cover.kind === 'probe' && cover.atMs).toBeCloseTo(300 + 60_000 / 59, 3);
  });

  test('a budget that was 0 from the start, without a limit, tries after a second', () => {
    expect(budgetWith(0, { limit: undefined, resetMs: undefined }).cover(1, 100)).toEqual({
      kind: 'probe',
      atMs: 1_100,
    });
  });

  test('does not wait for the reset of a bucket that is seen to refill before', () => {
    const budget = budgetWith(4, { limit: 60, resetMs: 56_000 });
    budget.answered(budget.sent(1, 3_000), 3_100, headers(6, { limit: 60, resetMs: 54_000 }));
    expect(budget.refillsBeforeReset).toBe(true);
    budget.answered(budget.sent(6, 3_200), 3_300, headers(0, { limit: 60, resetMs: 60_000 }));
    expect(budget.cover(2, 3_300)).toEqual({ kind: 'probe', atMs: 5_300 });
    budget.forgetRefill();
    expect(budget.cover(2, 3_300)).toEqual({ kind: 'probe', atMs: 63_300 });
  });

  test.each([
    ['the reset was due by then', 2_000, 0],
    ['less is left than before', 30_000, -1],
  ])('takes nothing for a refill where %s', (_name, resetMs, gained) => {
    const budget = budgetWith(50, { resetMs });
    budget.answered(budget.sent(1, 1_000), 1_100, headers(50 + gained, { resetMs }));
    expect(budget.refillsBeforeReset).toBe(false);
  });

  test('takes nothing for a refill where requests overlapped', () => {
    const budget = budgetWith(50);
    budget.sent(1, 1_000);
    budget.answered(budget.sent(1, 1_000), 1_100, headers(60));
    expect(budget.refillsBeforeReset).toBe(false);
  });
});

describe('little left', () => {
  test.each([
    [99, true],
    [100, false],
  ])('is below a tenth of the limit: %i of 1,000, %s', (units, low) => {
    expect(budgetWith(500).isLow(units)).toBe(low);
  });

  test('is more where what is on the wire is dear', () => {
    const budget = budgetWith(500);
    for (let request = 0; request < 8; request++) budget.sent(10, 200);
    expect([budget.isLow(159), budget.isLow(160)]).toEqual([true, false]);
  });

  test('is more, up to a bound, where someone else keeps using it up', () => {
    const budget = budgetWith(30, { limit: 60 });
    expect(budget.isLow(7)).toBe(false);
    budget.widenLow();
    expect([budget.isLow(7), budget.isLow(8)]).toEqual([true, false]);
    for (let times = 0; times < 100; times++) budget.widenLow();
    expect([budget.isLow(15), budget.isLow(16)]).toEqual([true, false]);
  });
});
