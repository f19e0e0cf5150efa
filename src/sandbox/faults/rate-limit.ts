/** What a rate limit says of one request. */
export interface RateVerdict {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Until the limit gives way again, by its own reading of that. */
  readonly resetMs: number;
}

/** The rate limit of one API key. */
export interface RateLimit {
  readonly perMinute: number;
  /** A refused request costs nothing. */
  take(cost: number, nowMs: number): RateVerdict;
}

const WINDOW_MS = 60_000;

/** Refilled all the time; the reset is the time to one more unit (vitally-api.md, "Rate limits"). */
export class TokenBucket implements RateLimit {
  readonly perMinute: number;
  #tokens: number;
  #filledAtMs: number;

  constructor(perMinute: number, nowMs: number) {
    this.perMinute = perMinute;
    this.#tokens = perMinute;
    this.#filledAtMs = nowMs;
  }

  take(cost: number, nowMs: number): RateVerdict {
    const refill = (Math.max(0, nowMs - this.#filledAtMs) * this.perMinute) / WINDOW_MS;
    this.#tokens = Math.min(this.perMinute, this.#tokens + refill);
    this.#filledAtMs = nowMs;
    const allowed = this.#tokens >= cost;
    if (allowed) this.#tokens -= cost;
    const missing = 1 - (this.#tokens % 1);
    return { allowed, remaining: Math.floor(this.#tokens), resetMs: (missing * WINDOW_MS) / this.perMinute };
  }
}

/** Counts the last 60 seconds; the reset is when the oldest request leaves them (vitally-api.md, "Rate limits"). */
export class SlidingWindow implements RateLimit {
  readonly perMinute: number;
  readonly #taken: { readonly atMs: number; readonly cost: number }[] = [];
  #used = 0;

  constructor(perMinute: number) {
    this.perMinute = perMinute;
  }

  take(cost: number, nowMs: number): RateVerdict {
    const gone = this.#taken.findIndex(({ atMs }) => atMs > nowMs - WINDOW_MS);
    for (const { cost: old } of this.#taken.splice(0, gone < 0 ? this.#taken.length : gone))
      this.#used -= old;
    const allowed = this.#used + cost <= this.perMinute;
    if (allowed) {
      this.#taken.push({ atMs: nowMs, cost });
      this.#used += cost;
    }
    const oldestMs = this.#taken[0]?.atMs ?? nowMs;
    return { allowed, remaining: this.perMinute - this.#used, resetMs: oldestMs + WINDOW_MS - nowMs };
  }
}

/** Counts each full minute of the clock anew; the reset is when it ends. */
export class FixedWindow implements RateLimit {
  readonly perMinute: number;
  #window = Number.NaN;
  #used = 0;

  constructor(perMinute: number) {
    this.perMinute = perMinute;
  }

  take(cost: number, nowMs: number): RateVerdict {
    const window = Math.floor(nowMs / WINDOW_MS);
    if (window !== this.#window) this.#used = 0;
    this.#window = window;
    const allowed = this.#used + cost <= this.perMinute;
    if (allowed) this.#used += cost;
    return { allowed, remaining: this.perMinute - this.#used, resetMs: (window + 1) * WINDOW_MS - nowMs };
  }
}
