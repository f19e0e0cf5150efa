import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogOf, configFor, configured, record, state } from '../support/messages.ts';
import { contentOf, countsOf } from '../support/output.ts';
import { runInProcess } from '../support/run-command.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const CATALOG = catalogOf('accounts');
const MAX_LINE_BYTES = 32 * 1024 * 1024;

function account(id: string | number, more: object = {}): string {
  return record('accounts', { id, name: `Account ${id}`, ...more });
}

test.each([
  ['a RECORD cut short', account(9).slice(0, -3)],
  ['a STATE cut short', state('accounts', 9).slice(0, -3)],
  ['a RECORD without data', '{"type":"RECORD","record":{"stream":"accounts"}}'],
  ['a RECORD whose data is a list', '{"type":"RECORD","record":{"stream":"accounts","data":[]}}'],
  ['a RECORD without a stream', '{"type":"RECORD","record":{"data":{}}}'],
  ['a STATE without a state', '{"type":"STATE"}'],
  ['a STATE of a strange type', '{"type":"STATE","state":{"type":"SHARD"}}'],
  ['a record without a type', '{"record":{"stream":"accounts","data":{"id":1}}}'],
  ['a LOG and a RECORD', `{"type":"LOG","log":{"level":"DEBUG","message":"x"}}${account(9)}`],
  ['two RECORDs with a bare CR between them', `${account(8)}\r${account(9)}`],
  ['a STATE behind a RECORD', account(9) + state('accounts', 9)],
  ['a RECORD in a list', `[${account(9)}]`],
  ['a RECORD behind a byte order mark', `\uFEFF${account(9)}`],
  ['a RECORD in lower case', account(9).replace('RECORD', 'record')],
  ['a NaN', account(9, { mrr: 0 }).replace('"mrr":0', '"mrr":NaN')],
  ['a RECORD of a stream that the catalog lacks', record('orders', { id: 1 })],
  ['a RECORD of another namespace', record('accounts', { id: 1, name: 'One' }, 'east')],
])('%s ends the run as system_error; what stands before it is written and acknowledged', async (_, line) => {
  const sandbox = await openSandbox();
  const lines = [account(1), state('accounts', 1), account(2), line, account(3), state('accounts', 3)];
  const program = await runInProcess('write', { config: configFor(sandbox), catalog: CATALOG }, lines);
  expect({ code: program.code, stderr: program.stderr }).toEqual({ code: 1, stderr: '' });
  expect(program.errors.map(({ type }) => type)).toEqual(['system_error']);
  expect(program.errors[0]?.message).toMatch(/^line 4 /);
  expect(program.messagesOf('STATE')).toHaveLength(1);
  expect(Object.keys((await contentOf(sandbox)).accounts)).toEqual(['1', '2']);
  expect(at(program.summary, 'status')).toBe('failed');
});

test('lines that are no message are told and skipped, messages of other types are skipped', async () => {
  const sandbox = await openSandbox();
  const lines = [
    account(1),
    'Starting the source…',
    '[1,2]',
    '"text"',
    '{"type":7}',
    '{"type":"LOG","log":{"level":"INFO","message":"from the source"}}',
    '{"type":"SPEC","spec":{}}',
    '{"type":"CONTROL","control":{"type":"CONNECTOR_CONFIG"}}',
    '{"type":"TRACE","trace":{"type":"ESTIMATE","estimate":{"name":"accounts"}}}',
    '{"type":"TRACE","trace":{"type":"STREAM_STATUS","stream_status":{"stream_descriptor":{"name":"accounts"},"status":"COMPLETE"}}}',
    '{"type":"SOMETHING_NEW","new":{}}',
    state('accounts', 1),
  ];
  const program = await runInProcess('write', { config: configFor(sandbox), catalog: CATALOG }, lines);
  expect(program.code).toBe(0);
  expect(program.logsOf('WARN')).toHaveLength(4);
  for (const [index, warning] of program.logsOf('WARN').entries())
    expect(warning).toContain(`line ${index + 2} `);
  expect(countsOf(program.summary, 'accounts')).toEqual({ received: 1, accepted: 1 });
  expect(new Set(program.messages.map(({ type }) => type))).toEqual(new Set(['LOG', 'STATE']));
});

