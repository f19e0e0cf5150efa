import { Ledger } from '../checkpoint/ledger.ts';
import type { Acknowledge } from '../checkpoint/state-publisher.ts';
import { answerRedactor } from '../config/connection/redact.ts';
import type { Settings } from '../config/settings.ts';
import type { Route } from '../mapping/route.ts';
import { type Messages, sourceOf } from '../protocol/input/message-source.ts';
import type { LogLevel } from '../protocol/output/emit.ts';
import { FileNames } from '../rejected/file-name.ts';
import { OutcomeLog } from '../rejected/outcome-log.ts';
import { createRejections, openStore, type Rejections } from '../rejected/rejections.ts';
import { NO_STORE, type RunStore } from '../rejected/store.ts';
import type { OutputFile } from '../report/output-file.ts';
import { type Progress, startProgress } from '../report/progress.ts';
import { type Clock, systemClock } from '../vitally/http/clock.ts';
import { ExpectedParents } from '../write/associations/expected-parents.ts';
import { InFlightWrites } from '../write/in-flight-writes.ts';
import { Pipeline } from './pipeline.ts';
import { Plan } from './plan.ts';
import { proveCustomObjects } from './prove-custom-objects.ts';
import { ResultNotes } from './result-notes.ts';
import { mappingWarnings, type RunResult, runResult } from './run-result.ts';
import { LoggedOutcomes } from './scheduler/logged-outcomes.ts';
import { type Shutdown, SIGNAL_BOUNDS } from './shutdown.ts';
import { withColumnOverview } from './streams/column-overview.ts';
import { StreamMappers } from './streams/stream-mappers.ts';
import { ParentWaitlist } from './waitlist/parent-waitlist.ts';
import { SpillFile } from './waitlist/spill-file.ts';
import { noFileSentence } from './waitlist/waiting-sentence.ts';
import { type Connection, connect } from './wiring.ts';

export interface RunOptions {
  readonly settings: Settings;
  readonly routes: readonly Route[];
  /** Names the folder of rejected records. */
  readonly runId: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly userAgent: string;
  /** Default: the machine's. */
  readonly clock?: Clock | undefined;
  /** Longest that a request may take. Default: 30 seconds. */
  readonly requestTimeoutMs?: number | undefined;
  /** Reads, but writes nothing and acknowledges nothing. */
  readonly dryRun: boolean;
  /** Where the plan goes; the caller opens and closes it. */
  readonly plan: OutputFile | undefined;
  /** Lines of the input so far that were no message. */
  readonly ignoredLines: () => number;
  readonly log: (level: LogLevel, message: string) => Promise<void>;
  /** Not called in a dry run. */
  readonly acknowledge: Acknowledge;
  readonly redact: (text: string) => string;
  readonly shutdown: Shutdown;
  /** Takes the first rejected rows of each kind, each as a sentence; default: warnings of `log`. */
  readonly onRejected?: ((message: string) => Promise<void>) | undefined;
  /** Takes each row of a dry run as the plan has it, in the order in which they are settled. */
  readonly onPlanned?: ((line: string) => void) | undefined;
  /** Takes how far the run is, twice a second. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** One run of `write`: makes what a run needs, lets every message go its way, and takes stock at the end. */
export class Run {
  readonly #options: RunOptions;
  readonly #startedAtMs = systemClock.now();
  readonly #ledger: Ledger;
  readonly #store: RunStore;
  readonly #rejections: Rejections;
  readonly #connection: Connection;
  readonly #mappers: StreamMappers;
  readonly #waitlist: ParentWaitlist;
  readonly #notes: ResultNotes;
  readonly #plan: Plan | undefined;
  readonly #pipeline: Pipeline;

