import type { ParentWaitlist } from './parent-waitlist.ts';
import { waitingSentence } from './waiting-sentence.ts';

/** Rows that have waited for a parent for so long are told of, once (Contract 4). */
const LONG_WAIT_MS = 10 * 60_000;
const LOOK_EVERY_MS = 30_000;

export interface LongWaitOptions {
  readonly waitlist: ParentWaitlist;
  readonly warn: (message: string) => void;
}

/** Looks whether rows wait too long for their parents. Returns what ends it. */
export function watchLongWaits({ waitlist, warn }: LongWaitOptions): () => void {
  const timer = setInterval(() => {
    const sinceMs = waitlist.oldestSinceMs;
    if (sinceMs === undefined || Date.now() - sinceMs < LONG_WAIT_MS) return;
    clearInterval(timer);
    warn(waitingSentence(waitlist.waiting()));
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}
