import { nearestName } from '../config/schema/nearest-name.ts';
import {
  type IgnoredLine,
  MAX_TOLD_LINES,
  type MessageReader,
  readMessages,
} from '../protocol/input/read.ts';
import { StreamResolver } from '../protocol/input/stream-resolver.ts';
import type { InputMessage } from '../protocol/messages.ts';
import { acknowledge } from '../protocol/output/acknowledge.ts';
import { createEmitter } from '../protocol/output/emit.ts';
import { lineWriter } from '../protocol/output/line-writer.ts';
import { readFlagFile } from './configuration.ts';
import { emitFailure } from './failure.ts';
import { liveProgress } from './live-progress.ts';
import { type Plans, plansOf } from './plans.ts';
import { heard, runJob } from './running.ts';
import type { Flags, Runtime } from './runtime.ts';

const NO_INPUT =
  'No input came: stdin was empty, so nothing was written. Pipe the messages of a source into this command; a container gets its stdin with docker run -i.';

const DRY_RUN =
  'Dry run: everything is looked up, nothing is written to Vitally, and no STATE is acknowledged.';

/** Writes the messages of stdin to Vitally and acknowledges their STATEs. Gives the exit code. */
export async function write(flags: Flags, runtime: Runtime): Promise<number> {
  const line = lineWriter(runtime.stdout);
  const live = liveProgress(runtime.stderr);
  let reader: MessageReader | undefined;
  return await runJob(
    {
      dryRun: DRY_RUN,
      plans: () =>
        plansOf(
          flags,
          runtime,
          readFlagFile(flags, 'catalog', runtime).then(({ value }) => value),
        ),
      voice(redact) {
        const emitter = createEmitter(line, redact);
        return {
          log(level, message) {
            live?.clear();
            return emitter.log(level, message);
          },
          acknowledge: (raw, counts) => emitter.state(acknowledge(raw, counts)),
          async sentences(sentences) {
            for (const sentence of sentences) await emitter.log('INFO', sentence);
          },
          summary: (summary) => emitter.log('INFO', `summary: ${JSON.stringify(summary)}`),
          fail: (error, standing) => emitFailure(emitter, error, standing),
        };
      },
      open(plans, { log }, shutdown) {
        reader = readMessages(runtime.stdin, {
          signal: shutdown.softSignal,
          resolve: streamsOf(plans),
          onIgnored: (ignored) => {
            // The next STATE or LOG that is awaited tells of a closed output.
            log('WARN', ignoredSentence(ignored)).catch(() => {});
          },
        });
        return reader;
      },
      ...(live !== undefined && { watch: { onProgress: live.show } }),
      async close() {
        live?.clear();
      },
      async afterRows({ log }) {
        if (reader?.stats.wasEmpty === true) await heard(log('WARN', NO_INPUT));
      },
    },
    flags,
    runtime,
  );
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
