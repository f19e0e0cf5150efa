import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogOf, configFor, record, state } from '../support/messages.ts';
import { start } from '../support/program.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const CATALOG = catalogOf('accounts');

function good(id: number): string {
  return record('accounts', { id, name: `Account ${id}` });
}

/** A row that no account can be made of: its key is a list. */
function bad(id: number): string {
  return record('accounts', { id: [id], name: `Account ${id}` });
}

test('policy fail_fast stops at the first, without a STATE that covers it', async () => {
  const sandbox = await openSandbox();
  const directory = temporaryDirectory();
  const config = configFor(sandbox, {
    rejected_records: { policy: 'fail_fast' },
    object_storage_config: { storage_type: 'Local', directory },
  });
  const lines = [good(1), state('accounts', 1), bad(2), state('accounts', 2), good(3), state('accounts', 3)];
  const program = await start('write', { config, catalog: CATALOG, env: { WORKER_JOB_ID: '41' } });
  await program.feed(lines);
  expect(await program.ended).toEqual({ code: 1, signal: null });
  expect(program.errors).toMatchObject([{ type: 'config_error' }]);
  expect(program.linesOf('STATE')).toEqual([expect.stringContaining('"cursor":1')]);
  const kept = await readFile(join(directory, '41', 'accounts.jsonl'), 'utf8');
  expect(kept.trimEnd().split('\n')).toHaveLength(1);
  expect(Object.keys(sandbox.snapshot().accounts)).toEqual(['1']);
});
