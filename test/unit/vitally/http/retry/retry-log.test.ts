import { expect, test } from 'vitest';
import { createRetryLog } from '../../../../../src/vitally/http/retry/retry-log.ts';
import { JumpingClock } from '../../../../support/virtual-clock.ts';

function logged(api: 'rest' | 'analytics') {
  const clock = new JumpingClock();
  const lines: string[] = [];
  const log = createRetryLog(api, clock, (level, message) => lines.push(`${level} ${message}`));
  return { clock, lines, log };
}

test('the first of a streak is told at once', () => {
  const { lines, log } = logged('rest');
  log.failed('status 502');
  log.throttled();
  expect(lines).toEqual([
    "WARN Vitally's REST API: status 502; trying again.",
    "WARN Vitally's REST API: rate limit reached (429); slowing down.",
  ]);
});

test('the others are counted and told 30 s later at the earliest', () => {
  const { clock, lines, log } = logged('analytics');
  for (let second = 0; second < 90; second++) {
    log.failed('error ECONNRESET');
    clock.pass(1_000);
  }
  expect(lines).toEqual([
    "WARN Vitally's Analytics API: error ECONNRESET; trying again.",
    "WARN Vitally's Analytics API: error ECONNRESET; trying again (29 more since the last such line).",
    "WARN Vitally's Analytics API: error ECONNRESET; trying again (29 more since the last such line).",
  ]);
});

test('retries and throttling are counted apart', () => {
  const { lines, log } = logged('rest');
  for (let count = 0; count < 5; count++) log.throttled();
  log.failed('status 500');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('status 500');
});

test('what keeps failing is known since when, until an answer comes', () => {
  const { clock, log } = logged('rest');
  expect(log.trouble()).toBeUndefined();
  log.failed('status 502');
  clock.pass(90_000);
  log.failed('status 503');
  expect(log.trouble()).toMatch(/^Vitally's REST API has been failing since .* UTC: status 503$/);
  log.answered();
  expect(log.trouble()).toBeUndefined();
});
