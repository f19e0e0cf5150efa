import yargs from 'yargs';
import { parseFaultPlan, SANDBOX_SWITCHES, type SandboxOptions, startSandbox } from '../sandbox/index.ts';
import { SANDBOX_FLAGS } from './command-line/sandbox-flags.ts';
import { EXIT_CODES, type Runtime } from './runtime.ts';

/** Listens until a signal ends it. */
export async function sandbox(
  values: ReadonlyMap<string, string | boolean>,
  runtime: Runtime,
): Promise<number> {
  let options: SandboxOptions;
  let running: Awaited<ReturnType<typeof startSandbox>>;
  try {
    options = optionsOf(parser(values).parseSync());
    running = await startSandbox(options);
  } catch (error) {
    runtime.stderr.write(`sandbox: ${error instanceof Error ? error.message : String(error)}\n`);
    if (error instanceof RangeError) runtime.stderr.write(switchesText());
    return EXIT_CODES.misused;
  }
  runtime.stdout.write(`${JSON.stringify({ url: running.url })}\n`);
  await new Promise<void>((resolve) => runtime.onSignal(() => resolve()));
  await running.close();
  return EXIT_CODES.succeeded;
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
