import { PassThrough, Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { BY_REST, catalogOf, configFor, configured, record, state } from '../support/messages.ts';
import { runCommand, startCommand } from '../support/run-command.ts';
import { openSandbox } from '../support/sandboxes.ts';

const WRITE = ['write', '--config', 'config.json', '--catalog', 'catalog.json'];

function accountRows(count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    record('accounts', { id: `a-${index}`, name: `A ${index}` }),
  );
}

describe('what stops a run', () => {
  test.each([
    {
      what: 'a refused token',
      options: { restToken: 'other' },
      profile: [],
      failure: /^config_error: .*refused the token \(401\)/,
    },
    {
      what: 'an API switched off',
      options: {},
      profile: ['rest-off'],
      failure: /^config_error: .*forbids this \(403\)/,
    },
  ])('$what: config_error, nothing acknowledged', async ({ options, profile, failure }) => {
    const sandbox = await openSandbox({ ...options, profile });
    const stdin = [...accountRows(30), state('accounts', 1)];
    const result = await runCommand(WRITE, {
      config: configFor(sandbox, BY_REST),
      catalog: catalogOf('accounts'),
      stdin,
    });
    expect(result.code).toBe(1);
    expect(result.failure).toMatch(failure);
    expect(result.messagesOf('STATE')).toEqual([]);
    expect(result.summary).toMatchObject({
      status: 'failed',
      streams: [{ unsettled: expect.any(Number), rejected: 0 }],
    });
  });

  test.each([
    {
      what: 'a malformed RECORD',
      line: '{"type":"RECORD","record":{"stream":"accounts"',
      failure: /^system_error: line 4 /,
    },
    {
      what: 'a stream that the catalog lacks',
      line: record('strangers', { id: 1 }),
      failure: /^system_error: line 4 is a RECORD of the stream/,
    },
  ])('$what: what came before is written and acknowledged', async ({ line, failure }) => {
    const sandbox = await openSandbox();
    const stdin = [...accountRows(2), state('accounts', 1), line, ...accountRows(9)];
    const result = await runCommand(WRITE, {
      config: configFor(sandbox),
      catalog: catalogOf('accounts'),
      stdin,
    });
    expect(result.code).toBe(1);
    expect(result.failure).toMatch(failure);
    expect(result.messagesOf('STATE')).toHaveLength(1);
    expect(sandbox.accounts.size).toBe(2);
  });

  test.each([
    { signal: 'SIGTERM', code: 143 },
    { signal: 'SIGINT', code: 130 },
  ] as const)('$signal: exit $code, the input left as it is', async ({ signal, code }) => {
    const sandbox = await openSandbox();
    const stdin = new PassThrough();
    for (const row of [...accountRows(3), state('accounts', 1)]) stdin.write(`${row}\n`);
    let send: ((signal: 'SIGTERM' | 'SIGINT') => void) | undefined;
    let listening = true;
    const { output, ended } = startCommand(WRITE, {
      config: configFor(sandbox, BY_REST),
      catalog: catalogOf('accounts'),
      stdin,
      onSignal: (handler) => {
        send = handler;
        return () => {
          listening = false;
        };
      },
    });
    await output.until((one) => one.messagesOf('STATE').length > 0);
    send?.(signal);
    expect((await ended).code).toBe(code);
    expect(listening).toBe(false);
    expect(output.summary).toMatchObject({ status: 'failed' });
    expect(output.messagesOf('TRACE')).toEqual([]);
  });

  test('a reader that is gone ends the run quietly', async () => {
    const sandbox = await openSandbox();
    const stdout = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('gone'), { code: 'EPIPE' }));
      },
    });
    const stdin = [...accountRows(2), state('accounts', 1)];
    const result = await runCommand(WRITE, {
      config: configFor(sandbox),
      catalog: catalogOf('accounts'),
      stdin,
      stdout,
    });
    expect(result.code).toBe(1);
    expect(result.stderr).toBe('');
  });

  test('a store that can’t be written ends it before a request', async () => {
    const sandbox = await openSandbox();
    const storage = { storage_type: 'Local', directory: 'config.json/below-a-file' };
    const result = await runCommand(WRITE, {
      config: configFor(sandbox, { object_storage_config: storage }),
      catalog: catalogOf('accounts'),
      stdin: accountRows(2),
    });
    expect(result.failure).toMatch(/^config_error: /);
    expect(sandbox.requests()).toEqual([]);
  });
});

describe('what is wrong before the first record', () => {
  test.each([
    { what: 'no --config', args: ['write', '--catalog', 'catalog.json'], says: '--config is missing' },
    { what: 'no --catalog', args: ['write', '--config', 'config.json'], says: '--catalog is missing' },
    {
      what: 'an empty --config',
      args: ['write', '--config=', '--catalog=catalog.json'],
      says: '--config is missing',
    },
    {
      what: 'a file that is not there',
      args: ['write', '--config', 'nowhere.json', '--catalog', 'catalog.json'],
      says: 'config',
    },
  ])('$what', async ({ args, says }) => {
    const sandbox = await openSandbox();
    const result = await runCommand(args, { config: configFor(sandbox), catalog: catalogOf('accounts') });
    expect(result.code).toBe(1);
    expect(result.failure).toContain(`config_error: `);
    expect(result.failure).toContain(says);
  });

  test('every fault of config and catalog comes at once, and nothing is read or sent', async () => {
    const sandbox = await openSandbox();
    const config = configFor(sandbox, {
      requests_per_minute: 0,
      streams: [{ stream: 'accounts', object: 'nothing' }],
    });
    const result = await runCommand(WRITE, {
      config,
      catalog: catalogOf('strangers', 'accounts'),
      stdin: accountRows(1),
    });
    const failure = result.failure ?? '';
    for (const place of ['/requests_per_minute', '/streams/0/object', 'strangers'])
      expect(failure).toContain(place);
    expect(sandbox.requests()).toEqual([]);
    expect(result.messages).toHaveLength(1);
  });
});

test('the run’s name is the job’s id, else the sync’s, else the time of its start', async () => {
  const sandbox = await openSandbox();
  const config = configFor(sandbox, { object_storage_config: { storage_type: 'Local', directory: 'kept' } });
  const stdin = [record('accounts', { id: null })];
  const withSync = { streams: [{ ...configured('accounts'), sync_id: 77 }] };
  const named = await runCommand(WRITE, { config, catalog: withSync, stdin });
  expect(await named.file('kept/77/accounts.jsonl')).toContain('missing_key');
  const unnamed = await runCommand(WRITE, { config, catalog: catalogOf('accounts'), stdin });
  expect(unnamed.failure).toMatch(/kept under \S*kept\/20\d\d-\d\d-\d\dT\d\d-\d\d-\d\d-\d+Z/);
});
