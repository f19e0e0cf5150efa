import type { Crashes } from '../../errors/crashes.ts';
import type { RecordError } from '../../errors/record-error.ts';
import type { Route, Write } from '../../mapping/route.ts';
import { SendAborted } from '../../vitally/http/send-aborted.ts';
import { areWrittenTogether } from '../../write/objects/index.ts';
import { type Result, rejected, superseded } from '../../write/result.ts';
import type { Writer } from '../../write/writer.ts';
import type { ReadAhead } from '../read-ahead.ts';
import { thaw } from '../waitlist/frozen-job.ts';
import type { Held, ParentWaitlist } from '../waitlist/parent-waitlist.ts';
import { withoutRoom } from '../waitlist/without-room.ts';
import { failedFast } from './failed-fast.ts';
import type { Job, Row } from './job.ts';
import type { JobEnd } from './lanes.ts';
import type { RowOutcomes } from './row-outcomes.ts';

export interface JobRunnerOptions {
  readonly writer: Writer;
  readonly waitlist: ParentWaitlist;
  readonly readAhead: ReadAhead;
  readonly outcomes: RowOutcomes;
  readonly shutdown: Crashes;
  /** Ends the run at the first rejected record. */
  readonly failFast: boolean;
}

/** What came of writing a job, and whether it waits. */
interface Attempt {
  readonly result: Result;
  /** `undefined` where it misses no parent. */
  readonly held: Held | undefined;
}

