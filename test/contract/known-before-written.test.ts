import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/json/json.ts';
import { record } from '../support/messages.ts';
import { countsIn, type Entry, sync } from '../support/objects/syncs.ts';
import { openSandbox } from '../support/sandboxes.ts';

const REST = { write_via: 'rest' };

function numbered<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Rows in an order that has nothing to do with that of the list. */
function shuffled<T>(rows: readonly T[]): T[] {
  return rows
    .map((row, index) => ({ row, place: (index * 7919) % 3001 }))
    .sort((a, b) => a.place - b.place)
    .map(({ row }) => row);
}

const accounts = (count: number) =>
  numbered(count, (index) => ({ externalId: `a-${index}`, name: `Account ${index}` }));
/** One row in fifty says something new. */
const accountRows = (count: number, part = 50) =>
  shuffled(
    numbered(count, (index) =>
      record('rows', { id: `a-${index}`, name: index % part === 0 ? `New ${index}` : `Account ${index}` }),
    ),
  );

async function ran(
  entry: Entry,
  rows: readonly string[],
  kinds: Readonly<Record<string, JsonObject[]>>,
  more = {},
) {
  const sandbox = await openSandbox();
  for (const [kind, objects] of Object.entries(kinds)) sandbox.seed(kind, objects);
  const wanted = { streams: [entry], rows, more };
  const program = await sync(sandbox, wanted);
  expect(program.code).toBe(0);
  return { counts: countsIn(program, wanted)[entry.stream], requests: sandbox.requests().length };
}

test.each(['upsert', 'update'] as const)(
  '3,000 known accounts of which 2 percent differ, %s',
  async (mode) => {
    const stream = { stream: 'rows', object: 'account', mode };
    const { counts, requests } = await ran(stream, accountRows(3_000), { accounts: accounts(3_000) }, REST);
    expect(counts).toEqual({ received: 3_000, updated: 60, unchanged: 2_940 });
    // 30 pages and 60 rows that differ.
    expect(requests).toBeLessThanOrEqual(1.1 * 90);
  },
);

test.each(['upsert', 'update'] as const)(
  'more records than bodies are kept of: 20,000 accounts of which 2 percent differ, %s',
  async (mode) => {
    const stream = { stream: 'rows', object: 'account', mode };
    const { counts, requests } = await ran(stream, accountRows(20_000), { accounts: accounts(20_000) }, REST);
    expect(counts).toEqual({ received: 20_000, updated: 400, unchanged: 19_600 });
    // 200 pages and 400 rows that differ.
    expect(requests).toBeLessThanOrEqual(1.1 * 600);
  },
);

test.each(['upsert', 'update'] as const)('a few rows and a long list, %s', async (mode) => {
  const stream = { stream: 'rows', object: 'account', mode };
  const { requests } = await ran(stream, accountRows(20), { accounts: accounts(4_000) }, REST);
  expect(requests).toBeLessThanOrEqual(2 * 20);
});

test('a single row reads no list', async () => {
  const stream = { stream: 'rows', object: 'account' };
  const { requests } = await ran(stream, accountRows(1), { accounts: accounts(500) }, REST);
  expect(requests).toBe(1);
});

test.each([
  ['rows that lack what creation needs', (index: number) => ({ plan: `plan ${index}` })],
  ['rows with nulls that empty nothing', (index: number) => ({ name: `New ${index}`, plan: null })],
])('with both tokens, %s go in batches where lists show their records', async (_what, values) => {
  const rows = numbered(1_000, (index) => record('rows', { id: `a-${index}`, ...values(index) }));
  const { counts, requests } = await ran(
    { stream: 'rows', object: 'account' },
    shuffled(rows),
    { accounts: accounts(1_000) },
    { verify_accepted: 'off' },
  );
  expect(counts).toEqual({ received: 1_000, accepted: 1_000 });
  // 10 pages, and batches of 100; the first of them leave part-filled.
  expect(requests).toBeLessThanOrEqual(0.04 * 1_000);
});

test.each(['upsert', 'update'] as const)('a dry run learns by lists too, %s', async (mode) => {
  const sandbox = await openSandbox();
  sandbox.seed('accounts', accounts(300));
  const stream = { stream: 'rows', object: 'account', mode };
  const wanted = { streams: [stream], rows: accountRows(300), more: REST, flags: ['--dry-run'] };
  const program = await sync(sandbox, wanted);
  expect(countsIn(program, wanted)).toEqual({ rows: { received: 300, updated: 6, unchanged: 294 } });
  // 3 pages, and the traits of accounts.
  expect(sandbox.requests().length).toBeLessThanOrEqual(5);
});

test.each(['html-403', 'html', 'garbage', 'html-502', '500', '503'] as const)(
  'rows that wait for a list that ends in %s go on singly, and each comes to its end',
  async (kind) => {
    for (const mode of ['upsert', 'update'] as const) {
      const faults = { rate: 1, seed: 1, kinds: [kind], paths: /limit=/, limit: 4 };
      const sandbox = await openSandbox({ faults });
      sandbox.seed('accounts', accounts(300));
      const stream = { stream: 'rows', object: 'account', mode };
      const wanted = { streams: [stream], rows: accountRows(300), more: REST };
      const program = await sync(sandbox, wanted);
      expect(program.code).toBe(0);
      const { received, updated = 0, unchanged = 0 } = countsIn(program, wanted).rows ?? {};
      expect({ received, settled: updated + unchanged }).toEqual({ received: 300, settled: 300 });
      const written = JSON.stringify(sandbox.snapshot().accounts).match(/"New \d+"/g);
      expect(new Set(written).size).toBe(6);
    }
  },
);
