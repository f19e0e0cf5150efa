import { describe, expect, test } from 'vitest';
import { BY_REST, catalogOf, configFor, configured, record, state } from '../support/messages.ts';
import { runCommand } from '../support/run-command.ts';
import { openSandbox } from '../support/sandboxes.ts';

const WRITE = ['write', '--config', 'config.json', '--catalog', 'catalog.json'];

describe.each([
  { via: 'REST', overrides: BY_REST },
  { via: 'Analytics', overrides: {} },
])('rows that come before their parents, by $via', ({ overrides }) => {
  test('wait for them', async () => {
    const sandbox = await openSandbox();
    const result = await runCommand(WRITE, {
      config: configFor(sandbox, overrides),
      catalog: catalogOf('users', 'accounts', 'organizations'),
      stdin: [
        record('users', { id: 'u-1', account_id: 'a-1', name: 'Ann' }),
        record('users', { id: 'u-1', account_id: 'a-1', name: 'Anna' }),
        state('users', 1),
        record('accounts', { id: 'a-1', name: 'Acme', organization_id: 'o-1' }),
        record('organizations', { id: 'o-1', name: 'Org' }),
        state('accounts', 1),
      ],
    });
    expect(result.failure).toBeUndefined();
    await sandbox.settle();
    expect(sandbox.snapshot()).toMatchObject({
      accounts: { 'a-1': { organization: 'o-1' } },
      users: { 'u-1': { name: 'Anna', accounts: ['a-1'] } },
    });
    expect(result.messagesOf('STATE')).toHaveLength(2);
  });

  test('are refused at the end where none came, with every STATE acknowledged', async () => {
    const sandbox = await openSandbox();
    const result = await runCommand(WRITE, {
      config: configFor(sandbox, overrides),
      catalog: catalogOf('users', 'accounts'),
      stdin: [
        record('users', { id: 'u-1', account_id: 'a-9' }),
        record('users', { id: 'u-2', account_id: 'a-9' }),
        state('users', 1),
        record('accounts', { id: 'a-1', name: 'Acme' }),
      ],
    });
    expect(result.failure).toContain('2 of 2 records of stream users (2 unknown_association)');
    expect(result.messagesOf('STATE')).toMatchObject([
      { state: { destinationStats: { recordCount: 0, rejectedRecordCount: 2 } } },
    ]);
    expect(sandbox.accounts.size).toBe(1);
  });
});

test('an account and its users in one sync: the account’s lane is waited for', async () => {
  const sandbox = await openSandbox({ latencyMs: 15 });
  const rows = Array.from({ length: 20 }, (_, index) =>
    record('users', { id: `u-${index}`, account_id: 'a-1' }),
  );
  const result = await runCommand(WRITE, {
    config: configFor(sandbox, BY_REST),
    catalog: catalogOf('accounts', 'users'),
    stdin: [record('accounts', { id: 'a-1', name: 'Acme' }), ...rows],
  });
  expect(result.code).toBe(0);
  expect(sandbox.users.size).toBe(20);
});

test('two streams that write one record keep the order of the input', async () => {
  const sandbox = await openSandbox({ latencyMs: 5 });
  const streams = ['first', 'second'].map((stream) => ({ stream, object: 'account', sync_key: ['id'] }));
  const stdin = Array.from({ length: 40 }, (_, index) =>
    record(index % 3 === 0 ? 'second' : 'first', { id: 'a-1', name: `N ${index}` }),
  );
  const config = configFor(sandbox, { ...BY_REST, streams });
  const result = await runCommand(WRITE, { config, catalog: catalogOf('first', 'second'), stdin });
  expect(result.code).toBe(0);
  expect(sandbox.accounts.byExternalId('a-1')).toMatchObject({ name: 'N 39' });
  expect(sandbox.maxConcurrentPerKey).toBe(1);
});

test('a record deleted and written again in one sync is there at the end', async () => {
  const sandbox = await openSandbox();
  const streams = [
    { stream: 'gone', object: 'account', mode: 'delete', sync_key: ['id'] },
    { stream: 'kept', object: 'account', sync_key: ['id'] },
  ];
  const stdin = [
    record('kept', { id: 'a-1', name: 'One' }),
    record('gone', { id: 'a-1' }),
    record('kept', { id: 'a-1', name: 'Two' }),
    record('gone', { id: 'a-2' }),
  ];
  const config = configFor(sandbox, { ...BY_REST, streams });
  const result = await runCommand(WRITE, { config, catalog: catalogOf('gone', 'kept'), stdin });
  expect(result.code).toBe(0);
  expect(sandbox.accounts.all()).toMatchObject([{ externalId: 'a-1', name: 'Two' }]);
  expect(result.summary).toMatchObject({ streams: [{ deleted: 1, skipped: 1 }, { created: 2 }] });
});

test('a delete limit stops the run before the delete that passes it', async () => {
  const sandbox = await openSandbox();
  sandbox.seed(
    'accounts',
    ['a', 'b', 'c', 'd'].map((externalId) => ({ externalId, name: externalId })),
  );
  const streams = [
    { stream: 'gone', object: 'account', mode: 'delete', sync_key: ['id'], delete_limit: { count: 2 } },
  ];
  const stdin = ['a', 'b', 'c', 'd'].map((id) => record('gone', { id }));
  const config = configFor(sandbox, { ...BY_REST, streams });
  const result = await runCommand(WRITE, { config, catalog: catalogOf(configured('gone')), stdin });
  expect(result.failure).toMatch(/^config_error: stream gone would delete more than its delete_limit of 2/);
  expect(sandbox.accounts.size).toBeGreaterThanOrEqual(2);
});
