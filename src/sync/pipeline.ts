import { ConfigError } from '../errors/config-error.ts';
import { ProtocolError } from '../errors/protocol-error.ts';
import { RecordError } from '../errors/record-error.ts';
import type { InputMessage, RecordMessage } from '../protocol/messages.ts';
import { streamId } from '../protocol/messages.ts';
import type { Route, Write } from '../routing/route.ts';
import { SendAborted } from '../vitally/send-aborted.ts';
import type { AnalyticsWriter } from './analytics-writer.ts';
import { Budget } from './budget.ts';
import { type Job, laneKeyOf, type Row } from './job.ts';
import { Lanes } from './lanes.ts';
import type { Ledger } from './ledger.ts';
import type { Rejections } from './rejections.ts';
import type { Settlement } from './settlement.ts';
import type { Stop } from './stop.ts';
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

/** A route and the mapping made for it once. */
export interface Line {
  readonly route: Route;
  /** Throws {@link RecordError} for a row that can't be written. */
  readonly map: (record: RecordMessage) => Write;
  /** The row's key, `undefined` where it has none. */
  readonly keyOf: (record: RecordMessage) => string | undefined;
}

export interface PipelineOptions {
  readonly lines: readonly Line[];
  readonly ledger: Ledger;
  readonly writers: Writers;
  readonly analytics: AnalyticsWriter | undefined;
  readonly rejections: Rejections;
  readonly stop: Stop;
  readonly restConcurrency: number;
  readonly failFast: boolean;
  /** Emits a STATE that is safe now. */
  readonly acknowledge: (
    raw: string,
    counts: { recordCount: number; rejectedRecordCount: number },
  ) => Promise<void>;
  /** Called with what became of each row, or would, and the request for it. */
  readonly onSettled?: (route: Route, row: Row, settlement: Settlement) => Promise<void>;
  readonly onLanes?: (running: (laneKey: string) => Promise<void> | undefined) => void;
}

/** The run: messages in, every record to its outcome, every STATE out when it is safe. */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #byStream: ReadonlyMap<string, Line>;
  readonly #budget = new Budget({ maxRows: MAX_UNSETTLED_ROWS, maxBytes: MAX_UNSETTLED_BYTES });
  readonly #lanes: { readonly rest: Lanes; readonly analytics: Lanes };
  readonly #active = new Set<Promise<void>>();
  #releasing: Promise<void> | undefined;

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#byStream = new Map(
      options.lines.map((line) => [
        streamId({ name: line.route.stream, namespace: line.route.namespace }),
        line,
      ]),
    );
    const lanes = (concurrency: number): Lanes =>
      new Lanes({
        concurrency,
        run: (job) => this.#track(this.#settleJob(job)),
        onCrash: (error) => this.#crash(error),
      });
    this.#lanes = { rest: lanes(options.restConcurrency), analytics: lanes(ANALYTICS_LANES) };
    options.onLanes?.(
      (laneKey) => this.#lanes.rest.running(laneKey) ?? this.#lanes.analytics.running(laneKey),
    );
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
        if (this.#options.ledger.checkpoint(message)) this.#release();
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
    const mapped = mapping(line, message);
    const row = { ticket, line: message.line, raw: message.raw, write: mapped.write };
    if (mapped.error === undefined) return await this.#admit(route, row);
    await this.#settle(route, row, { outcome: { kind: 'rejected', error: mapped.error } });
    // What stands before this row in the input is still written.
    if (this.#options.failFast) throw failedFast(mapped.error);
  }

  async #admit(route: Route, row: Row): Promise<void> {
    const { key } = row.write;
    const laneKey = key === undefined ? '' : laneKeyOf(route, key);
    const job: Job = { route, laneKey, rows: [row], write: row.write, sealed: false };
    if (route.object.others === 'properties') {
      // Events are independent of one another: no lane, straight into the batch.
      void this.#track(this.#settleJob(job)).catch((error: unknown) => this.#crash(error));
      return;
    }
    await this.#lanes[route.via].push(job);
  }

  async #settleJob(job: Job): Promise<void> {
    job.sealed = true;
    const { route, rows } = job;
    const settlement = await this.#write(route, job.write);
    if (settlement.outcome.kind === 'rejected' && rows.length > 1) {
      // One bad row must not take the rows down that were folded together with it.
      for (const row of rows) await this.#settleSent(route, row, await this.#write(route, row.write));
      return;
    }
    const last = rows.length - 1;
    for (const [index, row] of rows.entries()) {
      await this.#settleSent(route, row, index === last ? settlement : { outcome: { kind: 'superseded' } });
    }
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
    this.#budget.give(row.raw.length);
    if (ledger.settle(row.ticket, outcome)) this.#release();
  }

  /** Emits what became safe, in order; the rejections it covers are on disk first. */
  #release(): void {
    this.#releasing ??= this.#releaseAll()
      .catch((error: unknown) => this.#crash(error))
      .finally(() => {
        this.#releasing = undefined;
      });
  }

  async #releaseAll(): Promise<void> {
    for (;;) {
      const releases = this.#options.ledger.takeReleasable();
      if (releases.length === 0) return;
      await this.#options.rejections.flush();
      for (const release of releases) await this.#options.acknowledge(release.state.raw, release);
    }
  }

  async #finish(): Promise<void> {
    const { stop, analytics, rejections, ledger } = this.#options;
    analytics?.drain();
    const done = this.#settled();
    if (stop.cause === undefined) await Promise.race([done, stopped(stop.sending)]);
    else await within(DRAIN_MS, Promise.race([done, stopped(stop.sending)]));
    if (stop.cause !== undefined) {
      stop.now(stop.cause);
      await within(GRACE_MS, Promise.allSettled(this.#active));
    }
    while (this.#releasing !== undefined) await this.#releasing;
    await rejections.flush().catch((error: unknown) => this.#crash(error));
    if (stop.cause === undefined) ledger.verifyBalance();
  }

  async #settled(): Promise<void> {
    await Promise.all([this.#lanes.rest.idle(), this.#lanes.analytics.idle()]);
    await Promise.allSettled(this.#active);
  }

  #cancel(): void {
    this.#lanes.rest.cancel();
    this.#lanes.analytics.cancel();
    this.#options.analytics?.stop();
    this.#budget.close();
  }

  #crash(error: unknown): void {
    this.#options.stop.now({ kind: 'error', error });
  }

  #track(work: Promise<void>): Promise<void> {
    // A request given up because the run stops leaves its rows unsettled; that is no error of its own.
    const tracked = work.catch((error: unknown) => {
      if (!(error instanceof SendAborted)) throw error;
    });
    this.#active.add(tracked);
    const forget = (): void => {
      this.#active.delete(tracked);
    };
    tracked.then(forget, forget);
    return tracked;
  }
}

/** A record's row in Vitally's terms, or why it has none; the key is named where it can be. */
function mapping(
  line: Line,
  message: RecordMessage,
): { readonly write: Write; readonly error?: RecordError } {
  try {
    return { write: line.map(message) };
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return { write: { key: line.keyOf(message), fields: new Map(), traits: new Map() }, error };
  }
}

function failedFast(error: RecordError): ConfigError {
  return new ConfigError(
    `Stopped at the first rejected record (${error.code}), as rejected_records.policy fail_fast asks: ${error.message}; ${error.fix}.`,
    { cause: error },
  );
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
