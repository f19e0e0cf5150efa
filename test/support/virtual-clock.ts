import { type Clock, systemClock } from '../../src/vitally/http/clock.ts';

/** 2026-01-01 00:00 UTC. */
export const START_MS = Date.UTC(2026, 0, 1);

/** A clock whose sleeps return at once, time moved on: what would have been waited is on record. */
export class JumpingClock implements Clock {
  readonly sleptMs: number[] = [];
  #nowMs: number;

  constructor(startMs: number = START_MS) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.sleptMs.push(ms);
    this.#nowMs += ms;
  }

  /** Lets time go by without anybody sleeping. */
  pass(ms: number): void {
    this.#nowMs += ms;
  }
}

/** A clock that goes so many times as fast as the machine's: what waits for an hour waits for less. */
export class QuickClock implements Clock {
  readonly #times: number;
  readonly #startMs = Date.now();

  constructor(times: number) {
    this.#times = times;
  }

  readonly now = (): number => this.#startMs + (systemClock.now() - this.#startMs) * this.#times;

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms / this.#times, signal);
  }
}

/** A clock that moves only when it is told to, and wakes whoever has slept long enough. */
export class SteppedClock implements Clock {
  #nowMs = START_MS;
  #sleepers: { readonly untilMs: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.#nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { untilMs: this.#nowMs + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      });
    });
  }

  /** How many are asleep. */
  get asleep(): number {
    return this.#sleepers.length;
  }

  /** Moves on, waking sleepers at their own times, in order. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      await settle();
      const next = this.#sleepers.toSorted((a, b) => a.untilMs - b.untilMs)[0];
      if (next === undefined || next.untilMs > endMs) break;
      this.#nowMs = Math.max(this.#nowMs, next.untilMs);
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      next.wake();
    }
    this.#nowMs = endMs;
    await settle();
  }
}

/** Lets everything that waits for no time happen. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
