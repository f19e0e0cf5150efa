import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { startSandbox } from '../src/sandbox/index.ts';
import { configOf } from './drain.ts';
import { catalogOf, messages } from './generate.ts';

const EXECUTABLE = fileURLToPath(new URL('../bin/destination-vitally', import.meta.url));
const FEW_ROWS = 10_000;
const MANY_ROWS = 200_000;
const SAMPLE_EVERY_MS = 20;
/** What the launcher gives in a container of 256 MB: without a limit V8 lets garbage lie, and says little. */
const HEAP_MEGABYTES = 192;

export interface MemoryFigures {
  readonly rows: number;
  readonly peakMegabytes: number;
}

/** The executable's peak resident memory for a short and for a long input. Linux only: it reads /proc. */
export async function benchMemory(): Promise<MemoryFigures[]> {
  return [await peakOf(FEW_ROWS), await peakOf(MANY_ROWS)];
}

async function peakOf(rows: number): Promise<MemoryFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const sandbox = await startSandbox({ requestsPerMinute: 1_000_000 });
  const paths = { config: join(folder, 'config.json'), catalog: join(folder, 'catalog.json') };
  writeFileSync(
    paths.config,
    JSON.stringify(configOf(sandbox.url, { analytics_api_token: 'analytics-token' })),
  );
  writeFileSync(paths.catalog, JSON.stringify(catalogOf('events')));
  const child = spawn(EXECUTABLE, ['write', '--config', paths.config, '--catalog', paths.catalog], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: `--max-old-space-size=${HEAP_MEGABYTES}` },
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let peakMegabytes = 0;
  const sampling = setInterval(() => {
    peakMegabytes = Math.max(peakMegabytes, peakSoFar(child.pid));
  }, SAMPLE_EVERY_MS);
  try {
    await pipeline(messages('events', rows), child.stdin);
    const code = await ended;
    if (code !== 0) throw new Error(`${rows} rows: exit code ${code}`);
  } finally {
    clearInterval(sampling);
    await sandbox.close();
    rmSync(folder, { recursive: true });
  }
  return { rows, peakMegabytes };
}

/** The kernel's own high-water mark of the process, in megabytes; 0 when it has ended. */
function peakSoFar(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
