import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  FixedWindow,
  type RateLimit,
  SlidingWindow,
  TokenBucket,
} from '../../../../src/sandbox/faults/rate-limit.ts';
import { seedCouple } from '../../../support/sandbox/client.ts';
import { withSandbox } from '../../../support/sandboxes.ts';

const KINDS: readonly { readonly name: string; readonly make: (perMinute: number) => RateLimit }[] = [
  { name: 'token bucket', make: (perMinute) => new TokenBucket(perMinute, 0) },
  { name: 'sliding window', make: (perMinute) => new SlidingWindow(perMinute) },
  { name: 'fixed window', make: (perMinute) => new FixedWindow(perMinute) },
];

describe.each(KINDS)('$name', ({ name, make }) => {
  test('starts full, refuses what is above it, and a refusal costs nothing', () => {
    const limit = make(5);
    expect(limit.take(2, 0)).toMatchObject({ allowed: true, remaining: 3 });
    expect(limit.take(4, 0)).toMatchObject({ allowed: false, remaining: 3 });
    expect(limit.take(3, 0)).toMatchObject({ allowed: true, remaining: 0 });
    expect(limit.take(1, 0)).toMatchObject({ allowed: false, remaining: 0 });
    expect(limit.take(5, 60_000)).toMatchObject({ allowed: true, remaining: 0 });
  });

  test('gives way when the reset says so', () => {
    const limit = make(6);
    limit.take(6, 1_000);
    const { allowed, resetMs } = limit.take(1, 1_500);
    expect(allowed).toBe(false);
    expect(limit.take(1, 1_500 + resetMs - 1)).toMatchObject({ allowed: false });
    expect(limit.take(1, 1_500 + resetMs)).toMatchObject({ allowed: true });
  });

  test('never grants more in a minute than it may', () => {
    const most = name === 'sliding window' ? 1 : 2;
    const request = fc.record({ cost: fc.integer({ min: 1, max: 4 }), afterMs: fc.nat(20_000) });
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 40 }),
        fc.array(request, { maxLength: 200, size: 'max' }),
        (perMinute, requests) => {
          const limit = make(perMinute);
          const granted: { readonly atMs: number; readonly cost: number }[] = [];
          let nowMs = 0;
          for (const { cost, afterMs } of requests) {
            nowMs += afterMs;
            const verdict = limit.take(cost, nowMs);
            expect(verdict.remaining).toBeGreaterThanOrEqual(0);
            expect(verdict.resetMs).toBeGreaterThan(0);
            if (verdict.allowed) granted.push({ atMs: nowMs, cost });
          }
          for (const { atMs: fromMs } of granted) {
            const inMinute = granted.filter(({ atMs }) => atMs >= fromMs && atMs < fromMs + 60_000);
            const sum = inMinute.reduce((total, { cost }) => total + cost, 0);
            expect(sum).toBeLessThanOrEqual(perMinute * most);
          }
        },
      ),
    );
  });
});

test('a bucket is refilled all the time', () => {
  const bucket = new TokenBucket(60, 0);
  bucket.take(60, 0);
  expect(bucket.take(1, 999)).toMatchObject({ allowed: false, resetMs: expect.closeTo(1, 5) });
  expect(bucket.take(1, 1_000)).toMatchObject({ allowed: true, remaining: 0 });
  expect(bucket.take(1, 31_000)).toMatchObject({ allowed: true, remaining: 29 });
});

describe('over HTTP', () => {
  test('both spellings of the headers on every answer', () =>
    withSandbox({ requestsPerMinute: 100, now: () => 0 }, async (api) => {
      const expected = { limit: '100, 100;window=60', remaining: '99', reset: '1' };
      const { headers } = await api.get('/accounts/nobody');
      for (const [name, value] of Object.entries(expected)) {
        expect(headers[`ratelimit-${name}`]).toBe(value);
        expect(headers[`x-ratelimit-${name}`]).toBe(value);
      }
    }));

  test('writes cost what the options say, reads one unit, refusals nothing', () =>
    withSandbox({ requestsPerMinute: 10, writeCost: 3, now: () => 0 }, async (api, sandbox) => {
      seedCouple(sandbox);
      const remaining: unknown[] = [];
      const note = async (reply: ReturnType<typeof api.get>) => {
        const { status, headers } = await reply;
        remaining.push([status, headers['ratelimit-remaining']]);
      };
      await note(api.get('/accounts/a1'));
      await note(api.post('/accounts', { externalId: 'x', name: 'x' }));
      await note(api.put('/accounts/x', { name: 7 }));
      await note(api.delete('/accounts/x'));
      await note(api.put('/accounts/a1', { name: 'y' }));
      expect(remaining).toEqual([
        [200, '9'],
        [200, '6'],
        [400, '3'],
        [204, '0'],
        [429, '0'],
      ]);
      expect(sandbox.accounts.byExternalId('a1')).toMatchObject({ name: 'Acme' });
      expect((await api.get('/accounts/a1')).body).toEqual({ error: 'Too Many Requests' });
    }));

  test('both APIs have a limit of their own', () =>
    withSandbox({ requestsPerMinute: 1, now: () => 0 }, async (api) => {
      expect((await api.get('/accounts')).status).toBe(200);
      expect((await api.get('/accounts')).status).toBe(429);
      expect((await api.analytics('account', { accountId: 'a', messageId: '1' })).status).toBe(200);
      expect((await api.analytics('account', { accountId: 'a', messageId: '2' })).status).toBe(429);
    }));
});
