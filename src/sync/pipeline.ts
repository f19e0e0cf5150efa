import { ConfigError } from '../errors/config-error.ts';
import { ProtocolError } from '../errors/protocol-error.ts';
import type { RecordError } from '../errors/record-error.ts';
import type { InputMessage, RecordMessage } from '../protocol/messages.ts';
import { streamId } from '../protocol/messages.ts';
import type { Route, Write } from '../routing/route.ts';
import { SendAborted } from '../vitally/send-aborted.ts';
import type { AnalyticsWriter } from './analytics-writer.ts';
import { Budget } from './budget.ts';
import { type Job, laneKeyOf, type Row } from './job.ts';
import { type JobEnd, Lanes } from './lanes.ts';
import type { Line } from './line.ts';
import { Parking } from './parking.ts';
import { Releases, type ReleasesOptions } from './releases.ts';
import type { Settlement } from './settlement.ts';
import type { Stop } from './stop.ts';
import { aborted, within } from './waits.ts';
import type { Writers } from './writers.ts';

/** Rows read and not yet settled: a bound on memory whatever the input's length. */
const MAX_UNSETTLED_ROWS = 4_000;
const MAX_UNSETTLED_BYTES = 24 * 1024 * 1024;
/** Rows of Analytics routes under way: enough to fill every batch on the wire and the next ones. */
const ANALYTICS_LANES = 1_000;
/** What is on the wire when a run is stopped may take this long to end (contract section 8). */
const GRACE_MS = 10_000;
/** What was read before the input went wrong is still written, within this time. */
const DRAIN_MS = 60_000;

export interface PipelineOptions extends Omit<ReleasesOptions, 'onCrash'> {
  readonly lines: readonly Line[];
  readonly writers: Writers;
  readonly analytics: AnalyticsWriter | undefined;
  readonly stop: Stop;
  readonly restConcurrency: number;
  readonly failFast: boolean;
  /** Called with what became of each row, or would, and the request for it. */
  readonly onSettled?: (route: Route, row: Row, settlement: Settlement) => Promise<void>;
  readonly onLanes?: (running: (laneKey: string) => Promise<void> | undefined) => void;
}

