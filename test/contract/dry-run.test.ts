import { describe, expect, test } from 'vitest';
import { isJsonObject } from '../../src/json/guards.ts';
import type { JsonObject } from '../../src/json/json.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { BY_REST, catalogOf, configFor, configured, record, state } from '../support/messages.ts';
import { type Result, runCommand } from '../support/run-command.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { openWorkspace } from '../support/workspace.ts';

const DRY = [
  'write',
  '--config',
  'config.json',
  '--catalog',
  'catalog.json',
  '--dry-run',
  '--plan',
  'plan.jsonl',
];

async function planOf(result: Result): Promise<JsonObject[]> {
  const lines = (await result.file('plan.jsonl')).split('\n').filter((line) => line !== '');
  return lines.map((line): JsonObject => {
    const planned: unknown = JSON.parse(line);
    if (!isJsonObject(planned)) throw new Error('a line of the plan is no object');
    return planned;
  });
}

function writesOf(sandbox: Sandbox): string[] {
  return sandbox
    .requests()
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path}`);
}

/** A sandbox with the account a-1 of old. */
async function openPopulated(): Promise<Sandbox> {
  const { seed, sandbox } = await openWorkspace();
  seed('accounts', { externalId: 'a-1', name: 'Old', traits: { plan: 'pro' } });
  return sandbox;
}

test('a line a row: outcome, request and changes; nothing is written or acknowledged', async () => {
  const sandbox = await openPopulated();
  const before = sandbox.snapshot();
  const result = await runCommand(DRY, {
    config: configFor(sandbox, BY_REST),
    catalog: catalogOf(configured('accounts', { namespace: 'mart' }), 'users'),
    stdin: [
      record('accounts', { id: 'a-1', name: 'New', plan: 'pro' }, 'mart'),
      record('accounts', { id: 'a-2', name: 'Second' }, 'mart'),
      record('users', { id: 'u-1', account_id: 'a-1', name: 'Ann' }),
      record('users', { id: 'u-2', account_id: 'nobody' }),
      state('users', 1),
    ],
  });
  const plan = (await planOf(result)).sort((one, other) => Number(one.line) - Number(other.line));
  const id = sandbox.accounts.byExternalId('a-1')?.id;
  expect(plan).toEqual([
    {
      line: 1,
      stream: 'accounts',
      namespace: 'mart',
      object: 'account',
      mode: 'upsert',
      key: 'a-1',
      outcome: 'updated',
      request: {
        method: 'PUT',
        path: `/resources/accounts/${id}`,
        body: { name: 'New', traits: { plan: 'pro' } },
      },
      changes: { name: { from: 'Old', to: 'New' } },
    },
    expect.objectContaining({
      line: 2,
      outcome: 'created',
      request: { method: 'POST', path: '/resources/accounts', body: { externalId: 'a-2', name: 'Second' } },
    }),
    expect.objectContaining({
      line: 3,
      namespace: null,
      outcome: 'created',
      request: expect.objectContaining({ body: { externalId: 'u-1', name: 'Ann', accountIds: [id] } }),
    }),
    expect.objectContaining({
      line: 4,
      outcome: 'rejected',
      rejection: expect.objectContaining({
        code: 'unknown_association',
        field: 'accountIds',
        message: expect.stringContaining('nobody'),
      }),
    }),
  ]);
  expect(writesOf(sandbox)).toEqual([]);
  expect(sandbox.snapshot()).toEqual(before);
  expect(result.messagesOf('STATE')).toEqual([]);
  expect(result.code).toBe(1);
  expect(result.summary).toMatchObject({
    streams: [
      { created: 1, updated: 1 },
      { created: 1, rejected: 1 },
    ],
  });
});

test('later rows see what earlier ones would have done', async () => {
  const sandbox = await openPopulated();
  const result = await runCommand(DRY, {
    config: configFor(sandbox, BY_REST),
    catalog: catalogOf('organizations', 'accounts'),
    stdin: [
      record('organizations', { id: 'o-1', name: 'Org' }),
      record('accounts', { id: 'a-3', name: 'Third', organization_id: 'o-1' }),
    ],
  });
  const plan = await planOf(result);
  expect(plan.map(({ outcome }) => outcome)).toEqual(['created', 'created']);
  expect(plan[1]).toMatchObject({ request: { body: { organizationId: 'planned:o-1' } } });
  expect(writesOf(sandbox)).toEqual([]);
});

describe.each([
  {
    mode: 'update',
    rows: [
      { id: 'a-1', name: 'Old' },
      { id: 'a-9', name: 'x' },
    ],
    outcomes: ['unchanged', 'skipped'],
  },
  {
    mode: 'append',
    rows: [
      { id: 'a-1', name: 'New' },
      { id: 'a-9', name: 'x' },
    ],
    outcomes: ['skipped', 'created'],
  },
  { mode: 'delete', rows: [{ id: 'a-1' }, { id: 'a-9' }], outcomes: ['deleted', 'skipped'] },
])('mode $mode', ({ mode, rows, outcomes }) => {
  test(`is planned as ${outcomes.join(', ')}`, async () => {
    const sandbox = await openPopulated();
    const config = configFor(sandbox, { ...BY_REST, streams: [{ stream: 'rows', object: 'account', mode }] });
    const stdin = rows.map((row) => record('rows', row));
    const result = await runCommand(DRY, { config, catalog: catalogOf('rows'), stdin });
    const plan = (await planOf(result)).sort((one, other) => Number(one.line) - Number(other.line));
    expect(plan.map(({ outcome }) => outcome)).toEqual(outcomes);
    expect(writesOf(sandbox)).toEqual([]);
    expect(sandbox.accounts.byExternalId('a-1')).toMatchObject({ name: 'Old' });
  });
});

test('an Analytics stream: the messages as they would go', async () => {
  const sandbox = await openSandbox();
  const catalog = catalogOf(configured('events', { mode: 'append' }));
  const stdin = [record('events', { id: 'e-1', event: 'Login', account_id: 'a-1' })];
  const result = await runCommand(DRY, { config: configFor(sandbox), catalog, stdin });
  expect(await planOf(result)).toMatchObject([
    {
      key: 'e-1',
      outcome: 'accepted',
      request: { method: 'POST', path: '/analytics/v1/batch', body: [{ type: 'track', event: 'Login' }] },
    },
  ]);
  expect(sandbox.requests()).toEqual([]);
});

test('without --plan a dry run still tells its summary', async () => {
  const sandbox = await openSandbox();
  const result = await runCommand(DRY.slice(0, 6), {
    config: configFor(sandbox, BY_REST),
    catalog: catalogOf('accounts'),
    stdin: [record('accounts', { id: 'a-1', name: 'x' }), state('accounts', 1)],
  });
  expect(result.code).toBe(0);
  expect(result.summary).toMatchObject({ streams: [{ created: 1 }] });
  expect(result.messagesOf('STATE')).toEqual([]);
  expect(writesOf(sandbox)).toEqual([]);
});

test('rejected rows of a dry run are not stored', async () => {
  const sandbox = await openSandbox();
  const config = configFor(sandbox, { object_storage_config: { storage_type: 'Local', directory: 'kept' } });
  const result = await runCommand(DRY, {
    config,
    catalog: catalogOf('accounts'),
    stdin: [record('accounts', { id: null })],
  });
  expect(result.code).toBe(1);
  await expect(result.file('kept')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a plan that can’t be written ends the run before a record is read', async () => {
  const sandbox = await openSandbox();
  const args = [...DRY.slice(0, 6), '--plan', 'no/such/directory/plan.jsonl'];
  const stdin = [record('accounts', { id: 'a-1', name: 'x' })];
  const result = await runCommand(args, {
    config: configFor(sandbox),
    catalog: catalogOf('accounts'),
    stdin,
  });
  expect(result.code).toBe(1);
  expect(result.failure).toMatch(/^config_error: The file .* of --plan can't be written/);
  expect(sandbox.requests()).toEqual([]);
});
