import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { at } from './sandbox/client.ts';

export const EXECUTABLE = fileURLToPath(new URL('../../bin/destination-vitally', import.meta.url));

/** A message that the program printed. */
export type Message = Readonly<Record<string, unknown>>;

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface StartOptions {
  /** Written to a file of its own and named by `--config`; `undefined`: no such flag. */
  readonly config?: unknown;
  readonly catalog?: unknown;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly executable?: string;
}

/** The executable as an orchestrator runs it: what it prints is gathered, and it ends with its test. */
export class Program {
  readonly lines: string[] = [];
  readonly messages: Message[] = [];
  readonly ended: Promise<Ending>;
  /** Its exit code as soon as it has ended, also where its output is not read to the end. */
  readonly exited: Promise<number | null>;
  stderr = '';
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #waiting = new Set<() => void>();
  #hasEnded = false;

  constructor(args: readonly string[], options: StartOptions) {
    const { executable = EXECUTABLE, cwd, env } = options;
    this.#child = spawn(executable, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      ...(cwd !== undefined && { cwd }),
    });
    const { stdin, stdout, stderr } = this.#child;
    // The program may end before it has read everything.
    stdin.on('error', () => {});
    let rest = '';
    stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#take(line);
    });
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.exited = once(this.#child, 'exit').then(([code]) => code);
    this.ended = once(this.#child, 'close').then(([code, signal]) => {
      this.#hasEnded = true;
      // A line without its end, as of a program that was killed, is no message.
      for (const check of this.#waiting) check();
      return { code, signal };
    });
    onTestFinished(async () => {
      this.#child.kill('SIGKILL');
      this.#child.stdout.destroy();
      await this.ended;
    });
  }

  get pid(): number {
    return this.#child.pid ?? Number.NaN;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  #take(line: string): void {
    const message: unknown = JSON.parse(line);
    if (!isObject(message)) throw new Error('the program printed a line that is no JSON object');
    this.lines.push(line);
    this.messages.push(message);
    for (const check of this.#waiting) check();
  }

  /** Writes bytes as they are; resolves when the program has taken them, or has ended. */
  async write(chunk: string | Uint8Array): Promise<void> {
    if (this.#hasEnded || this.#child.stdin.write(chunk)) return;
    await Promise.race([new Promise((resolve) => this.#child.stdin.once('drain', resolve)), this.ended]);
  }

  async feed(lines: Iterable<string>): Promise<void> {
    for (const line of lines) {
      if (this.#hasEnded) return;
      await this.write(`${line}\n`);
    }
  }

  /** Closes the program's stdin. */
  end(): void {
    this.#child.stdin.end();
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  pauseReading(): void {
    this.#child.stdout.pause();
  }

  resumeReading(): void {
    this.#child.stdout.resume();
  }

  /** Closes the reading end of the program's stdout, as an orchestrator that died does. */
  closeOutput(): void {
    this.#child.stdout.destroy();
  }

  /** Resolves when what the program has printed is enough; rejects when it ends without. */
  async until(enough: (program: this) => boolean): Promise<void> {
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

  /** Lines of one type, as they were printed. */
  linesOf(type: string): string[] {
    return this.lines.filter((_, index) => this.messages[index]?.type === type);
  }

  messagesOf(type: string): Message[] {
    return this.messages.filter((message) => message.type === type);
  }

  /** Texts of LOG messages of one level. */
  logs(level: string): string[] {
    const logs = this.messagesOf('LOG').filter((message) => at(message, 'log', 'level') === level);
    return logs.map((message) => String(at(message, 'log', 'message')));
  }

  /** The error of each ERROR trace. */
  get errors(): { readonly type: unknown; readonly message: string }[] {
    return this.messagesOf('TRACE').map((message) => ({
      type: at(message, 'trace', 'error', 'failure_type'),
      message: String(at(message, 'trace', 'error', 'message')),
    }));
  }

  /** The object of the summary line; `undefined` where the run gave none. */
  get summary(): unknown {
    const line = this.logs('INFO').findLast((message) => message.startsWith('summary: '));
    return line === undefined ? undefined : JSON.parse(line.slice('summary: '.length));
  }
}

function isObject(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A directory that goes with its test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'destination-vitally-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Starts a command; its stdin stays open. */
export async function start(command: string, options: StartOptions = {}): Promise<Program> {
  const { config, catalog, flags = [] } = options;
  const args = [command];
  for (const [name, content] of Object.entries({ config, catalog })) {
    if (content === undefined) continue;
    const path = join(await temporaryDirectory(), `${name}.json`);
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    args.push(`--${name}`, path);
  }
  return new Program([...args, ...flags], options);
}

/** Runs a command to its end with these lines on its stdin. */
export async function run(
  command: string,
  options: StartOptions = {},
  lines: Iterable<string> = [],
): Promise<Program & Ending> {
  const program = await start(command, options);
  await program.feed(lines);
  program.end();
  return Object.assign(program, await program.ended);
}
