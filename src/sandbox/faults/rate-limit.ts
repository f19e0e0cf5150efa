/** The decision of a rate limit about one request. */
export interface RateVerdict {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Milliseconds until the reset, as this kind of limit understands it. */
  readonly resetMs: number;
}

/** The rate limit of one API key. */
export interface RateLimit {
  readonly perMinute: number;
  /** Spends units; a refused request costs none, and a cost of 0 only looks. */
  take(cost: number, nowMs: number): RateVerdict;
}

const WINDOW_MS = 60_000;

/** A token bucket: refilled all the time, its reset is the time to one more unit (vitally-api.md, "Rate limits"). */
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

/** A sliding window of 60 s; the reset is when its oldest request leaves it (vitally-api.md, "Rate limits"). */
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
    if (allowed && cost > 0) {
      this.#taken.push({ atMs: nowMs, cost });
      this.#used += cost;
    }
    const oldestMs = this.#taken[0]?.atMs ?? nowMs;
    return { allowed, remaining: this.perMinute - this.#used, resetMs: oldestMs + WINDOW_MS - nowMs };
  }
}

/** A fixed window: each minute of the clock counts anew, and the reset is its end. */
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
