import { parseMessage } from '../protocol/input/parse-message.ts';
import type { InputMessage } from '../protocol/messages.ts';
import { textLog } from '../protocol/output/emit.ts';
import { lineWriter } from '../protocol/output/line-writer.ts';
import { failToStderr } from './failure.ts';
import { liveProgress } from './live-progress.ts';
import { catalogOf } from './load/catalog.ts';
import { openRowFile, type RowFile } from './load/row-file.ts';
import { rowsOf, type Survey, surveyOf } from './load/rows.ts';
import { PlannedChanges, RejectedRows, summaryTable, surveySentences } from './load/told.ts';
import { plansOf } from './plans.ts';
import { heard, type Job, runJob, type Voice } from './running.ts';
import type { Flags, Runtime } from './runtime.ts';

/** Writes the rows of files to Vitally, told for a person on stdout. Gives the exit code. Contract 1. */
export async function load(flags: Flags, runtime: Runtime): Promise<number> {
  return await runJob(new Load(flags, runtime), flags, runtime);
}

class Load implements Job {
  readonly #flags: Flags;
  readonly #runtime: Runtime;
  readonly #line: (line: string) => Promise<void>;
  readonly #limit: number;
  readonly #startedAtMs = Date.now();
  readonly #rejected = new RejectedRows();
  readonly #changes = new PlannedChanges();
  readonly #live: ReturnType<typeof liveProgress>;
  #files: RowFile[] = [];
  #surveys: readonly Survey[] = [];
  readonly dryRun = 'Dry run: everything is looked up, and nothing is written to Vitally.';
  readonly watch: NonNullable<Job['watch']>;

  constructor(flags: Flags, runtime: Runtime) {
    this.#flags = flags;
    this.#runtime = runtime;
    this.#line = lineWriter(runtime.stdout);
    this.#limit = flags.limit ?? Number.POSITIVE_INFINITY;
    this.#live = liveProgress(runtime.stderr, () => this.#surveys.reduce((sum, { taken }) => sum + taken, 0));
    this.watch = {
      onRejected: async (message) => this.#rejected.add(message),
      onPlanned: (line) => this.#changes.add(line),
      ...(this.#live !== undefined && { onProgress: this.#live.show }),
    };
  }

  async plans(signal: AbortSignal): ReturnType<Job['plans']> {
    const catalog = this.#lookThrough(signal).then((surveys) => {
      this.#surveys = surveys;
      return catalogOf(surveys);
    });
    return await plansOf(this.#flags, this.#runtime, catalog, 'some');
  }

  async #lookThrough(signal: AbortSignal): Promise<readonly Survey[]> {
    const { files = [], stream, format } = this.#flags;
    const surveys: Survey[] = [];
    for (const given of files) {
      const file = await openRowFile(given, { stream, format, signal }, this.#runtime);
      this.#files.push(file);
      surveys.push(await surveyOf(file, this.#limit));
    }
    return surveys;
  }

  voice(redact: (text: string) => string): Voice {
    const shown = textLog(redact);
    const say = async (text: string): Promise<void> => {
      this.#live?.clear();
      await this.#line(shown(text));
    };
    return {
      log: (level, message) => say(level === 'INFO' ? message : `${level}: ${message}`),
      // Files have no STATE.
      acknowledge: async () => {},
      sentences: async () => {},
      summary: async (summary) => {
        for (const line of [...this.#changes.lines(), ...this.#rejected.lines()]) await say(line);
        this.#live?.clear();
        await this.#line(`\n${shown(summaryTable(summary), 'lines')}`);
      },
      fail: async (error, standing) => {
        this.#live?.clear();
        failToStderr(error, this.#runtime.stderr, shown, standing);
      },
    };
  }

  async begun({ routes }: Awaited<ReturnType<Job['plans']>>, voice: Voice): Promise<void> {
    for (const survey of this.#surveys) {
      const route = routes.find(({ stream }) => stream === survey.file.stream);
      for (const sentence of surveySentences(survey, route)) await voice.log('INFO', sentence);
    }
  }

  open(...[, , shutdown]: Parameters<Job['open']>): ReturnType<Job['open']> {
    const { softSignal } = shutdown;
    return {
      stats: { ignoredLines: 0 },
      [Symbol.asyncIterator]: () => this.#messages(softSignal),
    };
  }

  async *#messages(signal: AbortSignal): AsyncGenerator<InputMessage> {
    for (const survey of this.#surveys) {
      const head =
        `{"type":"RECORD","record":{"stream":${JSON.stringify(survey.file.stream)},` +
        `"emitted_at":${this.#startedAtMs},"data":`;
      for await (const { line, data } of rowsOf(survey, this.#limit)) {
        if (signal.aborted) return;
        const message = parseMessage(`${head}${data}}}`, line);
        if (typeof message === 'string') throw new Error('a row of a file became no message');
        yield message;
      }
    }
  }

  async close(): Promise<void> {
    this.#live?.clear();
    for (const file of this.#files) await heard(file.close());
  }
}
