import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogOf, configFor, configured, record, state } from '../support/messages.ts';
import { contentOf } from '../support/output.ts';
import { bad, CATALOG, good, JOB, linesOf, localStore } from '../support/rejected-rows.ts';
import { runInProcess } from '../support/run-command.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('rejected records are kept by run, namespace and stream, mended there and sent again', async () => {
  const sandbox = await openSandbox();
  const directory = join(temporaryDirectory(), 'made', 'on demand');
  const config = configFor(sandbox, localStore(directory));
  const catalog = catalogOf(configured('accounts', { namespace: 'mart' }), 'users');
  const account =
    '{"type":"RECORD","record":{"namespace":"mart","stream":"accounts","data":{"id":null,"name":"Lost","lsn":90071992547409931234},"emitted_at":1,"meta":null}, "later" : true}';
  const program = await runInProcess('write', { config, catalog, env: JOB }, [
    record('accounts', { id: 1, name: 'One' }, 'mart'),
    account,
    record('users', { id: 'u', name: 'Of nobody', accountId: 'nowhere' }),
  ]);
  expect(program.code).toBe(1);
  expect(program.errors).toMatchObject([{ type: 'config_error' }]);
  expect(program.errors[0]?.message).toContain(`${directory}/41`);
  expect((await readdir(join(directory, '41'))).sort()).toEqual(['mart.accounts.jsonl', 'users.jsonl']);

  const [kept = '', ...more] = await linesOf(join(directory, '41', 'mart.accounts.jsonl'));
  expect(more).toEqual([]);
  expect(kept.startsWith(account.slice(0, -1))).toBe(true);
  const rejection: unknown = JSON.parse(kept).rejection;
  expect(rejection).toEqual({
    code: 'missing_key',
    message: expect.any(String),
    field: 'id',
    http_status: null,
    stream: 'accounts',
    key: null,
    rejected_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    fix: expect.any(String),
  });
  const [user = ''] = await linesOf(join(directory, '41', 'users.jsonl'));
  expect(JSON.parse(user).rejection).toMatchObject({
    code: 'unknown_association',
    key: 'u',
    field: 'accountIds',
  });

  const mended = [kept.replace('"id":null', '"id":2'), user.replace('"nowhere"', '"2"')];
  const again = await runInProcess('write', { config, catalog, env: { WORKER_JOB_ID: '42' } }, mended);
  expect(again.code).toBe(0);
  const { accounts, users } = await contentOf(sandbox);
  expect(at(accounts, '2', 'name')).toBe('Lost');
  expect(at(users, 'u', 'accounts')).toEqual(['2']);
  expect(await readdir(directory)).toEqual(['41']);
});

test.each([
  { name: 'the job id', env: { WORKER_JOB_ID: '7' }, sync: { sync_id: 8 }, folder: /^7$/ },
  { name: 'the sync id', env: { WORKER_JOB_ID: '' }, sync: { sync_id: 8 }, folder: /^8$/ },
  {
    name: 'the start time',
    env: { WORKER_JOB_ID: '' },
    sync: {},
    folder: /^2\d{3}-\d\d-\d\dT\d\d-\d\d-\d\d(?:-\d+)?Z$/,
  },
  { name: 'a job id that is a path', env: { WORKER_JOB_ID: '../7' }, sync: {}, folder: /^%2e%2e%2f7$/i },
])('the folder of a run is named after $name', async ({ env, sync, folder }) => {
  const sandbox = await openSandbox();
  const directory = temporaryDirectory();
  const catalog = catalogOf({ ...configured('accounts'), ...sync });
  await runInProcess('write', { config: configFor(sandbox, localStore(directory)), catalog, env }, [bad(1)]);
  expect(await readdir(directory)).toEqual([expect.stringMatching(folder)]);
});

test.each([
  { name: 'a file in its place', spoil: (path: string) => writeFile(path, '') },
  {
    name: 'a file above it',
    spoil: async (path: string) => writeFile(join(path, '..', 'above'), ''),
    below: 'above/store',
  },
])('a store that cannot be written is told before anything is read: $name', async ({ spoil, below }) => {
  const sandbox = await openSandbox();
  const parent = temporaryDirectory();
  const directory = join(parent, below ?? 'store');
  await spoil(join(parent, 'store'));
  const config = configFor(sandbox, localStore(directory));
  const check = await runInProcess('check', { config });
  expect(check.messagesOf('CONNECTION_STATUS')).toMatchObject([{ connectionStatus: { status: 'FAILED' } }]);
  const program = await runInProcess('write', { config, catalog: CATALOG }, [good(1), state('accounts', 1)]);
  expect(program).toMatchObject({ code: 1, stderr: '' });
  expect(program.errors).toMatchObject([{ type: 'config_error' }]);
  expect(program.messagesOf('STATE')).toEqual([]);
  expect(sandbox.accounts.size).toBe(0);
});
