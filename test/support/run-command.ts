import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { run } from '../../src/cli.ts';
import type { Runtime } from '../../src/commands/runtime.ts';
import { isJsonObject } from '../../src/json/guards.ts';
import type { JsonObject } from '../../src/json/json.ts';

export interface Invocation {
  /** Written to `config.json` and `catalog.json` in the command's directory. */
  readonly config?: unknown;
  readonly catalog?: unknown;
  /** Messages, or lines as they are. */
  readonly stdin?: readonly (object | string)[] | Readable;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdout?: Writable;
  readonly onSignal?: Runtime['onSignal'];
  /** Directory to run in; by default a new one that goes with the test. */
  readonly cwd?: string;
}

export interface Result {
  readonly code: number;
  readonly cwd: string;
  readonly stderr: string;
  readonly lines: readonly string[];
  readonly messages: readonly JsonObject[];
  /** The messages of one type. */
  of(type: string): JsonObject[];
  /** The texts of the LOG messages, with their levels: `WARN text`. */
  logs(): string[];
  /** The message of the one ERROR trace, as `config_error: text`; `undefined` where there is none. */
  failure(): string | undefined;
  /** The JSON of the summary line. */
  summary(): unknown;
  file(name: string): Promise<string>;
}

/** A stream that keeps what is written to it. */
export class Sink extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

export async function temporaryDirectory(): Promise<string> {
  const recordCache = await mkdtemp(join(tmpdir(), 'command-'));
  onTestFinished(() => rm(recordCache, { recursive: true, force: true }));
  return recordCache;
}

/** Runs a command in this process, as `main.ts` would. */
export async function runCommand(args: readonly string[], invocation: Invocation = {}): Promise<Result> {
  const cwd = invocation.cwd ?? (await temporaryDirectory());
  for (const name of ['config', 'catalog'] as const) {
    const content = invocation[name];
    if (content === undefined) continue;
    await writeFile(
      join(cwd, `${name}.json`),
      typeof content === 'string' || content instanceof Buffer ? content : JSON.stringify(content),
    );
  }
  const sink = new Sink();
  const stderr = new Sink();
  const code = await run(args, {
    stdin: readableOf(invocation.stdin ?? []),
    stdout: invocation.stdout ?? sink,
    stderr,
    env: invocation.env ?? {},
    cwd,
    onSignal: invocation.onSignal ?? (() => () => {}),
  });
  return resultOf(code, cwd, sink.text, stderr.text);
}

function readableOf(stdin: readonly (object | string)[] | Readable): Readable {
  if (stdin instanceof Readable) return stdin;
  return Readable.from(
    stdin.map((one) => Buffer.from(`${typeof one === 'string' ? one : JSON.stringify(one)}\n`)),
  );
}

function resultOf(code: number, cwd: string, stdout: string, stderr: string): Result {
  const lines = stdout.split('\n').filter((line) => line !== '');
  const messages = lines.map((line): JsonObject => {
    const message: unknown = JSON.parse(line);
    if (!isJsonObject(message)) throw new Error('a line of stdout is no message');
    return message;
  });
  const of = (type: string): JsonObject[] => messages.filter((message) => message.type === type);
  const logs = (): string[] =>
    of('LOG').map(({ log }) => (isJsonObject(log) ? `${String(log.level)} ${String(log.message)}` : ''));
  return {
    code,
    cwd,
    stderr,
    lines,
    messages,
    of,
    logs,
    failure() {
      const errors = of('TRACE').map(({ trace }) => (isJsonObject(trace) ? trace.error : undefined));
      if (errors.length > 1) throw new Error('more than one ERROR trace');
      const [error] = errors;
      return isJsonObject(error) ? `${String(error.failure_type)}: ${String(error.message)}` : undefined;
    },
    summary() {
      const line = logs().find((text) => text.startsWith('INFO summary: '));
      return JSON.parse(line?.slice('INFO summary: '.length) ?? 'null');
    },
    file: (name) => readFile(join(cwd, name), 'utf8'),
  };
}
