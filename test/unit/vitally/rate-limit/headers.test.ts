import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRateHeaders, retryAfterMs } from '../../../../src/vitally/rate-limit/headers.ts';

const NOW_MS = Date.UTC(2026, 0, 1, 12);
const NOW_SECONDS = NOW_MS / 1_000;
const nothing = {
  limit: undefined,
  windowMs: undefined,
  remaining: undefined,
  resetMs: undefined,
  retryAfterMs: undefined,
};

describe('readRateHeaders', () => {
  test.each([
    ['none', {}, {}],
    [
      'as documented',
      { 'ratelimit-limit': '1000, 1000;window=60', 'ratelimit-remaining': '999', 'ratelimit-reset': '59' },
      { limit: 1_000, windowMs: 60_000, remaining: 999, resetMs: 59_000 },
    ],
    [
      'X- spelling with a time of reset',
      {
        'x-ratelimit-limit': '100',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(NOW_SECONDS + 30),
      },
      { limit: 100, remaining: 0, resetMs: 30_000 },
    ],
    [
      'the plain spelling first, each header by itself',
      { 'ratelimit-remaining': '5', 'x-ratelimit-remaining': '6', 'x-ratelimit-limit': '7' },
      { limit: 7, remaining: 5 },
    ],
    [
      'a window as the draft standard names it',
      { 'ratelimit-limit': '100;w=30' },
      { limit: 100, windowMs: 30_000 },
    ],
    ['a quoted window', { 'ratelimit-limit': '100, 100;window="10"' }, { limit: 100, windowMs: 10_000 }],
    ['the first of repeated headers', { 'ratelimit-remaining': ['3', '9'] }, { remaining: 3 }],
    ['a reset of 0', { 'ratelimit-reset': '0' }, { resetMs: 0 }],
    ['a fraction of a second', { 'ratelimit-reset': '0.25' }, { resetMs: 250 }],
    ['a reset in the past', { 'ratelimit-reset': String(NOW_SECONDS - 5) }, { resetMs: 0 }],
    ['a reset in a year', { 'ratelimit-reset': '31536000' }, { resetMs: 60_000 }],
    [
      'a reset in a year of a limit with a window',
      { 'ratelimit-limit': '5, 5;window=120', 'ratelimit-reset': '31536000' },
      { limit: 5, windowMs: 120_000, resetMs: 120_000 },
    ],
    [
      'a time of reset in milliseconds',
      { 'x-ratelimit-reset': String((NOW_SECONDS + 30) * 1e3) },
      { resetMs: 30_000 },
    ],
    [
      'a time of reset in microseconds',
      { 'x-ratelimit-reset': String((NOW_SECONDS + 30) * 1e6) },
      { resetMs: 30_000 },
    ],
    [
      'a time of reset in nanoseconds',
      { 'x-ratelimit-reset': String((NOW_SECONDS + 30) * 1e9) },
      { resetMs: 30_000 },
    ],
    [
      'a time of reset by a clock that is an hour ahead',
      { 'ratelimit-reset': String(NOW_MS + 3_600_000) },
      { resetMs: 60_000 },
    ],
    ['Retry-After as an epoch time', { 'retry-after': String(NOW_SECONDS + 7) }, { retryAfterMs: 7_000 }],
    [
      'Retry-After as an epoch time in milliseconds',
      { 'retry-after': String(NOW_MS + 7_000) },
      { retryAfterMs: 7_000 },
    ],
    [
      "a time of reset on the server's clock",
      { 'ratelimit-reset': String(NOW_SECONDS + 3_630), date: new Date(NOW_MS + 3_600_000).toUTCString() },
      { resetMs: 30_000 },
    ],
    ['Retry-After in seconds', { 'retry-after': '7' }, { retryAfterMs: 7_000 }],
    [
      'Retry-After as a date',
      { 'retry-after': new Date(NOW_MS + 9_000).toUTCString() },
      { retryAfterMs: 9_000 },
    ],
    ['a negative count', { 'ratelimit-remaining': '-1' }, {}],
    ['no number', { 'ratelimit-remaining': 'NaN', 'ratelimit-limit': 'many', 'ratelimit-reset': 'soon' }, {}],
    ['infinity', { 'ratelimit-remaining': 'Infinity', 'ratelimit-reset': '1e400' }, {}],
    ['a limit of 0', { 'ratelimit-limit': '0' }, {}],
    ['a monstrous limit', { 'ratelimit-limit': '9'.repeat(400) }, {}],
    ['empty texts', { 'ratelimit-limit': '', 'ratelimit-remaining': '', 'ratelimit-reset': '' }, {}],
  ])('%s', (_name, headers, expected) => {
    expect(readRateHeaders(headers, NOW_MS)).toEqual({ ...nothing, ...expected });
  });

  test('whatever the headers hold, a number is finite, not negative, and a wait is bounded', () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer().map(String),
      fc.double().map(String),
      fc.date({ noInvalidDate: true }).map((d) => d.toUTCString()),
    );
    const headers = fc.record({
      'ratelimit-limit': value,
      'ratelimit-remaining': value,
      'x-ratelimit-reset': value,
      'retry-after': value,
      date: value,
    });
    fc.assert(
      fc.property(headers, (given) => {
        const read = readRateHeaders(given, NOW_MS);
        for (const number of Object.values(read)) {
          if (number !== undefined) expect(number >= 0 && Number.isFinite(number)).toBe(true);
        }
        expect(read.resetMs ?? 0).toBeLessThanOrEqual(600_000);
        expect(read.retryAfterMs ?? 0).toBeLessThanOrEqual(600_000);
      }),
    );
  });
});

describe('retryAfterMs', () => {
  test.each([
    [undefined, undefined],
    ['0', 0],
    ['120', 120_000],
    ['86400', 600_000],
    ['-5', undefined],
    ['soon', undefined],
    ['', undefined],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['Fri, 01 Jan 2027 00:00:00 GMT', 600_000],
  ])('%j is %j ms', (header, expected) => {
    expect(retryAfterMs(header === undefined ? {} : { 'retry-after': header }, NOW_MS)).toBe(expected);
  });
});
