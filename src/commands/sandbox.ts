import yargs from 'yargs';
import { isLoopback } from '../net/loopback.ts';
import {
  bracketed,
  parseFaultPlan,
  SANDBOX_SWITCHES,
  type Sandbox,
  type SandboxOptions,
  SeedError,
  startSandbox,
} from '../sandbox/index.ts';
import { SANDBOX_FLAGS } from './command-line/sandbox-flags.ts';
import { EXIT_CODES, type Runtime } from './runtime.ts';
import { greeting } from './sandbox/greeting.ts';
import { readSeed, seedFaultLines } from './sandbox/seed-file.ts';

/** Listens until a signal ends it. */
export async function sandbox(
  values: ReadonlyMap<string, string | boolean>,
  runtime: Runtime,
): Promise<number> {
  let running: Sandbox;
  const flags = parser(values).parseSync();
  const loopback = isLoopback(bracketed(flags.host.toLowerCase()));
  try {
    if (!loopback) requireTokens(values);
    running = await started(optionsOf(flags), flags.seed, runtime);
  } catch (error) {
    runtime.stderr.write(`sandbox: ${error instanceof Error ? error.message : String(error)}\n`);
    if (error instanceof RangeError) runtime.stderr.write(switchesText());
    return EXIT_CODES.misused;
  }
  const { url } = running;
  if (!loopback)
    runtime.stderr.write(
      `WARN: --host ${flags.host} lets other machines reach the sandbox, over plain HTTP; its page asks for no token\n`,
    );
  runtime.stdout.write(`${JSON.stringify({ url })}\n`);
  if ('isTTY' in runtime.stdout && runtime.stdout.isTTY === true)
    runtime.stdout.write(
      greeting({ url, restToken: flags['rest-token'], analyticsToken: flags['analytics-token'], loopback }),
    );
  await new Promise<void>((resolve) => runtime.onSignal(() => resolve()));
  await running.close();
  return EXIT_CODES.succeeded;
}

/** @throws Error that lists the faults of the seed by their places, or what keeps it from listening */
async function started(
  options: SandboxOptions,
  seedPath: string | undefined,
  runtime: Runtime,
): Promise<Sandbox> {
  if (seedPath === undefined) return await startSandbox(options);
  if (seedPath === '') throw new Error('--seed needs a file, as in --seed seed.json');
  const { text, content } = await readSeed(seedPath, runtime.cwd);
  try {
    return await startSandbox({ ...options, content });
  } catch (error) {
    if (!(error instanceof SeedError)) throw error;
    const lines = seedFaultLines(seedPath, text, error.faults);
    throw new Error(`${error.message}, and nothing was put in:\n${lines.trimEnd()}`, { cause: error });
  }
}

/** Tokens that stand in a manual keep nobody out. @throws Error */
function requireTokens(values: ReadonlyMap<string, string | boolean>): void {
  const missing = ['rest-token', 'analytics-token'].filter((flag) => (values.get(flag) ?? '') === '');
  if (missing.length === 0) return;
  const flags = missing.map((flag) => `--${flag}`).join(' and ');
  throw new Error(`--host that other machines reach wants tokens of your own: add ${flags}`);
}

/** Fills in defaults and reads numbers. The caller has told flags and values apart before. */
function parser(values: ReadonlyMap<string, string | boolean>) {
  return yargs([...values].map(([flag, value]) => `--${flag}=${value}`))
    .parserConfiguration({
      'boolean-negation': false,
      'dot-notation': false,
      'duplicate-arguments-array': false,
    })
    .exitProcess(false)
    .help(false)
    .version(false)
    .options(SANDBOX_FLAGS);
}

type Parsed = ReturnType<ReturnType<typeof parser>['parseSync']>;

function optionsOf(flags: Parsed): SandboxOptions {
  return {
    port: numberOf(flags.port, 'port'),
    host: flags.host,
    allowHosts: (flags['allow-host'] ?? []).flatMap((names) => String(names).split(',')).filter(Boolean),
    restToken: flags['rest-token'],
    analyticsToken: flags['analytics-token'],
    requestsPerMinute: numberOf(flags['requests-per-minute'], 'requests-per-minute'),
    writeCost: numberOf(flags['write-cost'], 'write-cost'),
    latencyMs: numberOf(flags['latency-ms'], 'latency-ms'),
    analyticsDelayMs: numberOf(flags['analytics-delay-ms'], 'analytics-delay-ms'),
    profile: flags.profile.split(',').filter((name) => name !== ''),
    faults: parseFaultPlan({
      rate: numberOf(flags['fault-rate'], 'fault-rate'),
      seed: numberOf(flags['fault-seed'], 'fault-seed'),
      ...(flags['fault-kinds'] !== undefined && { kinds: flags['fault-kinds'] }),
    }),
  };
}

function numberOf(value: number, flag: string): number {
  if (Number.isFinite(value) && value >= 0) return value;
  throw new RangeError(`--${flag} must be a number, 0 or above`);
}

/** What `--profile` takes, for the help. */
export function switchesText(): string {
  const width = Math.max(...Object.keys(SANDBOX_SWITCHES).map((name) => name.length));
  const lines = Object.entries(SANDBOX_SWITCHES).map(
    ([name, meaning]) => `  ${name.padEnd(width)}  ${meaning}\n`,
  );
  return `Switches for --profile:\n${lines.join('')}`;
}
