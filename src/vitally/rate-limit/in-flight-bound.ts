import {
  BOUND_ANSWERS,
  FEW_IN_FLIGHT,
  IN_FLIGHT_MARGIN,
  LATENCY_ANSWERS,
  LATENCY_GROUPS,
  SLOW_START_ANSWERS,
} from './policy.ts';

/** An answer that shows how long one takes at present. */
export interface TimedAnswer {
  readonly latencyMs: number;
  /** Requests that the limit allows in a millisecond. */
  readonly ratePerMs: number;
}

/**
 * How many requests may be in flight at once. By Little's law, rate times latency of them are in flight where requests
 * go at the pace of the limit: fewer would make latency the limit. The bound follows that number slowly, and never lies
 * below {@link FEW_IN_FLIGHT} once the start is over, so that a short run is not spaced before the limit asks for it.
 * Pure: every time is passed in.
 */
export class InFlightBound {
  readonly #few: number;
  readonly #most: number;
  #bound = 1;
  #answers = 0;
  #sinceStep = 0;
  /** Latencies of the answers that have not made a group yet. */
  readonly #sum = { latencyMs: 0, answers: 0 };
  /** Mean latencies of the latest groups, the oldest first. */
  #meansMs: readonly number[] = [];
  #shrunkAtMs = Number.NEGATIVE_INFINITY;

  /** @param most - requests in flight at the most, however long answers take */
  constructor(most: number) {
    this.#most = most;
    this.#few = Math.min(FEW_IN_FLIGHT, most);
  }

  get current(): number {
    return this.#bound;
  }

  /** The start is slow again: another client may have used up what was left. */
  restart(): void {
    this.#bound = 1;
  }

  /** An answer came that is neither a 429 nor a failure of the server. */
  passed({ latencyMs, ratePerMs }: TimedAnswer): void {
    this.#answers++;
    this.#time(latencyMs);
    if (this.#answers < SLOW_START_ANSWERS) return;
    if (this.#bound < this.#few) this.#bound = Math.min(this.#few, this.#bound * 2);
    else this.#follow(this.#wanted(ratePerMs));
  }

  /**
   * No answer came, or the server failed: it may have too much to do. Requests that were in flight together and all fail
   * halve the bound once.
   */
  failed(sentAtMs: number, nowMs: number): void {
    if (sentAtMs < this.#shrunkAtMs || this.#bound <= this.#few) return;
    this.#shrunkAtMs = nowMs;
    this.#bound = Math.max(this.#few, Math.floor(this.#bound / 2));
    this.#sinceStep = 0;
  }

  #wanted(ratePerMs: number): number {
    if (this.#meansMs.length === 0) return this.#few;
    // The lowest mean: a few answers that took very long, or that had to queue, say nothing about the others.
    const latencyMs = Math.min(...this.#meansMs);
    const wanted = Math.ceil(ratePerMs * latencyMs * IN_FLIGHT_MARGIN);
    return Math.min(this.#most, Math.max(this.#few, wanted));
  }

  /** One step every few answers. */
  #follow(wanted: number): void {
    this.#sinceStep++;
    if (this.#sinceStep < BOUND_ANSWERS) return;
    this.#sinceStep = 0;
    this.#bound += Math.sign(wanted - this.#bound);
  }

  #time(latencyMs: number): void {
    this.#sum.latencyMs += latencyMs;
    this.#sum.answers++;
    if (this.#sum.answers < LATENCY_ANSWERS) return;
    this.#meansMs = [...this.#meansMs, this.#sum.latencyMs / LATENCY_ANSWERS].slice(-LATENCY_GROUPS);
    this.#sum.latencyMs = 0;
    this.#sum.answers = 0;
  }
}
