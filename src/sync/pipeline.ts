import { StatePublisher, type StatePublisherOptions } from '../checkpoint/state-publisher.ts';
import { Admission } from '../pipeline/admission.ts';
import type { InFlightWrites } from '../pipeline/in-flight-writes.ts';
import type { LaneFinder } from '../pipeline/lane-finder.ts';
import type { InputMessage, RecordMessage } from '../protocol/messages.ts';
import { streamId } from '../protocol/messages.ts';
import type { Route } from '../routing/route.ts';
import { SendAborted } from '../vitally/send-aborted.ts';
import type { AnalyticsWriter } from './analytics-writer.ts';
import { Budget } from './budget.ts';
import { type Job, jobOf, type Row } from './job.ts';
import { failedFast, JobRunner, type JobRunnerOptions } from './job-runner.ts';
import { type JobEnd, Lanes } from './lanes.ts';
import type { Line } from './line.ts';
import { Parking } from './parking.ts';
import { SIGNAL_BOUNDS, type Stop } from './stop.ts';
import { aborted, within } from './waits.ts';

/** Rows read and not yet settled: a bound on memory whatever the input's length. */
const MAX_UNSETTLED_ROWS = 4_000;
/** A row is held several times over, as text and as values, and a character that isn't Latin takes two bytes each time. */
const MAX_UNSETTLED_CHARACTERS = 8 * 1024 * 1024;
/** Rows of Analytics routes under way: enough to fill every batch on the wire and the next ones. */
const ANALYTICS_LANES = 1_000;
/** How often it is looked for rows that have waited for a parent too long. */
const OVERDUE_EVERY_MS = 30_000;
/** What was read before the input went wrong is still written, within this time. */
const DRAIN_MS = 60_000;

export interface PipelineOptions
  extends Omit<StatePublisherOptions, 'onCrash' | 'onPublished'>,
    Pick<JobRunnerOptions, 'writers' | 'failFast' | 'onSettled'> {
  readonly lines: readonly Line[];
  readonly analytics: AnalyticsWriter | undefined;
  readonly stop: Stop;
  readonly restConcurrency: number;
  readonly inFlight: InFlightWrites;
  readonly laneFinder: LaneFinder;
  /** Rows of one key that wait are written as one. */
  readonly coalesce: boolean;
  /** Nothing more is read. */
  readonly onEndOfInput?: () => void;
  readonly onLanes?: (running: (laneKey: string) => Promise<void> | undefined) => void;
}

