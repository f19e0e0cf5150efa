import { setImmediate } from 'node:timers/promises';
import type { Ledger } from '../checkpoint/ledger.ts';
import { type Acknowledge, StatePublisher } from '../checkpoint/state-publisher.ts';
import type { Route } from '../mapping/route.ts';
import type { MessageSource } from '../protocol/input/message-source.ts';
import type { InputMessage, RecordMessage, StateMessage } from '../protocol/messages.ts';
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
/** After rows that took longer together the event loop has its turn: signals are heard then. */
const TURN_MS = 50;
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
  async run(messages: MessageSource): Promise<void> {
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

  /** Rows that wait for nothing are taken one after the other in one go, since each `await` costs as much as a row's mapping. */
  async #read(messages: MessageSource): Promise<void> {
    const { shutdown } = this.#options;
    try {
      let turnAtMs = performance.now();
      for (;;) {
        const next = messages.next();
        const message = next instanceof Promise ? await next : next;
        if (message === undefined || shutdown.soft) break;
        const taken = this.#take(message);
        if (taken !== undefined) await taken;
        if (performance.now() - turnAtMs < TURN_MS) continue;
        await setImmediate();
        turnAtMs = performance.now();
      }
    } catch (error) {
      shutdown.requestSoft({ kind: 'error', error });
    } finally {
      await messages.close();
    }
  }

  /** Takes a message in; gives what to wait for before the next. */
  #take(message: InputMessage): Promise<void> | undefined {
    switch (message.type) {
      case 'RECORD':
        return this.#record(this.#options.mappers.admitted(message));
      case 'STATE':
        return this.#state(message);
      case 'STREAM_STATUS':
        this.#scheduler.streamStatus(message);
        return undefined;
    }
  }

  #record(record: RecordMessage): Promise<void> | undefined {
    const room = this.#readAhead.take(record.raw.length);
    return room === undefined ? this.#submit(record) : room.then(() => this.#submit(record));
  }

  #submit(record: RecordMessage): Promise<void> | undefined {
    const { ledger, mappers } = this.#options;
    const ticket = ledger.received(record.stream);
    const mapped = mappers.map(record);
    return mapped instanceof Promise
      ? mapped.then((known) => this.#scheduler.submit(record, ticket, known))
      : this.#scheduler.submit(record, ticket, mapped);
  }

  async #state(state: StateMessage): Promise<void> {
    await this.#statePublisher.checkpoint(state);
    this.#options.connection.hasten();
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
