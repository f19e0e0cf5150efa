import type { Ledger } from '../checkpoint/ledger.ts';
import type { Route } from '../mapping/route.ts';
import { nameOf } from './summary.ts';

const PROGRESS_EVERY_MS = 30_000;
const WATCH_EVERY_MS = 500;

/** A client, as far as it tells what its requests wait for. */
export interface Waits {
  stats(): {
    /** Time in which at least one request has waited for the rate limit, so far. */
    readonly waitedMs: number;
    /** What fails now, as part of a sentence. */
    readonly trouble: string | undefined;
  };
}

/** How far a run is. */
export interface Progress {
  readonly streams: readonly {
    readonly name: string;
    readonly done: number;
    /** Read so far. */
    readonly received: number;
  }[];
  readonly done: number;
  /** Since the look before. */
  readonly rowsPerSecond: number;
  /** Percent of that time in which at least one request waited for the rate limit. */
  readonly waitingShare: number;
  /** What the run waits for, where nothing moved. */
  readonly reasons: readonly string[];
}

export interface ProgressOptions {
  readonly ledger: Ledger;
  readonly routes: readonly Route[];
  readonly now: () => number;
  readonly clients: readonly Waits[];
  readonly waitlist: { waitsFor(): string | undefined };
  readonly log: (message: string) => Promise<void>;
  /** Looked at twice a second. */
  readonly watch?: ((progress: Progress) => void) | undefined;
}

/** Reports how a run gets on, every 30 s (Contract 6). Returns what ends it. */
export function startProgress(options: ProgressOptions): () => void {
  const { watch } = options;
  const told = new Look(options);
  const timers = [
    setInterval(() => {
      // A progress line that can't be written fails the run at the next STATE; it need not end it here.
      options.log(progressSentence(told.next())).catch(() => {});
    }, PROGRESS_EVERY_MS),
  ];
  if (watch !== undefined) {
    const watched = new Look(options);
    timers.push(setInterval(() => watch(watched.next()), WATCH_EVERY_MS));
  }
  for (const timer of timers) timer.unref();
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

/** Compares how far the run is with how far it was at the look before. */
class Look {
  readonly #options: ProgressOptions;
  #before: { readonly atMs: number; readonly done: number; readonly waitedMs: number };

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#before = { atMs: options.now(), done: 0, waitedMs: 0 };
  }

  next(): Progress {
    const { now, clients, ledger, routes } = this.#options;
    const atMs = now();
    const waitedMs = clients.reduce((sum, client) => sum + client.stats().waitedMs, 0);
    const streams = ledger.counts().map(({ stream, received, unsettled }, index) => {
      const route = routes[index];
      return {
        name: route === undefined ? stream.name : nameOf(route),
        done: received - unsettled,
        received,
      };
    });
    const done = streams.reduce((sum, stream) => sum + stream.done, 0);
    const before = this.#before;
    const seconds = Math.max(0.001, (atMs - before.atMs) / 1000);
    this.#before = { atMs, done, waitedMs };
    return {
      streams,
      done,
      rowsPerSecond: (done - before.done) / seconds,
      waitingShare: Math.min(100, (waitedMs - before.waitedMs) / 10 / seconds),
      reasons: done === before.done ? reasonsOf(this.#options) : [],
    };
  }
}

function progressSentence({ streams, rowsPerSecond, waitingShare, reasons }: Progress): string {
  const waits = reasons.length === 0 ? '' : `; nothing moves, since ${reasons.join('; and ')}`;
  const rows = streams.map(({ name, done }) => `${name} ${done}`).join(', ');
  return (
    `progress: rows done ${rows}; ${rowsPerSecond.toFixed(1)} rows/s; ` +
    `${waitingShare.toFixed(0)} % of the time waited for the rate limit${waits}`
  );
}

/** What the run waits for now. */
function reasonsOf({ clients, waitlist }: ProgressOptions): string[] {
  return [...clients.map((client) => client.stats().trouble), waitlist.waitsFor()].filter(
    (reason) => reason !== undefined,
  );
}
