import type { AnswerHeaders } from '../http/exchange.ts';
import { Backoff } from './backoff.ts';
import { type RateHeaders, readRateHeaders } from './headers.ts';
import {
  DECREASE,
  FIRST_INCREASE,
  IDLE_MS,
  MAX_DECREASE,
  MIN_CEILING_SHARE,
  MOST_PER_MINUTE,
  SLOW_START_ANSWERS,
  UNTOLD_PER_MINUTE,
  WINDOW_MS,
} from './policy.ts';
import { Quota, type Spending } from './quota.ts';
import { RequestCost, type RequestKind, type Tally } from './request-cost.ts';
import { RequestWindow } from './request-window.ts';

/** Whether a request may be sent. */
export type Admission =
  | { readonly kind: 'go' }
  /** Ask again at this time. */
  | { readonly kind: 'at'; readonly atMs: number }
  /** Ask again when an answer has come: one frees a `slot`, or tells what `units` are left. */
  | { readonly kind: 'await_answer'; readonly missing: 'slot' | 'units' };

/** The part of an answer that the rate limit depends on. */
export interface PacerAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
}

/** A request on the wire. */
export interface Permit {
  readonly kind: RequestKind;
  readonly sentAtMs: number;
  readonly spending: Spending;
  readonly answeredBefore: Tally;
}

export interface PacerOptions {
  /** The most in any minute. `undefined`: as many as answers allow, {@link UNTOLD_PER_MINUTE} until one tells. */
  readonly requestsPerMinute: number | undefined;
  readonly maxInFlight: number;
  readonly random: () => number;
}

/**
 * Decides when a request may be sent, from the configured ceiling, the headers of answers and 429s. Pure: the time is
 * passed in.
 */
export class Pacer {
  readonly #options: PacerOptions;
  readonly #window: RequestWindow;
  readonly #quota = new Quota();
  readonly #cost = new RequestCost();
  readonly #backoff = new Backoff();
  readonly #sent = { read: 0, write: 0 };
  readonly #answered = { read: 0, write: 0 };
  #isTold = false;
  #inFlight = 0;
  #slots = 1;
  #singles = 0;
  #lastAnswerAtMs = Number.NEGATIVE_INFINITY;
  #raiseAtMs = Number.POSITIVE_INFINITY;
  #increase = FIRST_INCREASE;

  constructor(options: PacerOptions) {
    this.#options = options;
    this.#window = new RequestWindow(options.requestsPerMinute ?? MOST_PER_MINUTE);
    this.#window.ceiling = this.#most;
  }

