import { expect, test } from 'vitest';
import { BY_REST, catalogOf, configFor, configured, record } from '../support/messages.ts';
import { countsOf } from '../support/output.ts';
import { runCommand } from '../support/run-command.ts';
import { openSandbox } from '../support/sandboxes.ts';

const WRITE = ['write', '--config', 'config.json', '--catalog', 'catalog.json'];

function catalog(...names: string[]): unknown {
  return catalogOf(...names.map((name) => configured(name)));
}

test('what becomes of each column is told before the first row, and which mapped one no row had at the end', async () => {
  const sandbox = await openSandbox({});
  const people = configured('people');
  const listed = {
    ...people,
    stream: { name: 'people', json_schema: { properties: { id: {}, label: {}, Plan: {}, _airbyte_x: {} } } },
  };
  const streams = [
    {
      stream: 'people',
      object: 'account',
      sync_key: ['id'],
      fields: [
        { source: 'label', destination: 'name' },
        { source: 'misspelt', destination: 'traits.region' },
      ],
    },
  ];
  const result = await runCommand(WRITE, {
    config: configFor(sandbox, { ...BY_REST, streams }),
    catalog: catalogOf(listed),
    stdin: [record('people', { id: 1, label: 'One', Plan: 'gold' })],
  });
  expect(result.code).toBe(0);
  expect(result.logs).toContain(
    'INFO columns of stream people (account, upsert): "id" → key (externalId), "label" → name, "misspelt" → new trait region, ' +
      '"Plan" → new trait Plan, "_airbyte_x" → dropped',
  );
  expect(result.logs).toContain(
    'WARN stream people: no row had the mapped column "misspelt"; check the spelling in the config.',
  );
});

test('a stream without rows, and one whose columns all came, give no warning', async () => {
  const sandbox = await openSandbox({});
  const result = await runCommand(WRITE, {
    config: configFor(sandbox, BY_REST),
    catalog: catalog('accounts', 'organizations'),
    stdin: [record('accounts', { id: 1, name: 'One' })],
  });
  expect(result.logs.filter((line) => line.startsWith('WARN'))).toEqual([]);
});

test('skipped rows are named by their first ten keys, e-mails masked', async () => {
  const sandbox = await openSandbox({});
  const streams = [
    { stream: 'rows', object: 'user', mode: 'update', match_on: 'email', sync_key: ['email'] },
  ];
  const rows = Array.from({ length: 12 }, (_, n) => record('rows', { email: `${n}jane@x.test`, name: 'J' }));
  const result = await runCommand(WRITE, {
    config: configFor(sandbox, { ...BY_REST, streams }),
    catalog: catalog('rows'),
    stdin: rows,
  });
  const [told = '', ...more] = result.logs.filter((line) => line.includes('rows skipped'));
  expect(more).toEqual([]);
  expect(told).toContain('INFO rows of stream rows: 12 rows skipped, since Vitally has no user of the key');
  expect(told.match(/\d\*\*\*@x\.test/g)).toHaveLength(10);
  expect(told).not.toContain('jane');
});

test('rows that match a record of another external id are counted', async () => {
  const sandbox = await openSandbox({});
  const streams = [
    {
      stream: 'people',
      object: 'user',
      match_on: 'email',
      sync_key: ['email'],
      fields: [{ source: 'id', destination: 'externalId' }],
    },
  ];
  const invocation = {
    config: configFor(sandbox, { ...BY_REST, streams }),
    catalog: catalog('accounts', 'people'),
  };
  const row = (id: string) => record('people', { id, email: 'jane@x.test', accountId: 'a' });
  const first = await runCommand(WRITE, {
    ...invocation,
    stdin: [record('accounts', { id: 'a', name: 'A' }), row('u1')],
  });
  expect(first.logs.join()).not.toContain('another externalId');
  const second = await runCommand(WRITE, { ...invocation, stdin: [row('u2')] });
  expect(second.logs).toContainEqual(
    expect.stringMatching(
      /^WARN rows of stream people: 1 row matched a record that has another externalId.*j\*\*\*@x\.test$/,
    ),
  );
});

test.each([
  {
    mode: 'append',
    deleted_rows: 'skip',
    skipped: 3,
    said: ['2 rows are marked', '1 row skipped, since Vitally has a record'],
  },
  {
    mode: 'update',
    deleted_rows: 'skip',
    skipped: 3,
    said: ['2 rows are marked', '1 row skipped, since Vitally has no account'],
  },
  { mode: 'upsert', deleted_rows: 'skip', skipped: 2, said: ['2 rows are marked'] },
  {
    mode: 'append',
    deleted_rows: 'delete',
    skipped: 2,
    said: ['1 row skipped, since Vitally has a record', '(deleted_rows is delete)'],
  },
  {
    mode: 'update',
    deleted_rows: 'delete',
    skipped: 2,
    said: ['(deleted_rows is delete)', '(unknown_key is skip)'],
  },
  { mode: 'upsert', deleted_rows: 'delete', skipped: 1, said: ['(deleted_rows is delete)'] },
])('each skipped row is told for its own reason: $mode, deleted rows $deleted_rows', async (given) => {
  const { mode, deleted_rows, skipped, said } = given;
  const sandbox = await openSandbox({});
  sandbox.seed('accounts', [
    { externalId: 'there', name: 'There' },
    { externalId: 'old', name: 'Old' },
  ]);
  const deleted = { name: null, _ab_cdc_deleted_at: '2026-03-01T10:00:00Z' };
  const key = mode === 'update' ? 'nowhere' : 'there';
  const { code, logs, summary } = await runCommand(WRITE, {
    config: configFor(sandbox, {
      ...BY_REST,
      streams: [{ stream: 'rows', object: 'account', mode, deleted_rows, sync_key: ['id'] }],
    }),
    catalog: catalog('rows'),
    stdin: [
      record('rows', { id: key, name: 'New' }),
      record('rows', { id: 'old', ...deleted }),
      record('rows', { id: 'never', ...deleted }),
    ],
  });
  expect(code).toBe(0);
  expect(countsOf(summary, 'rows').skipped).toBe(skipped);
  const told = logs.filter((line) => /rows? (skipped|are marked|is marked)/.test(line));
  expect(told).toHaveLength(said.length);
  for (const words of said) expect(told.join('\n')).toContain(words);
});
