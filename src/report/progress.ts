import type { Ledger } from '../checkpoint/ledger.ts';
import type { Route } from '../mapping/route.ts';
import { nameOf } from './summary.ts';

const PROGRESS_EVERY_MS = 30_000;

/** A client, as far as it tells what its requests wait for. */
export interface Waits {
  stats(): {
    /** Time in which at least one request has waited for the rate limit, so far. */
    readonly waitedMs: number;
    /** What fails now, as part of a sentence. */
    readonly trouble: string | undefined;
  };
}

export interface ProgressOptions {
  readonly ledger: Ledger;
  readonly routes: readonly Route[];
  readonly now: () => number;
  readonly clients: readonly Waits[];
  readonly waitlist: { waitsFor(): string | undefined };
  readonly log: (message: string) => Promise<void>;
}

/** Reports how a run gets on, every 30 s (Contract 6). Returns what ends it. */
export function startProgress(options: ProgressOptions): () => void {
  const startedAt = options.now();
  let before = { atMs: startedAt, done: 0, waitedMs: 0 };
  const timer = setInterval(() => {
    const atMs = options.now();
    const waitedMs = options.clients.reduce((sum, client) => sum + client.stats().waitedMs, 0);
    const counts = options.ledger.counts();
    const streams = counts.map((count, index) => {
      const route = options.routes[index];
      const done = count.received - count.unsettled;
      return `${route === undefined ? count.stream.name : nameOf(route)} ${done}`;
    });
    const done = counts.reduce((sum, count) => sum + count.received - count.unsettled, 0);
    const seconds = Math.max(0.001, (atMs - before.atMs) / 1000);
    const rate = (done - before.done) / seconds;
    const share = Math.min(100, (waitedMs - before.waitedMs) / 10 / seconds);
    const reasons = done === before.done ? reasonsOf(options) : [];
    const waits = reasons.length === 0 ? '' : `; nothing moves, since ${reasons.join('; and ')}`;
    before = { atMs, done, waitedMs };
    // A progress line that can't be written fails the run at the next STATE; it need not end it here.
    options
      .log(
        `progress: rows done ${streams.join(', ')}; ${rate.toFixed(1)} rows/s; ` +
          `${share.toFixed(0)} % of the time waited for the rate limit${waits}`,
      )
      .catch(() => {});
  }, PROGRESS_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** What the run waits for now. */
function reasonsOf({ clients, waitlist }: ProgressOptions): string[] {
  return [...clients.map((client) => client.stats().trouble), waitlist.waitsFor()].filter(
    (reason) => reason !== undefined,
  );
}
