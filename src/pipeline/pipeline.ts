import { StatePublisher } from '../checkpoint/state-publisher.ts';
import type { Route } from '../mapping/route.ts';
import type { InputMessage, RecordMessage } from '../protocol/messages.ts';
import { streamId } from '../protocol/messages.ts';
import { rejected, skipped } from '../write/result.ts';
import type { PipelineOptions } from './pipeline-options.ts';
import { ReadAhead } from './read-ahead.ts';
import { Admission } from './scheduler/admission.ts';
import { type Job, jobOf, type Row } from './scheduler/job.ts';
import { failedFast, JobRunner } from './scheduler/job-runner.ts';
import { Lanes } from './scheduler/lanes.ts';
import { UnderWay } from './scheduler/under-way.ts';
import { SIGNAL_BOUNDS } from './shutdown.ts';
import { StateRoom } from './state-room.ts';
import { StreamEnds } from './stream-ends.ts';
import type { StreamMapper } from './stream-mapper.ts';
import { watchLongWaits } from './waitlist/long-wait.ts';
import { ParentWaitlist } from './waitlist/parent-waitlist.ts';
import { SpillFile } from './waitlist/spill-file.ts';
import { noFileSentence } from './waitlist/waiting-sentence.ts';
import { withoutRoomBehind } from './waitlist/without-room.ts';
import { aborted, within } from './waits.ts';

/** Rows read and not yet settled: a bound on memory whatever the input's length. */
const MAX_UNSETTLED_ROWS = 4_000;
/** A row is held several times over, as text and as values, and a character that isn't Latin takes two bytes each time. */
const MAX_UNSETTLED_CHARACTERS = 8 * 1024 * 1024;
/** Rows of Analytics routes under way: enough to fill every batch on the wire and the next ones. */
const ANALYTICS_LANES = 1_000;
/** What was read before the input went wrong is still written, within this time. */
const DRAIN_MS = 60_000;

