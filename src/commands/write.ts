import { type Redact, redactor } from '../config/connection/redact.ts';
import { redactedJson } from '../config/connection/redact-values.ts';
import { nearestName } from '../config/schema/nearest-name.ts';
import { Run } from '../pipeline/run.ts';
import { Shutdown, SIGNAL_BOUNDS } from '../pipeline/shutdown.ts';
import { type IgnoredLine, MAX_TOLD_LINES, readMessages } from '../protocol/input/read.ts';
import { StreamResolver } from '../protocol/input/stream-resolver.ts';
import type { InputMessage } from '../protocol/messages.ts';
import { acknowledge } from '../protocol/output/acknowledge.ts';
import { createEmitter, type Emitter, type LogLevel } from '../protocol/output/emit.ts';
import { lineWriter } from '../protocol/output/line-writer.ts';
import { OutputClosedError } from '../protocol/output/output-closed-error.ts';
import type { OutputFile } from '../report/output-file.ts';
import { summaryOf } from '../report/summary.ts';
import { emitFailure } from './failure.ts';
import { type Plans, plansOf } from './plans.ts';
import { readVersion } from './project.ts';
import { RunFiles } from './run-files.ts';
import { EXIT_CODES, type Flags, type Runtime } from './runtime.ts';

const NO_INPUT =
  'No input came: stdin was empty, so nothing was written. Pipe the messages of a source into this command; a container gets its stdin with docker run -i.';

const DRY_RUN =
  'Dry run: everything is looked up, nothing is written to Vitally, and no STATE is acknowledged.';

/** Writes the messages of stdin to Vitally and acknowledges their STATEs. Gives the exit code. */
export async function write(flags: Flags, runtime: Runtime): Promise<number> {
  const shutdown = new Shutdown();
  const overdue = shutdown.afterSignal(SIGNAL_BOUNDS.exitMs).then((signal) => EXIT_CODES[signal]);
  return await Promise.race([writeUntil(shutdown, flags, runtime), overdue]);
}

async function writeUntil(shutdown: Shutdown, flags: Flags, runtime: Runtime): Promise<number> {
  const startedAtMs = Date.now();
  const line = lineWriter(runtime.stdout);
  const files = new RunFiles(flags, runtime);
  const offSignals = runtime.onSignal((signal) => shutdown.requestHard({ kind: 'signal', signal }));
  let redact: Redact = (text) => text;
  let emitter = createEmitter(line, redact);
  let ended: Ended;
  try {
    await files.open();
    if (flags.dryRun === true) await emitter.log('INFO', DRY_RUN);
    const plans = await plansOf(flags, runtime);
    redact = redactor(plans.settings.secrets);
    emitter = createEmitter(line, redact);
    ended = await carryOut(plans, flags, runtime, emitter, shutdown, files.plan);
  } catch (error) {
    ended = { error, summary: summaryOfNone(flags, Date.now() - startedAtMs) };
  }
  const unwritten = await files.close(redactedJson(ended.summary, redact));
  // A signal must not end the process before the summary is written.
  offSignals();
  if (ended.hasRun === true) await say(emitter, `summary: ${JSON.stringify(ended.summary)}`);
  const error = ended.error ?? unwritten;
  if (error !== undefined) {
    await emitFailure(emitter, error, ended.standing);
    return EXIT_CODES.failed;
  }
  return shutdown.cause?.kind === 'signal' ? EXIT_CODES[shutdown.cause.signal] : EXIT_CODES.succeeded;
}

/** How the command ended: the summary, and the error to end with, if any. */
interface Ended {
  readonly error: unknown;
  readonly summary: object;
  /** What is written and what is left, where an error stopped the run. */
  readonly standing?: string | undefined;
  /** Config and catalog were sound. */
  readonly hasRun?: boolean;
}

async function carryOut(
  plans: Plans,
  flags: Flags,
  runtime: Runtime,
  emitter: Emitter,
  shutdown: Shutdown,
  plan: OutputFile | undefined,
): Promise<Ended> {
  for (const warning of plans.warnings) await emitter.log('WARN', warning);
  const reader = readMessages(runtime.stdin, {
    signal: shutdown.softSignal,
    resolve: streamsOf(plans),
    onIgnored: (ignored) => {
      // The next STATE or LOG that is awaited tells of a closed output.
      emitter.log('WARN', ignoredSentence(ignored)).catch(() => {});
    },
  });
  const run = new Run({
    settings: plans.settings,
    routes: plans.routes,
    runId: runtime.env.WORKER_JOB_ID || plans.syncId || startTime(),
    env: runtime.env,
    clock: runtime.clock,
    requestTimeoutMs: runtime.requestTimeoutMs,
    userAgent: `destination-vitally/${readVersion()}`,
    dryRun: flags.dryRun === true,
    plan,
    ignoredLines: () => reader.stats.ignoredLines,
    log: (level, message) => emitter.log(level, message),
    acknowledge: (raw, counts) => emitter.state(acknowledge(raw, counts)),
    redact: redactor(plans.settings.secrets),
    shutdown,
  });
  const { sentences, ...result } = await run.carryOut(reader);
  if (reader.stats.wasEmpty) await say(emitter, NO_INPUT, 'WARN');
  for (const sentence of sentences) await say(emitter, sentence);
  return { ...result, hasRun: true };
}

/** The summary of a run that never began. */
function summaryOfNone(flags: Flags, durationMs: number): object {
  return summaryOf({
    status: 'failed',
    dryRun: flags.dryRun === true,
    ignoredLines: 0,
    routes: [],
    counts: [],
    stopped: false,
    rest: undefined,
    analytics: undefined,
    durationMs,
  });
}

function streamsOf({ routes }: Plans): (message: InputMessage) => InputMessage {
  const streams = routes.map(({ stream, namespace }) => ({ name: stream, namespace }));
  const resolver = new StreamResolver({ streams, nearest: nearestName });
  return (message) => resolver.resolve(message);
}

function ignoredSentence({ line, characters, isLastTold }: IgnoredLine): string {
  const more = isLastTold ? `; after these ${MAX_TOLD_LINES}, further ones are counted as ignored_lines` : '';
  return `line ${line} is no Airbyte message (${characters} characters): ignored${more}`;
}

/** Logs a sentence at the end of a run, by when the run has dealt with an output that was closed. */
async function say(emitter: Emitter, message: string, level: LogLevel = 'INFO'): Promise<void> {
  try {
    await emitter.log(level, message);
  } catch (error) {
    if (!(error instanceof OutputClosedError)) throw error;
  }
}

function startTime(): string {
  return new Date().toISOString().replaceAll(/[:.]/g, '-');
}
