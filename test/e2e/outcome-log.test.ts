import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linesOf, mixedSync } from '../support/clean-run.ts';
import { executableWithFileLimit } from '../support/file-limit.ts';
import { killSometime } from '../support/kill.ts';
import { catalogOf, configFor, record, state } from '../support/messages.ts';
import { countsOf } from '../support/output.ts';
import { type Program, run, start } from '../support/program.ts';
import { seededRandom } from '../support/random.ts';
import { openSandbox } from '../support/sandboxes.ts';
import {
  type Acknowledged,
  acknowledgedBy,
  type Item,
  isCovered,
  mixedInput,
  STREAMS_OF,
} from '../support/sync-input.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const MAX_KILLS = 4;

function loggedTo(directory: string): object {
  return { object_storage_config: { storage_type: 'Local', directory }, outcome_log: 'all' };
}

/** The rows that a run's outcome log has a line for, as stream and line of the run's input. A torn end is no line. */
function logged(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.outcomes.jsonl'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1))
    .map((line) => JSON.parse(line))
    .map(({ stream, line }) => `${stream} ${line}`);
}

/** The rows of an input that the acknowledged STATEs cover, likewise. */
function covered(sent: readonly Item[], all: readonly Item[], acknowledged: Acknowledged): string[] {
  return sent.flatMap((item, index) =>
    item.stream !== undefined && item.key !== undefined && isCovered(item, all.indexOf(item), acknowledged)
      ? [`${item.stream} ${index + 1}`]
      : [],
  );
}

test.each([
  { via: 'rest', states: 'stream', seed: 11 },
  { via: 'rest', states: 'global', seed: 12 },
  { via: 'analytics', states: 'stream', seed: 13 },
  { via: 'analytics', states: 'global', seed: 14 },
] as const)(
  'killed anywhere, every acknowledged row has its line: $via, $states states, seed $seed',
  async ({ via, states, seed }) => {
    const items = mixedInput(seed, via, states);
    const random = seededRandom(seed);
    const sandbox = await openSandbox({ latencyMs: 4 });
    const directory = temporaryDirectory();
    const { config, ...others } = mixedSync(sandbox, via);
    let acknowledged: Acknowledged = new Map();
    let exitCode: number | null = null;
    for (let kills = 0; exitCode === null; kills++) {
      const sent = items.filter((item, index) => !isCovered(item, index, acknowledged));
      const env = { WORKER_JOB_ID: `${kills}` };
      const sync = { ...others, config: { ...config, ...loggedTo(directory) }, env };
      const program: Program = await start('write', sync);
      const fed = program.feed(linesOf(sent)).then(() => program.closeInput());
      if (kills < MAX_KILLS) await killSometime(program, random);
      exitCode = (await program.ended).code;
      await fed;
      acknowledged = acknowledgedBy(program, acknowledged);
      const wanted = covered(sent, items, acknowledged);
      const lines = wanted.length === 0 ? [] : logged(join(directory, `${kills}`));
      expect(wanted.filter((row) => !lines.includes(row))).toEqual([]);
      expect(new Set(lines).size).toBe(lines.length);
      if (exitCode === null) continue;
      expect(exitCode).toBe(0);
      const received = STREAMS_OF[via].map((name) => countsOf(program.summary, name).received ?? 0);
      expect(lines).toHaveLength(received.reduce((sum, count) => sum + count, 0));
    }
  },
);

test('a store that goes in mid-run stops it: no STATE covers a row without its line', async () => {
  const sandbox = await openSandbox();
  const directory = temporaryDirectory();
  const env = { WORKER_JOB_ID: '41' };
  const config = configFor(sandbox, loggedTo(directory));
  const program = await start('write', { config, catalog: catalogOf('accounts'), env });
  await program.feed([record('accounts', { id: 1, name: 'One' }), state('accounts', 1)]);
  await program.until((one) => one.messagesOf('STATE').length === 1);
  await rm(join(directory, '41'), { recursive: true });
  await program.feed([record('accounts', { id: 2, name: 'Two' }), state('accounts', 2)]);
  expect(await program.ended).toEqual({ code: 1, signal: null });
  expect(program.errors).toMatchObject([{ type: 'config_error' }]);
  expect(program.errors[0]?.message).toContain(`the outcome log can't be kept in ${directory}`);
  expect(program.messagesOf('STATE')).toHaveLength(1);
  expect(program.stderr).toBe('');
});

test('a disk that takes no more stops the run: every STATE that left covers rows with their lines', async () => {
  const directory = temporaryDirectory();
  const sandbox = await openSandbox();
  const config = configFor(sandbox, loggedTo(directory));
  const options = { config, catalog: catalogOf('accounts'), env: { WORKER_JOB_ID: '41' } };
  const executable = executableWithFileLimit(64 * 1024);
  const program = await start('write', { ...options, executable });
  const rows = Array.from({ length: 600 }, (_, id) => [
    record('accounts', { id: `${id}-${'x'.repeat(100)}`, name: `Account ${id}` }),
    state('accounts', id + 1),
  ]);
  const fed = program.feed(rows.flat());
  expect(await program.ended).toEqual({ code: 1, signal: null });
  await fed;
  expect(program.errors).toMatchObject([{ type: 'config_error' }]);
  expect(program.errors[0]?.message).toContain('the file would exceed the largest size allowed');
  const acknowledged = program.messagesOf('STATE').length;
  expect(acknowledged).toBeLessThan(600);
  expect(logged(join(directory, '41')).length).toBeGreaterThanOrEqual(acknowledged);
});

test('many rows without a STATE are appended in blocks, and none is lost', async () => {
  const sandbox = await openSandbox();
  const directory = temporaryDirectory();
  const rows = Array.from({ length: 20_000 }, (_, id) =>
    record('track_events', { id, event: 'Seen', user_id: `u-${id}` }),
  );
  const sync = {
    config: configFor(sandbox, loggedTo(directory)),
    catalog: catalogOf('track_events'),
    env: { WORKER_JOB_ID: '41' },
  };
  const program = await run('write', sync, rows);
  expect(program.code).toBe(0);
  const lines = logged(join(directory, '41'));
  expect(new Set(lines).size).toBe(rows.length);
  expect(lines).toHaveLength(rows.length);
});
