import type { Ledger, Ticket } from '../../checkpoint/ledger.ts';
import type { StatePublisher } from '../../checkpoint/state-publisher.ts';
import type { RecordError } from '../../errors/record-error.ts';
import type { Route } from '../../mapping/route.ts';
import type { RecordMessage, StatusMessage } from '../../protocol/messages.ts';
import type { Rejections } from '../../rejected/rejections.ts';
import { DEFAULT_MAX_IN_FLIGHT } from '../../vitally/rate-limit/policy.ts';
import type { InFlightWrites } from '../../write/in-flight-writes.ts';
import { rejected, skipped } from '../../write/result.ts';
import type { Writer } from '../../write/writer.ts';
import type { Plan } from '../plan.ts';
import type { ReadAhead } from '../read-ahead.ts';
import type { ResultNotes } from '../result-notes.ts';
import type { Shutdown } from '../shutdown.ts';
import type { Mapped } from '../streams/stream-mapper.ts';
import type { ParentWaitlist } from '../waitlist/parent-waitlist.ts';
import { StreamEnds } from '../waitlist/stream-ends.ts';
import { Admission } from './admission.ts';
import { failedFast } from './failed-fast.ts';
import { type Job, jobOf, type Row } from './job.ts';
import { JobRunner } from './job-runner.ts';
import { LaneEntry } from './lane-entry.ts';
import type { LaneFinder } from './lane-finder.ts';
import { type JobEnd, Lanes } from './lanes.ts';
import type { LoggedOutcomes } from './logged-outcomes.ts';
import { Retries } from './retries.ts';
import { RowOutcomes } from './row-outcomes.ts';
import { UnderWay } from './under-way.ts';

/** Rows of Analytics routes under way: enough to fill every batch on the wire and the next ones. */
const ANALYTICS_LANES = 1_000;

export interface SchedulerOptions {
  readonly routes: readonly Route[];
  readonly writer: Writer;
  readonly laneFinder: LaneFinder;
  /** Who writes which record now. */
  readonly inFlight: InFlightWrites;
  readonly waitlist: ParentWaitlist;
  readonly readAhead: ReadAhead;
  readonly ledger: Ledger;
  readonly rejections: Rejections;
  readonly statePublisher: StatePublisher;
  readonly notes: ResultNotes;
  /** Of a dry run. */
  readonly plan: Plan | undefined;
  /** What became of each row, where the settings ask for it. */
  readonly outcomeLog: LoggedOutcomes | undefined;
  readonly shutdown: Shutdown;
  /** Rows of one key that wait are written as one. */
  readonly coalesce: boolean;
  /** Ends the run at the first rejected record. */
  readonly failFast: boolean;
}

/** Takes mapped records and brings each to its outcome: one lane a record, a bounded number of jobs at work. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #underWay = new UnderWay();
  readonly #streamEnds: StreamEnds;
  readonly #lanes: Lanes;
  readonly #retries: Retries;
  readonly #outcomes: RowOutcomes;
  readonly #runner: JobRunner;
  readonly #admission: Admission;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    const { waitlist, readAhead, inFlight, shutdown, failFast, coalesce } = options;
    this.#streamEnds = new StreamEnds(options.routes, options.ledger);
    this.#lanes = new Lanes({
      concurrency: { rest: DEFAULT_MAX_IN_FLIGHT, analytics: ANALYTICS_LANES },
      coalesce,
      waitlist,
      inFlight,
      shutdown,
      run: (job) => this.#run(job),
      post: (job, ended) => this.#post(job, ended),
    });
    this.#retries = new Retries({ waitlist, lanes: this.#lanes, streamEnds: this.#streamEnds });
    this.#outcomes = new RowOutcomes({ ...options, retries: this.#retries });
    const outcomes = this.#outcomes;
    this.#runner = new JobRunner({
      writer: options.writer,
      waitlist,
      readAhead,
      outcomes,
      shutdown,
      failFast,
    });
    this.#admission = new Admission({
      laneFinder: options.laneFinder,
      inFlight,
      lanes: new LaneEntry({ lanes: this.#lanes, waitlist, readAhead, outcomes, shutdown, failFast }),
      shutdown,
    });
  }

  /**
   * Takes a record on; gives what to wait for before the next is read, `undefined` where it may be read now.
   *
   * @throws ConfigError for the first record that can't be mapped, where the policy is fail_fast
   */
  submit(record: RecordMessage, ticket: Ticket, mapped: Mapped): Promise<void> | undefined {
    // A run that has stopped doesn't wait for its reader: what that still held stays without an outcome.
    if (this.#options.shutdown.hard) return undefined;
    const { route, write, error } = mapped;
    const row: Row = { ticket, line: record.line, raw: record.raw, write, leftReadAhead: false };
    if (error !== undefined) return this.#reject(route, row, error);
    if (mapped.isSkipped === true) return this.#outcomes.settle(route, row, skipped('deleted in source'));
    if (route.object.others !== 'properties') return this.#admission.admit(route, row);
    // Events are independent of one another: no lane, straight into the batch.
    const job = jobOf(route, row, '');
    if (!this.#post(job, () => {}))
      this.#run(job).catch((thrown: unknown) => this.#options.shutdown.crash(thrown));
    return undefined;
  }

  async #reject(route: Route, row: Row, error: RecordError): Promise<void> {
    await this.#outcomes.settle(route, row, rejected(error));
    // What came before this row in the input is still written.
    if (this.#options.failFast) throw failedFast(error, route, row.line);
  }

  /** A stream reports its status. Rows that wait for what a complete stream did not bring are tried a last time. */
  streamStatus(status: StatusMessage): void {
    this.#streamEnds.status(status);
    this.#retries.parentStreamsEnded();
  }

  /**
   * Resolves when everything has its outcome; to be called once nothing more is submitted. Rows that still wait get a
   * last try, those that wait for a parent before those that wait for one of its children.
   */
  async idle(): Promise<void> {
    await this.#quiet();
    for (const object of this.#options.waitlist.inOrder()) {
      if (this.#options.shutdown.cause?.kind === 'signal') return;
      this.#retries.close(object);
      await this.#quiet();
    }
  }

  /** Drops what has not begun; what has runs on. */
  cancel(): void {
    this.#lanes.cancel();
  }

  /** Resolves when the jobs that run now have ended. */
  async running(): Promise<void> {
    await this.#underWay.idle();
  }

  #post(job: Job, ended: () => void): boolean {
    const { posted } = this.#underWay;
    const isPosted = this.#runner.post(job, () => {
      posted.ended();
      ended();
    });
    if (isPosted) posted.began();
    return isPosted;
  }

  #run(job: Job): Promise<JobEnd> {
    return this.#underWay.track(this.#runner.run(job));
  }

  async #quiet(): Promise<void> {
    await this.#admission.idle();
    await this.#lanes.idle();
    await this.#underWay.idle();
  }
}
