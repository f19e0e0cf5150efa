import type { RateVerdict } from './rate-limit.ts';

export const SLICE_MS = 5_000;
const SLICES = 60;

/** What was left of a rate limit in a few seconds. */
export interface Slice {
  /** The time divided by {@link SLICE_MS}. */
  readonly at: number;
  /** The least units that were left. */
  remaining: number;
  requests: number;
  throttled: number;
}

/** How the budget of one rate limit went in the last five minutes. */
export class Budget {
  #slices: Slice[] = [];

  note({ allowed, remaining }: RateVerdict, nowMs: number): void {
    const at = Math.floor(nowMs / SLICE_MS);
    let slice = this.#slices.at(-1);
    if (slice?.at !== at) {
      slice = { at, remaining, requests: 0, throttled: 0 };
      this.#slices.push(slice);
      if (this.#slices.length > SLICES) this.#slices.shift();
    }
    slice.remaining = Math.min(slice.remaining, remaining);
    slice.requests += 1;
    if (!allowed) slice.throttled += 1;
  }

  /** The slices of the last five minutes, oldest first, `undefined` where nothing was asked. */
  recent(nowMs: number): (Slice | undefined)[] {
    const last = Math.floor(nowMs / SLICE_MS);
    const known = new Map(this.#slices.map((slice) => [slice.at, slice]));
    return Array.from({ length: SLICES }, (_, n) => known.get(last - SLICES + 1 + n));
  }

  clear(): void {
    this.#slices = [];
  }
}