/** Writes jobs and brings every row of theirs to its outcome, unless they wait for a parent. */
export class JobRunner {
  readonly #options: JobRunnerOptions;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
  }

  /**
   * Hands a job to its batch where nothing needs to be asked first.
   *
   * @param ended called once its rows have their outcome or the run ends, after this has returned
   * @returns false where it is to be {@link run}
   */
  post(job: Job, ended: () => void): boolean {
    if (job.frozen !== undefined || areWrittenTogether(job.route)) return false;
    const { shutdown, writer } = this.#options;
    const crash = (error: unknown): void => {
      // A request given up because the run stops leaves its rows unsettled; that is no error of its own.
      if (!(error instanceof SendAborted)) shutdown.crash(error);
      ended();
    };
    const end = (result: Result): void => {
      const settling = this.#settlePosted(job, result);
      if (settling === undefined) ended();
      else settling.then(ended, crash);
    };
    job.sealed = writer.post(job.route, job.write, end, crash);
    return job.sealed;
  }

  #settlePosted(job: Job, result: Result): Promise<unknown> | undefined {
    const { route, rows } = job;
    const [only] = rows;
    if (result.outcome.kind === 'rejected' || rows.length > 1 || only === undefined)
      return this.#settle(job, { result, held: undefined });
    return this.#options.outcomes.settle(route, only, result);
  }

  /** Throws what must end the run. */
  async run(job: Job): Promise<JobEnd> {
    job.sealed = true;
    if (job.frozen !== undefined) await thaw(job, await this.#options.waitlist.file());
    if (areWrittenTogether(job.route)) return await this.#settleGroup(job);
    return await this.#settle(job, await this.#attempt(job));
  }

  async #settle(job: Job, { result, held }: Attempt): Promise<JobEnd> {
    const { route, rows } = job;
    if (held === 'held') return 'held';
    const { outcome } = result;
    if (outcome.kind === 'rejected' && held === 'no_room' && rows.length === 1)
      return await this.#rejectAll(job, withoutRoom(outcome.error));
    if (outcome.kind === 'rejected' && rows.length > 1) {
      // One bad row must not have the rows rejected that were coalesced with it.
      for (const row of rows) await this.#settleSent(route, row, await this.#writeAlone(route, row));
      return 'settled';
    }
    const last = rows.length - 1;
    for (const [index, row] of rows.entries()) {
      await this.#settleSent(route, row, index === last ? result : superseded());
    }
    return 'settled';
  }

  /** Writes a row that can't wait. Where its parent may still come, the rejection says that there was no room to wait in. */
  async #writeAlone(route: Route, { write }: Row): Promise<Result> {
    const result = await this.#write(route, write);
    const { outcome } = result;
    if (outcome.kind !== 'rejected' || !this.#options.waitlist.mayCome(outcome.error.missing)) return result;
    return rejected(withoutRoom(outcome.error));
  }

  /**
   * Writes a job, again where the missing parent appeared, or was given up, while it was looked for; and has it held
   * where that may still come.
   *
   * The look whether anything changed and the hold are one synchronous step: a parent that appeared in between would
   * find no job to wake, and the job would wait for it to the end of its stream.
   */
  async #attempt(job: Job): Promise<Attempt> {
    const { waitlist } = this.#options;
    for (;;) {
      const { moment } = waitlist;
      const result = await this.#write(job.route, job.write);
      const error = result.outcome.kind === 'rejected' ? result.outcome.error : undefined;
      if (error?.missing === undefined) return { result, held: undefined };
      if (waitlist.changedSince(moment, error.missing)) continue;
      return { result, held: await this.#hold(job, error) };
    }
  }

  /** Rows that go together keep an outcome each. Those among them whose parent is missing wait on as a group. */
  async #settleGroup(job: Job): Promise<JobEnd> {
    const { route, rows } = job;
    const { waitlist } = this.#options;
    const { moment } = waitlist;
    const results = await this.#options.writer.writeGroup(
      route,
      rows.map((row) => row.write),
    );
    const waiting: { readonly row: Row; readonly error: RecordError }[] = [];
    for (const [index, row] of rows.entries()) {
      const result = results[index];
      if (result === undefined) throw new Error('a row of a group was left without an outcome');
      const { outcome } = result;
      if (outcome.kind === 'rejected' && outcome.error.missing !== undefined)
        waiting.push({ row, error: outcome.error });
      else await this.#settleSent(route, row, result);
    }
    if (waiting.length === 0) return 'settled';
    job.rows = waiting.map(({ row }) => row);
    const isOutdated = (error: RecordError): boolean =>
      error.missing !== undefined && waitlist.changedSince(moment, error.missing);
    if (waiting.some(({ error }) => isOutdated(error))) return await this.#settleGroup(job);
    for (const { error } of waiting) {
      // As with a single row, the look and the hold are one step; the hold before this one was awaited.
      if (isOutdated(error)) return await this.#settleGroup(job);
      const held = await this.#hold(job, error);
      if (held === 'held') return 'held';
      if (held === 'no_room') return await this.#rejectAll(job, withoutRoom(error));
    }
    const byKey = Map.groupBy(waiting, ({ row }) => row.write.key);
    for (const { row, error } of waiting) {
      const isAlone = byKey.get(row.write.key)?.length === 1;
      // Rows of one key miss a parent together; that may be the fault of a single one.
      const result: Result = isAlone ? rejected(error) : await this.#write(route, row.write);
      await this.#settleSent(route, row, result);
    }
    return 'settled';
  }

  /** A row that waits for its parent is bounded elsewhere: it must not keep its parent out of what may be read ahead. */
  async #hold(job: Job, error: RecordError): Promise<Held> {
    const { rows } = job;
    const held = await this.#options.waitlist.hold(job, error.missing);
    // Not before it is in its file: what is on the way there takes memory too.
    for (const row of rows) this.#options.readAhead.leave(row);
    return held;
  }

  async #rejectAll({ route, rows }: Job, error: RecordError): Promise<JobEnd> {
    for (const row of rows) await this.#settleSent(route, row, rejected(error));
    return 'settled';
  }

  async #settleSent(route: Route, row: Row, result: Result): Promise<void> {
    await this.#options.outcomes.settle(route, row, result);
    if (this.#options.failFast && result.outcome.kind === 'rejected') {
      this.#options.shutdown.crash(failedFast(result.outcome.error, route, row.line));
    }
  }

  #write(route: Route, write: Write): Promise<Result> {
    return this.#options.writer.write(route, write);
  }
}
