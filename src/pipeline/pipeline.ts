import { setImmediate } from 'node:timers/promises';
import type { Ledger } from '../checkpoint/ledger.ts';
import { type Acknowledge, StatePublisher } from '../checkpoint/state-publisher.ts';
import type { Route } from '../mapping/route.ts';
import type { InputMessage } from '../protocol/messages.ts';
import type { Rejections } from '../rejected/rejections.ts';
import type { InFlightWrites } from '../write/in-flight-writes.ts';
import type { Plan } from './plan.ts';
import { ReadAhead } from './read-ahead.ts';
import type { ResultNotes } from './result-notes.ts';
import type { LoggedOutcomes } from './scheduler/logged-outcomes.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import { aborted, type Shutdown, SIGNAL_BOUNDS, within } from './shutdown.ts';
import { StateRoom } from './state-room.ts';
import type { StreamMappers } from './streams/stream-mappers.ts';
import { watchLongWaits } from './waitlist/long-wait.ts';
import type { ParentWaitlist } from './waitlist/parent-waitlist.ts';
import type { Connection } from './wiring.ts';

/** Rows read and not yet settled: a bound on memory whatever the input's length. */
const MAX_UNSETTLED_ROWS = 4_000;
/** A row is held several times over, as text and as values, and a character that isn't Latin takes two bytes each time. */
const MAX_UNSETTLED_CHARACTERS = 8 * 1024 * 1024;
/** After a row that took longer the event loop has its turn. */
const SLOW_ROW_MS = 50;
/** What was read before the input went wrong is still written, within this time. */
const MAX_LAST_WRITES_MS = 60_000;

/** What a run is made of. */
export interface PipelineOptions {
  readonly routes: readonly Route[];
  readonly mappers: StreamMappers;
  readonly connection: Connection;
  /** Who writes which record now. */
  readonly inFlight: InFlightWrites;
  readonly waitlist: ParentWaitlist;
  readonly ledger: Ledger;
  readonly rejections: Rejections;
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
  readonly acknowledge: Acknowledge;
  readonly warn: (message: string) => void;
}

/** The way of every message: a record to its outcome, a STATE out when it is safe. */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #readAhead = new ReadAhead({
    maxRows: MAX_UNSETTLED_ROWS,
    maxCharacters: MAX_UNSETTLED_CHARACTERS,
  });
  readonly #statePublisher: StatePublisher;
  readonly #scheduler: Scheduler;

  constructor(options: PipelineOptions) {
    const { connection, waitlist, ledger, rejections, acknowledge, shutdown } = options;
    const readAhead = this.#readAhead;
    this.#options = options;
    this.#statePublisher = new StatePublisher({
      ledger,
      rejections,
      acknowledge,
      texts: new StateRoom(readAhead, waitlist),
      shutdown,
    });
    this.#scheduler = new Scheduler({
      ...options,
      writer: connection.writer,
      laneFinder: connection.laneFinder,
      readAhead,
      statePublisher: this.#statePublisher,
    });
    shutdown.onHard(() => this.#cancel());
  }

  /** Reads to the end of input, or until the run is stopped; everything under way has ended when it returns. */
  async run(messages: AsyncIterable<InputMessage>): Promise<void> {
    const { shutdown, waitlist, warn } = this.#options;
    const endWatch = watchLongWaits({ waitlist, warn });
    // A row may be waiting for an answer, about Vitally's traits for one: a run that stops doesn't wait for its reader.
    await Promise.race([this.#read(messages), aborted(shutdown.hardSignal)]);
    await this.#finish();
    endWatch();
    await waitlist.dispose();
  }

  /** STATEs that left. */
  get acknowledged(): number {
    return this.#statePublisher.published;
  }

  async #read(messages: AsyncIterable<InputMessage>): Promise<void> {
    const { shutdown, ledger, mappers, connection } = this.#options;
    const [readAhead, scheduler, statePublisher] = [this.#readAhead, this.#scheduler, this.#statePublisher];
    try {
      for await (const message of messages) {
        if (shutdown.soft) break;
        switch (message.type) {
          case 'RECORD': {
            const record = mappers.admitted(message);
            await readAhead.take(record.raw.length);
            const ticket = ledger.received(record.stream);
            const startedAtMs = performance.now();
            await scheduler.submit(record, ticket, await mappers.map(record));
            // Templates may take their time: signals are heard between rows.
            if (performance.now() - startedAtMs > SLOW_ROW_MS) await setImmediate();
            break;
          }
          case 'STATE':
            await statePublisher.checkpoint(message);
            connection.hasten();
            break;
          case 'STREAM_STATUS':
            scheduler.streamStatus(message);
            break;
        }
      }
    } catch (error) {
      shutdown.requestSoft({ kind: 'error', error });
    }
  }

  async #finish(): Promise<void> {
    const { shutdown, connection, rejections, ledger } = this.#options;
    connection.endOfInput();
    const done = Promise.race([this.#scheduler.idle(), aborted(shutdown.hardSignal)]);
    if (shutdown.cause === undefined) await done;
    else await within(MAX_LAST_WRITES_MS, done);
    if (shutdown.cause !== undefined) {
      shutdown.requestHard(shutdown.cause);
      await within(SIGNAL_BOUNDS.settleMs, this.#scheduler.running());
    }
    await this.#statePublisher.flush();
    await rejections.flush().catch((error: unknown) => shutdown.crash(error));
    if (shutdown.cause === undefined) ledger.verifyBalance();
  }

  #cancel(): void {
    this.#scheduler.cancel();
    this.#options.connection.batcher?.stop();
    this.#readAhead.close();
  }
}
