import type { AnswerHeaders } from '../http/exchange.ts';
import {
  DEFAULT_WINDOW_MS,
  EPOCH_MICROSECONDS,
  EPOCH_MILLISECONDS,
  EPOCH_NANOSECONDS,
  EPOCH_SECONDS,
  MAX_HEADER_WAIT_MS,
  MAX_LIMIT_UNITS,
  MAX_WINDOW_MS,
} from './policy.ts';

/** What an answer's headers say about the rate limit; `undefined` where a header is missing or makes no sense. */
export interface RateHeaders {
  /** Units in a window. */
  readonly limit: number | undefined;
  readonly windowMs: number | undefined;
  /** Units left once the answered request is paid for. */
  readonly remaining: number | undefined;
  /** Milliseconds until some or all units come back. */
  readonly resetMs: number | undefined;
  readonly retryAfterMs: number | undefined;
}

/**
 * Reads `RateLimit-*`, and where one is missing `X-RateLimit-*`, in any case. `RateLimit-Limit` is no plain number:
 * `1000, 1000;window=60` (vitally-api.md, "Rate limits"). `Retry-After` isn't documented there.
 *
 * @param nowMs - the time in milliseconds since the epoch, for where the answer has no `Date`.
 */
export function readRateHeaders(headers: AnswerHeaders, nowMs: number): RateHeaders {
  const value = (name: string): string | undefined =>
    single(headers[`ratelimit-${name}`]) ?? single(headers[`x-ratelimit-${name}`]);
  const limitText = value('limit');
  const serverMs = serverNowMs(headers, nowMs);
  const window = windowMs(limitText);
  return {
    limit: count(limitText?.split(/[,;]/)[0], 1, MAX_LIMIT_UNITS),
    windowMs: window,
    remaining: count(value('remaining'), 0, MAX_LIMIT_UNITS),
    resetMs: resetMs(value('reset'), serverMs, window ?? DEFAULT_WINDOW_MS),
    retryAfterMs: retryAfterMs(headers, nowMs),
  };
}

/** Milliseconds that `Retry-After` (seconds or HTTP date) asks for, bounded; `undefined` if it makes no sense. */
export function retryAfterMs(headers: AnswerHeaders, nowMs: number): number | undefined {
  const text = single(headers['retry-after']);
  if (text === undefined) return undefined;
  const seconds = count(text, 0, Number.MAX_SAFE_INTEGER);
  if (seconds !== undefined)
    return bounded(delayMs(seconds, serverNowMs(headers, nowMs)), MAX_HEADER_WAIT_MS);
  // `Date.parse` takes nearly anything for a date, `-5` too; an HTTP date names its month.
  const dateMs = /[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(dateMs) ? undefined : bounded(dateMs - serverNowMs(headers, nowMs), MAX_HEADER_WAIT_MS);
}

/** The time by the answer's own `Date`, because the times in its headers are on that clock. */
function serverNowMs(headers: AnswerHeaders, nowMs: number): number {
  const dateMs = Date.parse(single(headers.date) ?? '');
  return Number.isNaN(dateMs) ? nowMs : dateMs;
}

/** A limit is reset within its window, so a later reset was written in another unit or by another clock. */
function resetMs(text: string | undefined, nowMs: number, window: number): number | undefined {
  const reset = count(text, 0, Number.MAX_VALUE);
  return reset === undefined ? undefined : bounded(delayMs(reset, nowMs), window);
}

/** Milliseconds from now. By its size the number is a delay in seconds or a time since the epoch. */
function delayMs(value: number, nowMs: number): number {
  if (value > EPOCH_NANOSECONDS) return value / 1e6 - nowMs;
  if (value > EPOCH_MICROSECONDS) return value / 1e3 - nowMs;
  if (value > EPOCH_MILLISECONDS) return value - nowMs;
  return value > EPOCH_SECONDS ? value * 1_000 - nowMs : value * 1_000;
}

function windowMs(limitText: string | undefined): number | undefined {
  const seconds = count(
    /;\s*w(?:indow)?\s*=\s*"?(\d+)/i.exec(limitText ?? '')?.[1],
    1,
    MAX_WINDOW_MS / 1_000,
  );
  return seconds === undefined ? undefined : seconds * 1_000;
}

function bounded(ms: number, mostMs: number): number {
  return Math.min(Math.max(ms, 0), mostMs);
}

/** A number within bounds, written in digits alone: `-1`, `NaN`, `1e9` and `∞` are none. */
function count(text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined || !/^\s*\d+(?:\.\d+)?\s*$/.test(text)) return undefined;
  const number = Number(text);
  return number >= min && number <= max ? number : undefined;
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
