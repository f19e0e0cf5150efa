import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ConfigError } from '../errors/config-error.ts';
import { acknowledge } from '../protocol/acknowledge.ts';
import { createEmitter, type Emitter, type LogLevel } from '../protocol/emit.ts';
import { lineWriter } from '../protocol/line-writer.ts';
import type { InputMessage } from '../protocol/messages.ts';
import { OutputClosedError } from '../protocol/output-closed-error.ts';
import { type IgnoredLine, MAX_TOLD_LINES, readMessages } from '../protocol/read.ts';
import { StreamResolver } from '../protocol/stream-resolver.ts';
import { nearestName } from '../settings/nearest-name.ts';
import { redactor } from '../settings/redact.ts';
import { Run } from '../sync/run.ts';
import { Stop } from '../sync/stop.ts';
import { emitFailure } from './failure.ts';
import { type Plans, plansOf } from './plans.ts';
import { readVersion } from './project.ts';
import { type Flags, type Runtime, SIGNAL_EXIT_CODES } from './runtime.ts';

const NO_INPUT =
  'No input came: stdin was empty, so nothing was written. Pipe the messages of a source into this command; a container gets its stdin with docker run -i.';

/** Writes the messages of stdin to Vitally and acknowledges their STATEs. Gives the exit code. */
export async function write(flags: Flags, runtime: Runtime): Promise<number> {
  const line = lineWriter(runtime.stdout);
  let emitter = createEmitter(line, (text) => text);
  const stop = new Stop();
  const offSignals = runtime.onSignal((signal) => stop.now({ kind: 'signal', signal }));
  try {
    const plans = await plansOf(flags, runtime);
    emitter = createEmitter(line, redactor(plans.settings.secrets));
    return await carryOut(plans, flags, runtime, emitter, stop);
  } catch (error) {
    await emitFailure(emitter, error);
    return 1;
  } finally {
    offSignals();
  }
}

async function carryOut(
  plans: Plans,
  flags: Flags,
  runtime: Runtime,
  emitter: Emitter,
  stop: Stop,
): Promise<number> {
  for (const warning of plans.warnings) await emitter.log('WARN', warning);
  const reader = readMessages(runtime.stdin, {
    signal: stop.reading,
    resolve: streamsOf(plans),
    onIgnored: (ignored) => {
      // A closed output is met by the next STATE or LOG that is awaited.
      emitter.log('WARN', ignoredSentence(ignored)).catch(() => {});
    },
  });
  const run = new Run({
    settings: plans.settings,
    routes: plans.routes,
    runId: runtime.env.WORKER_JOB_ID || plans.syncId || startTime(),
    env: runtime.env,
    userAgent: `destination-vitally/${readVersion()}`,
    dryRun: flags.dryRun === true,
    planPath: flags.plan === undefined ? undefined : resolve(runtime.cwd, flags.plan),
    ignoredLines: () => reader.stats.ignoredLines,
    log: (level, message) => emitter.log(level, message),
    acknowledge: (raw, counts) => emitter.state(acknowledge(raw, counts)),
    redact: redactor(plans.settings.secrets),
    stop,
  });
  const result = await run.carryOut(reader);
  if (reader.stats.wasEmpty) await say(emitter, NO_INPUT, 'WARN');
  for (const sentence of result.sentences) await say(emitter, sentence);
  const summary = JSON.stringify(result.summary);
  const unwritten = await writeSummary(flags, runtime, summary);
  await say(emitter, `summary: ${summary}`);
  const error = result.error ?? unwritten;
  if (error !== undefined) {
    await emitFailure(emitter, error);
    return 1;
  }
  return stop.cause?.kind === 'signal' ? SIGNAL_EXIT_CODES[stop.cause.signal] : 0;
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

/** Says a thing at the end of a run; an output that nobody reads any more has been dealt with by then. */
async function say(emitter: Emitter, message: string, level: LogLevel = 'INFO'): Promise<void> {
  try {
    await emitter.log(level, message);
  } catch (error) {
    if (!(error instanceof OutputClosedError)) throw error;
  }
}

async function writeSummary(
  flags: Flags,
  runtime: Runtime,
  summary: string,
): Promise<ConfigError | undefined> {
  if (flags.summary === undefined) return undefined;
  try {
    await writeFile(resolve(runtime.cwd, flags.summary), `${summary}\n`);
    return undefined;
  } catch (cause) {
    return new ConfigError(
      `the run is done, but its summary cannot be written to ${flags.summary}: choose another path for --summary`,
      { cause },
    );
  }
}

function startTime(): string {
  return new Date().toISOString().replaceAll(/[:.]/g, '-');
}
