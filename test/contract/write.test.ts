import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { BY_REST, catalogOf, configFor, configured, record, state } from '../support/messages.ts';
import { runCommand } from '../support/run-command.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const WRITE = ['write', '--config', 'config.json', '--catalog', 'catalog.json'];

function accountRows(count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    record('accounts', { id: `a-${index}`, name: `A ${index}` }),
  );
}

describe('a run that goes well', () => {
  test('by both APIs: everything lands, every STATE comes back, the summary adds up', async () => {
    const sandbox = await openSandbox();
    const result = await runCommand(WRITE, {
      config: configFor(sandbox, { streams: [{ stream: 'people', object: 'user', sync_key: ['id'] }] }),
      catalog: catalogOf(
        'organizations',
        'accounts',
        'people',
        configured('track_events', { mode: 'append' }),
      ),
      stdin: [
        record('organizations', { id: 1, name: 'Org' }),
        state('organizations', 1),
        record('accounts', { id: 'a-1', name: 'Acme', organization_id: '1', plan: 'pro' }),
        record('people', { id: 'u-1', account_id: 'a-1', email: 'ann@x.io' }),
        record('track_events', { id: 'e-1', event: 'Login', user_id: 'u-1', page: '/' }),
        state('accounts', 1),
        state('people', 1),
        state('track_events', 1),
      ],
    });
    expect(result.failure).toBeUndefined();
    expect(result.code).toBe(0);
    expect(result.stderr).toBe('');
    await sandbox.settle();
    expect(sandbox.snapshot()).toMatchObject({
      organizations: { '1': { name: 'Org' } },
      accounts: { 'a-1': { name: 'Acme', organization: '1', traits: { plan: 'pro' } } },
      users: { 'u-1': { email: 'ann@x.io', accounts: ['a-1'] } },
    });
    expect(sandbox.events()).toMatchObject([{ event: 'Login', userId: 'u-1', properties: { page: '/' } }]);
    expect(result.messagesOf('STATE')).toHaveLength(4);
    expect(result.lines.find((line) => line.includes('"STATE"'))).toContain(
      '"destinationStats":{"recordCount":1.0,"rejectedRecordCount":0.0}',
    );
    expect(result.summary).toMatchObject({
      status: 'succeeded',
      streams: Array.from({ length: 4 }, () =>
        expect.objectContaining({ received: 1, accepted: 1, via: 'analytics' }),
      ),
    });
    expect(result.logs.filter((line) => line.startsWith('INFO stream '))).toHaveLength(4);
  });

  test('rows of one key: each has its outcome, the last one counts', async () => {
    const sandbox = await openSandbox();
    const rows = Array.from({ length: 50 }, (_, index) =>
      record('accounts', { id: 'a', name: `N ${index}` }),
    );
    const result = await runCommand(WRITE, {
      config: configFor(sandbox, BY_REST),
      catalog: catalogOf('accounts'),
      stdin: rows,
    });
    expect(result.code).toBe(0);
    expect(sandbox.accounts.byExternalId('a')).toMatchObject({ name: 'N 49' });
    expect(sandbox.maxConcurrentPerKey).toBe(1);
    const [stream] = Object(result.summary).streams;
    expect(stream).toMatchObject({ received: 50, created: 1 });
    expect(stream.created + stream.updated + stream.superseded).toBe(50);
  });

  test('an empty input writes nothing and acknowledges what it can', async () => {
    const sandbox = await openSandbox();
    const stdin = [state('accounts', 7)];
    const result = await runCommand(WRITE, {
      config: configFor(sandbox),
      catalog: catalogOf('accounts'),
      stdin,
    });
    expect(result.code).toBe(0);
    expect(result.messagesOf('STATE')).toHaveLength(1);
    expect(sandbox.requests()).toEqual([]);
  });

  test('a GLOBAL state waits for every stream; a status message and odd lines pass', async () => {
    const sandbox = await openSandbox();
    const global = { type: 'STATE', state: { type: 'GLOBAL', global: { stream_states: [] } } };
    const status = {
      type: 'TRACE',
      trace: {
        type: 'STREAM_STATUS',
        stream_status: { stream_descriptor: { name: 'accounts' }, status: 'COMPLETE' },
      },
    };
    const stdin = [...accountRows(3), 'not json at all', global, status];
    const result = await runCommand(WRITE, {
      config: configFor(sandbox),
      catalog: catalogOf('accounts'),
      stdin,
    });
    expect(result.code).toBe(0);
    expect(result.messagesOf('STATE')).toMatchObject([
      { state: { destinationStats: { recordCount: 3, rejectedRecordCount: 0 } } },
    ]);
    expect(result.logs).toContainEqual(
      expect.stringMatching(/^WARN line 4 is no Airbyte message \(15 characters\)/),
    );
    expect(result.lines.join('')).not.toContain('not json');
  });
});

