import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aborted, within } from '../../../src/pipeline/waits.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('aborted resolves with the signal, at once where it has been aborted', async () => {
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
  await within(1_000, Promise.resolve());
  expect(vi.getTimerCount()).toBe(0);
});

test('within ends with the time', async () => {
  let done = false;
  const waiting = within(1_000, new Promise(() => {})).then(() => {
    done = true;
  });
  await vi.advanceTimersByTimeAsync(999);
  expect(done).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await waiting;
});
