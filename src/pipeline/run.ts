import { type AwaitedBy, heldSentences } from '../checkpoint/held-states.ts';
import { createLedger, type Ledger } from '../checkpoint/ledger.ts';
import type { Settings } from '../config/settings.ts';
import { unreachable } from '../errors/unreachable.ts';
import type { Route } from '../mapping/route.ts';
import type { InputMessage } from '../protocol/messages.ts';
import type { LogLevel } from '../protocol/output/emit.ts';
import { maskKey } from '../rejected/mask-key.ts';
import { createRejections, openStore } from '../rejected/rejections.ts';
import { NO_STORE } from '../rejected/store.ts';
import { absentColumns, columnMap } from '../report/column-map.ts';
import { type Kept, verdict } from '../report/exit-policy.ts';
import type { OutputFile } from '../report/output-file.ts';
import { startProgress } from '../report/progress.ts';
import { standing } from '../report/standing.ts';
import { nameOf, streamSentence, summaryOf } from '../report/summary.ts';
import type { VitallyClient } from '../vitally/http/client.ts';
import { systemClock } from '../vitally/http/clock.ts';
import { DEFAULT_MAX_IN_FLIGHT } from '../vitally/rate-limit/policy.ts';
import { ExpectedParents } from '../write/associations/expected-parents.ts';
import { DeleteLimitReached } from '../write/delete-limit.ts';
import { InFlightWrites } from '../write/in-flight-writes.ts';
import { Pipeline } from './pipeline.ts';
import { Plan } from './plan.ts';
import { proveCustomObjects } from './prove-custom-objects.ts';
import { ResultNotes } from './result-notes.ts';
import { type Shutdown, SIGNAL_BOUNDS } from './shutdown.ts';
import { StreamMapper } from './stream-mapper.ts';
import { connect } from './wiring.ts';

export interface RunOptions {
  readonly settings: Settings;
  readonly routes: readonly Route[];
  /** Names the folder of rejected records. */
  readonly runId: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly userAgent: string;
  /** Reads, but writes nothing and acknowledges nothing. */
  readonly dryRun: boolean;
  /** Where the plan goes; it is closed by whoever opened it. */
  readonly plan: OutputFile | undefined;
  /** Lines of the input so far that were no message. */
  readonly ignoredLines: () => number;
  readonly log: (level: LogLevel, message: string) => Promise<void>;
  readonly acknowledge: (
    raw: string,
    counts: { recordCount: number; rejectedRecordCount: number },
  ) => Promise<void>;
  readonly redact: (text: string) => string;
  readonly shutdown: Shutdown;
}

/** How a run ended: for the log, for `--summary`, and the error to end with, if any. */
export interface RunResult {
  readonly sentences: readonly string[];
  readonly summary: Record<string, unknown>;
  readonly error: unknown;
  /** Where a run stands that an error stopped: for the end of that error's message. */
  readonly standing: string | undefined;
}

interface RunFacts {
  readonly startedAtMs: number;
  /** STATEs that left. */
  readonly acknowledged: number;
  readonly kept: Kept;
  readonly awaitedBy: AwaitedBy;
}

/** One run of `write`: wires reader, writers, ledger and store together and takes stock at the end. */
export class Run {
  readonly #options: RunOptions;

  constructor(options: RunOptions) {
    this.#options = options;
  }