  /** The highest ceiling in force at present. */
  get #most(): number {
    const unsaid = this.#isTold ? MOST_PER_MINUTE : UNTOLD_PER_MINUTE;
    return this.#options.requestsPerMinute ?? unsaid;
  }

  admit(kind: RequestKind, nowMs: number): Admission {
    if (this.#inFlight === 0 && nowMs - this.#lastAnswerAtMs > IDLE_MS) this.#slots = 1;
    if (this.#inFlight >= this.#slots) return { kind: 'await_answer', missing: 'slot' };
    const cover = this.#quota.cover(this.#cost.of(kind), nowMs);
    if (cover.kind === 'await_answer') return { kind: 'await_answer', missing: 'units' };
    this.#raiseCeiling(nowMs);
    const atMs = Math.max(this.#backoff.untilMs, this.#window.readyAtMs(nowMs), cover.atMs);
    return atMs > nowMs ? { kind: 'at', atMs } : { kind: 'go' };
  }

  /** Takes note of a request that {@link admit} allowed. */
  sent(kind: RequestKind, nowMs: number): Permit {
    const permit: Permit = {
      kind,
      sentAtMs: nowMs,
      spending: this.#quota.sent(this.#cost.of(kind), nowMs),
      answeredBefore: { ...this.#answered },
    };
    this.#window.sent(nowMs);
    this.#sent[kind]++;
    this.#inFlight++;
    return permit;
  }

  /** Takes a permit back, with the status and headers of its answer, if one came. */
  answered(permit: Permit, nowMs: number, answer: PacerAnswer | undefined): void {
    this.#inFlight--;
    this.#answered[permit.kind]++;
    if (answer === undefined) {
      this.#quota.answered(permit.spending, nowMs, undefined);
      this.#cost.restart();
      return;
    }
    this.#lastAnswerAtMs = nowMs;
    const headers = readRateHeaders(answer.headers, nowMs);
    if (answer.status === 429) this.#refused(permit, nowMs, headers);
    else this.#passed(permit, nowMs, headers);
  }

  #refused(permit: Permit, nowMs: number, headers: RateHeaders): void {
    this.#quota.refused(permit.spending, nowMs, headers);
    this.#cost.restart();
    const resetMs = this.#quota.refillsBeforeReset ? 0 : (headers.resetMs ?? 0);
    const askedMs = Math.max(headers.retryAfterMs ?? 0, resetMs);
    const begins = this.#backoff.refused(permit.sentAtMs, nowMs, askedMs, this.#options.random());
    if (begins) this.#slowDown(permit, nowMs);
  }

  #passed(permit: Permit, nowMs: number, headers: RateHeaders): void {
    this.#quota.answered(permit.spending, nowMs, headers);
    this.#backoff.passed(permit.sentAtMs);
    this.#speedUp();
    if (headers.remaining === undefined) {
      this.#cost.restart();
      return;
    }
    this.#learnCost(permit, headers.remaining, nowMs);
    if (!this.#isTold) this.#hearLimit();
  }

  /** An answer told the limit for the first time: from now on the quota holds requests back, not an assumed ceiling. */
  #hearLimit(): void {
    this.#isTold = true;
    const isSlowed = this.#raiseAtMs !== Number.POSITIVE_INFINITY;
    if (!isSlowed) this.#window.ceiling = this.#most;
  }

  #speedUp(): void {
    this.#singles++;
    if (this.#singles >= SLOW_START_ANSWERS)
      this.#slots = Math.min(this.#options.maxInFlight, this.#slots * 2);
  }

  #slowDown(permit: Permit, nowMs: number): void {
    this.#slots = 1;
    const { leftBefore, units, overlappingUnits } = permit.spending;
    if (leftBefore !== undefined && leftBefore >= units && overlappingUnits === 0)
      this.#cost.raise(permit.kind);
    const expected = leftBefore !== undefined && this.#quota.isLow(leftBefore - overlappingUnits);
    if (expected) this.#quota.widenLow();
    if (this.#backoff.streak > 1) this.#quota.forgetRefill();
    if (expected || this.#backoff.streak > 1) return;
    const passed = this.#window.countAt(nowMs) - this.#inFlight - 1;
    const said = this.#options.requestsPerMinute ?? Math.max(UNTOLD_PER_MINUTE, passed);
    const lowest = said * MIN_CEILING_SHARE;
    const ceiling = Math.min(this.#window.ceiling, said);
    this.#window.ceiling = Math.max(
      lowest,
      Math.min(ceiling, Math.max(passed * DECREASE, ceiling * MAX_DECREASE)),
    );
    this.#increase = FIRST_INCREASE;
    this.#raiseAtMs = nowMs + WINDOW_MS;
  }

  #raiseCeiling(nowMs: number): void {
    if (nowMs < this.#raiseAtMs) return;
    const { ceiling } = this.#window;
    this.#window.ceiling = Math.min(this.#most, ceiling + Math.max(1, ceiling * this.#increase));
    this.#increase *= 2;
    this.#raiseAtMs = this.#window.ceiling > ceiling ? nowMs + WINDOW_MS : Number.POSITIVE_INFINITY;
  }

  #learnCost(permit: Permit, remaining: number, nowMs: number): void {
    const { kind, sentAtMs, answeredBefore } = permit;
    const counts = {
      answeredBefore,
      sentUntilAnswer: { ...this.#sent },
      expired: this.#window.expired,
    };
    this.#cost.learn({ kind, remaining, sentAtMs, answeredAtMs: nowMs, ...counts }, this.#quota.refillPerMs);
  }
}
