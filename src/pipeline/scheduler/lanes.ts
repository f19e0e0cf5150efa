import PQueue from 'p-queue';
import type { Crashes } from '../../errors/crashes.ts';
import type { Transport } from '../../mapping/route.ts';
import { CallCounter } from '../../vitally/http/call-counter.ts';
import { inPlace } from '../../vitally/records/listing/place.ts';
import type { InFlightWrites } from '../../write/in-flight-writes.ts';
import { canCoalesce, coalesce, type Job } from './job.ts';
import { type Lane, laneOf, runnable } from './lane.ts';

/** Lanes that may wait for a place before the reader has to: a bound on memory beside what may be read ahead. */
const MAX_WAITING_LANES = 1_000;

/** A job that can't run, since the one ahead in its lane waits for something. */
export interface Blocked {
  readonly ahead: Job;
  /** The job that has the rows now: the one pushed, or the one it was coalesced into. */
  readonly holder: Job;
}

/** A job's rows are settled, or it is to be run again once {@link Lanes.resume} is called. */
export type JobEnd = 'settled' | 'held';

export interface LanesOptions {
  /** Told which lanes have a job running: rows that need its record wait for it. */
  readonly inFlight: InFlightWrites;
  /** Jobs that run at a time, by transport. */
  readonly concurrency: Readonly<Record<Transport, number>>;
  /** Whether rows of one key that still wait are coalesced; a dry run plans each by itself. */
  readonly coalesce: boolean;
  /** A job that waits grows by later rows of its key only while memory has room for them. */
  readonly waitlist: { readonly hasMemory: boolean };
  /** Runs a job; what it throws ends the run. */
  readonly run: (job: Job) => Promise<JobEnd>;
  /**
   * Sends a job on its way where no code has to run for it, and calls `ended` later, once its rows are settled; false
   * where it is to be run. Such jobs take no place: what may be read ahead bounds them.
   */
  readonly post?: (job: Job, ended: () => void) => boolean;
  readonly shutdown: Crashes;
}

