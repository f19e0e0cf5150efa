import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Ledger } from '../../../src/checkpoint/ledger.ts';
import { startProgress } from '../../../src/report/progress.ts';
import { routeOf } from '../../support/routes.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('every 30 s: rows done by stream, rows/s and the share of waiting, each since the line before', async () => {
  const routes = [routeOf('account', { namespace: 'mart' }), routeOf('event', { stream: 'clicks' })];
  const streams = [
    { name: 'rows', namespace: 'mart' },
    { name: 'clicks', namespace: undefined },
    { name: 'unrouted', namespace: undefined },
  ];
  const ledger = new Ledger(streams);
  const lines: string[] = [];
  let waitedMs = 0;
  let trouble: string | undefined = 'told only where nothing moves';
  let waits: string | undefined;
  const settle = (stream: number, count: number): void => {
    for (let index = 0; index < count; index++) {
      const target = streams[stream];
      if (target !== undefined) ledger.settle(ledger.received(target), { kind: 'created' });
    }
  };
  const end = startProgress({
    ledger,
    routes,
    now: Date.now,
    clients: [{ stats: () => ({ waitedMs, trouble }) }],
    waitlist: { waitsFor: () => waits },
    log: async (message) => {
      lines.push(message);
      throw new Error('nobody reads');
    },
  });
  settle(0, 60);
  ledger.received({ name: 'clicks', namespace: undefined });
  await vi.advanceTimersByTimeAsync(29_999);
  expect(lines).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  settle(1, 15);
  waitedMs = 15_000;
  await vi.advanceTimersByTimeAsync(30_000);
  waitedMs = 90_000;
  trouble = undefined;
  await vi.advanceTimersByTimeAsync(30_000);
  [trouble, waits] = ['the API fails', '3 rows wait'];
  await vi.advanceTimersByTimeAsync(30_000);
  expect(lines).toEqual([
    'progress: rows done mart.rows 60, clicks 0, unrouted 0; 2.0 rows/s; 0 % of the time waited for the rate limit',
    'progress: rows done mart.rows 60, clicks 15, unrouted 0; 0.5 rows/s; 50 % of the time waited for the rate limit',
    'progress: rows done mart.rows 60, clicks 15, unrouted 0; 0.0 rows/s; 100 % of the time waited for the rate limit',
    'progress: rows done mart.rows 60, clicks 15, unrouted 0; 0.0 rows/s; 0 % of the time waited for the rate limit; nothing moves, since the API fails; and 3 rows wait',
  ]);
  end();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(lines).toHaveLength(4);
});
