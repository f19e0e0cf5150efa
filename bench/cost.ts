/**
 * What `write` takes beside a bare program of the same path, each as a whole process: `node bench/cost.ts [rows] [runs]`.
 * Prints user + system time and the peak of resident memory of both, the medians of the runs, and their ratios.
 */
import { spawn } from 'node:child_process';
import {
  createReadStream,
  createWriteStream,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { configOf } from './drain.ts';
import { catalogOf, type Kind, messages } from './generate.ts';

const EXECUTABLE = fileURLToPath(new URL('../bin/destination-vitally', import.meta.url));
const BARE = fileURLToPath(new URL('./cost/bare.js', import.meta.url));
const SERVER = fileURLToPath(new URL('./cost/server.js', import.meta.url));
const USAGE = fileURLToPath(new URL('./cost/usage.js', import.meta.url));

const REST = { rest_api_token: 'rest-token' };
const ANALYTICS = { analytics_api_token: 'analytics-token' };

interface Case {
  readonly what: string;
  readonly kind: Kind;
  readonly path: 'analytics' | 'rest';
  readonly tokens: Readonly<Record<string, string>>;
  /** Rows that go one a request are fewer. */
  readonly share: number;
}

const CASES: readonly Case[] = [
  { what: 'events by Analytics', kind: 'events', path: 'analytics', tokens: ANALYTICS, share: 1 },
  { what: 'accounts by Analytics', kind: 'accounts', path: 'analytics', tokens: ANALYTICS, share: 1 },
  {
    what: 'accounts, both tokens',
    kind: 'accounts',
    path: 'analytics',
    tokens: { ...REST, ...ANALYTICS },
    share: 1,
  },
  { what: 'accounts by REST', kind: 'accounts', path: 'rest', tokens: REST, share: 0.2 },
];

interface Usage {
  readonly cpuSeconds: number;
  readonly peakKibibytes: number;
}

const [rows = 100_000, runs = 5] = process.argv.slice(2, 4).map(Number);
const only = process.argv[4];
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
try {
  for (const one of CASES) if (only === undefined || one.what.includes(only)) await compare(one);
} finally {
  rmSync(folder, { recursive: true });
}

async function compare(one: Case): Promise<void> {
  const count = Math.round(rows * one.share);
  const input = join(folder, 'input.jsonl');
  await pipeline(messages(one.kind, count), createWriteStream(input));
  const server = spawn(process.execPath, [SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [url = ''] = await Array.fromAsync(firstLine(server.stdout));
    const config = join(folder, 'config.json');
    const catalog = join(folder, 'catalog.json');
    writeFileSync(config, JSON.stringify(configOf(url, one.tokens)));
    writeFileSync(catalog, JSON.stringify(catalogOf(one.kind)));
    const ours: Usage[] = [];
    const bare: Usage[] = [];
    for (let run = 0; run < runs; run++) {
      ours.push(await usageOf(EXECUTABLE, ['write', '--config', config, '--catalog', catalog], input));
      bare.push(await usageOf(process.execPath, [BARE, one.path, url], input));
    }
    console.log(told(one.what, count, ours, bare));
  } finally {
    server.kill();
  }
}

async function* firstLine(output: NodeJS.ReadableStream): AsyncGenerator<string> {
  for await (const line of createInterface(output)) {
    yield line;
    return;
  }
}

async function usageOf(command: string, args: readonly string[], input: string): Promise<Usage> {
  const file = join(folder, 'usage.json');
  const child = spawn(command, args, {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { ...process.env, BENCH_USAGE_FILE: file, NODE_OPTIONS: `--import=${USAGE}` },
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await pipeline(createReadStream(input), child.stdin);
  const code = await ended;
  if (code !== 0) throw new Error(`${command}: exit code ${code}`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

function told(what: string, count: number, ours: readonly Usage[], bare: readonly Usage[]): string {
  const cpu = [ours, bare].map((usages) => median(usages.map(({ cpuSeconds }) => cpuSeconds)));
  const peak = [ours, bare].map((usages) => median(usages.map(({ peakKibibytes }) => peakKibibytes / 1024)));
  const [ourCpu = 0, bareCpu = 0] = cpu;
  const [ourPeak = 0, barePeak = 0] = peak;
  return (
    `${what.padEnd(22)} ${count.toLocaleString('en').padStart(10)} rows: ${ourCpu.toFixed(2)} s of CPU beside ` +
    `${bareCpu.toFixed(2)} s, ${(ourCpu / bareCpu).toFixed(2)} times; peak ${ourPeak.toFixed(0)} MiB beside ${barePeak.toFixed(0)} MiB`
  );
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