  /** Makes the parts; nothing is asked or written yet. */
  constructor(options: RunOptions) {
    this.#options = options;
    const { settings, routes, dryRun, plan, redact, shutdown } = options;
    const failFast = settings.rejectedRecords.policy === 'fail_fast';
    const streams = routes.map((route) => ({ name: route.stream, namespace: route.namespace }));
    const expected = new ExpectedParents(routes);
    const inFlight = new InFlightWrites();
    const storeName = { id: options.runId, startedAtMs: this.#startedAtMs };
    this.#ledger = new Ledger(streams, { holdsRejected: failFast });
    this.#store = dryRun ? NO_STORE : openStore(settings, storeName, options.env);
    const files = new FileNames();
    this.#rejections = createRejections({
      store: this.#store,
      files,
      redact,
      warn: options.onRejected ?? ((message) => options.log('WARN', message)),
    });
    this.#connection = connect({ ...options, inFlight, expected });
    this.#mappers = new StreamMappers(routes, this.#connection.readTraits);
    this.#waitlist = new ParentWaitlist({
      expected,
      openFile: () => SpillFile.open({ onTrouble: (error) => this.#warn(noFileSentence(error)) }),
      now: Date.now,
    });
    this.#notes = new ResultNotes(redact);
    if (plan !== undefined || (dryRun && options.onPlanned !== undefined))
      this.#plan = new Plan(plan, settings.secrets, options.onPlanned);
    const outcomeLog = this.#outcomeLog(files);
    this.#pipeline = new Pipeline({
      routes,
      mappers: this.#mappers,
      connection: this.#connection,
      inFlight,
      waitlist: this.#waitlist,
      ledger: this.#ledger,
      rejections: this.#rejections,
      notes: this.#notes,
      plan: this.#plan,
      outcomeLog,
      shutdown,
      coalesce: !dryRun,
      failFast,
      acknowledge: dryRun ? async () => {} : options.acknowledge,
      warn: (message) => this.#warn(message),
    });
  }

  /** Never throws for what went wrong in the run: that is the result's `error`. */
  async carryOut(messages: Messages): Promise<RunResult> {
    const { routes, shutdown } = this.#options;
    const { clients } = this.#connection;
    const endProgress = startProgress({
      ledger: this.#ledger,
      routes,
      now: systemClock.now,
      clients,
      waitlist: this.#waitlist,
      log: (message) => this.#options.log('INFO', message),
      watch: this.#options.onProgress,
    });
    try {
      await this.#unlessOverdue(this.#work(messages));
    } catch (error) {
      shutdown.crash(error);
    } finally {
      endProgress();
      await this.#unlessOverdue(this.#plan?.close().catch((error: unknown) => shutdown.crash(error)));
      await Promise.all(clients.map((client) => client.close()));
    }
    for (const line of this.#rejections.report()) await this.#say('INFO', line);
    for (const { level, message } of this.#notes.lines()) await this.#say(level, message);
    return await this.#takeStock();
  }

  #outcomeLog(files: FileNames): LoggedOutcomes | undefined {
    const { settings, dryRun, redact } = this.#options;
    // A dry run writes its plan and its summary alone.
    if (settings.outcomeLog === 'none' || dryRun) return undefined;
    const redactAnswer = answerRedactor(settings.secrets);
    return new LoggedOutcomes(
      new OutcomeLog({ store: this.#store, files, redact, redactAnswer }),
      settings.outcomeLog,
    );
  }

  async #work(messages: Messages): Promise<void> {
    await this.#store.probe();
    const { named } = this.#connection;
    const { shutdown } = this.#options;
    if (named !== undefined) await proveCustomObjects(this.#options.routes, named);
    const overview = withColumnOverview(sourceOf(messages), this.#mappers.all, (line) =>
      this.#say('INFO', line),
    );
    await this.#pipeline.run(overview);
    await this.#rejections.close();
    // After the last STATE: none waits for it.
    if (shutdown.cause === undefined) await this.#connection.verification?.run();
  }

  /** Waits for work, but after a signal no longer than the signal allows: a store or a row may never answer. */
  async #unlessOverdue(work: Promise<void> | undefined): Promise<void> {
    await Promise.race([work, this.#options.shutdown.afterSignal(SIGNAL_BOUNDS.endMs)]);
  }

  async #takeStock(): Promise<RunResult> {
    const { settings, routes, dryRun, shutdown, ignoredLines } = this.#options;
    const stoppedAtMs = systemClock.now();
    const { firstAtMs } = this.#rejections;
    const { place } = this.#store;
    if (settings.outcomeLog !== 'none' && place !== undefined)
      await this.#say(
        'INFO',
        `what became of the rows is kept under ${place}, in the files *.outcomes*.jsonl`,
      );
    const [ledger, mappers] = [this.#ledger, this.#mappers.all];
    for (const warning of mappingWarnings({ ledger, mappers })) await this.#say('WARN', warning);
    return runResult({
      routes,
      policy: settings.rejectedRecords,
      ledger,
      mappers,
      waitlist: this.#waitlist,
      use: this.#connection.use,
      verification: this.#connection.verification,
      rest: this.#connection.rest,
      analytics: this.#connection.analytics,
      shutdown,
      startedAtMs: this.#startedAtMs,
      stoppedAtMs,
      acknowledged: this.#pipeline.acknowledged,
      ignoredLines: ignoredLines(),
      kept: { place: firstAtMs === undefined ? undefined : place, firstAtMs, dryRun },
    });
  }

  /** Warns while the run goes on: an output that takes nothing more ends the run. */
  #warn(message: string): void {
    this.#options.log('WARN', message).catch((error: unknown) => this.#options.shutdown.crash(error));
  }

  /** Logs outside the run itself: an output that takes nothing more ends nothing here. */
  async #say(level: LogLevel, message: string): Promise<void> {
    await this.#options.log(level, message).catch(() => {});
  }
}
