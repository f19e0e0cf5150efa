import type { JsonObject } from '../../src/json/json.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { at } from './sandbox/client.ts';

/** A message that the program printed. */
export type Message = JsonObject;

/** What a command of the program takes, whether it runs in this process or in one of its own. */
export interface CommandOptions {
  /** Written to a file and named by `--config`; text and bytes as they are; `undefined`: no such flag. */
  readonly config?: unknown;
  readonly catalog?: unknown;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** What goes into a file for it to hold this content. */
export function fileContent(content: unknown): string | Buffer {
  return typeof content === 'string' || content instanceof Buffer ? content : JSON.stringify(content);
}

/** What a command has printed so far, line by line as it comes. */
export class Output {
  readonly lines: string[] = [];
  readonly messages: Message[] = [];
  stderr = '';
  /** Gets each message at the moment it is printed. */
  onMessage: (message: Message) => void = () => {};
  #rest = '';
  #hasEnded = false;
  readonly #waiting = new Set<() => void>();

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** What it has printed is all. */
  end(): void {
    this.#hasEnded = true;
    this.#check();
  }

  #check(): void {
    for (const check of this.#waiting) check();
  }

  /** Resolves when what was printed is enough; rejects when the command ends without. */
  async until(enough: (output: this) => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const check = (): void => {
        const done = enough(this);
        if (!done && !this.#hasEnded) return;
        this.#waiting.delete(check);
        if (done) resolve();
        else reject(new Error(`the program ended before that: ${this.stderr}${this.lines.at(-1) ?? ''}`));
      };
      this.#waiting.add(check);
      check();
    });
  }

  /** Text of its stdout. A line without its end, as of a program that was killed, is no message. */
  take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#takeLine(line);
  }

  #takeLine(line: string): void {
    const message: unknown = JSON.parse(line);
    if (!isMessage(message)) throw new Error('the program printed a line that is no JSON object');
    this.lines.push(line);
    this.messages.push(message);
    this.onMessage(message);
    this.#check();
  }

  /** Lines of one type, as they were printed. */
  linesOf(type: string): string[] {
    return this.lines.filter((_, index) => this.messages[index]?.type === type);
  }

  messagesOf(type: string): Message[] {
    return this.messages.filter((message) => message.type === type);
  }

  /** The texts of the LOG messages with their levels: `WARN text`. */
  get logs(): string[] {
    return this.messagesOf('LOG').map(({ log }) => `${at(log, 'level')} ${at(log, 'message')}`);
  }

  /** The texts of the LOG messages of one level. */
  logsOf(level: string): string[] {
    return this.logs
      .filter((text) => text.startsWith(`${level} `))
      .map((text) => text.slice(level.length + 1));
  }

  /** The error of each ERROR trace. */
  get errors(): { readonly type: unknown; readonly message: string }[] {
    return this.messagesOf('TRACE').map(({ trace }) => ({
      type: at(trace, 'error', 'failure_type'),
      message: String(at(trace, 'error', 'message')),
    }));
  }

  /** The one error, as `config_error: text`; `undefined` where there is none. */
  get failure(): string | undefined {
    const [error, ...others] = this.errors;
    if (others.length > 0) throw new Error('more than one ERROR trace');
    return error === undefined ? undefined : `${String(error.type)}: ${error.message}`;
  }

  /** The object of the summary line; `undefined` where the run gave none. */
  get summary(): unknown {
    const line = this.logsOf('INFO').findLast((message) => message.startsWith('summary: '));
    return line === undefined ? undefined : JSON.parse(line.slice('summary: '.length));
  }
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Stream and cursor of a STATE, with `undefined` for the stream of one of the whole input. */
export function cursorOf(message: unknown): {
  readonly stream: string | undefined;
  readonly cursor: unknown;
} {
  const name = at(message, 'state', 'stream', 'stream_descriptor', 'name');
  return typeof name === 'string'
    ? { stream: name, cursor: at(message, 'state', 'stream', 'stream_state', 'cursor') }
    : { stream: undefined, cursor: at(message, 'state', 'global', 'shared_state', 'cursor') };
}

/** The cursors of the STATEs of a stream among these lines, in their order. */
export function cursorsOf(lines: readonly string[], stream: string | undefined): unknown[] {
  const states = lines.map((line): unknown => (line.includes('"STATE"') ? JSON.parse(line) : undefined));
  return states
    .filter((message) => at(message, 'type') === 'STATE')
    .map(cursorOf)
    .filter((one) => one.stream === stream)
    .map(({ cursor }) => cursor);
}

/** The counts that a STATE acknowledges: records that count as loaded, and refused ones. */
export function statsOf(message: Message | undefined): readonly [unknown, unknown] {
  const stats = at(message, 'state', 'destinationStats');
  return [at(stats, 'recordCount'), at(stats, 'rejectedRecordCount')];
}

const OUTCOMES = [
  'created',
  'updated',
  'deleted',
  'accepted',
  'unchanged',
  'superseded',
  'skipped',
  'rejected',
] as const;

type Counts = Partial<Record<(typeof OUTCOMES)[number] | 'received' | 'unsettled', number>>;

/** What a summary says of a stream: every count that isn't zero. */
export function countsOf(summary: unknown, name: string): Counts {
  const streams = at(summary, 'streams');
  if (!Array.isArray(streams)) throw new Error('the summary has no streams');
  const found: unknown = streams.find((one: unknown) => at(one, 'stream') === name);
  const counts: Counts = {};
  for (const kind of ['received', ...OUTCOMES, 'unsettled'] as const) {
    const count = at(found, kind);
    if (typeof count === 'number' && count !== 0) counts[kind] = count;
  }
  return counts;
}

/** Records of a stream that the outcomes of a summary leave over: 0 in every run that came to its end. */
export function imbalance(summary: unknown, name: string): number {
  const { received = 0, ...others } = countsOf(summary, name);
  return received - Object.values(others).reduce((sum, count) => sum + count, 0);
}

/** Vitally's content after everything is applied. */
export async function contentOf(sandbox: Sandbox) {
  await sandbox.settle();
  return sandbox.snapshot();
}
