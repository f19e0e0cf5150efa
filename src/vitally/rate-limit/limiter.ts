import type { Clock } from '../http/clock.ts';
import { SendAborted } from '../http/send-aborted.ts';
import { Pacer, type PacerAnswer, type Permit } from './pacer.ts';
import type { RequestKind } from './request-cost.ts';

/** Says when a request may be sent. Each API has its own, since each has its own limit. */
export interface RateLimiter {
  /**
   * Resolves when a request of this kind may be sent, first come, first served.
   *
   * @throws SendAborted once `signal` is aborted.
   */
  acquire(kind: RequestKind, signal: AbortSignal): Promise<Permit>;
  /** Gives a permit back, with the status and headers of the answer, if one came. */
  answered(permit: Permit, answer: PacerAnswer | undefined): void;
  /** Milliseconds during which at least one request waited for the limit, and not only for a free connection. */
  waitedMs(): number;
}

export interface RateLimitOptions {
  /** The most in any 60 s; `undefined`: as many as answers allow, 1,000 until one tells. */
  readonly requestsPerMinute: number | undefined;
  readonly maxInFlight: number;
  readonly clock: Clock;
  /** Jitter in [0, 1). */
  readonly random: () => number;
}

interface Waiter {
  readonly kind: RequestKind;
  readonly grant: (permit: Permit) => void;
}

/** The waiting side of a {@link Pacer}: a queue and one timer. */
export function createRateLimiter(options: RateLimitOptions): RateLimiter {
  const { clock } = options;
  const pacer = new Pacer(options);
  const waiters: Waiter[] = [];
  const timer = createTimer(clock);
  const waited = createStopwatch();

  function pump(): void {
    for (let head = waiters[0]; head !== undefined; head = waiters[0]) {
      const admission = pacer.admit(head.kind, timer.now());
      if (admission.kind !== 'go') {
        waited.run(admission.kind === 'at' || admission.missing === 'units', timer.now());
        if (admission.kind === 'at') timer.wakeAt(admission.atMs, pump);
        return;
      }
      waiters.shift();
      head.grant(pacer.sent(head.kind, timer.now()));
    }
    waited.run(false, timer.now());
    timer.cancel();
  }

  return {
    acquire(kind, signal) {
      return new Promise((resolve, reject) => {
        const abort = (): void => {
          const place = waiters.indexOf(waiter);
          if (place >= 0) waiters.splice(place, 1);
          reject(new SendAborted('The run is stopping.'));
          pump();
        };
        const grant = (permit: Permit): void => {
          signal.removeEventListener('abort', abort);
          resolve(permit);
        };
        const waiter: Waiter = { kind, grant };
        if (signal.aborted) {
          abort();
          return;
        }
        signal.addEventListener('abort', abort, { once: true });
        waiters.push(waiter);
        pump();
      });
    },
    answered(permit, answer) {
      pacer.answered(permit, timer.now(), answer);
      pump();
    },
    waitedMs: () => waited.totalMs(timer.now()),
  };
}

/**
 * One wake-up at a time. A timer may fire early: time then counts as having reached the moment that was slept until.
 */
function createTimer(clock: Clock) {
  let reachedMs = Number.NEGATIVE_INFINITY;
  let wakeAtMs: number | undefined;
  let sleeping = new AbortController();
  const timer = {
    now: (): number => Math.max(clock.now(), reachedMs),
    cancel(): void {
      if (wakeAtMs === undefined) return;
      wakeAtMs = undefined;
      sleeping.abort();
    },
    wakeAt(atMs: number, wake: () => void): void {
      if (atMs === wakeAtMs) return;
      timer.cancel();
      wakeAtMs = atMs;
      sleeping = new AbortController();
      const { signal } = sleeping;
      const woken = (): void => {
        if (signal.aborted) return;
        wakeAtMs = undefined;
        reachedMs = Math.max(reachedMs, atMs);
        wake();
      };
      // The sleep rejects only when it is cancelled.
      clock.sleep(Math.max(0, atMs - timer.now()), signal).then(woken, () => {});
    },
  };
  return timer;
}

function createStopwatch() {
  let totalMs = 0;
  let sinceMs: number | undefined;
  return {
    run(running: boolean, nowMs: number): void {
      if (running) sinceMs ??= nowMs;
      else if (sinceMs !== undefined) {
        totalMs += nowMs - sinceMs;
        sinceMs = undefined;
      }
    },
    totalMs: (nowMs: number): number => totalMs + (sinceMs === undefined ? 0 : nowMs - sinceMs),
  };
}
