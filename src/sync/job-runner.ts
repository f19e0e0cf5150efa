import { ConfigError } from '../errors/config-error.ts';
import type { RecordError } from '../errors/record-error.ts';
import type { InFlightWrites } from '../pipeline/in-flight-writes.ts';
import type { Route, Write } from '../routing/route.ts';
import type { Budget } from './budget.ts';
import type { Job, Row } from './job.ts';
import type { JobEnd } from './lanes.ts';
import type { Ledger } from './ledger.ts';
import type { Parking } from './parking.ts';
import type { Rejections } from './rejections.ts';
import type { Settlement } from './settlement.ts';
import { nameOf } from './summary.ts';
import type { Writers } from './writers.ts';

export interface JobRunnerOptions {
  readonly writers: Writers;
  readonly ledger: Ledger;
  readonly rejections: Rejections;
  readonly budget: Budget;
  readonly parking: Parking;
  readonly inFlight: InFlightWrites;
  /** Ends the run at the first rejected record. */
  readonly failFast: boolean;
  /** Called with what became of each row, or would, and the request for it. */
  readonly onSettled?: (route: Route, row: Row, settlement: Settlement) => Promise<void>;
  /** The ledger has STATEs to give. */
  readonly onReleasable: () => void;
  /** Jobs whose parent appeared are to be tried again. */
  readonly onWoken: (jobs: readonly Job[]) => void;
  readonly onCrash: (error: unknown) => void;
}

/** Writes jobs and brings every row of theirs to its outcome, unless they wait for a parent. */
export class JobRunner {
  readonly #options: JobRunnerOptions;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
  }

  /** Throws what must end the run. */
  async run(job: Job): Promise<JobEnd> {
    job.sealed = true;
    const { route, rows } = job;
    if (route.object.grouped === true) return await this.#settleGroup(job);
    const settlement = await this.#write(route, job.write);
    const { outcome } = settlement;
    if (outcome.kind === 'rejected' && this.#park(job, outcome.error)) return 'parked';
    if (outcome.kind === 'rejected' && rows.length > 1) {
      // One bad row must not take the rows down that were folded together with it.
      for (const row of rows) await this.#settleSent(route, row, await this.#write(route, row.write));
      return 'settled';
    }
    const last = rows.length - 1;
    for (const [index, row] of rows.entries()) {
      await this.#settleSent(route, row, index === last ? settlement : { outcome: { kind: 'superseded' } });
    }
    return 'settled';
  }

  /** Rows that go together keep an outcome each; those among them that want for a parent wait on as a group. */
  async #settleGroup(job: Job): Promise<JobEnd> {
    const { route, rows } = job;
    const settlements = await this.#options.writers.writeGroup(
      route,
      rows.map((row) => row.write),
    );
    const waiting: { readonly row: Row; readonly error: RecordError }[] = [];
    for (const [index, row] of rows.entries()) {
      const settlement = settlements[index];
      if (settlement === undefined) throw new Error('a row of a group was left without an outcome');
      const { outcome } = settlement;
      if (outcome.kind === 'rejected' && outcome.error.missing !== undefined)
        waiting.push({ row, error: outcome.error });
      else await this.#settleSent(route, row, settlement);
    }
    if (waiting.length === 0) return 'settled';
    job.rows = waiting.map(({ row }) => row);
    if (waiting.some(({ error }) => this.#park(job, error))) return 'parked';
    const byKey = Map.groupBy(waiting, ({ row }) => row.write.key);
    for (const { row, error } of waiting) {
      const isAlone = byKey.get(row.write.key)?.length === 1;
      // Rows of one key want for a parent together; that may be the fault of a single one.
      const settlement: Settlement = isAlone
        ? { outcome: { kind: 'rejected', error } }
        : await this.#write(route, row.write);
      await this.#settleSent(route, row, settlement);
    }
    return 'settled';
  }

  #park(job: Job, error: RecordError): boolean {
    if (!this.#options.parking.take(job, error.missing)) return false;
    for (const row of job.rows) this.leaveBudget(row);
    return true;
  }

  async #settleSent(route: Route, row: Row, settlement: Settlement): Promise<void> {
    await this.settle(route, row, settlement);
    if (this.#options.failFast && settlement.outcome.kind === 'rejected') {
      this.#options.onCrash(failedFast(settlement.outcome.error, route, row.line));
    }
  }

  #write(route: Route, write: Write): Promise<Settlement> {
    return this.#options.writers.write(route, write);
  }

  /** Counts what became of a row; a rejected one is kept before it counts. */
  async settle(route: Route, row: Row, settlement: Settlement): Promise<void> {
    const { ledger, rejections } = this.#options;
    const { outcome } = settlement;
    if (outcome.kind === 'rejected') {
      const stream = { name: route.stream, namespace: route.namespace };
      await rejections.refuse({ line: row.line, raw: row.raw, stream }, row.write.key, outcome.error);
    }
    await this.#options.onSettled?.(route, row, settlement);
    this.leaveBudget(row);
    this.#options.inFlight.end(row);
    if (ledger.settle(row.ticket, outcome)) this.#options.onReleasable();
    if (outcome.kind !== 'rejected') this.#wake(route, row.write);
  }

  /** A row that waits for its parent is bounded elsewhere: it must not keep its parent out. */
  leaveBudget(row: Row): void {
    if (row.outOfBudget) return;
    row.outOfBudget = true;
    this.#options.budget.give(row.raw.length);
  }

  /** Lets rows try again that waited for the record this row is about. */
  #wake(route: Route, { key, fields }: Write): void {
    const ids = [key, fields.get('externalId'), fields.get('email')].filter((id) => typeof id === 'string');
    const woken = this.#options.parking.appeared(route.object.name, ids);
    if (woken.length > 0) this.#options.onWoken(woken);
  }
}

/** What ends a run whose policy is fail_fast. */
export function failedFast(error: RecordError, route: Route, line: number): ConfigError {
  const { code, field, httpStatus, message, fix } = error;
  const where = [`line ${line} of stream ${nameOf(route)}`, field && `field ${field}`]
    .filter(Boolean)
    .join(', ');
  return new ConfigError(
    `Stopped at the first rejected record (${code}), ${where}, as rejected_records.policy fail_fast asks: ${sentence(message)} ${fix}`,
    {
      cause: error,
      technical: `${code}${httpStatus === undefined ? '' : `, status ${httpStatus}`}, ${where}`,
      stream: { name: route.stream, namespace: route.namespace },
    },
  );
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