describe('warnings', () => {
  test('of the catalog are told once, an unknown flag is ignored with one', async () => {
    const sandbox = await openSandbox();
    const catalog = catalogOf(configured('accounts', { mode: 'overwrite' }));
    const args = [...WRITE, '--verbose', '--level=3'];
    const result = await runCommand(args, { config: configFor(sandbox), catalog, stdin: accountRows(1) });
    expect(result.code).toBe(0);
    const warnings = result.logs.filter((line) => line.startsWith('WARN '));
    expect(warnings).toEqual([
      expect.stringContaining('--verbose'),
      expect.stringContaining('--level'),
      expect.stringContaining('accounts'),
    ]);
  });
});

describe('rejected rows', () => {
  const rows = [record('accounts', { id: null, name: 'geheim' }), ...accountRows(2), state('accounts', 1)];

  test('fail the run at its end; the others are written and acknowledged', async () => {
    const sandbox = await openSandbox();
    const config = configFor(sandbox, {
      ...BY_REST,
      object_storage_config: { storage_type: 'Local', directory: 'kept' },
    });
    const result = await runCommand(WRITE, {
      config,
      catalog: catalogOf('accounts'),
      stdin: rows,
      env: { WORKER_JOB_ID: '42' },
    });
    expect(result.code).toBe(1);
    expect(result.failure).toMatch(
      /^config_error: Vitally could not take 1 of 3 records of stream accounts \(1 missing_key\)/,
    );
    expect(result.messagesOf('STATE')).toMatchObject([
      { state: { destinationStats: { recordCount: 2, rejectedRecordCount: 1 } } },
    ]);
    expect(sandbox.accounts.size).toBe(2);
    expect(result.lines.join('')).not.toContain('geheim');
    expect(JSON.parse(await result.file('kept/42/accounts.jsonl'))).toMatchObject({
      type: 'RECORD',
      record: { data: { name: 'geheim' } },
      rejection: { code: 'missing_key' },
    });
    expect(result.summary).toMatchObject({
      status: 'failed',
      streams: [{ rejected_by_code: { missing_key: 1 } }],
    });
  });

  test.each([
    { policy: { policy: 'continue' }, code: 0 },
    { policy: { policy: 'continue', max_percent: 50 }, code: 0 },
    { policy: { policy: 'continue', max_percent: 10 }, code: 1 },
    { policy: { policy: 'fail_fast' }, code: 1 },
  ])('under $policy the exit code is $code', async ({ policy, code }) => {
    const sandbox = await openSandbox();
    const config = configFor(sandbox, { ...BY_REST, rejected_records: policy });
    const result = await runCommand(WRITE, { config, catalog: catalogOf('accounts'), stdin: rows });
    expect(result.code).toBe(code);
    expect(result.failure?.startsWith('config_error: ') ?? false).toBe(code === 1);
  });

  test('fail_fast stops at a row that Vitally refuses, too', async () => {
    const sandbox = await openSandbox();
    const config = configFor(sandbox, { ...BY_REST, rejected_records: { policy: 'fail_fast' } });
    const stdin = [
      record('users', { id: 'u-1', account_id: 'nobody' }),
      ...Array.from({ length: 20 }, () => record('users', { id: 'u-1', account_id: 'nobody' })),
    ];
    const result = await runCommand(WRITE, { config, catalog: catalogOf('users'), stdin });
    expect(result.failure).toMatch(
      /^config_error: Stopped at the first rejected record \(unknown_association\)/,
    );
    expect(result.summary).toMatchObject({ status: 'failed', streams: [{ received: expect.any(Number) }] });
  });

  test('one bad row of several folded together doesn’t take the others down', async () => {
    const sandbox = await openSandbox({ latencyMs: 20 });
    const config = configFor(sandbox, { ...BY_REST, rejected_records: { policy: 'continue' } });
    const stdin = [
      record('accounts', { id: 'a', name: 'One' }),
      record('accounts', { id: 'a', name: 'Two', organization_id: 'nobody' }),
      record('accounts', { id: 'a', name: 'Three', organization_id: 'nobody' }),
      record('accounts', { id: 'a', name: 'Four', plan: 'pro' }),
    ];
    const result = await runCommand(WRITE, { config, catalog: catalogOf('accounts'), stdin });
    expect(sandbox.snapshot().accounts).toMatchObject({ a: { name: 'Four', traits: { plan: 'pro' } } });
    expect(result.summary).toMatchObject({
      streams: [{ received: 4, rejected: 2, rejected_by_code: { unknown_association: 2 } }],
    });
  });
});

