import { retryAfterMs } from '../../rate-limit/headers.ts';
import type { Answered, Exchange } from '../exchange.ts';

/** First backoff's upper bound; each further one's is twice as high. */
export const BACKOFF_BASE_MS = 500;
export const BACKOFF_CAP_MS = 30_000;
/** Bounds the attempts of one request beside their time. */
export const MAX_ATTEMPTS = 40;
/** Longest that one request is tried for, its last attempt's time-out included; waits for the rate limit don't count. */
export const GIVE_UP_AFTER_MS = 5 * 60_000;
/** So many times as long a request may get nothing but 429, which says that Vitally is there. */
export const THROTTLED_PATIENCE = 6;

/** What follows an attempt. */
export type Verdict =
  /** The answer stands, whatever it says. */
  | { readonly kind: 'done'; readonly answer: Answered }
  /** Another attempt, `afterMs` milliseconds from now. */
  | { readonly kind: 'again'; readonly afterMs: number }
  /** Another attempt when the rate limit allows; not counted as one. */
  | { readonly kind: 'throttled' }
  | { readonly kind: 'give_up' };

/** How far they may go. */
export interface Bounds {
  /** No attempt starts once the request has been tried for this long. */
  readonly retryForMs: number;
  /** Nor once it has got nothing but 429 for this long. */
  readonly throttledForMs: number;
}

/**
 * The bounds of a request that is to end within a time, apart from waits for the rate limit: its last attempt must
 * be able to run into its time-out.
 */
export function boundsOf(giveUpAfterMs: number, requestTimeoutMs: number): Bounds {
  return {
    retryForMs: Math.max(0, giveUpAfterMs - requestTimeoutMs),
    throttledForMs: giveUpAfterMs * THROTTLED_PATIENCE,
  };
}

/** How far the tries of one request have gone. */
export interface Tries {
  /** Attempts made so far, the judged one included, those answered 429 excluded. */
  readonly made: number;
  /** Milliseconds spent on them and between them. */
  readonly triedForMs: number;
  /** Milliseconds since the first of the 429s that came one after the other. */
  readonly throttledForMs: number;
}

/**
 * Decides what follows an attempt: exponential backoff with full jitter for what time may mend (5xx, 408, 425,
 * redirects, lost connections, time-outs, unusable bodies), bounded in number and time.
 *
 * @param random - a number in [0, 1): the jitter.
 * @param nowMs - the time, for a `Retry-After` that is a date.
 */
export function judge(
  result: Exchange,
  tries: Tries,
  bounds: Bounds,
  random: number,
  nowMs: number,
): Verdict {
  if (result.kind === 'answered') {
    if (result.status === 429)
      return { kind: tries.throttledForMs < bounds.throttledForMs ? 'throttled' : 'give_up' };
    if (!isPassing(result.status)) return { kind: 'done', answer: result };
  }
  const leftMs = bounds.retryForMs - tries.triedForMs;
  if (tries.made >= MAX_ATTEMPTS || leftMs <= 0) return { kind: 'give_up' };
  const capMs = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** (tries.made - 1));
  const askedMs = retryAfterMs(result.headers, nowMs) ?? 0;
  return { kind: 'again', afterMs: Math.min(Math.max(random * capMs, askedMs), leftMs) };
}

/** Statuses that say "not now" rather than "no"; a redirect is a maintenance page. */
function isPassing(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || (status >= 300 && status < 400);
}
