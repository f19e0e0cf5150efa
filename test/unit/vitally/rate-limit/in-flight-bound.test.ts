import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InFlightBound } from '../../../../src/vitally/rate-limit/in-flight-bound.ts';
import { simulate } from '../../../support/simulated-server.ts';

/** 1,000 a minute. */
const RATE_PER_MS = 1 / 60;

function answered(answers: number, latencyMs: number, bound = new InFlightBound(64)): InFlightBound {
  for (let answer = 0; answer < answers; answer++) bound.passed({ latencyMs, ratePerMs: RATE_PER_MS });
  return bound;
}

test('the start is slow: one at a time for two answers, then twice as many with each, up to eight', () => {
  const bound = new InFlightBound(64);
  const bounds = [1, 2, 3, 4, 5].map(() => answered(1, 1_000, bound).current);
  expect(bounds).toEqual([1, 2, 4, 8, 8]);
});

test.each([
  { latencyMs: 20, requests: 8 },
  { latencyMs: 300, requests: 8 },
  // 16.7 a second are in flight, and half as many more are allowed.
  { latencyMs: 1_000, requests: 25 },
  { latencyMs: 2_000, requests: 50 },
  { latencyMs: 20_000, requests: 64 },
])('with answers after $latencyMs ms and 1,000 a minute: $requests', ({ latencyMs, requests }) => {
  expect(answered(1_000, latencyMs).current).toBe(requests);
});

test('it grows by one request in four answers, and shrinks as slowly once answers are quicker', () => {
  const bound = answered(1_000, 2_000);
  expect(answered(40, 20, bound).current).toBeGreaterThanOrEqual(40);
  expect(answered(1_000, 20, bound).current).toBe(8);
  expect(answered(20, 2_000, bound).current).toBeLessThanOrEqual(13);
});

test('an answer that takes half a minute now and then opens no further slots', () => {
  const bound = new InFlightBound(64);
  for (let round = 0; round < 50; round++) {
    answered(30, 20, bound);
    answered(1, 30_000, bound);
  }
  expect(bound.current).toBe(8);
});

describe('requests in flight are fewer', () => {
  test('by half once those that were in flight together fail, and eight at the least', () => {
    const bound = answered(1_000, 2_000);
    for (let request = 0; request < 50; request++) bound.failed(request, 100 + request);
    expect(bound.current).toBe(25);
    bound.failed(200, 201);
    bound.failed(300, 301);
    bound.failed(400, 401);
    expect(bound.current).toBe(8);
  });

  test('and one at a time after a 429', () => {
    const bound = answered(1_000, 2_000);
    bound.restart();
    expect(bound.current).toBe(1);
    expect(answered(3, 2_000, bound).current).toBe(8);
  });
});

test('whatever happens, there is a slot, and never more than the most', () => {
  const event = fc.oneof(
    fc.record({
      kind: fc.constant('passed' as const),
      latencyMs: fc.double({ min: 0, max: 60_000, noNaN: true }),
      ratePerMs: fc.double({ min: 0, max: 2, noNaN: true }),
    }),
    fc.record({ kind: fc.constant('failed' as const), sentAtMs: fc.nat(1_000) }),
    fc.record({ kind: fc.constant('restart' as const) }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 64 }), fc.array(event, { maxLength: 300 }), (most, events) => {
      const bound = new InFlightBound(most);
      let before = bound.current;
      for (const [nowMs, one] of events.entries()) {
        if (one.kind === 'passed') bound.passed(one);
        else if (one.kind === 'failed') bound.failed(one.sentAtMs, nowMs);
        else bound.restart();
        expect(bound.current).toBeGreaterThanOrEqual(1);
        expect(bound.current).toBeLessThanOrEqual(most);
        expect(bound.current).toBeLessThanOrEqual(before < 8 ? 8 : before + 1);
        before = bound.current;
      }
    }),
  );
});

describe('rows always waiting, 1,000 requests a minute', () => {
  const methods = ['token-bucket', 'sliding-window', 'fixed-window'] as const;
  const limits = [
    ...methods.map((method) => ({
      method,
      headers: 'ratelimit' as const,
      requestsPerMinute: 'unsaid' as const,
    })),
    // No answer tells the limit: the configured one holds.
    { method: 'token-bucket' as const, headers: 'none' as const, requestsPerMinute: 1_000 },
  ];
  const common = { limit: 1_000, maxInFlight: 64, minutes: 5 };

  test.each(limits)(
    'with answers after a second it is at least 950 each minute: $method, $headers',
    (limit) => {
      const run = simulate({ ...common, ...limit, latencyMs: [500, 500] });
      const perMinute = [0, 1, 2, 3, 4].map(
        (minute) => run.sentAtMs.filter((atMs) => Math.floor(atMs / 60_000) === minute).length,
      );
      expect(Math.min(...perMinute)).toBeGreaterThanOrEqual(950);
      expect(run.refused).toBe(0);
      expect(run.mostInFlight).toBeLessThanOrEqual(25);
    },
  );

  test.each(limits)(
    'with answers after 20 ms no more than eight are ever in flight: $method, $headers',
    (limit) => {
      const run = simulate({ ...common, ...limit, latencyMs: [10, 10] });
      expect(run.served).toBeGreaterThanOrEqual(5 * 990);
      expect(run.mostInFlight).toBeLessThanOrEqual(8);
    },
  );

  test('with answers between 0.2 and 3 seconds it is the limit all the same', () => {
    const run = simulate({ ...common, method: 'token-bucket', latencyMs: [100, 1_500] });
    expect(run.served).toBeGreaterThanOrEqual(5 * 980);
    expect(run.mostInFlight).toBeLessThanOrEqual(64);
  });

  test('two connectors on one key with answers after a second: each gets its part', () => {
    const run = simulate({
      ...common,
      method: 'token-bucket',
      connectors: 2,
      minutes: 10,
      latencyMs: [450, 550],
    });
    expect(Math.min(...run.servedOf) / run.served).toBeGreaterThanOrEqual(0.4);
    expect(run.refused / run.served).toBeLessThanOrEqual(0.005);
  });
});
