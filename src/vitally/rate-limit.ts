import type { Clock } from './clock.ts';
import type { AnswerHeaders } from './exchange.ts';
import { readRateHeaders } from './rate-headers.ts';
import { SendAborted } from './send-aborted.ts';

/** Requests are told apart because a write may cost more of the limit than a read. */
export type RequestKind = 'read' | 'write';

export interface Permit {
  readonly kind: RequestKind;
}

/** Says when a request may be sent. */
export interface RateLimiter {
  /**
   * Resolves when a request of this kind may be sent, first come, first served.
   *
   * @throws SendAborted once `signal` is aborted.
   */
  acquire(kind: RequestKind, signal: AbortSignal): Promise<Permit>;
  /** Gives a permit back: with the answer's status and headers, or without where none came. */
  answered(
    permit: Permit,
    answer: { readonly status: number; readonly headers: AnswerHeaders } | undefined,
  ): void;
  /** Milliseconds during which at least one request waited for the limit. */
  waitedMs(): number;
}

export interface RateLimitOptions {
  readonly requestsPerMinute: number;
  readonly maxInFlight: number;
  readonly clock: Clock;
  readonly random: () => number;
}

interface Waiter {
  readonly kind: RequestKind;
  readonly grant: (permit: Permit) => void;
}

export function createRateLimiter(options: RateLimitOptions): RateLimiter {
  const { clock, maxInFlight } = options;
  const waiters: Waiter[] = [];
  let inFlight = 0;
  let pausedUntilMs = 0;
  let waitedMs = 0;
  let pause: Promise<void> | undefined;

  const pump = (): void => {
    const pauseMs = pausedUntilMs - clock.now();
    if (pauseMs > 0 && waiters.length > 0) {
      pause ??= clock.sleep(pauseMs).then(() => {
        waitedMs += pauseMs;
        pausedUntilMs = 0;
        pause = undefined;
        pump();
      });
      return;
    }
    while (inFlight < maxInFlight) {
      const waiter = waiters.shift();
      if (waiter === undefined) return;
      inFlight++;
      waiter.grant({ kind: waiter.kind });
    }
  };

  return {
    acquire: (kind, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) throw new SendAborted('The run is stopping.');
        const abort = (): void => {
          waiters.splice(waiters.indexOf(waiter), 1);
          reject(new SendAborted('The run is stopping.'));
        };
        const waiter: Waiter = {
          kind,
          grant: (permit) => {
            signal.removeEventListener('abort', abort);
            resolve(permit);
          },
        };
        signal.addEventListener('abort', abort, { once: true });
        waiters.push(waiter);
        pump();
      }),
    answered(_permit, answer) {
      inFlight--;
      if (answer?.status === 429) {
        const { resetMs = 0, retryAfterMs = 0 } = readRateHeaders(answer.headers, clock.now());
        pausedUntilMs = clock.now() + Math.max(resetMs, retryAfterMs, 1_000);
      }
      pump();
    },
    waitedMs: () => waitedMs,
  };
}
