import type { RateHeaders } from './headers.ts';
import {
  DEFAULT_WINDOW_MS,
  LOW_OF_MOST_LEFT,
  LOW_SHARE,
  MARGIN_STEP_UNITS,
  MAX_HEADER_WAIT_MS,
  MAX_MARGIN_UNITS,
  MIN_RESET_MS,
  RESET_SLACK_MS,
} from './policy.ts';

/** A request on the wire and the units it may take. */
export interface Spending {
  readonly units: number;
  readonly sentAtMs: number;
  /** The units left, as far as known, when it was sent, and the time of the next refill. */
  readonly leftBefore: number | undefined;
  readonly resetAtMs: number;
  /** Units of the requests on the wire at the same time. */
  overlappingUnits: number;
  /** Lowest `Remaining` among the answers that came while it was on the wire. */
  lowestMeanwhile: number;
}

/** Whether the units left cover a request. */
export type Cover =
  | { readonly kind: 'covered'; readonly atMs: number }
  /** No answer is awaited that could tell more: one request may try at this time. */
  | { readonly kind: 'probe'; readonly atMs: number }
  /** Wait for the answer to a request on the wire: it will tell. */
  | { readonly kind: 'await_answer' };

/**
 * The units left of the server's limit: what the latest answer said in `Remaining`, less what requests on the wire may
 * still take. The server may count by token bucket, sliding window or fixed window, and nothing tells which. When no
 * unit is left, one request tries at the time at which it can succeed under all three methods.
 */
export class Quota {
  readonly #onWire = new Set<Spending>();
  #onWireUnits = 0;
  #left: number | undefined;
  #leftSentAtMs = 0;
  #leftAnsweredAtMs = 0;
  #limit: number | undefined;
  #mostLeft = 0;
  #windowMs = DEFAULT_WINDOW_MS;
  #resetAtMs = 0;
  #refillsBeforeReset = false;
  #lastSentAtMs = Number.NEGATIVE_INFINITY;
  #lastUnits = 0;
  #marginUnits = 0;