/** The run: messages in, every record to its outcome, every STATE out when it is safe. */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #byStream: ReadonlyMap<string, Line>;
  readonly #budget = new Budget({ maxRows: MAX_UNSETTLED_ROWS, maxBytes: MAX_UNSETTLED_BYTES });
  readonly #lanes: Lanes;
  readonly #parking: Parking;
  readonly #active = new Set<Promise<JobEnd>>();
  readonly #releases: Releases;

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#byStream = new Map(
      options.lines.map((line) => [
        streamId({ name: line.route.stream, namespace: line.route.namespace }),
        line,
      ]),
    );
    this.#lanes = new Lanes({
      concurrency: { rest: options.restConcurrency, analytics: ANALYTICS_LANES },
      run: (job) => this.#track(this.#settleJob(job)),
      onCrash: (error) => this.#crash(error),
    });
    const producers = options.lines.filter(({ route }) => route.mode === 'upsert' || route.mode === 'append');
    this.#parking = new Parking(new Set(producers.map(({ route }) => route.object.name)));
    this.#releases = new Releases({ ...options, onCrash: (error) => this.#crash(error) });
    options.onLanes?.((laneKey) => this.#lanes.running(laneKey));
    options.stop.onStop(() => this.#cancel());
  }

  /** Reads to the end of input, or until the run is stopped; everything under way has ended when it returns. */
  async run(messages: AsyncIterable<InputMessage>): Promise<void> {
    const { stop } = this.#options;
    try {
      for await (const message of messages) {
        if (stop.reading.aborted) break;
        await this.#take(message);
      }
    } catch (error) {
      stop.afterwards({ kind: 'error', error });
    }
    await this.#finish();
  }

  async #take(message: InputMessage): Promise<void> {
    switch (message.type) {
      case 'RECORD':
        return await this.#takeRecord(message);
      case 'STATE':
        if (this.#options.ledger.checkpoint(message)) this.#releases.begin();
        this.#options.analytics?.hasten();
        return;
      case 'STREAM_STATUS':
        return;
    }
  }

  async #takeRecord(message: RecordMessage): Promise<void> {
    const line = this.#byStream.get(streamId(message.stream));
    if (line === undefined) {
      throw new ProtocolError(`line ${message.line} is a RECORD of a stream that the catalog does not have`);
    }
    const { route } = line;
    await this.#budget.take(message.raw.length);
    const ticket = this.#options.ledger.received(message.stream);
    const mapped = line.map(message);
    const row: Row = {
      ticket,
      line: message.line,
      raw: message.raw,
      write: mapped.write,
      outOfBudget: false,
    };
    if (mapped.error === undefined) return await this.#admit(route, row);
    await this.#settle(route, row, { outcome: { kind: 'rejected', error: mapped.error } });
    // What stands before this row in the input is still written.
    if (this.#options.failFast) throw failedFast(mapped.error);
  }

  async #admit(route: Route, row: Row): Promise<void> {
    const laneKey = laneKeyOf(route, row.write);
    const job: Job = { route, laneKey, rows: [row], write: row.write, sealed: false };
    if (route.object.others === 'properties') {
      // Events are independent of one another: no lane, straight into the batch.
      void this.#track(this.#settleJob(job)).catch((error: unknown) => this.#crash(error));
      return;
    }
    await this.#lanes.push(job);
  }

  async #settleJob(job: Job): Promise<JobEnd> {
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

  /** Rows that go together keep an outcome each. */
  async #settleGroup(job: Job): Promise<JobEnd> {
    const { route, rows } = job;
    const settlements = await this.#options.writers.writeGroup(
      route,
      rows.map((row) => row.write),
    );
    const [first] = settlements;
    if (first?.outcome.kind === 'rejected' && this.#park(job, first.outcome.error)) return 'parked';
    for (const [index, row] of rows.entries()) {
      const settlement = settlements[index];
      if (settlement === undefined) throw new Error('a row of a group was left without an outcome');
      await this.#settleSent(route, row, settlement);
    }
    return 'settled';
  }

  #park(job: Job, error: RecordError): boolean {
    if (!this.#parking.take(job, error.missing)) return false;
    for (const row of job.rows) this.#leaveBudget(row);
    return true;
  }

  async #settleSent(route: Route, row: Row, settlement: Settlement): Promise<void> {
    await this.#settle(route, row, settlement);
    if (this.#options.failFast && settlement.outcome.kind === 'rejected') {
      this.#crash(failedFast(settlement.outcome.error));
    }
  }

  #write(route: Route, write: Write): Promise<Settlement> {
    return this.#options.writers.write(route, write);
  }

  async #settle(route: Route, row: Row, settlement: Settlement): Promise<void> {
    const { ledger, rejections } = this.#options;
    const { outcome } = settlement;
    if (outcome.kind === 'rejected') {
      const stream = { name: route.stream, namespace: route.namespace };
      await rejections.refuse({ line: row.line, raw: row.raw, stream }, row.write.key, outcome.error);
    }
    await this.#options.onSettled?.(route, row, settlement);
    this.#leaveBudget(row);
    if (ledger.settle(row.ticket, outcome)) this.#releases.begin();
    if (outcome.kind !== 'rejected') this.#wake(route, row.write);
  }

  /** A row that waits for its parent is bounded elsewhere: it must not keep its parent out. */
  #leaveBudget(row: Row): void {
    if (row.outOfBudget) return;
    row.outOfBudget = true;
    this.#budget.give(row.raw.length);
  }

  /** Lets rows try again that waited for the record this row is about. */
  #wake(route: Route, { key, fields }: Write): void {
    const ids = [key, fields.get('externalId'), fields.get('email')].filter((id) => typeof id === 'string');
    for (const job of this.#parking.appeared(route.object.name, ids)) this.#lanes.resume(job.laneKey);
  }

  async #finish(): Promise<void> {
    const { stop, analytics, rejections, ledger } = this.#options;
    analytics?.drain();
    const done = this.#settled();
    if (stop.cause === undefined) await Promise.race([done, aborted(stop.sending)]);
    else await within(DRAIN_MS, Promise.race([done, aborted(stop.sending)]));
    if (stop.cause !== undefined) {
      stop.now(stop.cause);
      await within(GRACE_MS, Promise.allSettled(this.#active));
    }
    await this.#releases.idle();
    await rejections.flush().catch((error: unknown) => this.#crash(error));
    if (stop.cause === undefined) ledger.verifyBalance();
  }

  /** Everything read has its outcome; what still waits for a parent gets a last try at the end of input. */
  async #settled(): Promise<void> {
    await this.#quiet();
    while (this.#parking.size > 0 && this.#options.stop.cause === undefined) {
      const before = this.#parking.size;
      await this.#retryParked();
      if (this.#parking.size < before) continue;
      this.#parking.close();
      await this.#retryParked();
    }
  }

  async #retryParked(): Promise<void> {
    for (const job of this.#parking.all()) this.#lanes.resume(job.laneKey);
    await this.#quiet();
  }

  async #quiet(): Promise<void> {
    await this.#lanes.idle();
    await Promise.allSettled(this.#active);
  }

  #cancel(): void {
    this.#lanes.cancel();
    this.#options.analytics?.stop();
    this.#budget.close();
  }

  #crash(error: unknown): void {
    this.#options.stop.now({ kind: 'error', error });
  }

  #track(work: Promise<JobEnd>): Promise<JobEnd> {
    // A request given up because the run stops leaves its rows unsettled; that is no error of its own.
    const tracked = work.catch((error: unknown): JobEnd => {
      if (error instanceof SendAborted) return 'settled';
      throw error;
    });
    this.#active.add(tracked);
    const forget = (): void => {
      this.#active.delete(tracked);
    };
    tracked.then(forget, forget);
    return tracked;
  }
}

function failedFast(error: RecordError): ConfigError {
  return new ConfigError(
    `Stopped at the first rejected record (${error.code}), as rejected_records.policy fail_fast asks: ${error.message}; ${error.fix}.`,
    { cause: error },
  );
}
