import { resolve } from 'node:path';
import { type Asked, type Given, readArguments, STDIN } from './commands/command-line/arguments.ts';
import { helpText, NAME, usageText } from './commands/command-line/help.ts';
import { nearestCommand } from './commands/command-line/slips.ts';
import { emitFailure } from './commands/failure.ts';
import { readVersion } from './commands/project.ts';
import { EXIT_CODES, type Flags, type Runtime } from './commands/runtime.ts';
import { createEmitter, type Emitter } from './protocol/output/emit.ts';
import { lineWriter } from './protocol/output/line-writer.ts';

const FILE_OF_ROWS = 'the file of rows';
const FORMATS = ['csv', 'jsonl'] as const;

/** The commands that write no Airbyte message. */
const FOR_PEOPLE: Readonly<Record<string, (flags: Flags, runtime: Runtime) => Promise<number>>> = {
  load: async (flags, runtime) => (await import('./commands/load.ts')).load(flags, runtime),
  catalog: async (flags, runtime) => (await import('./commands/catalog.ts')).catalog(flags, runtime),
  rejected: async (flags, runtime) => (await import('./commands/rejected.ts')).rejected(flags, runtime),
  completion: async (_flags, runtime) =>
    (await import('./commands/command-line/completion.ts')).completion(runtime),
};

/** Runs one command and gives its exit code. Each command's code is loaded only when it is asked for. */
export async function run(args: readonly string[], runtime: Runtime): Promise<number> {
  const asked = readArguments(args);
  switch (asked.kind) {
    case 'help':
      runtime.stdout.write(await (asked.command === undefined ? usageText() : helpText(asked.command)));
      return EXIT_CODES.succeeded;
    case 'version':
      runtime.stdout.write(`${readVersion()}\n`);
      return EXIT_CODES.succeeded;
    case 'no-command':
      runtime.stderr.write((await usageText()) + hintFor(asked.given));
      return EXIT_CODES.misused;
    case 'refused':
      return refuse(asked.command, asked.problem, runtime);
    case 'command':
      return await runAsked(asked, runtime);
  }
}

function hintFor(given: string | undefined): string {
  if (given === undefined) return '';
  const nearest = nearestCommand(given);
  return nearest === undefined ? '' : `\nDid you mean ${nearest}?\n`;
}

function refuse(command: string, problem: string, runtime: Runtime): number {
  runtime.stderr.write(
    `${NAME}: ${problem}\nNothing was read or written. ${NAME} ${command} --help lists the flags.\n`,
  );
  return EXIT_CODES.misused;
}

async function runAsked(asked: Extract<Asked, { kind: 'command' }>, runtime: Runtime): Promise<number> {
  const { command, unknown } = asked;
  const sentences = unknown.map((flag) => `the command ${command} does not know the flag ${flag}: ignored`);
  if (command === 'sandbox') {
    for (const sentence of sentences) runtime.stderr.write(`${sentence}\n`);
    return await (await import('./commands/sandbox.ts')).sandbox(asked.values, runtime);
  }
  const flags = flagsOf(asked);
  const clash = clashOf(flags, runtime.cwd);
  if (clash !== undefined) return refuse(command, clash, runtime);
  const forPeople = FOR_PEOPLE[command];
  if (forPeople !== undefined) {
    for (const sentence of sentences) runtime.stderr.write(`WARN: ${sentence}\n`);
    return await forPeople(flags, runtime);
  }
  const emitter = createEmitter(lineWriter(runtime.stdout), (text) => text);
  try {
    for (const sentence of sentences) await emitter.log('WARN', sentence);
    return await runCommand(command, flags, runtime, emitter);
  } catch (error) {
    await emitFailure(emitter, error);
    return EXIT_CODES.failed;
  }
}

async function runCommand(
  command: string,
  flags: Flags,
  runtime: Runtime,
  emitter: Emitter,
): Promise<number> {
  switch (command) {
    case 'spec':
      return await (await import('./commands/spec.ts')).spec(emitter);
    case 'check':
      return await (await import('./commands/check.ts')).check(flags, runtime, emitter);
    case 'discover':
      return await (await import('./commands/discover.ts')).discover(flags, runtime, emitter);
    case 'write':
      return await (await import('./commands/write.ts')).write(flags, runtime);
    default:
      throw new Error(`no command ${command}`);
  }
}

function flagsOf({ values, files }: Given): Flags {
  const text = (name: string): string | undefined => {
    const value = values.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    config: text('config'),
    catalog: text('catalog'),
    plan: text('plan'),
    summary: text('summary'),
    dryRun: values.get('dry-run') === true,
    csv: values.get('csv') === true,
    offline: values.get('offline') === true,
    files,
    stream: text('stream'),
    format: FORMATS.find((format) => format === text('format')),
    limit: values.has('limit') ? Number(text('limit')) : undefined,
  };
}

/** Two flags that name one file: one of them would overwrite the other's content. */
function clashOf(flags: Flags, cwd: string): string | undefined {
  const { files = [] } = flags;
  const named = [
    ...(['config', 'catalog', 'plan', 'summary'] as const).map((flag) => ({
      by: `--${flag}`,
      path: flags[flag],
    })),
    ...files.filter((file) => file !== STDIN).map((path) => ({ by: FILE_OF_ROWS, path })),
  ].flatMap(({ by, path }) => (path === undefined || path === '' ? [] : [{ by, path: resolve(cwd, path) }]));
  for (const one of named) {
    const other = named.find(({ by, path }) => by !== one.by && path === one.path);
    if (one.by === '--config' && other?.by === FILE_OF_ROWS)
      return 'the file of rows is the config, whose secrets would be written to Vitally';
    const isWritten = one.by === '--plan' || one.by === '--summary';
    // A terminal and /dev/null may be named twice.
    if (isWritten && other !== undefined && !one.path.startsWith('/dev/'))
      return `${one.by} and ${other.by} name one file`;
  }
  return undefined;
}
