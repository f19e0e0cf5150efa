/**
 * How many requests a sync takes of records most of which are unchanged: `node bench/requests.ts [records] [part of the
 * cases' names]`. Prints requests ÷ (pages of the list + rows that differ) for each object, by rows that come all at once
 * and by rows that come slower than the list is read. Counts, not times: they are nearly the same on every machine.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../src/cli.ts';
import { type Sandbox, startSandbox } from '../src/sandbox/index.ts';
import { configOf } from './drain.ts';

const REQUESTS_PER_MINUTE = 1_000_000;
const RECORDS_OF_A_PAGE = 100;
const ACCOUNTS = 300;
/** One row in so many differs. */
const DIFFERS = 50;
const SLOW_ROWS = 10;
const SLOW_MS = 15;
const THEN = '2026-01-31T09:30:00.000Z';

type Values = Record<string, string | number | string[]>;

/** An object, its collection in the sandbox, a record as it is there, and what of it a row changes. */
interface Case {
  readonly object: string;
  readonly collection: string;
  readonly record: (index: number) => Values;
  readonly changed: Values;
  /** Lists that lead to what rows name: accounts or users. */
  readonly parents: readonly ('accounts' | 'users')[];
  /** Only in the sandbox's record. */
  readonly hidden?: Values;
  /** Under what the rows have it, where not under the record's name. */
  readonly renamed?: Readonly<Record<string, string>>;
}

const accountOf = (index: number): string => `acc-${index % ACCOUNTS}`;

const CASES: readonly Case[] = [
  {
    object: 'account',
    collection: 'accounts',
    record: (index) => ({ externalId: `r-${index}`, name: `Account ${index}` }),
    changed: { name: 'New' },
    parents: [],
  },
  {
    object: 'user',
    collection: 'users',
    record: (index) => ({
      externalId: `r-${index}`,
      name: `User ${index}`,
      email: `u${index}@a.example`,
      accountIds: [accountOf(index)],
    }),
    changed: { name: 'New' },
    parents: ['accounts'],
  },
  {
    object: 'note',
    collection: 'notes',
    record: (index) => ({
      externalId: `r-${index}`,
      accountId: accountOf(index),
      note: `Note ${index}`,
      noteDate: THEN,
    }),
    changed: { note: 'New' },
    parents: ['accounts'],
  },
  {
    object: 'task',
    collection: 'tasks',
    record: (index) => ({ externalId: `r-${index}`, accountId: accountOf(index), name: `Task ${index}` }),
    changed: { name: 'New' },
    parents: ['accounts'],
  },
  {
    object: 'nps_response',
    collection: 'npsResponses',
    record: (index) => ({
      externalId: `r-${index}`,
      userId: `usr-${index % ACCOUNTS}`,
      respondedAt: THEN,
      score: 3,
      feedback: `Feedback ${index}`,
    }),
    changed: { feedback: 'New' },
    parents: ['users'],
  },
  {
    object: 'custom_object:site',
    collection: 'instances',
    record: (index) => ({ externalId: `r-${index}`, name: `Site ${index}`, customerId: accountOf(index) }),
    changed: { name: 'New' },
    parents: ['accounts'],
    hidden: { customObjectId: 'site' },
    renamed: { customerId: 'accountId' },
  },
];

function seeded(sandbox: Sandbox, { collection, record, hidden }: Case, records: number): void {
  const each = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index));
  if (collection !== 'accounts')
    sandbox.seed(
      'accounts',
      each(ACCOUNTS, (index) => ({ externalId: `acc-${index}`, name: `A ${index}` })),
    );
  if (collection === 'npsResponses')
    sandbox.seed(
      'users',
      each(ACCOUNTS, (index) => ({ externalId: `usr-${index}`, accountIds: [accountOf(index)] })),
    );
  sandbox.seed('customObjects', [{ name: 'site', label: 'Site', writeMode: 'writable' }]);
  sandbox.seed(
    collection,
    each(records, (index) => ({ ...record(index), ...hidden })),
  );
}

function rowsOf({ record, changed, renamed = {} }: Case, records: number): string[] {
  const step = 7_919;
  return Array.from({ length: records }, (_, place) => {
    const index = (place * step) % records;
    const { externalId, ...values } = { ...record(index), ...(index % DIFFERS === 0 && changed) };
    const data: Values = { id: externalId ?? '' };
    for (const [name, value] of Object.entries(values))
      if (value !== undefined) data[renamed[name] ?? name] = value;
    return JSON.stringify({ type: 'RECORD', record: { stream: 'rows', emitted_at: 1, data } });
  });
}

async function* paced(rows: readonly string[], slow: boolean): AsyncGenerator<string> {
  const size = slow ? SLOW_ROWS : rows.length;
  for (let at = 0; at < rows.length; at += size) {
    yield `${rows.slice(at, at + size).join('\n')}\n`;
    if (slow) await sleep(SLOW_MS);
  }
}

async function ran(one: Case, mode: string, records: number, slow: boolean) {
  const sandbox = await startSandbox({ requestsPerMinute: REQUESTS_PER_MINUTE });
  seeded(sandbox, one, records);
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const [config = '', catalog = '', summary = ''] = ['config', 'catalog', 'summary'].map((name) =>
    join(folder, name),
  );
  const streams = [{ stream: 'rows', object: one.object, mode, write_via: 'rest' }];
  writeFileSync(
    config,
    JSON.stringify({ ...configOf(sandbox.url, { rest_api_token: 'rest-token' }), streams }),
  );
  const stream = { name: 'rows', json_schema: {}, supported_sync_modes: ['incremental'] };
  const configured = {
    stream,
    sync_mode: 'incremental',
    destination_sync_mode: 'append_dedup',
    primary_key: [['id']],
  };
  writeFileSync(catalog, JSON.stringify({ streams: [configured] }));
  const code = await run(['write', '--config', config, '--catalog', catalog, '--summary', summary], {
    stdin: Readable.from(paced(rowsOf(one, records), slow), { objectMode: false }),
    stdout: new Writable({ write: (_chunk, _encoding, done) => done() }),
    stderr: process.stderr,
    env: {},
    cwd: folder,
    onSignal: () => () => {},
  });
  if (code !== 0) throw new Error(`${one.object} ${mode}: exit code ${code}`);
  const requests = sandbox.requests();
  await sandbox.close();
  rmSync(folder, { recursive: true });
  return requests;
}

function pagesOf({ parents }: Case, records: number): number {
  return (records + parents.length * ACCOUNTS) / RECORDS_OF_A_PAGE;
}

async function main(): Promise<void> {
  const [records = 3_000, part = ''] = [Number(process.argv[2] ?? 3_000), process.argv[3]];
  for (const one of CASES) {
    if (!one.object.includes(part)) continue;
    for (const mode of ['upsert', 'update'])
      for (const slow of [false, true]) {
        const requests = await ran(one, mode, records, slow);
        const best = Math.ceil(pagesOf(one, records)) + records / DIFFERS;
        const kinds: Record<string, number> = {};
        for (const { method, path } of requests) {
          const kind = `${method} ${path.replace(/\?.*/, '?').replace(/[0-9a-f]{8}-[0-9a-f-]{27}|(r|acc|usr)-\d+/g, '*')}`;
          kinds[kind] = (kinds[kind] ?? 0) + 1;
        }
        console.log(
          JSON.stringify({
            object: one.object,
            mode,
            rows: slow ? 'slower than the list' : 'all at once',
            requests: requests.length,
            ratio: Math.round((requests.length / best) * 100) / 100,
            kinds,
          }),
        );
      }
  }
}

await main();
