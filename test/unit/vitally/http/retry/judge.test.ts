import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answered, Exchange, Failure } from '../../../../../src/vitally/http/exchange.ts';
import { Attempts } from '../../../../../src/vitally/http/retry/attempts.ts';
import { type AttemptCounts, boundsOf, judge } from '../../../../../src/vitally/http/retry/judge.ts';
import { START_MS } from '../../../../support/virtual-clock.ts';

const BOUNDS = boundsOf(300_000, 30_000);
const FIRST: AttemptCounts = { made: 1, triedForMs: 0, throttledForMs: 0 };

function answered(status: number, headers: Answered['headers'] = {}): Answered {
  return { kind: 'answered', status, headers, body: undefined };
}

function failed(code: string, headers: Failure['headers'] = {}): Failure {
  return { kind: 'failed', code, status: undefined, headers, mayBeApplied: true, cause: undefined };
}

describe('judge', () => {
  test.each([200, 201, 204, 400, 401, 403, 404, 409, 410, 413, 422])('lets %i stand', (status) => {
    const answer = answered(status);
    expect(judge(answer, FIRST, BOUNDS, 0.5, START_MS)).toEqual({ kind: 'done', answer });
  });

  test.each([
    ['500', answered(500)],
    ['502', answered(502)],
    ['503', answered(503)],
    ['504', answered(504)],
    ['599', answered(599)],
    ['a request time-out', answered(408)],
    ['too early', answered(425)],
    ['a redirect', answered(302)],
    ['a reset', failed('ECONNRESET')],
    ['a refused connection', failed('ECONNREFUSED')],
    ['an unknown host', failed('ENOTFOUND')],
    ['a time-out', failed('TIMEOUT')],
    ['a page', failed('NOT_JSON')],
  ] as [string, Exchange][])('tries again after %s', (_name, result) => {
    expect(judge(result, FIRST, BOUNDS, 0.5, START_MS)).toEqual({ kind: 'again', afterMs: 250 });
  });

  test.each([
    [1, 0, 0],
    [1, 0.999, 499.5],
    [2, 0.5, 500],
    [3, 0.5, 1_000],
    [5, 0.5, 4_000],
    [7, 0.5, 15_000],
    [20, 0.5, 15_000],
    [39, 0.5, 15_000],
  ])('after attempt %i at jitter %d waits %d ms', (attempts, random, afterMs) => {
    expect(judge(answered(500), { ...FIRST, made: attempts }, BOUNDS, random, START_MS)).toEqual({
      kind: 'again',
      afterMs,
    });
  });

  test.each([
    ['seconds', '7', 7_000],
    ['a date', new Date(START_MS + 12_000).toUTCString(), 12_000],
    ['less than the backoff', '0', 250],
    ['nonsense', 'soon', 250],
    ['more than is left', '3600', 270_000],
  ])('heeds a Retry-After of %s', (_name, header, afterMs) => {
    expect(judge(answered(503, { 'retry-after': header }), FIRST, BOUNDS, 0.5, START_MS)).toEqual({
      kind: 'again',
      afterMs,
    });
  });

  test.each([
    ['too many attempts', { ...FIRST, made: 40 }, 'give_up'],
    ['the last but one attempt', { ...FIRST, made: 39 }, 'again'],
    ['the time used up', { ...FIRST, triedForMs: 270_000 }, 'give_up'],
    ['a moment left', { ...FIRST, triedForMs: 269_999 }, 'again'],
  ])('with %s', (_name, tries, kind) => {
    expect(judge(answered(500), tries, BOUNDS, 0.5, START_MS).kind).toBe(kind);
  });

  test('waits no longer than what is left', () => {
    const tries = { made: 12, triedForMs: 269_000, throttledForMs: 0 };
    expect(judge(answered(500), tries, BOUNDS, 0.9, START_MS)).toEqual({ kind: 'again', afterMs: 1_000 });
  });

  test.each([
    ['the first', FIRST, 'throttled'],
    ['after many attempts', { made: 1_000, triedForMs: 1e9, throttledForMs: 0 }, 'throttled'],
    ['after nearly 30 minutes of it', { ...FIRST, throttledForMs: 30 * 60_000 - 1 }, 'throttled'],
    ['after 30 minutes of nothing else', { ...FIRST, throttledForMs: 30 * 60_000 }, 'give_up'],
  ])('429, %s: %s', (_name, tries, kind) => {
    expect(judge(answered(429), tries, BOUNDS, 0.5, START_MS).kind).toBe(kind);
  });

  test('whatever the attempts take, a request ends within its bound', () => {
    const tookMs = fc.integer({ min: 0, max: 30_000 });
    const jitter = fc.double({ min: 0, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(fc.infiniteStream(tookMs), fc.infiniteStream(jitter), (durations, jitters) => {
        let triedForMs = 0;
        for (let attempts = 1; attempts <= 40; attempts++) {
          triedForMs += durations.next().value ?? 0;
          const verdict = judge(
            answered(500),
            { made: attempts, triedForMs, throttledForMs: 0 },
            BOUNDS,
            jitters.next().value ?? 0,
            START_MS,
          );
          if (verdict.kind === 'give_up') break;
          expect(verdict.kind).toBe('again');
          if (verdict.kind === 'again') {
            expect(verdict.afterMs).toBeLessThanOrEqual(30_000);
            triedForMs += verdict.afterMs;
          }
          expect(attempts).toBeLessThan(40);
        }
        expect(triedForMs).toBeLessThanOrEqual(300_000);
      }),
    );
  });
});

describe('boundsOf', () => {
  test.each([
    [300_000, 30_000, { retryForMs: 270_000, throttledForMs: 1_800_000 }],
    [20_000, 10_000, { retryForMs: 10_000, throttledForMs: 120_000 }],
    [5_000, 30_000, { retryForMs: 0, throttledForMs: 30_000 }],
  ])('%d ms in all, %d ms a request', (giveUpAfterMs, requestTimeoutMs, bounds) => {
    expect(boundsOf(giveUpAfterMs, requestTimeoutMs)).toEqual(bounds);
  });
});

describe('Effort', () => {
  test('adds up attempts, their time and the waits between them', () => {
    const effort = new Attempts();
    effort.note(answered(500), 1_000, 1_400);
    effort.waited(600);
    effort.note(failed('ECONNRESET'), 2_000, 2_100);
    expect(effort).toMatchObject({ made: 2, triedForMs: 1_100, throttledForMs: 0, firstSentAtMs: 1_000 });
  });

  test('does not count 429s, but how long nothing else came', () => {
    const effort = new Attempts();
    effort.note(answered(429), 0, 100);
    expect(effort).toMatchObject({ made: 0, triedForMs: 0, throttledForMs: 0, firstSentAtMs: 0 });
    effort.note(answered(429), 60_000, 60_100);
    expect(effort.throttledForMs).toBe(60_000);
    effort.note(answered(500), 70_000, 70_100);
    effort.note(answered(429), 80_000, 80_100);
    expect(effort).toMatchObject({ made: 1, throttledForMs: 0 });
  });

  test.each([
    ['429', answered(429), false],
    ['500', answered(500), true],
    ['408', answered(408), true],
    ['302', answered(302), false],
    ['a lost answer', failed('ECONNRESET'), true],
    ['a refused connection', { ...failed('ECONNREFUSED'), mayBeApplied: false }, false],
  ] as [string, Exchange, boolean][])(
    'after %s the request may have been applied: %s',
    (_name, result, expected) => {
      const effort = new Attempts();
      expect(effort.mayBeApplied).toBe(false);
      effort.lost(result);
      expect(effort.mayBeApplied).toBe(expected);
      effort.lost(answered(429));
      expect(effort.mayBeApplied).toBe(expected);
    },
  );
});
