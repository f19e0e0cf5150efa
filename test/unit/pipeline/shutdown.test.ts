import { afterEach, expect, test, vi } from 'vitest';
import { aborted, Shutdown, within } from '../../../src/pipeline/shutdown.ts';
import { SendAborted } from '../../../src/vitally/http/send-aborted.ts';

afterEach(() => {
  vi.useRealTimers();
});

const CAUSE = { kind: 'error', error: new Error('first') } as const;

test('now ends reading and sending at once and tells who listens, once', () => {
  const shutdown = new Shutdown();
  let told = 0;
  shutdown.onHard(() => {
    told += 1;
  });
  expect([shutdown.soft, shutdown.hard, shutdown.cause]).toEqual([false, false, undefined]);
  shutdown.requestHard(CAUSE);
  shutdown.requestHard({ kind: 'signal', signal: 'SIGTERM' });
  expect([shutdown.soft, shutdown.hard]).toEqual([true, true]);
  expect(shutdown.cause).toBe(CAUSE);
  expect(told).toBe(1);
});

test('afterwards ends the reading alone; a later cause may still end the sending, the first counts', () => {
  const shutdown = new Shutdown();
  shutdown.requestSoft(CAUSE);
  expect([shutdown.soft, shutdown.hard]).toEqual([true, false]);
  shutdown.requestHard({ kind: 'signal', signal: 'SIGINT' });
  expect(shutdown.hard).toBe(true);
  expect(shutdown.cause).toBe(CAUSE);
});

test('a request given up because the run stops is no cause of its own', () => {
  const shutdown = new Shutdown();
  shutdown.requestSoft(CAUSE);
  shutdown.requestHard({ kind: 'error', error: new SendAborted('stopping') });
  expect(shutdown.hard).toBe(false);
  const fresh = new Shutdown();
  fresh.requestHard({ kind: 'error', error: new SendAborted('stopping') });
  expect(fresh.hardSignal.aborted).toBe(true);
});

test('what is bounded by a signal is counted from the first one, also where the run stopped before', async () => {
  vi.useFakeTimers();
  const shutdown = new Shutdown();
  const ended: string[] = [];
  void shutdown.afterSignal(8_000).then((signal) => ended.push(`early ${signal}`));
  shutdown.requestHard(CAUSE);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ended).toEqual([]);
  shutdown.requestHard({ kind: 'signal', signal: 'SIGTERM' });
  await vi.advanceTimersByTimeAsync(5_000);
  shutdown.requestHard({ kind: 'signal', signal: 'SIGINT' });
  void shutdown.afterSignal(8_000).then((signal) => ended.push(`late ${signal}`));
  await vi.advanceTimersByTimeAsync(2_999);
  expect(ended).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(ended.toSorted()).toEqual(['early SIGTERM', 'late SIGTERM']);
});

test('aborted resolves with the signal, at once where it has been aborted', async () => {
  vi.useFakeTimers();
  const controller = new AbortController();
  let done = false;
  const waiting = aborted(controller.signal).then(() => {
    done = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  expect(done).toBe(false);
  controller.abort();
  await waiting;
  await aborted(controller.signal);
});

test('within ends with the work, and leaves no timer', async () => {
  vi.useFakeTimers();
  await within(1_000, Promise.resolve());
  expect(vi.getTimerCount()).toBe(0);
});

test('within ends with the time', async () => {
  vi.useFakeTimers();
  let done = false;
  const waiting = within(1_000, new Promise(() => {})).then(() => {
    done = true;
  });
  await vi.advanceTimersByTimeAsync(999);
  expect(done).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await waiting;
});
