import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/index.ts';
import { record, state } from '../../support/messages.ts';
import { type ModelRow, modelRows, type Parent } from '../../support/objects/customer-rows.ts';
import {
  contentOfRows,
  inWorstOrder,
  modelContent,
  modelSync,
  orphans,
  seedSettings,
  streamsOf,
} from '../../support/objects/whole-model.ts';
import { contentOf, countsOf, cursorOf, imbalance } from '../../support/output.ts';
import { seededRandom } from '../../support/random.ts';
import { type Result, runInProcess } from '../../support/run-command.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const CUSTOMERS = 6;

/** STATEs as `stream cursor`, in the order of each stream. */
function statesOf(lines: readonly string[]): string[] {
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === 'STATE')
    .map(cursorOf)
    .map(({ stream, cursor }) => `${stream} ${String(cursor).padStart(4)}`)
    .sort();
}

function expectAcknowledged(program: Result, lines: readonly string[], names: readonly string[]): void {
  expect(program.stderr).toBe('');
  expect(statesOf(program.linesOf('STATE'))).toEqual(statesOf(lines));
  for (const name of names) expect(imbalance(program.summary, name)).toBe(0);
}

/** Everything that the rows make is there as they say, and nothing else. */
async function expectContent(sandbox: Sandbox, rows: readonly ModelRow[]): Promise<void> {
  const { customObjects, ...content } = modelContent(await contentOf(sandbox));
  const wanted = contentOfRows(rows);
  expect(content).toMatchObject(wanted);
  const keys = (kinds: object) =>
    Object.fromEntries(Object.entries(kinds).map(([kind, records]) => [kind, Object.keys(records).sort()]));
  expect(keys(content)).toEqual(keys(wanted));
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = seededRandom(seed);
  return items
    .map((item) => ({ item, rank: random() }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}

test.each([
  { apis: 'both', order: 'worst' },
  { apis: 'rest', order: 'worst' },
  { apis: 'both', order: 'random' },
  { apis: 'rest', order: 'random' },
] as const)(
  'a whole customer model lands in the $order order, by $apis, and only once',
  async ({ apis, order }) => {
    const sandbox = await openSandbox();
    seedSettings(sandbox);
    const names = streamsOf(apis);
    const rows = modelRows(CUSTOMERS).filter(({ stream }) => names.includes(stream));
    const lines =
      order === 'worst'
        ? inWorstOrder(rows, apis)
        : [
            ...shuffled(rows, 7).map(({ stream, data }) => record(stream, data)),
            ...names.map((name) => state(name, 1)),
          ];
    const program = await runInProcess('write', modelSync(sandbox, apis), lines);
    expect({ code: program.code, errors: program.errors }).toEqual({ code: 0, errors: [] });
    expectAcknowledged(program, lines, names);
    await expectContent(sandbox, rows);
    expect(sandbox.maxConcurrentPerKey).toBe(1);

    const before = await contentOf(sandbox);
    const again = await runInProcess('write', modelSync(sandbox, apis), lines);
    expectAcknowledged(again, lines, names);
    expect(await contentOf(sandbox)).toEqual(before);
    for (const name of names) expect(countsOf(again.summary, name)).not.toHaveProperty('created');
  },
);

/** What was refused, as `stream key`, with the rejection's message. */
async function rejectionsIn(directory: string): Promise<Map<string, string>> {
  const files = await readdir(directory);
  const texts = await Promise.all(files.map((name) => readFile(join(directory, name), 'utf8')));
  const lines = texts.flatMap((text) => text.split('\n').filter(Boolean)).map((line) => JSON.parse(line));
  return new Map(
    lines.map(({ record: { stream, data }, rejection }) => [
      nameOf({ stream, data }),
      String(rejection.message),
    ]),
  );
}

function nameOf({ stream, data }: Pick<ModelRow, 'stream' | 'data'>): string {
  return `${stream} ${JSON.stringify(data)}`;
}

test.each<{ missing: Parent }>([
  { missing: 'organization "o1"' },
  { missing: 'account "a1"' },
  { missing: 'user "u1"' },
  { missing: 'conversation "c1"' },
  { missing: 'meeting "m1"' },
])('where $missing is missing, just what hangs off it is rejected, by its name', async ({ missing }) => {
  const sandbox = await openSandbox();
  seedSettings(sandbox);
  const directory = temporaryDirectory();
  const rows = modelRows(CUSTOMERS).filter(({ makes }) => makes !== missing);
  const refused = orphans(rows, missing);
  const more = { object_storage_config: { storage_type: 'Local', directory } };
  const lines = inWorstOrder(rows, 'both');
  const program = await runInProcess(
    'write',
    { ...modelSync(sandbox, 'both', more), env: { WORKER_JOB_ID: '1' } },
    lines,
  );
  expect(program.code).toBe(1);
  expectAcknowledged(program, lines, streamsOf('both'));
  await expectContent(
    sandbox,
    rows.filter((row) => !refused.has(row)),
  );

  const rejections = await rejectionsIn(join(directory, '1'));
  expect([...rejections.keys()].sort()).toEqual([...refused.keys()].map(nameOf).sort());
  for (const [row, lacks] of refused) {
    const message = rejections.get(nameOf(row)) ?? '';
    expect(
      lacks.some((parent) => message.includes(`looked for ${parent}`)),
      message,
    ).toBe(true);
  }
  const counts = streamsOf('both').map((name) => at(countsOf(program.summary, name), 'rejected') ?? 0);
  expect(counts.reduce((sum: number, count) => sum + Number(count), 0)).toBe(refused.size);
});