/**
 * Bounded concurrency with one lane a key, whichever transport its rows take: a key is never twice in flight, and its
 * rows keep the order they came in. Rows of one key that still wait are coalesced into one write.
 */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #queues: Readonly<Record<Transport, PQueue>>;
  readonly #options: LanesOptions;
  /** Jobs that run, those among them that left their place. */
  readonly #running = new Set<Promise<void>>();
  /** Jobs that were posted and have not ended. */
  readonly #posted = new CallCounter();
  /** Pushes that wait for room. */
  readonly #starved: (() => void)[] = [];
  /** Held jobs that may run again once there is room: one parent may wake a hundred thousand. */
  #resumable: (Job | undefined)[] = [];
  /** How many of them have been released. */
  #resumed = 0;
  #cancelled = false;

  constructor(options: LanesOptions) {
    const { rest, analytics } = options.concurrency;
    this.#queues = {
      rest: new PQueue({ concurrency: rest }),
      analytics: new PQueue({ concurrency: analytics }),
    };
    this.#options = options;
  }

  /**
   * Takes a job in; resolves when there is room for the next. Where nothing in its lane can run, with the held job
   * that it waits behind.
   */
  push(job: Job): Promise<Blocked | undefined> | Blocked | undefined {
    const known = this.#lanes.get(job.laneKey);
    if (known === undefined) {
      const lane = laneOf(job);
      // The lane is there before the wait: a row of its key that comes meanwhile joins it, and gives it its turn.
      this.#lanes.set(job.laneKey, lane);
      if (this.#post(job.laneKey, lane, job)) return undefined;
      return this.#enter(job, lane);
    }
    const last = known.jobs.at(-1);
    const coalesces = last !== undefined && this.#mayCoalesce(known) && canCoalesce(last, job);
    if (coalesces) coalesce(last, job);
    else known.jobs.push(job);
    this.#schedule(job.laneKey, known);
    if (known.queued !== undefined || known.running !== undefined) return undefined;
    const [ahead] = known.held;
    return ahead && { ahead, holder: coalesces ? last : job };
  }

  async #enter(job: Job, lane: Lane): Promise<undefined> {
    await this.#room(this.#queues[job.route.transport]);
    this.#schedule(job.laneKey, lane);
  }

  /** Takes a job out that can't wait; what is behind it moves up. False where its turn has come: it runs. */
  drop(job: Job): boolean {
    const lane = this.#lanes.get(job.laneKey);
    const place = lane?.jobs.indexOf(job) ?? -1;
    if (lane === undefined || place < 0 || lane.running === job || lane.queued === job) return false;
    lane.jobs.splice(place, 1);
    return true;
  }

  #mayCoalesce({ held }: Lane): boolean {
    return this.#options.coalesce && (held.length === 0 || this.#options.waitlist.hasMemory);
  }

  /** Lets a held job try again. */
  resume(job: Job): void {
    const lane = this.#lanes.get(job.laneKey);
    if (lane === undefined) return;
    if (lane.running === job) lane.woken = true;
    else if (lane.held.includes(job)) {
      // A job that waits for room has its turn before one that comes later.
      if (this.#resumed < this.#resumable.length || this.#isFull(job)) this.#resumable.push(job);
      else this.#release(job);
    }
  }

  /** Resolves when every job has ended or is held. */
  async idle(): Promise<void> {
    const { rest, analytics } = this.#queues;
    const busy = (): number =>
      rest.size +
      analytics.size +
      rest.pending +
      analytics.pending +
      this.#running.size +
      this.#posted.underWay;
    while (busy() > 0) {
      await Promise.all([rest.onIdle(), analytics.onIdle(), this.#posted.idle(), ...this.#running]);
    }
  }

  /** Drops every job that has not begun; those that have run on. */
  cancel(): void {
    this.#cancelled = true;
    this.#queues.rest.clear();
    this.#queues.analytics.clear();
    this.#lanes.clear();
    this.#resumable = [];
    this.#makeRoom();
  }

  #isFull({ route }: Job): boolean {
    return this.#queues[route.transport].size >= MAX_WAITING_LANES;
  }

  #release(job: Job): void {
    const lane = this.#lanes.get(job.laneKey);
    if (lane === undefined || !lane.held.includes(job)) return;
    lane.held = lane.held.filter((other) => other !== job);
    this.#schedule(job.laneKey, lane);
  }

  /** Gives the lane's next job a place in its queue; a lane without jobs goes. */
  #schedule(laneKey: string, lane: Lane): void {
    if (this.#cancelled || lane.queued !== undefined || lane.running !== undefined) return;
    if (lane.jobs.length === 0 && this.#lanes.get(laneKey) === lane) this.#lanes.delete(laneKey);
    const next = runnable(lane);
    if (next === undefined || this.#post(laneKey, lane, next)) return;
    lane.queued = next;
    this.#queues[next.route.transport]
      .add(() => this.#run(laneKey, lane, next))
      .catch((error: unknown) => this.#options.shutdown.crash(error));
  }

  /** Posts the job of a lane that has none running, if it can be; the lane is busy until it has ended. */
  #post(laneKey: string, lane: Lane, job: Job): boolean {
    const { post, inFlight } = this.#options;
    if (post === undefined || this.#cancelled) return false;
    const isPosted = post(job, () => {
      this.#posted.ended();
      inFlight.postEnded(laneKey);
      this.#free(laneKey, lane, job, 'settled');
    });
    if (!isPosted) return false;
    lane.running = job;
    lane.woken = false;
    this.#posted.began();
    inFlight.posted(laneKey);
    return true;
  }

  async #run(laneKey: string, lane: Lane, job: Job): Promise<void> {
    lane.queued = undefined;
    lane.running = job;
    lane.woken = false;
    this.#makeRoom();
    const { free, ended } = inPlace(() =>
      this.#options.inFlight.inLane(laneKey, () => this.#runToEnd(laneKey, lane, job)),
    );
    this.#running.add(ended);
    const forget = (): void => {
      this.#running.delete(ended);
    };
    ended.then(forget, forget);
    await free;
  }

  async #runToEnd(laneKey: string, lane: Lane, job: Job): Promise<void> {
    let end: JobEnd = 'settled';
    try {
      end = await this.#options.run(job);
    } catch (error) {
      this.#options.shutdown.crash(error);
    }
    this.#free(laneKey, lane, job, end);
  }

  /**
   * Frees the lane and takes the job out of it, in one synchronous step: a lane without a running job holds no job that
   * has ended. Were anything awaited in between, a push could find the lane free and run the ended job again.
   */
  #free(laneKey: string, lane: Lane, job: Job, end: JobEnd): void {
    lane.running = undefined;
    if (end === 'held') {
      job.sealed = false;
      if (!lane.woken) lane.held = lane.held.concat(job);
    } else lane.jobs.splice(lane.jobs.indexOf(job), 1);
    this.#schedule(laneKey, lane);
  }

  /** Resolves once fewer lanes than the bound wait for a place. P-queue's own wait costs an exception each time. */
  async #room(queue: PQueue): Promise<void> {
    while (queue.size >= MAX_WAITING_LANES && !this.#cancelled) {
      await new Promise<void>((resume) => this.#starved.push(resume));
    }
  }

  #makeRoom(): void {
    for (const resume of this.#starved.splice(0)) resume();
    for (; this.#resumed < this.#resumable.length; this.#resumed++) {
      const job = this.#resumable[this.#resumed];
      if (job === undefined || this.#isFull(job)) return;
      // Its rows are read back from their file: nothing may keep them once they are written.
      this.#resumable[this.#resumed] = undefined;
      this.#release(job);
    }
    this.#resumable = [];
    this.#resumed = 0;
  }
}
