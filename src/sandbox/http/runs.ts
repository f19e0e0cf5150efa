import type { Tally } from '../store/journal.ts';
import type { Outcome } from '../store/records.ts';
import type { Api, LogEntry } from './request-log.ts';

const MAX_RUNS = 20;
/** A client that doesn't name its runs begins another one after such a pause. */
const PAUSE_MS = 60_000;
/** Beyond this a run forgets which record a refused write was about. */
const MAX_REJECTED_KEYS = 100_000;

export type Counts = Record<Outcome, number>;

/** A write that was refused, and not taken later in the same run. */
export interface Rejection {
  readonly kind: string;
  readonly key: string;
  readonly request: number;
  readonly reason: string;
}

/** What one run of a client made of the records. */
export class Run implements Tally {
  readonly number: number;
  /** Its User-Agent. */
  readonly client: string;
  readonly startedAtMs: number;
  lastAtMs: number;
  readonly counts = new Map<string, Counts>();
  readonly requests: Record<Api | 'throttled' | 'faults', number> = {
    rest: 0,
    analytics: 0,
    throttled: 0,
    faults: 0,
  };
  readonly #rejected = new Map<string, Rejection>();

  constructor(number: number, client: string, nowMs: number) {
    this.number = number;
    this.client = client;
    this.startedAtMs = nowMs;
    this.lastAtMs = nowMs;
  }

  count(kind: string, outcome: Outcome, by: number): void {
    const counts = this.counts.get(kind) ?? { created: 0, updated: 0, unchanged: 0, deleted: 0 };
    counts[outcome] += by;
    this.counts.set(kind, counts);
  }

  /** @param keys as `accounts:acme`; a write that names no record has a key of its own */
  reject(keys: readonly string[], request: number, reason: string): void {
    for (const key of keys) {
      if (this.#rejected.size >= MAX_REJECTED_KEYS && !this.#rejected.has(key)) return;
      const colon = key.indexOf(':');
      this.#rejected.set(key, { kind: key.slice(0, colon), key: key.slice(colon + 1), request, reason });
    }
  }

  /** A write was taken: an earlier one of these records, or the batch that they stood in, is not held against them. */
  accept(keys: readonly string[]): void {
    if (this.#rejected.size > 0) for (const key of keys) this.#rejected.delete(key);
  }

  get rejected(): readonly Rejection[] {
    return [...this.#rejected.values()];
  }

  get rejectedCount(): number {
    return this.#rejected.size;
  }

  total(outcome: Outcome): number {
    return [...this.counts.values()].reduce((sum, counts) => sum + counts[outcome], 0);
  }

  /** Counts a request whose answer is settled. */
  settle({ api, status, fault }: LogEntry): void {
    this.requests[api] += 1;
    if (status === 429) this.requests.throttled += 1;
    if (fault !== undefined) this.requests.faults += 1;
  }
}

/** The last runs. A client that names its runs in its User-Agent (`… (run 17)`) says itself what belongs together. */
export class Runs {
  readonly #runs: Run[] = [];
  #last = 0;

  /** The run that a request belongs to. */
  of(client: string, nowMs: number): Run {
    const isNamed = client.includes('(run ');
    const known = this.#runs.findLast((run) => run.client === client);
    if (known !== undefined && (isNamed || nowMs - known.lastAtMs <= PAUSE_MS)) {
      known.lastAtMs = nowMs;
      return known;
    }
    const made = new Run(++this.#last, client, nowMs);
    this.#runs.push(made);
    if (this.#runs.length > MAX_RUNS) this.#runs.shift();
    return made;
  }

  /** Newest first. */
  all(): Run[] {
    return this.#runs.toReversed();
  }

  byNumber(number: number): Run | undefined {
    return this.#runs.find((run) => run.number === number);
  }

  clear(): void {
    this.#runs.length = 0;
    this.#last = 0;
  }
}
