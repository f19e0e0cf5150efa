import yargs from 'yargs';
import { emitFailure } from './commands/failure.ts';
import type { Flags, Runtime } from './commands/runtime.ts';
import { createEmitter, type Emitter } from './protocol/emit.ts';
import { lineWriter } from './protocol/line-writer.ts';

const USAGE = `usage: destination-vitally COMMAND

  spec                                             what can be configured
  check    --config FILE                           is the configuration right, and is Vitally there
  discover --config FILE                           the objects that rows can be mapped to
  write    --config FILE --catalog FILE            write the messages of stdin
           [--dry-run] [--plan FILE] [--summary FILE]
  sandbox  [--port N] [--rest-token T] ...         a local imitation of Vitally; --help lists its flags
`;

const KNOWN_FLAGS: Readonly<Record<string, readonly string[]>> = {
  spec: [],
  check: ['config'],
  discover: ['config'],
  write: ['config', 'catalog', 'dry-run', 'plan', 'summary'],
};

/** Runs one command and gives its exit code. Each command's code is loaded only when it is asked for. */
export async function run(args: readonly string[], runtime: Runtime): Promise<number> {
  const [command, ...rest] = args.filter((arg) => arg !== '');
  if (command === 'sandbox') return await (await import('./commands/sandbox.ts')).sandbox(rest, runtime);
  const known = command === undefined ? undefined : KNOWN_FLAGS[command];
  if (command === undefined || known === undefined || !Object.hasOwn(KNOWN_FLAGS, command)) {
    runtime.stderr.write(USAGE);
    return 2;
  }
  const flags = parseFlags(rest, known);
  const write = lineWriter(runtime.stdout);
  const emitter = createEmitter(write, (text) => text);
  try {
    for (const flag of flags.unknown) {
      await emitter.log('WARN', `the command ${command} does not know the flag ${flag}: ignored`);
    }
    return await runCommand(command, flags, runtime, emitter);
  } catch (error) {
    await emitFailure(emitter, error);
    return 1;
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

function parseFlags(args: readonly string[], known: readonly string[]): Flags {
  const parsed = yargs([...args])
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'duplicate-arguments-array': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .exitProcess(false)
    .help(false)
    .version(false)
    .options({
      config: { type: 'string' },
      catalog: { type: 'string' },
      plan: { type: 'string' },
      summary: { type: 'string' },
      'dry-run': { type: 'boolean' },
    })
    .parseSync();
  const given = Object.keys(parsed).filter((name) => name !== '_' && name !== '$0');
  return {
    config: parsed.config,
    catalog: parsed.catalog,
    plan: parsed.plan,
    summary: parsed.summary,
    dryRun: parsed['dry-run'],
    unknown: given
      .filter((name) => !known.includes(name) && parsed[name] !== undefined)
      .map((name) => (name.length === 1 ? `-${name}` : `--${name}`)),
  };
}