  /** Units that come back in a millisecond on the average; 0 where the limit isn't known. */
  get refillPerMs(): number {
    return (this.#limit ?? 0) / this.#windowMs;
  }

  /** Units that may be spent now; `undefined` before an answer told. */
  get spendable(): number | undefined {
    return this.#left === undefined ? undefined : this.#left - this.#onWireUnits;
  }

  /** The server gave units back before the reset that it had named: so the reset means that of the whole limit. */
  get refillsBeforeReset(): boolean {
    return this.#refillsBeforeReset;
  }

  /** Requests are refused again and again: the refill before the reset is not enough. */
  forgetRefill(): void {
    this.#refillsBeforeReset = false;
  }

  /** Another client used up what seemed to be left: keep a wider margin. */
  widenLow(): void {
    this.#marginUnits = Math.min(MAX_MARGIN_UNITS, this.#low + MARGIN_STEP_UNITS);
  }

  /** Whether so few units are left that another client may use them up at any moment. */
  isLow(units: number): boolean {
    return units < this.#low;
  }

  get #low(): number {
    return Math.max(
      Math.min(LOW_SHARE * (this.#limit ?? 0), LOW_OF_MOST_LEFT * this.#mostLeft),
      this.#marginUnits,
      2 * this.#onWireUnits,
      2 * this.#lastUnits,
    );
  }

  /** Whether and when a request of so many units is covered. */
  cover(units: number, nowMs: number): Cover {
    const spendable = this.spendable;
    if (spendable === undefined) return { kind: 'covered', atMs: nowMs };
    if (spendable >= units)
      return { kind: 'covered', atMs: Math.max(nowMs, this.#pacedAtMs(spendable, nowMs)) };
    if (this.#onWire.size > 0) return { kind: 'await_answer' };
    return { kind: 'probe', atMs: Math.max(nowMs, this.#refilledAtMs(units)) };
  }

  sent(units: number, nowMs: number): Spending {
    const spending: Spending = {
      units,
      sentAtMs: nowMs,
      leftBefore: this.#left,
      resetAtMs: this.#resetAtMs,
      overlappingUnits: this.#onWireUnits,
      lowestMeanwhile: Number.POSITIVE_INFINITY,
    };
    for (const other of this.#onWire) other.overlappingUnits += units;
    this.#onWire.add(spending);
    this.#onWireUnits += units;
    this.#lastSentAtMs = nowMs;
    this.#lastUnits = units;
    return spending;
  }

  /** The request has ended, with the headers of its answer if one came; the server may have counted it. */
  answered(spending: Spending, nowMs: number, headers: RateHeaders | undefined): void {
    this.#release(spending);
    if (headers?.remaining !== undefined) {
      this.#noteRefill(spending, headers.remaining, nowMs);
      this.#learn(spending, nowMs, headers, headers.remaining);
    } else if (this.#left !== undefined) this.#left = Math.max(0, this.#left - spending.units);
  }

  /** The request was answered 429, so it took no units. */
  refused(spending: Spending, nowMs: number, headers: RateHeaders): void {
    this.#release(spending);
    if (headers.remaining !== undefined) this.#learn(spending, nowMs, headers, headers.remaining);
  }

  #release(spending: Spending): void {
    this.#onWire.delete(spending);
    this.#onWireUnits -= spending.units;
  }

  #learn(spending: Spending, nowMs: number, headers: RateHeaders, remaining: number): void {
    this.#limit = headers.limit ?? Math.max(this.#limit ?? 0, remaining);
    this.#mostLeft = Math.max(this.#mostLeft, remaining);
    this.#windowMs = headers.windowMs ?? DEFAULT_WINDOW_MS;
    for (const other of this.#onWire) other.lowestMeanwhile = Math.min(other.lowestMeanwhile, remaining);
    this.#take(spending, remaining, headers.resetMs, nowMs);
  }

  #take(spending: Spending, remaining: number, resetMs: number | undefined, nowMs: number): void {
    const tolerance =
      spending.overlappingUnits + spending.units + (nowMs - spending.sentAtMs) * this.refillPerMs + 1;
    if (this.#left !== undefined && spending.sentAtMs < this.#leftSentAtMs) {
      // The answer to a later request came first: this request may have been counted after that one, or long before.
      if (remaining < this.#left && this.#left - remaining <= tolerance) this.#left = remaining;
      return;
    }
    const lowest = spending.lowestMeanwhile;
    this.#left = lowest < remaining && remaining - lowest <= tolerance ? lowest : remaining;
    this.#leftSentAtMs = spending.sentAtMs;
    this.#leftAnsweredAtMs = nowMs;
    this.#resetAtMs = resetMs === undefined ? 0 : nowMs + Math.max(resetMs, MIN_RESET_MS);
  }

  /** More units are left after a request than before it, without a reset between: the server refills all the time. */
  #noteRefill(spending: Spending, remaining: number, nowMs: number): void {
    if (spending.leftBefore === undefined || spending.overlappingUnits > 0) return;
    if (remaining >= spending.leftBefore && spending.resetAtMs > nowMs + RESET_SLACK_MS)
      this.#refillsBeforeReset = true;
  }

  /** When so many units will be left, whichever method the server counts by. */
  #refilledAtMs(units: number): number {
    const missing = units - (this.#left ?? 0);
    const rate = this.refillPerMs;
    const refillMs = Math.min(rate > 0 ? missing / rate : MIN_RESET_MS, MAX_HEADER_WAIT_MS);
    const bucketAtMs = this.#leftAnsweredAtMs + refillMs;
    return this.#refillsBeforeReset ? bucketAtMs : Math.max(bucketAtMs, this.#resetAtMs);
  }

  /**
   * The fewer units are left, the slower requests go. Where the server refills all the time, this settles at the speed
   * of the refill with half of {@link #low} left, so that neither delays nor another client use the quota up. Where it
   * refills once a window, the rest is used up within seconds.
   */
  #pacedAtMs(spendable: number, nowMs: number): number {
    const low = this.#low;
    if (spendable >= low || this.refillPerMs === 0) return nowMs;
    const unitsPerMs = (2 * this.refillPerMs * spendable) / low;
    return this.#lastSentAtMs + Math.min(this.#lastUnits / unitsPerMs, MAX_HEADER_WAIT_MS);
  }
}
