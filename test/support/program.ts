import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { type CommandOptions, fileContent, Output } from './output.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export const EXECUTABLE = fileURLToPath(new URL('../../bin/destination-vitally', import.meta.url));

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface StartOptions extends CommandOptions {
  readonly executable?: string;
}

/** The executable as an orchestrator runs it: what it prints is gathered, and it ends with its test. */
export class Program extends Output {
  readonly ended: Promise<Ending>;
  /** Its exit code as soon as it has ended, also where its output is not read to the end. */
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;

  constructor(args: readonly string[], options: StartOptions) {
    super();
    const { executable = EXECUTABLE, cwd, env } = options;
    this.#child = spawn(executable, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      ...(cwd !== undefined && { cwd }),
    });
    const { stdin, stdout, stderr } = this.#child;
    // The program may end before it has read everything.
    stdin.on('error', () => {});
    stdout.setEncoding('utf8').on('data', (text: string) => this.take(text));
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.exited = once(this.#child, 'exit').then(([code]) => code);
    this.ended = once(this.#child, 'close').then(([code, signal]) => {
      this.end();
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

  /** Writes bytes as they are; resolves when the program has taken them, or has ended. */
  async write(chunk: string | Uint8Array): Promise<void> {
    if (this.hasEnded || this.#child.stdin.write(chunk)) return;
    await Promise.race([new Promise((resolve) => this.#child.stdin.once('drain', resolve)), this.ended]);
  }

  async feed(lines: Iterable<string>): Promise<void> {
    for (const line of lines) {
      if (this.hasEnded) return;
      await this.write(`${line}\n`);
    }
  }

  closeInput(): void {
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
}

/** Starts a command; its stdin stays open. */
export async function start(command: string, options: StartOptions = {}): Promise<Program> {
  const { config, catalog, flags = [] } = options;
  const args = [command];
  for (const [name, content] of Object.entries({ config, catalog })) {
    if (content === undefined) continue;
    const path = join(temporaryDirectory(), `${name}.json`);
    await writeFile(path, fileContent(content));
    args.push(`--${name}`, path);
  }
  return new Program([...args, ...flags], options);
}

/** Runs a command to its end with these lines on its stdin: `run-command.ts` has the same without a child. */
export async function run(
  command: string,
  options: StartOptions = {},
  lines: Iterable<string> = [],
): Promise<Program & Ending> {
  const program = await start(command, options);
  await program.feed(lines);
  program.closeInput();
  return Object.assign(program, await program.ended);
}
