import { timeInWords } from '../../../errors/times.ts';
import type { Clock } from '../clock.ts';
import type { Api } from './config-fault.ts';

export type Log = (level: 'INFO' | 'WARN', message: string) => void;

/** The same trouble is logged at most this often. */
const QUIET_MS = 30_000;

/** Logs retries and 429s without flooding the log: the first of a streak, then a count every 30 s. */
export interface RetryLog {
  /** @param reason status or error code, and nothing from the answer's body */
  failed(reason: string): void;
  throttled(): void;
  /** A request was answered. */
  answered(): void;
  /** Why requests get no answer at present, as part of a sentence; `undefined` while they get one. */
  trouble(): string | undefined;
}

export function createRetryLog(api: Api, clock: Pick<Clock, 'now'>, log: Log): RetryLog {
  const name = api === 'rest' ? 'REST API' : 'Analytics API';
  const failed = limited(clock, (reason, more) =>
    log('WARN', `Vitally's ${name}: ${reason}; trying again${more}.`),
  );
  const throttled = limited(clock, (_, more) =>
    log('WARN', `Vitally's ${name}: rate limit reached (429); slowing down${more}.`),
  );
  let trouble: { readonly sinceMs: number; readonly reason: string } | undefined;
  return {
    failed(reason) {
      trouble = { sinceMs: trouble?.sinceMs ?? clock.now(), reason };
      failed(reason);
    },
    throttled: () => throttled(''),
    answered() {
      trouble = undefined;
    },
    trouble: () =>
      trouble &&
      `Vitally's ${name} has been failing since ${timeInWords(trouble.sinceMs)}: ${trouble.reason}`,
  };
}

function limited(
  clock: Pick<Clock, 'now'>,
  write: (reason: string, more: string) => void,
): (reason: string) => void {
  let quietUntilMs = Number.NEGATIVE_INFINITY;
  let held = 0;
  return (reason) => {
    if (clock.now() < quietUntilMs) {
      held++;
      return;
    }
    write(reason, held === 0 ? '' : ` (${held} more since the last such line)`);
    held = 0;
    quietUntilMs = clock.now() + QUIET_MS;
  };
}
