import { expect, test } from 'vitest';
import { systemClock } from '../../../../src/vitally/http/clock.ts';

test('the system clock tells the time of day and never goes back', () => {
  const times = Array.from({ length: 1_000 }, () => systemClock.now());
  expect(times.toSorted((one, other) => one - other)).toEqual(times);
  expect(Math.abs((times[0] ?? 0) - Date.now())).toBeLessThan(60_000);
});

test('its sleep ends, and is cut short by its signal', async () => {
  await systemClock.sleep(1);
  await systemClock.sleep(1, new AbortController().signal);
  const stop = new AbortController();
  const sleeping = systemClock.sleep(3_600_000, stop.signal);
  stop.abort();
  await expect(sleeping).rejects.toThrow();
  await expect(systemClock.sleep(1, AbortSignal.abort())).rejects.toThrow();
});
