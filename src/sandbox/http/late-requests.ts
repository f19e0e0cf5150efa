import { LATE_MS } from '../faults/faults.ts';

interface Late {
  readonly dueAtMs: number;
  readonly apply: () => void;
  readonly timer: NodeJS.Timeout;
}

/** Requests that a gateway gave up and that are applied later all the same, before any request that comes after. */
export class LateRequests {
  readonly #now: () => number;
  #waiting: Late[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  add(apply: () => void): void {
    const timer = setTimeout(() => this.#take((late) => late.timer === timer), LATE_MS);
    this.#waiting.push({ dueAtMs: this.#now() + LATE_MS, apply, timer });
  }

  /** Applies the requests that are due on the sandbox's clock, which may run faster than the machine's. */
  applyDue(): void {
    this.#take(({ dueAtMs }) => dueAtMs <= this.#now());
  }

  close(): void {
    for (const { timer } of this.#waiting.splice(0)) clearTimeout(timer);
  }

  #take(isDue: (late: Late) => boolean): void {
    const due = this.#waiting.filter(isDue);
    this.#waiting = this.#waiting.filter((late) => !due.includes(late));
    for (const { apply, timer } of due) {
      clearTimeout(timer);
      apply();
    }
  }
}
