import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { executableWithFileLimit } from '../support/file-limit.ts';
import { configFor, record, state } from '../support/messages.ts';
import { statsOf } from '../support/output.ts';
import { run, start } from '../support/program.ts';
import { bad, CATALOG, good, JOB, linesOf, localStore } from '../support/rejected-rows.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('a rejected record is on disk before its STATE leaves', async () => {
  const sandbox = await openSandbox();
  for (let round = 0; round < 3; round++) {
    const directory = temporaryDirectory();
    const config = configFor(sandbox, localStore(directory));
    const program = await start('write', { config, catalog: CATALOG, env: JOB });
    await program.feed([bad(1), good(2), bad(3), state('accounts', 1), bad(4), state('accounts', 2)]);
    await program.until((one) => one.messagesOf('STATE').length === 2);
    program.kill('SIGKILL');
    expect(await linesOf(join(directory, '41', 'accounts.jsonl'))).toHaveLength(3);
    expect(program.messagesOf('STATE').map(statsOf)).toEqual([
      [1, 2],
      [0, 1],
    ]);
    await program.ended;
  }
});

test('no run adds to the files of another of the same id: three at once have three folders', async () => {
  const sandbox = await openSandbox();
  const directory = temporaryDirectory();
  await mkdir(join(directory, '41'));
  await writeFile(join(directory, '41', 'accounts.jsonl'), 'torn');
  const config = configFor(sandbox, localStore(directory));
  const ids = [1, 2, 3];
  await Promise.all(ids.map((id) => run('write', { config, catalog: CATALOG, env: JOB }, [bad(id)])));
  const folders = await readdir(directory);
  expect(folders).toHaveLength(4);
  expect(folders.every((folder) => folder.startsWith('41'))).toBe(true);
  expect(await readFile(join(directory, '41', 'accounts.jsonl'), 'utf8')).toBe('torn');
  const own = folders.filter((folder) => folder !== '41');
  const kept = await Promise.all(own.map((folder) => linesOf(join(directory, folder, 'accounts.jsonl'))));
  expect(
    kept.map(([line = '', ...more]) => [at(JSON.parse(line), 'record', 'data', 'id'), more]).sort(),
  ).toEqual(ids.map((id) => [[id], []]));
});

test('a store that goes in mid-run stops it: no STATE covers what is not kept', async () => {
  const sandbox = await openSandbox();
  const directory = temporaryDirectory();
  const config = configFor(sandbox, localStore(directory));
  const program = await start('write', { config, catalog: CATALOG, env: JOB });
  await program.feed([bad(1), state('accounts', 1)]);
  await program.until((one) => one.messagesOf('STATE').length === 1);
  await rm(join(directory, '41'), { recursive: true });
  await program.feed([bad(2), state('accounts', 2)]);
  expect(await program.ended).toEqual({ code: 1, signal: null });
  expect(program.errors).toMatchObject([{ type: 'config_error' }]);
  expect(program.errors[0]?.message).toContain('has gone');
  expect(program.messagesOf('STATE')).toHaveLength(1);
  expect(program.stderr).toBe('');
});

test('a disk that takes no more stops the run: every STATE that left covers what is kept', async () => {
  const directory = temporaryDirectory();
  const sandbox = await openSandbox();
  const config = configFor(sandbox, localStore(directory));
  const executable = executableWithFileLimit(64 * 1024);
  const program = await start('write', { config, catalog: CATALOG, env: JOB, executable });
  const filling = 'x'.repeat(2_000);
  const fed = program.feed(
    Array.from({ length: 100 }, (_, id) => [
      record('accounts', { id: [id], filling }),
      state('accounts', id + 1),
    ]).flat(),
  );
  expect(await program.ended).toEqual({ code: 1, signal: null });
  await fed;
  expect(program.stderr).toBe('');
  expect(program.errors).toMatchObject([{ type: 'config_error' }]);
  expect(program.errors[0]?.message).toContain('the file would exceed the largest size allowed');
  const acknowledged = program.messagesOf('STATE').length;
  expect(acknowledged).toBeLessThan(100);
  const kept = await linesOf(join(directory, '41', 'accounts.jsonl')).catch(() => []);
  expect(kept.length).toBeGreaterThanOrEqual(acknowledged);
  for (const line of kept) expect(JSON.parse(line)).toHaveProperty('rejection');
});