describe('--summary', () => {
  test('is written relative to the caller', async () => {
    const sandbox = await openSandbox();
    const args = [...WRITE, '--summary=out.json'];
    const result = await runCommand(args, {
      config: configFor(sandbox),
      catalog: catalogOf('accounts'),
      stdin: accountRows(2),
    });
    expect(JSON.parse(await result.file('out.json'))).toEqual(result.summary);
  });

  test('that can’t be made ends the run before a record is read', async () => {
    const sandbox = await openSandbox();
    const args = [...WRITE, '--summary', 'no/such/directory/out.json'];
    const result = await runCommand(args, {
      config: configFor(sandbox),
      catalog: catalogOf('accounts'),
      stdin: accountRows(2),
    });
    expect(result.code).toBe(1);
    expect(result.failure).toMatch(/^config_error: .*--summary/);
    expect(sandbox.accounts.size).toBe(0);
  });

  test.each([
    { name: 'a config that is none', config: '{', catalog: catalogOf('accounts') },
    { name: 'no config', config: undefined, catalog: catalogOf('accounts') },
    { name: 'faults of config and catalog', config: {}, catalog: {} },
  ])('is written at every end, and no old plan outlives it: $name', async ({ config, catalog }) => {
    const cwd = temporaryDirectory();
    for (const name of ['out.json', 'plan.jsonl'])
      await writeFile(join(cwd, name), '{"status":"succeeded"}\n');
    const args = [...WRITE, '--summary', 'out.json', '--dry-run', '--plan', 'plan.jsonl'];
    const result = await runCommand(args, { cwd, catalog, ...(config !== undefined && { config }) });
    expect(result.failure).toMatch(/^config_error: /);
    expect(JSON.parse(await result.file('out.json'))).toMatchObject({
      status: 'failed',
      dry_run: true,
      streams: [],
    });
    expect(await result.file('plan.jsonl')).toBe('');
  });

  test('is written where the plan can’t be made', async () => {
    const args = [...WRITE, '--summary', 'out.json', '--dry-run', '--plan', 'no/such/plan.jsonl'];
    const result = await runCommand(args, { config: {}, catalog: {} });
    expect(result.failure).toMatch(/^config_error: .*--plan/);
    expect(JSON.parse(await result.file('out.json'))).toMatchObject({ status: 'failed', streams: [] });
  });

  test.each([
    { args: ['--dryrun'] },
    { args: ['--plan', 'plan.jsonl'] },
    { args: ['--dry-run=maybe'] },
    { args: ['rows.jsonl'] },
    { args: ['--port=1'] },
    { args: ['--dry-run', '--plan', './out.json'] },
    { args: ['--dry-run', '--plan', 'config.json'] },
  ])('exit 2 reads nothing and touches no file: $args', async ({ args }) => {
    const sandbox = await openSandbox();
    const cwd = temporaryDirectory();
    for (const name of ['out.json', 'plan.jsonl']) await writeFile(join(cwd, name), 'old');
    const stdin = Readable.from([Buffer.from('unread')]);
    const result = await runCommand([...WRITE, '--summary', 'out.json', ...args], {
      cwd,
      config: configFor(sandbox),
      catalog: catalogOf('accounts'),
      stdin,
    });
    expect(result).toMatchObject({ code: 2, lines: [] });
    expect(result.stderr).toContain('Nothing was read or written');
    expect(stdin.readableDidRead).toBe(false);
    expect([await result.file('out.json'), await result.file('plan.jsonl')]).toEqual(['old', 'old']);
    expect(JSON.parse(await result.file('config.json'))).toMatchObject({ rest_api_token: 'rest-token' });
    expect(sandbox.requests()).toEqual([]);
  });
});

test('a dry run says so in its first line and in its summary', async () => {
  const sandbox = await openSandbox();
  const result = await runCommand([...WRITE, '--dry-run'], {
    config: configFor(sandbox, BY_REST),
    catalog: catalogOf('accounts'),
    stdin: accountRows(1),
  });
  expect(result.logs[0]).toMatch(/^INFO Dry run: /);
  expect(result.summary).toMatchObject({ dry_run: true });
});
