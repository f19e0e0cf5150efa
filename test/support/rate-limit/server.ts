import type { AnswerHeaders } from '../../../src/vitally/http/exchange.ts';

export const WINDOW_MS = 60_000;

export type Method = 'token-bucket' | 'sliding-window' | 'fixed-window';

/** A server's rate limit, counted in units within 60 s. */
export interface Limit {
  readonly method: Method;
  readonly limit: number;
  readonly readCost?: number;
  readonly writeCost?: number;
  /** Units that a token bucket holds at most; `limit` where left out. */
  readonly capacity?: number;
  /** What the bucket's reset is about: one unit or the whole bucket. */
  readonly reset?: 'one' | 'full';
  readonly headers?: 'ratelimit' | 'x-epoch' | 'none' | 'retry-after' | 'constant';
  /** How far into its window a fixed window is when the first request may come. */
  readonly phaseMs?: number;
}

export interface Verdict {
  readonly ok: boolean;
  readonly left: number;
  readonly resetMs: number;
}

/** Counts units by one of the three methods. */
export interface Counter {
  /** Takes units if they are there, and says what is left and when some come back. */
  take(units: number, nowMs: number): Verdict;
  /** The earliest time at which so many units are there, if nobody else takes any. */
  readyAtMs(units: number, nowMs: number): number;
}

export function counterOf(limit: Limit): Counter {
  if (limit.method === 'token-bucket') return tokenBucket(limit);
  return limit.method === 'sliding-window' ? slidingWindow(limit) : fixedWindow(limit);
}

function tokenBucket({ limit, capacity = limit, reset = 'one' }: Limit): Counter {
  const rate = limit / WINDOW_MS;
  let tokens = capacity;
  let atMs = 0;
  const refill = (nowMs: number): void => {
    tokens = Math.min(capacity, tokens + (nowMs - atMs) * rate);
    atMs = nowMs;
  };
  return {
    take(units, nowMs) {
      refill(nowMs);
      // A refill that is late by a rounding of floating-point numbers is none.
      const ok = tokens + 1e-6 >= units;
      if (ok) tokens -= units;
      const resetMs = reset === 'full' ? (capacity - tokens) / rate : tokens >= capacity ? 0 : 1 / rate;
      return { ok, left: Math.max(0, Math.floor(tokens + 1e-6)), resetMs };
    },
    readyAtMs(units, nowMs) {
      refill(nowMs);
      return nowMs + Math.max(0, units - tokens) / rate;
    },
  };
}

function slidingWindow({ limit }: Limit): Counter {
  const spent: { readonly units: number; readonly atMs: number }[] = [];
  let used = 0;
  const expire = (nowMs: number): void => {
    for (let oldest = spent[0]; oldest !== undefined && oldest.atMs <= nowMs - WINDOW_MS; oldest = spent[0]) {
      used -= oldest.units;
      spent.shift();
    }
  };
  return {
    take(units, nowMs) {
      expire(nowMs);
      const ok = used + units <= limit;
      if (ok) {
        used += units;
        spent.push({ units, atMs: nowMs });
      }
      return { ok, left: limit - used, resetMs: (spent[0]?.atMs ?? nowMs) + WINDOW_MS - nowMs };
    },
    readyAtMs(units, nowMs) {
      expire(nowMs);
      let free = limit - used;
      for (const { units: back, atMs } of spent) {
        if (free >= units) break;
        free += back;
        if (free >= units) return atMs + WINDOW_MS;
      }
      return nowMs;
    },
  };
}

function fixedWindow({ limit, phaseMs = 0 }: Limit): Counter {
  let windowAtMs = -phaseMs;
  let used = 0;
  const turn = (nowMs: number): void => {
    if (nowMs < windowAtMs + WINDOW_MS) return;
    windowAtMs += WINDOW_MS * Math.floor((nowMs - windowAtMs) / WINDOW_MS);
    used = 0;
  };
  return {
    take(units, nowMs) {
      turn(nowMs);
      const ok = used + units <= limit;
      if (ok) used += units;
      return { ok, left: limit - used, resetMs: windowAtMs + WINDOW_MS - nowMs };
    },
    readyAtMs(units, nowMs) {
      turn(nowMs);
      return used + units <= limit ? nowMs : windowAtMs + WINDOW_MS;
    },
  };
}

/**
 * Units that the server could give out from 0 to `endMs`: a window that opened counts whole, however late.
 */
export function availableUnits(
  { method, limit, capacity = limit, phaseMs = 0 }: Limit,
  endMs: number,
): number {
  if (method === 'token-bucket') return (limit * endMs) / WINDOW_MS + capacity;
  return limit * Math.ceil((endMs + (method === 'fixed-window' ? phaseMs : 0)) / WINDOW_MS);
}

/** Headers of an answer; whole seconds are rounded up. `nowMs` is the time since the epoch. */
export function headersOf({ headers, limit }: Limit, verdict: Verdict, nowMs: number): AnswerHeaders {
  const { ok, left, resetMs } = verdict;
  switch (headers) {
    case 'none':
      return {};
    case 'retry-after':
      return ok ? {} : { 'retry-after': String(Math.ceil(resetMs / 1_000)) };
    case 'constant':
      return {
        'ratelimit-limit': String(limit),
        'ratelimit-remaining': String(limit - 1),
        'ratelimit-reset': '1',
      };
    case 'x-epoch':
      return {
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(left),
        'x-ratelimit-reset': String(Math.ceil((nowMs + resetMs) / 1_000)),
        date: new Date(nowMs).toUTCString(),
      };
    default:
      return {
        'ratelimit-limit': `${limit}, ${limit};window=60`,
        'ratelimit-remaining': String(left),
        'ratelimit-reset': String(Math.ceil(resetMs / 1_000)),
      };
  }
}
