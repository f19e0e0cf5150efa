import { AsyncLocalStorage } from 'node:async_hooks';
import PQueue from 'p-queue';
import type { Via } from '../routing/route.ts';
import { canFold, fold, type Job } from './job.ts';

/** Lanes that may wait for a place before the reader has to: a bound on memory beside the row budget. */
const MAX_WAITING_LANES = 1_000;

interface Lane {
  /** The job that runs, if one does; then those that wait, oldest first. */
  running: Job | undefined;
  readonly waiting: Job[];
  /** Resolves when the job that runs has ended. */
  ended: Promise<void>;
  /** Its first job waits for something else than a place, and all behind it with it. */
  parked: boolean;
}

/** A job's rows are settled, or it is to be run again once {@link Lanes.resume} is called. */
export type JobEnd = 'settled' | 'parked';

export interface LanesOptions {
  /** Jobs that run at a time, by transport. */
  readonly concurrency: Readonly<Record<Via, number>>;
  /** Runs a job; what it throws ends the run through `onCrash`. */
  readonly run: (job: Job) => Promise<JobEnd>;
  readonly onCrash: (error: unknown) => void;
}

/**
 * Bounded concurrency with one lane a key, whichever transport its rows take: a key is never twice in flight, and its
 * rows keep the order they came in. Rows of one key that still wait are folded into one write.
 */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #queues: Readonly<Record<Via, PQueue>>;
  readonly #options: LanesOptions;
  /** The lane that the code which asks runs in. */
  readonly #own = new AsyncLocalStorage<string>();
  #cancelled = false;

  constructor(options: LanesOptions) {
    const { rest, analytics } = options.concurrency;
    this.#queues = {
      rest: new PQueue({ concurrency: rest }),
      analytics: new PQueue({ concurrency: analytics }),
    };
    this.#options = options;
  }

  /** Takes a job in; resolves when there is room for the next. */
  async push(job: Job): Promise<void> {
    const lane = this.#lanes.get(job.laneKey);
    if (lane !== undefined) {
      const last = lane.waiting.at(-1) ?? lane.running;
      if (last !== undefined && canFold(last, job)) fold(last, job);
      else lane.waiting.push(job);
      return;
    }
    this.#lanes.set(job.laneKey, {
      running: undefined,
      waiting: [job],
      ended: Promise.resolve(),
      parked: false,
    });
    await this.#queues[job.route.via].onSizeLessThan(MAX_WAITING_LANES);
    this.#enqueue(job.laneKey, job);
  }

  /** Lets a parked job try again. */
  resume(laneKey: string): void {
    const lane = this.#lanes.get(laneKey);
    const [job] = lane?.waiting ?? [];
    if (lane === undefined || job === undefined || !lane.parked) return;
    lane.parked = false;
    this.#enqueue(laneKey, job);
  }

  /**
   * Resolves when the job that runs in this lane, if any, has ended; `undefined` when none runs, or when it is the one
   * that asks: it would wait for itself.
   */
  running(laneKey: string): Promise<void> | undefined {
    if (this.#own.getStore() === laneKey) return undefined;
    const lane = this.#lanes.get(laneKey);
    return lane?.running === undefined ? undefined : lane.ended;
  }

  /** Resolves when every job has ended or is parked. */
  async idle(): Promise<void> {
    const { rest, analytics } = this.#queues;
    while (rest.size + rest.pending + analytics.size + analytics.pending > 0) {
      await Promise.all([rest.onIdle(), analytics.onIdle()]);
    }
  }

  /** Drops every job that has not begun; those that have run on. */
  cancel(): void {
    this.#cancelled = true;
    this.#queues.rest.clear();
    this.#queues.analytics.clear();
    this.#lanes.clear();
  }

  #enqueue(laneKey: string, { route }: Job): void {
    if (this.#cancelled) return;
    this.#queues[route.via].add(() => this.#next(laneKey)).catch(this.#options.onCrash);
  }

  async #next(laneKey: string): Promise<void> {
    const lane = this.#lanes.get(laneKey);
    const job = lane?.waiting.shift();
    if (lane === undefined || job === undefined) return;
    const end = this.#own.run(laneKey, () => this.#options.run(job));
    lane.running = job;
    lane.ended = end.then(
      () => {},
      (error: unknown) => this.#options.onCrash(error),
    );
    await lane.ended;
    lane.running = undefined;
    if ((await end.catch(() => 'settled')) === 'parked') {
      job.sealed = false;
      lane.waiting.unshift(job);
      lane.parked = true;
      return;
    }
    const [following] = lane.waiting;
    if (following === undefined) this.#lanes.delete(laneKey);
    else this.#enqueue(laneKey, following);
  }
}
