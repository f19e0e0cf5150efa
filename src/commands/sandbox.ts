import yargs from 'yargs';
import { parseFaultPlan, SANDBOX_SWITCHES, type SandboxOptions, startSandbox } from '../sandbox/index.ts';
import type { Runtime } from './runtime.ts';

/** Listens until it is ended: by a signal. */
export async function sandbox(args: readonly string[], runtime: Runtime): Promise<number> {
  const flags = parser(args);
  const parsed = flags.parseSync();
  if (parsed.help) {
    runtime.stderr.write(`${await flags.getHelp()}\n\nSwitches for --profile:\n${switchesText()}`);
    return 0;
  }
  let options: SandboxOptions;
  let running: Awaited<ReturnType<typeof startSandbox>>;
  try {
    options = optionsOf(parsed);
    running = await startSandbox(options);
  } catch (error) {
    runtime.stderr.write(`sandbox: ${error instanceof Error ? error.message : String(error)}\n`);
    if (error instanceof RangeError) runtime.stderr.write(`Switches for --profile:\n${switchesText()}`);
    return 2;
  }
  runtime.stdout.write(`${JSON.stringify({ url: running.url })}\n`);
  await new Promise<void>((resolve) => runtime.onSignal(() => resolve()));
  await running.close();
  return 0;
}

function parser(args: readonly string[]) {
  return yargs([...args])
    .parserConfiguration({
      'boolean-negation': false,
      'dot-notation': false,
      'duplicate-arguments-array': false,
    })
    .scriptName('destination-vitally sandbox')
    .usage('A local imitation of both Vitally APIs, on the loopback interface; its state is in memory.')
    .exitProcess(false)
    .help(false)
    .version(false)
    .options({
      port: { type: 'number', default: 8080, describe: '0 takes any free port' },
      'rest-token': { type: 'string', default: 'rest-token' },
      'analytics-token': { type: 'string', default: 'analytics-token' },
      'requests-per-minute': { type: 'number', default: 1000, describe: 'limit of each API' },
      'write-cost': { type: 'number', default: 1, describe: 'units of the limit that a REST write costs' },
      'latency-ms': { type: 'number', default: 0, describe: 'before each answer' },
      'analytics-delay-ms': { type: 'number', default: 0, describe: 'until a message is applied' },
      profile: { type: 'string', default: '', describe: 'switches, separated by commas' },
      'fault-rate': { type: 'number', default: 0, describe: 'share of requests that go wrong, 0 to 1' },
      'fault-kinds': {
        type: 'string',
        describe: 'kinds of faults, separated by commas; all of them by default',
      },
      'fault-seed': { type: 'number', default: 1, describe: 'which requests go wrong' },
      help: { type: 'boolean', default: false },
    });
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

function switchesText(): string {
  const width = Math.max(...Object.keys(SANDBOX_SWITCHES).map((name) => name.length));
  return Object.entries(SANDBOX_SWITCHES)
    .map(([name, meaning]) => `  ${name.padEnd(width)}  ${meaning}\n`)
    .join('');
}
