import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { run } from '../src/cli.ts';
import { type Sandbox, startSandbox } from '../src/sandbox/index.ts';
import { catalogOf, type Kind, messages } from './generate.ts';

/** The highest that the config allows: the limit should not be what is measured. */
const REQUESTS_PER_MINUTE = 100_000;

export interface DrainFigures {
  readonly what: string;
  readonly rows: number;
  readonly rowsPerSecond: number;
  readonly requestsPerRow: number;
}

interface Case {
  readonly what: string;
  readonly kind: Kind;
  readonly rows: number;
  readonly tokens: Readonly<Record<string, string>>;
  /** Not the first time that the sandbox gets these rows. */
  readonly again?: boolean;
}

const REST = { rest_api_token: 'rest-token' };
const ANALYTICS = { analytics_api_token: 'analytics-token' };

const CASES: readonly Case[] = [
  { what: 'upsert of accounts by REST', kind: 'accounts', rows: 5_000, tokens: REST },
  { what: 'the same once more', kind: 'accounts', rows: 5_000, tokens: REST, again: true },
  { what: 'upsert of accounts by Analytics', kind: 'accounts', rows: 20_000, tokens: ANALYTICS },
  { what: 'append of events by Analytics', kind: 'events', rows: 50_000, tokens: ANALYTICS },
];

/** Rows through the whole of `write`, in this process, into a sandbox that is in it too. */
export async function benchDrain(): Promise<DrainFigures[]> {
  const figures: DrainFigures[] = [];
  let sandbox: Sandbox | undefined;
  for (const one of CASES) {
    if (!one.again || sandbox === undefined) {
      await sandbox?.close();
      sandbox = await startSandbox({ requestsPerMinute: REQUESTS_PER_MINUTE * 10 });
    }
    figures.push(await drain(one, sandbox.url));
  }
  await sandbox?.close();
  return figures;
}

async function drain({ what, kind, rows, tokens }: Case, url: string): Promise<DrainFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const [config, catalog, summary] = ['config', 'catalog', 'summary'].map((name) =>
      join(folder, `${name}.json`),
    );
    if (config === undefined || catalog === undefined || summary === undefined)
      throw new Error('three names');
    writeFileSync(config, JSON.stringify(configOf(url, tokens)));
    writeFileSync(catalog, JSON.stringify(catalogOf(kind)));
    const code = await run(['write', '--config', config, '--catalog', catalog, '--summary', summary], {
      stdin: messages(kind, rows),
      stdout: new Writable({ write: (_chunk, _encoding, done) => done() }),
      stderr: process.stderr,
      env: {},
      cwd: folder,
      onSignal: () => () => {},
    });
    if (code !== 0) throw new Error(`${what}: exit code ${code}`);
    const { requests, duration_seconds: seconds } = JSON.parse(readFileSync(summary, 'utf8'));
    return {
      what,
      rows,
      rowsPerSecond: rows / seconds,
      requestsPerRow: (requests.rest + requests.analytics) / rows,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What `write` is given. */
export function configOf(url: string, tokens: Readonly<Record<string, string>>): Record<string, unknown> {
  return {
    data_center: { region: 'custom', rest_url: url, analytics_url: url },
    requests_per_minute: REQUESTS_PER_MINUTE,
    ...tokens,
  };
}