/** The run: messages in, every record to its outcome, every STATE out when it is safe. */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #byStream: ReadonlyMap<string, Line>;
  readonly #budget = new Budget({ maxRows: MAX_UNSETTLED_ROWS, maxCharacters: MAX_UNSETTLED_CHARACTERS });
  readonly #lanes: Lanes;
  readonly #parking: Parking;
  readonly #active = new Set<Promise<JobEnd>>();
  readonly #statePublisher: StatePublisher;
  readonly #runner: JobRunner;
  readonly #admission: Admission;

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
      coalesce: options.coalesce,
      run: (job) => this.#track(this.#runner.run(job)),
      onCrash: (error) => this.#crash(error),
    });
    const producers = options.lines.filter(({ route }) => route.mode === 'upsert' || route.mode === 'append');
    this.#parking = new Parking(new Set(producers.map(({ route }) => route.object.name)), Date.now);
    this.#statePublisher = new StatePublisher({
      ...options,
      onPublished: (state) => this.#budget.give(state.raw.length, 0),
      onCrash: (error) => this.#crash(error),
    });
    this.#runner = new JobRunner({
      ...options,
      budget: this.#budget,
      parking: this.#parking,
      onReleasable: () => this.#statePublisher.publish(),
      onWoken: (jobs) => this.#retry(jobs),
      onCrash: (error) => this.#crash(error),
    });
    this.#admission = new Admission({
      lanes: options.laneFinder,
      inFlight: options.inFlight,
      push: (route, row, laneKey) => this.#push(jobOf(route, row, laneKey)),
      onCrash: (error) => this.#crash(error),
    });
    options.onLanes?.((laneKey) => this.#lanes.running(laneKey));
    options.stop.onStop(() => this.#cancel());
  }

  /** Reads to the end of input, or until the run is stopped; everything under way has ended when it returns. */
  async run(messages: AsyncIterable<InputMessage>): Promise<void> {
    const { stop } = this.#options;
    const overdue = setInterval(() => this.#retry(this.#parking.overdue()), OVERDUE_EVERY_MS);
    // A row may be waiting for an answer, about Vitally's traits for one: a run that stops doesn't wait for its reader.
    await Promise.race([this.#read(messages), aborted(stop.sending)]);
    clearInterval(overdue);
    await this.#finish();
  }

  async #read(messages: AsyncIterable<InputMessage>): Promise<void> {
    const { stop } = this.#options;
    try {
      for await (const message of messages) {
        if (stop.reading.aborted) break;
        await this.#take(message);
      }
    } catch (error) {
      stop.afterwards({ kind: 'error', error });
    }
  }

  async #take(message: InputMessage): Promise<void> {
    switch (message.type) {
      case 'RECORD':
        return await this.#takeRecord(message);
      case 'STATE':
        await this.#budgetState(message.raw.length);
        if (this.#options.ledger.checkpoint(message)) this.#statePublisher.publish();
        this.#options.analytics?.hasten();
        return;
      case 'STREAM_STATUS':
        return;
    }
  }

  /** A STATE takes room until it goes out; rows that wait for a parent must not keep the parent out that way. */
  async #budgetState(characters: number): Promise<void> {
    if (!this.#budget.fits(characters)) this.#retry(this.#parking.giveUpAll());
    await this.#budget.take(characters, 0);
  }

  async #takeRecord(message: RecordMessage): Promise<void> {
    const line = this.#byStream.get(streamId(message.stream));
    if (line === undefined) throw new Error('a record came of a stream that has no route');
    await this.#budget.take(message.raw.length);
    const ticket = this.#options.ledger.received(message.stream);
    const mapped = await line.map(message);
    // Nobody waits for the reader of a run that has stopped: what it still held stays without an outcome.
    if (this.#options.stop.sending.aborted) return;
    const { route } = mapped;
    const row: Row = {
      ticket,
      line: message.line,
      raw: message.raw,
      write: mapped.write,
      outOfBudget: false,
    };
    if (mapped.isSkipped === true) {
      return await this.#runner.settle(route, row, { outcome: { kind: 'skipped' } });
    }
    if (mapped.error === undefined) return await this.#admit(route, row);
    await this.#runner.settle(route, row, { outcome: { kind: 'rejected', error: mapped.error } });
    // What stands before this row in the input is still written.
    if (this.#options.failFast) throw failedFast(mapped.error, route, row.line);
  }

  async #admit(route: Route, row: Row): Promise<void> {
    if (route.object.others !== 'properties') return await this.#admission.admit(route, row);
    // Events are independent of one another: no lane, straight into the batch.
    const work = this.#track(this.#runner.run(jobOf(route, row, '')));
    work.catch((error: unknown) => this.#crash(error));
  }

  async #push(job: Job): Promise<void> {
    const behind = await this.#lanes.push(job);
    if (behind === undefined) return;
    for (const row of job.rows) {
      if (this.#parking.join(behind, row)) this.#runner.leaveBudget(row);
      else this.#retry(this.#parking.giveUp(behind));
    }
  }

  async #finish(): Promise<void> {
    const { stop, analytics, rejections, ledger } = this.#options;
    analytics?.drain();
    this.#options.onEndOfInput?.();
    const done = this.#settled();
    if (stop.cause === undefined) await Promise.race([done, aborted(stop.sending)]);
    else await within(DRAIN_MS, Promise.race([done, aborted(stop.sending)]));
    if (stop.cause !== undefined) {
      stop.now(stop.cause);
      await within(SIGNAL_BOUNDS.settleMs, Promise.allSettled(this.#active));
    }
    await this.#statePublisher.flush();
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
    this.#retry(this.#parking.all());
    await this.#quiet();
  }

  #retry(jobs: readonly Job[]): void {
    for (const job of jobs) this.#lanes.resume(job);
  }

  async #quiet(): Promise<void> {
    await this.#admission.idle();
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