  /** Never throws for what befell the run: that is the result's `error`. */
  async carryOut(messages: AsyncIterable<InputMessage>): Promise<RunResult> {
    const { settings, routes, dryRun, shutdown } = this.#options;
    const startedAtMs = systemClock.now();
    const ledger = createLedger(
      routes.map((route) => ({ name: route.stream, namespace: route.namespace })),
      { holdsRejected: settings.rejectedRecords.policy === 'fail_fast' },
    );
    const store = dryRun ? NO_STORE : openStore(settings.storage, { id: this.#options.runId, startedAtMs });
    const inFlight = new InFlightWrites();
    const expected = new ExpectedParents(routes);
    const connection = connect({
      ...this.#options,
      inFlight,
      expected,
    });
    const lines = routes.map((route) => new StreamMapper(route, connection.readTraits));
    const clients = [connection.rest, connection.analytics].filter((client) => client !== undefined);
    let pipeline: Pipeline | undefined;
    const endProgress = startProgress({
      ledger,
      routes,
      now: systemClock.now,
      waitedMs: () => clients.reduce((sum, client) => sum + client.stats().waitedMs, 0),
      waitsFor: () =>
        [...clients.map((client) => client.stats().trouble), pipeline?.waits.waitsFor()].filter(
          (reason) => reason !== undefined,
        ),
      log: (message) => this.#options.log('INFO', message),
    });
    let acknowledged = 0;
    const rejections = createRejections({
      store,
      redact: this.#options.redact,
      warn: (message) => this.#options.log('WARN', message),
    });
    const notes = new ResultNotes(this.#options.redact);
    for (const route of routes) await this.#options.log('INFO', columnMap(route)).catch(() => {});
    let plan: Plan | undefined;
    const work = async (): Promise<void> => {
      await store.probe();
      plan = this.#options.plan && (await Plan.open(this.#options.plan, settings.secrets));
      pipeline = new Pipeline({
        lines,
        ledger,
        writer: connection.writer,
        batcher: connection.batcher,
        rejections,
        shutdown,
        restConcurrency: DEFAULT_MAX_IN_FLIGHT,
        failFast: settings.rejectedRecords.policy === 'fail_fast',
        acknowledge: async (raw, counts) => {
          if (dryRun) return;
          await this.#options.acknowledge(raw, counts);
          acknowledged++;
        },
        onSettled: async (route, row, result) => {
          notes.add(route, row.write.key, result);
          await plan?.add(route, row, result);
        },
        inFlight,
        expected,
        warn: (message) => this.#options.log('WARN', message),
        laneFinder: connection.laneFinder,
        coalesce: !dryRun,
        onEndOfInput: connection.endOfInput,
      });
      if (connection.named !== undefined) await proveCustomObjects(routes, connection.named);
      await pipeline.run(messages);
      await rejections.close();
    };
    try {
      await this.#unlessOverdue(work());
    } catch (error) {
      shutdown.requestHard({ kind: 'error', error });
    } finally {
      endProgress();
      await this.#unlessOverdue(
        plan?.close().catch((error: unknown) => shutdown.requestHard({ kind: 'error', error })),
      );
      await Promise.all(clients.map((client) => client.close()));
    }
    // Who closed the output is told nothing more; the run has ended by then.
    for (const line of rejections.report()) await this.#options.log('INFO', line).catch(() => {});
    for (const { level, message } of notes.lines()) await this.#options.log(level, message).catch(() => {});
    const kept = { place: store.place, firstAtMs: rejections.firstAtMs, dryRun };
    const awaitedBy: AwaitedBy = (stream) => pipeline?.waits.awaitedBy(stream) ?? [];
    return this.#takeStock(ledger, lines, connection, { startedAtMs, acknowledged, kept, awaitedBy });
  }

  /** Waits for work, but after a signal no longer than the signal allows: a store or a row may hang for ever. */
  async #unlessOverdue(work: Promise<void> | undefined): Promise<void> {
    await Promise.race([work, this.#options.shutdown.afterSignal(SIGNAL_BOUNDS.endMs)]);
  }

  #takeStock(
    ledger: Ledger,
    lines: readonly StreamMapper[],
    clients: { readonly rest: VitallyClient | undefined; readonly analytics: VitallyClient | undefined },
    { startedAtMs, acknowledged, kept, awaitedBy }: RunFacts,
  ): RunResult {
    const { routes, shutdown, dryRun, ignoredLines } = this.#options;
    const stoppedAtMs = systemClock.now();
    const counts = ledger.counts();
    const values = lines.map((line) => line.values);
    for (const [index, line] of lines.entries()) {
      const name = nameOf(line.route);
      const warnings = [
        ...line.notes.warnings(name),
        ...line.values.warnings(name, maskKey),
        ...absentColumns(line.route, line.absentColumns, counts[index]?.received ?? 0),
      ];
      for (const warning of warnings) void this.#options.log('WARN', warning);
    }
    const stopped = shutdown.cause !== undefined;
    const error = this.#errorOf(ledger, kept);
    return {
      sentences: [
        ...(stopped && !this.#options.dryRun ? heldSentences(ledger.held(), awaitedBy) : []),
        ...routes.map((route, index) => streamSentence(route, counts[index], stopped, values[index])),
      ],
      summary: summaryOf({
        status: error === undefined && !stopped ? 'succeeded' : 'failed',
        dryRun,
        ignoredLines: ignoredLines(),
        routes,
        counts,
        values,
        stopped,
        rest: clients.rest?.stats(),
        analytics: clients.analytics?.stats(),
        durationMs: stoppedAtMs - startedAtMs,
      }),
      error,
      standing:
        shutdown.cause?.kind === 'error'
          ? standing({ counts, acknowledged, startedAtMs, stoppedAtMs, dryRun, keptIn: kept.place })
          : undefined,
    };
  }

  #errorOf(ledger: Ledger, kept: Kept): unknown {
    const { shutdown, settings, routes } = this.#options;
    const cause = shutdown.cause;
    if (cause === undefined) return verdict(settings.rejectedRecords, routes, ledger.counts(), kept);
    switch (cause.kind) {
      case 'error':
        return cause.error instanceof DeleteLimitReached
          ? cause.error.withRowsLeft(ledger.counts()[routes.indexOf(cause.error.route)]?.unsettled ?? 0)
          : cause.error;
      case 'signal':
        return undefined;
      default:
        return unreachable(cause);
    }
  }
}