/** The run: messages in, every record to its outcome, every STATE out when it is safe. */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #byStream: ReadonlyMap<string, StreamMapper>;
  readonly #budget = new ReadAhead({ maxRows: MAX_UNSETTLED_ROWS, maxCharacters: MAX_UNSETTLED_CHARACTERS });
  readonly #lanes: Lanes;
  readonly #waitlist: ParentWaitlist;
  readonly #streamEnds: StreamEnds;
  readonly #underWay = new UnderWay();
  readonly #statePublisher: StatePublisher;
  readonly #runner: JobRunner;
  readonly #admission: Admission;
  readonly #stateRoom: StateRoom;

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#byStream = new Map(
      options.lines.map((line) => [
        streamId({ name: line.route.stream, namespace: line.route.namespace }),
        line,
      ]),
    );
    this.#lanes = new Lanes({
      inFlight: options.inFlight,
      concurrency: { rest: options.restConcurrency, analytics: ANALYTICS_LANES },
      coalesce: options.coalesce,
      mayGrow: () => this.#waitlist.hasMemory,
      run: (job) => this.#underWay.track(this.#runner.run(job)),
      onCrash: (error) => this.#crash(error),
    });
    this.#waitlist = new ParentWaitlist({
      expected: options.expected,
      openFile: () => SpillFile.open({ onTrouble: (error) => this.#warn(noFileSentence(error)) }),
      now: Date.now,
    });
    this.#stateRoom = new StateRoom(this.#budget, this.#waitlist);
    this.#streamEnds = new StreamEnds({
      routes: options.lines.map(({ route }) => route),
      unsettled: (stream) => options.ledger.unsettled(stream),
    });
    this.#statePublisher = new StatePublisher({
      ...options,
      textOf: (state) => this.#stateRoom.textOf(state),
      onPublished: (state) => this.#stateRoom.leave(state),
      onCrash: (error) => this.#crash(error),
    });
    this.#runner = new JobRunner({
      ...options,
      budget: this.#budget,
      waitlist: this.#waitlist,
      onReleasable: () => this.#statePublisher.publish(),
      onEnded: () => this.#closeCompleted(),
      onWoken: (jobs) => this.#retry(jobs),
      onCrash: (error) => this.#crash(error),
    });
    this.#admission = new Admission({
      lanes: options.laneFinder,
      inFlight: options.inFlight,
      push: (route, row, laneKey) => this.#push(jobOf(route, row, laneKey)),
      onCrash: (error) => this.#crash(error),
    });
    options.shutdown.onHard(() => this.#cancel());
  }

  /** Reads to the end of input, or until the run is stopped; everything under way has ended when it returns. */
  async run(messages: AsyncIterable<InputMessage>): Promise<void> {
    const { shutdown } = this.#options;
    const endWatch = watchLongWaits({
      waitlist: this.#waitlist,
      warn: (message) => this.#warn(message),
    });
    // A row may be waiting for an answer, about Vitally's traits for one: a run that stops doesn't wait for its reader.
    await Promise.race([this.#read(messages), aborted(shutdown.hardSignal)]);
    await this.#finish();
    endWatch();
    await this.#waitlist.dispose();
  }

  async #read(messages: AsyncIterable<InputMessage>): Promise<void> {
    const { shutdown } = this.#options;
    try {
      for await (const message of messages) {
        if (shutdown.soft) break;
        await this.#take(message);
      }
    } catch (error) {
      shutdown.requestSoft({ kind: 'error', error });
    }
  }

  async #take(message: InputMessage): Promise<void> {
    switch (message.type) {
      case 'RECORD':
        return await this.#takeRecord(message);
      case 'STATE':
        if (this.#options.ledger.checkpoint(await this.#stateRoom.take(message)))
          this.#statePublisher.publish();
        this.#options.batcher?.flush();
        return;
      case 'STREAM_STATUS':
        this.#streamEnds.status(message);
        this.#closeCompleted();
        return;
    }
  }

  async #takeRecord(message: RecordMessage): Promise<void> {
    const line = this.#byStream.get(streamId(message.stream));
    if (line === undefined) throw new Error('a record came of a stream that has no route');
    await this.#budget.take(message.raw.length);
    const ticket = this.#options.ledger.received(message.stream);
    const mapped = await line.map(message);
    // Nobody waits for the reader of a run that has stopped: what it still held stays without an outcome.
    if (this.#options.shutdown.hard) return;
    const { route } = mapped;
    const row: Row = {
      ticket,
      line: message.line,
      raw: message.raw,
      write: mapped.write,
      leftReadAhead: false,
    };
    if (mapped.isSkipped === true) {
      return await this.#runner.settle(route, row, skipped());
    }
    if (mapped.error === undefined) return await this.#admit(route, row);
    await this.#runner.settle(route, row, rejected(mapped.error));
    // What stands before this row in the input is still written.
    if (this.#options.failFast) throw failedFast(mapped.error, route, row.line);
  }

  async #admit(route: Route, row: Row): Promise<void> {
    if (route.object.others !== 'properties') return await this.#admission.admit(route, row);
    // Events are independent of one another: no lane, straight into the batch.
    const work = this.#underWay.track(this.#runner.run(jobOf(route, row, '')));
    work.catch((error: unknown) => this.#crash(error));
  }

  async #push(job: Job): Promise<void> {
    const { rows } = job;
    const blocked = await this.#lanes.push(job);
    if (blocked === undefined) return;
    const { ahead, holder } = blocked;
    const hasRoom = await this.#waitlist.join(ahead, holder, rows);
    for (const row of rows) this.#runner.leaveReadAhead(row);
    // It must not go past the one ahead of it, and there is no room to wait in. While that was tried, its turn may have
    // come, and later rows may have been folded into it: they go with it, since it is in its lane until this step.
    if (hasRoom || holder !== job || !this.#lanes.drop(job)) return;
    const error = withoutRoomBehind(job.route);
    for (const row of job.rows) await this.#runner.settle(job.route, row, rejected(error));
    if (this.#options.failFast) this.#crash(failedFast(error, job.route, rows[0]?.line ?? 0));
  }

  /** Rows that still wait for what a complete stream did not bring are tried a last time. */
  #closeCompleted(): void {
    for (const object of this.#streamEnds.takeEnded()) this.#retry(this.#waitlist.close(object));
  }

  /** What rows wait for. */
  get waits(): Pick<ParentWaitlist, 'awaitedBy' | 'waitsFor'> {
    return this.#waitlist;
  }

  async #finish(): Promise<void> {
    const { shutdown, batcher, rejections, ledger } = this.#options;
    batcher?.endOfInput();
    this.#options.onEndOfInput?.();
    const done = this.#settled();
    if (shutdown.cause === undefined) await Promise.race([done, aborted(shutdown.hardSignal)]);
    else await within(DRAIN_MS, Promise.race([done, aborted(shutdown.hardSignal)]));
    if (shutdown.cause !== undefined) {
      shutdown.requestHard(shutdown.cause);
      await within(SIGNAL_BOUNDS.settleMs, this.#underWay.idle());
    }
    await this.#statePublisher.flush();
    await rejections.flush().catch((error: unknown) => this.#crash(error));
    if (shutdown.cause === undefined) ledger.verifyBalance();
  }

  /**
   * Everything read has its outcome; what still waits gets a last try at the end of input, those that wait for a parent
   * before those that wait for one of its children.
   */
  async #settled(): Promise<void> {
    await this.#quiet();
    for (const object of this.#waitlist.inOrder()) {
      if (this.#options.shutdown.cause?.kind === 'signal') return;
      this.#retry(this.#waitlist.close(object));
      await this.#quiet();
    }
  }

  #retry(jobs: readonly Job[]): void {
    for (const job of jobs) this.#lanes.resume(job);
  }

  async #quiet(): Promise<void> {
    await this.#admission.idle();
    await this.#lanes.idle();
    await this.#underWay.idle();
  }

  #cancel(): void {
    this.#lanes.cancel();
    this.#options.batcher?.stop();
    this.#budget.close();
  }

  #warn(message: string): void {
    this.#options.warn(message).catch((error: unknown) => this.#crash(error));
  }

  #crash(error: unknown): void {
    this.#options.shutdown.requestHard({ kind: 'error', error });
  }
}
