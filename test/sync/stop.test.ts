import { afterEach, expect, test, vi } from 'vitest';
import { Stop } from '../../src/sync/stop.ts';
import { SendAborted } from '../../src/vitally/send-aborted.ts';

afterEach(() => {
  vi.useRealTimers();
});

const CAUSE = { kind: 'error', error: new Error('first') } as const;

test('now ends reading and sending at once and tells who listens, once', () => {
  const stop = new Stop();
  let told = 0;
  stop.onStop(() => {
    told += 1;
  });
  expect([stop.reading.aborted, stop.sending.aborted, stop.cause]).toEqual([false, false, undefined]);
  stop.now(CAUSE);
  stop.now({ kind: 'signal', signal: 'SIGTERM' });
  expect([stop.reading.aborted, stop.sending.aborted]).toEqual([true, true]);
  expect(stop.cause).toBe(CAUSE);
  expect(told).toBe(1);
});

test('afterwards ends the reading alone; a later cause may still end the sending, the first counts', () => {
  const stop = new Stop();
  stop.afterwards(CAUSE);
  expect([stop.reading.aborted, stop.sending.aborted]).toEqual([true, false]);
  stop.now({ kind: 'signal', signal: 'SIGINT' });
  expect(stop.sending.aborted).toBe(true);
  expect(stop.cause).toBe(CAUSE);
});

test('a request given up because the run stops is no cause of its own', () => {
  const stop = new Stop();
  stop.afterwards(CAUSE);
  stop.now({ kind: 'error', error: new SendAborted('stopping') });
  expect(stop.sending.aborted).toBe(false);
  const fresh = new Stop();
  fresh.now({ kind: 'error', error: new SendAborted('stopping') });
  expect(fresh.sending.aborted).toBe(true);
});

test('what is bounded by a signal is counted from the first one, also where the run stopped before', async () => {
  vi.useFakeTimers();
  const stop = new Stop();
  const ended: string[] = [];
  void stop.afterSignal(8_000).then((signal) => ended.push(`early ${signal}`));
  stop.now(CAUSE);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ended).toEqual([]);
  stop.now({ kind: 'signal', signal: 'SIGTERM' });
  await vi.advanceTimersByTimeAsync(5_000);
  stop.now({ kind: 'signal', signal: 'SIGINT' });
  void stop.afterSignal(8_000).then((signal) => ended.push(`late ${signal}`));
  await vi.advanceTimersByTimeAsync(2_999);
  expect(ended).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(ended.toSorted()).toEqual(['early SIGTERM', 'late SIGTERM']);
});
