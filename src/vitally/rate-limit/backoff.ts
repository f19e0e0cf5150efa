import { JITTER_SHARE, MAX_DOUBLED_PAUSE_MS, MIN_PAUSE_MS } from './policy.ts';

/**
 * Pauses all requests after a 429. Requests that are on the wire together and are all refused make one backoff, not
 * several.
 */
export class Backoff {
  #untilMs = 0;
  #beganAtMs = Number.NEGATIVE_INFINITY;
  #streak = 0;

  get untilMs(): number {
    return this.#untilMs;
  }

  /** Backoffs since the last request that got through. */
  get streak(): number {
    return this.#streak;
  }

  /**
   * A request was answered 429.
   *
   * @param askedMs the pause that the answer's headers ask for
   * @returns whether a new backoff begins
   */
  refused(sentAtMs: number, nowMs: number, askedMs: number, random: number): boolean {
    const begins = sentAtMs >= this.#beganAtMs;
    if (begins) {
      this.#streak++;
      this.#beganAtMs = nowMs;
    }
    const doubledMs = Math.min(MAX_DOUBLED_PAUSE_MS, MIN_PAUSE_MS * 2 ** (this.#streak - 1));
    const pauseMs = Math.max(askedMs, doubledMs) * (1 + JITTER_SHARE * random);
    this.#untilMs = Math.max(this.#untilMs, nowMs + pauseMs);
    return begins;
  }

  /** A request got through. One that was sent before the backoff began proves nothing. */
  passed(sentAtMs: number): void {
    if (sentAtMs >= this.#beganAtMs) this.#streak = 0;
  }
}