test('messages whose optional fields are all null mean what they say', async () => {
  const sandbox = await openSandbox();
  const nulls = { log: null, spec: null, connectionStatus: null, catalog: null, trace: null, control: null };
  const lines = ['', null].map((namespace, id) =>
    JSON.stringify({
      ...nulls,
      state: null,
      type: 'RECORD',
      record: {
        namespace,
        stream: 'accounts',
        data: { id, name: 'One' },
        emitted_at: 1,
        meta: null,
        file_reference: null,
      },
    }),
  );
  const program = await runInProcess('write', { config: configFor(sandbox), catalog: CATALOG }, lines);
  expect(program.code).toBe(0);
  expect(sandbox.accounts.size).toBe(2);
});

test.each([
  { bytes: MAX_LINE_BYTES, code: 0, errors: [], accounts: ['1', '2', '3'] },
  { bytes: MAX_LINE_BYTES + 1, code: 1, errors: ['config_error'], accounts: ['1', '3'] },
])('a RECORD of $bytes bytes', async ({ bytes, code, errors, accounts }) => {
  const sandbox = await openSandbox();
  const directory = temporaryDirectory();
  const more = {
    streams: [{ stream: 'accounts', object: 'account', other_columns: 'drop' }],
    object_storage_config: { storage_type: 'Local', directory },
  };
  const empty = account(2, { filling: '' });
  const line = account(2, { filling: 'x'.repeat(bytes - empty.length) });
  const options = { config: configFor(sandbox, more), catalog: CATALOG, env: { WORKER_JOB_ID: '7' } };
  const program = await runInProcess('write', options, [
    account(1),
    state('accounts', 1),
    line,
    account(3),
    state('accounts', 3),
  ]);
  expect(program.errors.map(({ type }) => type)).toEqual(errors);
  expect(program.code).toBe(code);
  expect(program.messagesOf('STATE')).toHaveLength(2);
  expect(Object.keys((await contentOf(sandbox)).accounts)).toEqual(accounts);
  if (code === 0) return;
  expect(countsOf(program.summary, 'accounts')).toMatchObject({ received: 3, rejected: 1 });
  const kept = await readFile(join(directory, '7', 'accounts.jsonl'), 'utf8');
  expect(JSON.parse(kept)).toMatchObject({
    record: { stream: 'accounts', data: {} },
    rejection: { code: 'too_large', key: '2' },
  });
});

test('an empty catalog takes nothing and succeeds', async () => {
  const sandbox = await openSandbox();
  const program = await runInProcess('write', { config: configFor(sandbox), catalog: { streams: [] } }, [
    state('accounts', 1),
  ]);
  expect(program.code).toBe(0);
  expect(program.messagesOf('STATE')).toHaveLength(1);
  expect(at(program.summary, 'streams')).toEqual([]);
  expect(sandbox.requests()).toEqual([]);
});

test.each(['overwrite', 'append_dedup'])('a cleared stream deletes nothing: %s', async (mode) => {
  const sandbox = await openSandbox();
  sandbox.seed('accounts', [{ externalId: 'a', name: 'A' }]);
  const before = await contentOf(sandbox);
  const cleared = {
    ...configured('accounts', { mode }),
    generation_id: 3,
    minimum_generation_id: 3,
    sync_id: 12,
  };
  const descriptor = { name: 'accounts' };
  const program = await runInProcess('write', { config: configFor(sandbox), catalog: catalogOf(cleared) }, [
    JSON.stringify({
      type: 'STATE',
      state: { type: 'STREAM', stream: { stream_descriptor: descriptor, stream_state: null } },
    }),
    JSON.stringify({
      type: 'TRACE',
      trace: {
        type: 'STREAM_STATUS',
        emitted_at: 1,
        stream_status: { stream_descriptor: descriptor, status: 'COMPLETE' },
      },
    }),
  ]);
  expect(program.code).toBe(0);
  expect(program.messagesOf('STATE')).toHaveLength(1);
  expect(program.logsOf('WARN')).toHaveLength(mode === 'overwrite' ? 1 : 0);
  expect(await contentOf(sandbox)).toEqual(before);
  expect(sandbox.requests().filter(({ method }) => method !== 'GET')).toEqual([]);
});

test('no input at all is a run that came to its end, with a WARN that says how input gets in', async () => {
  const sandbox = await openSandbox();
  const program = await runInProcess('write', { config: configFor(sandbox), catalog: CATALOG });
  expect(program.code).toBe(0);
  expect(program.logsOf('WARN')).toEqual([expect.stringContaining('docker run -i')]);
  expect(program.summary).toMatchObject({ status: 'succeeded', requests: { rest: 0, analytics: 0 } });
});
