import { type Redact, redactor } from '../config/connection/redact.ts';
import { redactedJson } from '../config/connection/redact-values.ts';
import { ConfigError } from '../errors/config-error.ts';
import { Run, type RunOptions } from '../pipeline/run.ts';
import { Shutdown, SIGNAL_BOUNDS } from '../pipeline/shutdown.ts';
import type { Messages } from '../protocol/input/message-source.ts';
import type { LogLevel } from '../protocol/output/emit.ts';
import { OutputClosedError } from '../protocol/output/output-closed-error.ts';
import type { OutputFile } from '../report/output-file.ts';
import { summaryOf } from '../report/summary.ts';
import type { Plans } from './plans.ts';
import { readVersion } from './project.ts';
import { RunFiles } from './run-files.ts';
import { EXIT_CODES, type Flags, type Runtime } from './runtime.ts';

/** How a command tells of its run. */
export interface Voice {
  readonly log: (level: LogLevel, message: string) => Promise<void>;
  /** Not called in a dry run. */
  readonly acknowledge: RunOptions['acknowledge'];
  /** What became of each stream, and which STATEs are held. */
  readonly sentences: (sentences: readonly string[]) => Promise<void>;
  /** The summary of a run that began, once its file is written. */
  readonly summary: (summary: Record<string, unknown>) => Promise<void>;
  /** @param standing what is written and what is left, where an error stopped the run */
  readonly fail: (error: unknown, standing: string | undefined) => Promise<void>;
}

/** The rows of a run, and what was seen of their input. */
export interface Input extends Messages {
  readonly stats: { readonly ignoredLines: number };
}

/** What the commands that write differ in. */
export interface Job {
  /** What is told first where nothing is to be written. */
  readonly dryRun: string;
  /** Throws `ConfigError` with everything that is wrong. The signal says that the run is to stop. */
  readonly plans: (signal: AbortSignal) => Promise<Plans>;
  /** What is told before the run. */
  readonly begun?: (plans: Plans, voice: Voice) => Promise<void>;
  readonly open: (plans: Plans, voice: Voice, shutdown: Shutdown) => Input;
  readonly voice: (redact: Redact) => Voice;
  /** What is told after the rows. */
  readonly afterRows?: (voice: Voice) => Promise<void>;
  readonly watch?: Pick<RunOptions, 'onRejected' | 'onPlanned' | 'onProgress'>;
  readonly close?: () => Promise<void>;
}

/** Carries a run out, from its config to its exit code. */
export async function runJob(job: Job, flags: Flags, runtime: Runtime): Promise<number> {
  const shutdown = new Shutdown();
  const overdue = shutdown.afterSignal(SIGNAL_BOUNDS.exitMs).then((signal) => EXIT_CODES[signal]);
  return await Promise.race([runUntil(shutdown, job, flags, runtime), overdue]);
}

async function runUntil(shutdown: Shutdown, job: Job, flags: Flags, runtime: Runtime): Promise<number> {
  const startedAtMs = Date.now();
  const files = new RunFiles(flags, runtime);
  const offSignals = runtime.onSignal((signal) => shutdown.requestHard({ kind: 'signal', signal }));
  let redact: Redact = (text) => text;
  let voice = job.voice(redact);
  let ended: Ended;
  try {
    await files.open();
    if (flags.dryRun === true) await voice.log('INFO', job.dryRun);
    const plans = await job.plans(shutdown.softSignal);
    redact = redactor(plans.settings.secrets);
    voice = job.voice(redact);
    ended = await carryOut({ job, plans, flags, runtime, voice, shutdown, plan: files.plan });
  } catch (error) {
    // A signal ends the reading of a pipe by an error that nobody needs to read.
    const fault = shutdown.cause?.kind === 'signal' && !(error instanceof ConfigError) ? undefined : error;
    ended = { error: fault, summary: summaryOfNone(flags, Date.now() - startedAtMs) };
  }
  await job.close?.();
  const unwritten = await files.close(redactedJson(ended.summary, redact));
  // A signal must not end the process before the summary is written.
  offSignals();
  if (ended.hasRun === true) await heard(voice.summary(ended.summary));
  const error = ended.error ?? unwritten;
  if (error !== undefined) {
    await voice.fail(error, ended.standing);
    return EXIT_CODES.failed;
  }
  return shutdown.cause?.kind === 'signal' ? EXIT_CODES[shutdown.cause.signal] : EXIT_CODES.succeeded;
}

/** How the command ended: the summary, and the error to end with, if any. */
interface Ended {
  readonly error: unknown;
  readonly summary: Record<string, unknown>;
  /** What is written and what is left, where an error stopped the run. */
  readonly standing?: string | undefined;
  /** Config and catalog were sound. */
  readonly hasRun?: boolean;
}

interface Begun {
  readonly job: Job;
  readonly plans: Plans;
  readonly flags: Flags;
  readonly runtime: Runtime;
  readonly voice: Voice;
  readonly shutdown: Shutdown;
  readonly plan: OutputFile | undefined;
}

async function carryOut({ job, plans, flags, runtime, voice, shutdown, plan }: Begun): Promise<Ended> {
  for (const warning of plans.warnings) await voice.log('WARN', warning);
  await job.begun?.(plans, voice);
  const input = job.open(plans, voice, shutdown);
  const run = new Run({
    settings: plans.settings,
    routes: plans.routes,
    runId: runtime.env.WORKER_JOB_ID || plans.syncId || startTime(),
    env: runtime.env,
    clock: runtime.clock,
    requestTimeoutMs: runtime.requestTimeoutMs,
    userAgent: `destination-vitally/${readVersion()} (run ${startTime()})`,
    dryRun: flags.dryRun === true,
    plan,
    ignoredLines: () => input.stats.ignoredLines,
    log: voice.log,
    acknowledge: voice.acknowledge,
    redact: redactor(plans.settings.secrets),
    shutdown,
    ...job.watch,
  });
  const { sentences, ...result } = await run.carryOut(input);
  await job.afterRows?.(voice);
  await heard(voice.sentences(sentences));
  return { ...result, hasRun: true };
}

/** The summary of a run that never began. */
function summaryOfNone(flags: Flags, durationMs: number): Record<string, unknown> {
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

/** What is said at the end of a run: by then the run has dealt with an output that was closed. */
export async function heard(said: Promise<void>): Promise<void> {
  try {
    await said;
  } catch (error) {
    if (!(error instanceof OutputClosedError)) throw error;
  }
}

function startTime(): string {
  return new Date().toISOString().replaceAll(/[:.]/g, '-');
}
