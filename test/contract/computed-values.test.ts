import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/json/json.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { BY_REST, catalogOf, configFor, configured, record, state } from '../support/messages.ts';
import { countsOf } from '../support/output.ts';
import { type Result, runCommand } from '../support/run-command.ts';
import { openSandbox } from '../support/sandboxes.ts';

const WRITE = ['write', '--config', 'config.json', '--catalog', 'catalog.json'];
const KEPT = { object_storage_config: { storage_type: 'Local', directory: 'kept' } };

async function write(
  sandbox: Sandbox,
  entry: object,
  rows: readonly JsonObject[],
  config: object = BY_REST,
  flags: readonly string[] = [],
): Promise<Result> {
  return await runCommand([...WRITE, ...flags], {
    config: configFor(sandbox, {
      ...config,
      ...KEPT,
      streams: [{ stream: 'rows', object: 'account', ...entry }],
    }),
    catalog: catalogOf(configured('rows')),
    stdin: [...rows.map((row) => record('rows', row)), state('rows', 1)],
    env: { WORKER_JOB_ID: '42' },
  });
}

function accounts(sandbox: Sandbox): unknown[] {
  return sandbox.accounts.all().map(({ externalId, name, traits }) => ({ externalId, name, traits }));
}

describe('computed values', () => {
  test.each([
    { by: 'REST', config: BY_REST },
    { by: 'Analytics', config: {} },
  ])('arrive by $by', async ({ config }) => {
    const sandbox = await openSandbox();
    const fields = [
      { template: '{{ first }} {{ last | upcase }}', destination: 'name' },
      { template: '{% if seats > 100 %}large{% else %}small{% endif %}', destination: 'traits.size' },
    ];
    const rows = [{ id: 1, first: 'Ann', last: 'Lee', seats: 250 }];
    const result = await write(sandbox, { fields, other_columns: 'drop' }, rows, config);
    expect(result.failure).toBeUndefined();
    await sandbox.settle();
    expect(accounts(sandbox)).toEqual([{ externalId: '1', name: 'Ann LEE', traits: { size: 'large' } }]);
  });

  test('that never end reject their rows, and nothing of the others', async () => {
    const sandbox = await openSandbox();
    const fields = [{ template: '{% for i in (1..turns) %}x{% endfor %}', destination: 'name' }];
    const rows = [1, 2, 3].map((id) => ({ id, turns: id === 2 ? 1_000_000_000_000 : id }));
    const result = await write(sandbox, { fields }, rows);
    expect(result.failure).toMatch(/^config_error: .*1 of 3 records of stream rows \(1 bad_value\)/);
    expect(accounts(sandbox)).toMatchObject([{ name: 'x' }, { name: 'xxx' }]);
    const [line = ''] = (await result.file('kept/42/rows.jsonl')).split('\n');
    expect(JSON.parse(line)).toMatchObject({
      rejection: {
        code: 'bad_value',
        field: 'name',
        message: expect.stringContaining('the template for "name": takes more than'),
        fix: expect.stringContaining('Shorten'),
      },
    });
    expect(result.messagesOf('STATE')).toHaveLength(1);
  });

  test('with a slip end the run before its first request', async () => {
    const sandbox = await openSandbox();
    const result = await write(sandbox, { fields: [{ template: '{{ a', destination: 'name' }] }, [{ id: 1 }]);
    expect(result.failure).toMatch(/^config_error: .*\/streams\/0\/fields\/0\/template/s);
    expect(sandbox.requests()).toEqual([]);
  });

  test('change nothing in a second run', async () => {
    const sandbox = await openSandbox();
    const entry = { fields: [{ template: '{{ a }}-{{ b }}', destination: 'name' }] };
    await write(sandbox, entry, [{ id: 1, a: 'x', b: 1234567 }]);
    const second = await write(sandbox, { ...entry, mode: 'update' }, [{ id: 1, a: 'x', b: 1234567 }]);
    expect(countsOf(second.summary, 'rows')).toMatchObject({ unchanged: 1 });
  });
});

describe('excluded columns', () => {
  const entry = { exclude: ['S-S-N', 'traits.birthday'], other_columns: 'traits' };
  const row = { name: 'A', ssn: 'GEHEIM', traits: { birthday: 'GEHEIM', plan: 'pro' }, tags: ['GEHEIM-not'] };

  test.each([
    { by: 'REST', config: BY_REST },
    { by: 'Analytics', config: {} },
  ])('never leave, by $by, nor does a rejected row keep them', async ({ config }) => {
    const sandbox = await openSandbox();
    const rows = [
      { id: 1, ...row, tags: 1 },
      { id: null, ...row, tags: 1 },
      { id: 3, ...row, tags: 1, mrr: 'GEHEIM no number' },
    ].map(({ mrr, ...others }: JsonObject) => (mrr === undefined ? others : { ...others, mrr: 'no number' }));
    const result = await write(sandbox, entry, rows, config);
    await sandbox.settle();
    expect(countsOf(result.summary, 'rows')).toMatchObject({ received: 3, rejected: 2 });
    const kept = await result.file('kept/42/rows.jsonl');
    expect(kept.trim().split('\n')).toHaveLength(2);
    const seen = JSON.stringify([result.lines, kept, sandbox.requests(), sandbox.accounts.all()]);
    expect(seen).not.toContain('GEHEIM');
    expect(accounts(sandbox)).toEqual([{ externalId: '1', name: 'A', traits: { plan: 'pro', tags: 1 } }]);
    // Mended, the file is still what `write` takes.
    expect(JSON.parse(kept.split('\n')[0] ?? '')).toMatchObject({
      type: 'RECORD',
      record: { data: { name: 'A', traits: { plan: 'pro' } } },
    });
  });

  test('are in no plan', async () => {
    const sandbox = await openSandbox();
    const flags = ['--dry-run', '--plan', 'plan.jsonl'];
    const result = await write(
      sandbox,
      entry,
      [
        { id: 1, ...row, tags: 1 },
        { ...row, tags: 2 },
      ],
      BY_REST,
      flags,
    );
    const plan = await result.file('plan.jsonl');
    expect(plan.trim().split('\n')).toHaveLength(2);
    expect(plan + result.lines.join('')).not.toContain('GEHEIM');
  });

  test('that the key names end the run before its first request', async () => {
    const sandbox = await openSandbox();
    const result = await write(sandbox, { exclude: ['Id'], sync_key: ['id'] }, [{ id: 1 }]);
    expect(result.failure).toMatch(/^config_error: .*\/streams\/0\/exclude\/0/s);
    expect(sandbox.requests()).toEqual([]);
  });

  test('a deleted row is known as one though its mark is excluded', async () => {
    const sandbox = await openSandbox();
    const deleted = { id: 1, name: 'A', _ab_cdc_deleted_at: '2024-01-01' };
    const result = await write(sandbox, { exclude: ['_ab_cdc_deleted_at'] }, [deleted]);
    expect(countsOf(result.summary, 'rows')).toMatchObject({ skipped: 1 });
    expect(sandbox.accounts.size).toBe(0);
  });
});
