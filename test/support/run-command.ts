import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { run } from '../../src/cli.ts';
import type { Runtime } from '../../src/commands/runtime.ts';
import { type CommandOptions, fileContent, type Message, Output } from './output.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** Time as the command knows it. */
export type Bounds = Pick<Runtime, 'clock' | 'requestTimeoutMs'>;

export interface Invocation extends Bounds {
  /** Written to `config.json` and `catalog.json` in the command's directory. */
  readonly config?: unknown;
  readonly catalog?: unknown;
  /** Messages, or lines as they are. */
  readonly stdin?: Iterable<object | string> | Readable;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdout?: Writable;
  readonly stderr?: Writable;
  /** Gets each message at the moment it is printed. */
  readonly onMessage?: (message: Message) => void;
  readonly onSignal?: Runtime['onSignal'];
  /** Directory to run in; by default a new one that goes with the test. */
  readonly cwd?: string;
}

/** What a command that runs in this process has printed, and how it ended. */
export class Result extends Output {
  code = Number.NaN;
  readonly cwd: string;

  constructor(cwd: string) {
    super();
    this.cwd = cwd;
  }

  file(name: string): Promise<string> {
    return readFile(join(this.cwd, name), 'utf8');
  }
}

/** A command that runs in this process. */
export interface Running {
  readonly output: Result;
  readonly ended: Promise<Result>;
}

/** A stream that keeps what is written to it. */
export class Sink extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Starts a command line in this process, as `main.ts` would. */
export function startCommand(args: readonly string[], invocation: Invocation = {}): Running {
  const { cwd = temporaryDirectory(), onMessage = () => {} } = invocation;
  for (const name of ['config', 'catalog'] as const) {
    const content = invocation[name];
    if (content !== undefined) writeFileSync(join(cwd, `${name}.json`), fileContent(content));
  }
  const output = new Result(cwd);
  output.onMessage = onMessage;
  const stdout = sink((text) => output.take(text));
  const stderr = sink((text) => {
    output.stderr += text;
  });
  const running = run(args, {
    stdin: readableOf(invocation.stdin ?? []),
    stdout: invocation.stdout ?? stdout,
    stderr: invocation.stderr ?? stderr,
    env: invocation.env ?? {},
    cwd,
    onSignal: invocation.onSignal ?? (() => () => {}),
    ...(invocation.clock && { clock: invocation.clock }),
    ...(invocation.requestTimeoutMs !== undefined && { requestTimeoutMs: invocation.requestTimeoutMs }),
  });
  const ended = running.then((code) => {
    output.code = code;
    output.end();
    return output;
  });
  return { output, ended };
}

/** Runs a command line in this process to its end. */
export function runCommand(args: readonly string[], invocation: Invocation = {}): Promise<Result> {
  return startCommand(args, invocation).ended;
}

/** Runs a command in this process to its end with these lines on its stdin: `program.ts` has the same for a child. */
export async function runInProcess(
  command: string,
  { config, catalog, flags = [], ...options }: CommandOptions & Bounds = {},
  lines: Iterable<string> = [],
): Promise<Result> {
  const args = [command];
  for (const [name, content] of Object.entries({ config, catalog }))
    if (content !== undefined) args.push(`--${name}`, `${name}.json`);
  return await runCommand([...args, ...flags], { config, catalog, stdin: lines, ...options });
}

function sink(take: (text: string) => void): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      take(chunk.toString());
      done();
    },
  });
}

function readableOf(stdin: Iterable<object | string> | Readable): Readable {
  if (stdin instanceof Readable) return stdin;
  return Readable.from(bytesOf(stdin));
}

function* bytesOf(lines: Iterable<object | string>): Iterable<Buffer> {
  for (const line of lines) yield Buffer.from(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
}
