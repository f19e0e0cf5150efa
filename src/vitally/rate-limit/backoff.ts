import { JITTER_SHARE, MAX_DOUBLED_PAUSE_MS, MIN_PAUSE_MS } from './policy.ts';

/** Pauses everything after a 429. Several requests on the wire that get one together are one episode. */
export class Backoff {
  #untilMs = 0;
  #episodeAtMs = Number.NEGATIVE_INFINITY;
  #streak = 0;

  get untilMs(): number {
    return this.#untilMs;
  }

  /** Episodes since the last request that got through. */
  get streak(): number {
    return this.#streak;
  }

  /**
   * A request was answered 429.
   *
   * @param askedMs - what the answer's headers ask for.
   * @returns whether an episode begins.
   */
  refused(sentAtMs: number, nowMs: number, askedMs: number, random: number): boolean {
    const begins = sentAtMs >= this.#episodeAtMs;
    if (begins) {
      this.#streak++;
      this.#episodeAtMs = nowMs;
    }
    const doubledMs = Math.min(MAX_DOUBLED_PAUSE_MS, MIN_PAUSE_MS * 2 ** (this.#streak - 1));
    const pauseMs = Math.max(askedMs, doubledMs) * (1 + JITTER_SHARE * random);
    this.#untilMs = Math.max(this.#untilMs, nowMs + pauseMs);
    return begins;
  }

  /** A request got through. One that was sent before the pause proves nothing. */
  passed(sentAtMs: number): void {
    if (sentAtMs >= this.#episodeAtMs) this.#streak = 0;
  }
}
