import { retryAfterMs } from '../../rate-limit/headers.ts';
import type { Answered, Exchange } from '../exchange.ts';

/** First backoff's upper bound; each further one's is twice as high. */
export const BACKOFF_BASE_MS = 500;
export const BACKOFF_CAP_MS = 30_000;
/** The most attempts of one request, however short they were. */
export const MAX_ATTEMPTS = 40;
/** Time for all attempts of one request, the time-out of the last included; waits for the rate limit don't count. */
export const GIVE_UP_AFTER_MS = 5 * 60_000;
/** A request that gets only 429 is tried for so many times as long, because a 429 shows that Vitally is there. */
export const THROTTLED_PATIENCE = 6;

/** What follows an attempt. */
export type Verdict =
  /** The answer is final, whatever it says. */
  | { readonly kind: 'done'; readonly answer: Answered }
  /** Another attempt, `afterMs` milliseconds from now. */
  | { readonly kind: 'again'; readonly afterMs: number }
  /** Another attempt once the rate limit allows it; the one that was answered 429 doesn't count. */
  | { readonly kind: 'throttled' }
  | { readonly kind: 'give_up' };

/** When the attempts of one request end. */
export interface Bounds {
  /** No attempt starts once the request has been tried for this long. */
  readonly retryForMs: number;
  /** No attempt starts once every answer has been 429 for this long. */
  readonly throttledForMs: number;
}

/**
 * The bounds of a request that must end within a time, waits for the rate limit apart. The last attempt may run into
 * its time-out, so it must start early enough.
 */
export function boundsOf(giveUpAfterMs: number, requestTimeoutMs: number): Bounds {
  return {
    retryForMs: Math.max(0, giveUpAfterMs - requestTimeoutMs),
    throttledForMs: giveUpAfterMs * THROTTLED_PATIENCE,
  };
}

/** The attempts of one request so far. */
export interface AttemptCounts {
  /** Attempts made, with the judged one and without those answered 429. */
  readonly made: number;
  /** Milliseconds spent on them and between them. */
  readonly triedForMs: number;
  /** Milliseconds since the first of the 429s that came one after the other. */
  readonly throttledForMs: number;
}

/**
 * Decides what follows an attempt. What time may mend (5xx, 408, 425, redirects, lost connections, time-outs, unusable
 * bodies) is tried again after an exponential backoff with full jitter, within bounds of number and time.
 *
 * @param random - a number in [0, 1): the jitter.
 * @param nowMs - the time, for a `Retry-After` that is a date.
 */
export function judge(
  result: Exchange,
  attempts: AttemptCounts,
  bounds: Bounds,
  random: number,
  nowMs: number,
): Verdict {
  if (result.kind === 'answered') {
    if (result.status === 429)
      return { kind: attempts.throttledForMs < bounds.throttledForMs ? 'throttled' : 'give_up' };
    if (!isPassing(result.status)) return { kind: 'done', answer: result };
  }
  const leftMs = bounds.retryForMs - attempts.triedForMs;
  if (attempts.made >= MAX_ATTEMPTS || leftMs <= 0) return { kind: 'give_up' };
  const capMs = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** (attempts.made - 1));
  const askedMs = retryAfterMs(result.headers, nowMs) ?? 0;
  return { kind: 'again', afterMs: Math.min(Math.max(random * capMs, askedMs), leftMs) };
}

/** Statuses that say "not now" rather than "no"; a redirect is a maintenance page. */
function isPassing(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || (status >= 300 && status < 400);
}
