import { UNSPACED_SHARE, WINDOW_MS } from './policy.ts';

/**
 * Keeps the requests of any 60 s below a ceiling. The first half of a window's requests go as they come; the others are
 * spread over the time until the window frees, so that a long run uses the whole ceiling without a long pause.
 */
export class RequestWindow {
  readonly #timesMs: Float64Array;
  readonly #configured: number;
  #ceiling: number;
  #first = 0;
  #count = 0;
  #expired = 0;

  /** @param requestsPerMinute - the ceiling, at least 1. */
  constructor(requestsPerMinute: number) {
    this.#configured = Math.max(1, Math.floor(requestsPerMinute));
    this.#ceiling = this.#configured;
    this.#timesMs = new Float64Array(this.#configured);
  }

  /** The ceiling in force. */
  get ceiling(): number {
    return this.#ceiling;
  }

  /** Lowers the ceiling, or raises it again up to the configured one. */
  set ceiling(requestsPerMinute: number) {
    this.#ceiling = Math.min(this.#configured, Math.max(1, Math.floor(requestsPerMinute)));
  }

  /** Requests that have left the window so far. */
  get expired(): number {
    return this.#expired;
  }

  /** Requests sent within the minute before `nowMs`. */
  countAt(nowMs: number): number {
    while (this.#count > 0 && this.#oldestMs() + WINDOW_MS <= nowMs) {
      this.#first = (this.#first + 1) % this.#timesMs.length;
      this.#count--;
      this.#expired++;
    }
    return this.#count;
  }

  /** When the next request may be sent: now or later. */
  readyAtMs(nowMs: number): number {
    const count = this.countAt(nowMs);
    if (count < this.#ceiling * UNSPACED_SHARE) return nowMs;
    const freesAtMs = this.#at(Math.max(0, count - this.#ceiling)) + WINDOW_MS;
    if (count >= this.#ceiling) return freesAtMs;
    const lastMs = this.#at(count - 1);
    const slots = this.#ceiling - count;
    return Math.max(nowMs, lastMs + (freesAtMs - lastMs) / (slots + 1));
  }

  /** Takes note of a request. Call it only once {@link readyAtMs} has come. */
  sent(nowMs: number): void {
    this.countAt(nowMs);
    this.#timesMs[(this.#first + this.#count) % this.#timesMs.length] = nowMs;
    this.#count++;
  }

  #oldestMs(): number {
    return this.#at(0);
  }

  #at(index: number): number {
    return this.#timesMs[(this.#first + index) % this.#timesMs.length] ?? 0;
  }
}
