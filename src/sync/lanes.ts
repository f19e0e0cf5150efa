import PQueue from 'p-queue';
import { canFold, fold, type Job } from './job.ts';

/** Lanes that may wait for a place before the reader has to: a bound on memory beside the row budget. */
const MAX_WAITING_LANES = 1_000;

interface Lane {
  /** The job that runs, if one does; then those that wait, oldest first. */
  running: Job | undefined;
  readonly waiting: Job[];
  /** Resolves when the job that runs has ended. */
  ended: Promise<void>;
}

/**
 * Bounded concurrency with one lane a key: a key is never twice in flight, and its rows keep the order they came
 * in. Rows of one key that still wait are folded into one write.
 */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #queue: PQueue;
  readonly #run: (job: Job) => Promise<void>;
  readonly #onCrash: (error: unknown) => void;
  #cancelled = false;

  /** `run` settles every row of its job; what it throws ends the run through `onCrash`. */
  constructor(options: {
    concurrency: number;
    run: (job: Job) => Promise<void>;
    onCrash: (error: unknown) => void;
  }) {
    this.#queue = new PQueue({ concurrency: options.concurrency });
    this.#run = options.run;
    this.#onCrash = options.onCrash;
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
    this.#lanes.set(job.laneKey, { running: undefined, waiting: [job], ended: Promise.resolve() });
    await this.#queue.onSizeLessThan(MAX_WAITING_LANES);
    this.#enqueue(job.laneKey);
  }

  /** Resolves when the job that runs for this key, if any, has ended; `undefined` when none runs. */
  running(laneKey: string): Promise<void> | undefined {
    const lane = this.#lanes.get(laneKey);
    return lane?.running === undefined ? undefined : lane.ended;
  }

  /** Resolves when every job has ended. */
  async idle(): Promise<void> {
    await this.#queue.onIdle();
  }

  /** Drops every job that has not begun; those that have run on. */
  cancel(): void {
    this.#cancelled = true;
    this.#queue.clear();
    this.#lanes.clear();
  }

  #enqueue(laneKey: string): void {
    if (this.#cancelled) return;
    this.#queue.add(() => this.#next(laneKey)).catch(this.#onCrash);
  }

  async #next(laneKey: string): Promise<void> {
    const lane = this.#lanes.get(laneKey);
    const job = lane?.waiting.shift();
    if (lane === undefined || job === undefined) return;
    lane.running = job;
    lane.ended = this.#run(job).catch(this.#onCrash);
    await lane.ended;
    lane.running = undefined;
    if (lane.waiting.length > 0) this.#enqueue(laneKey);
    else this.#lanes.delete(laneKey);
  }
}
