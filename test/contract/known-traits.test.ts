import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/json/json.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { BY_REST, catalogOf, configFor, configured, record } from '../support/messages.ts';
import { type Result, runCommand } from '../support/run-command.ts';
import { openSandbox } from '../support/sandboxes.ts';

const WRITE = ['write', '--config', 'config.json', '--catalog', 'catalog.json'];
const SEATS = 'vitally.custom.seatCount';

const FIELDS: readonly JsonObject[] = [
  { model: 'accounts', label: 'Number of seats', path: SEATS, type: 'number' },
  { model: 'accounts', label: 'Renews', path: 'renews', type: 'datetime' },
  {
    model: 'accounts',
    label: 'Products',
    path: 'vitally.custom.products',
    type: 'multi_select',
    options: [
      { label: 'Data loader', value: 'p_1' },
      { label: 'Studio', value: 'p_2' },
    ],
  },
  { model: 'users', label: 'Is champion', path: 'vitally.custom.champion', type: 'checkbox' },
];

async function openKnowing(...more: readonly JsonObject[]): Promise<Sandbox> {
  const sandbox = await openSandbox();
  sandbox.seed('accounts', [{ externalId: 'old', name: 'Old' }]);
  sandbox.seed('customFields', [...FIELDS, ...more]);
  return sandbox;
}

/** What was asked of the known traits. */
function questions(sandbox: Sandbox): string[] {
  const paths = sandbox.requests().map(({ path }) => path);
  return paths.filter((path) => path.startsWith('/resources/customFields'));
}

function writes(sandbox: Sandbox): number {
  return sandbox.requests().filter(({ method }) => method !== 'GET').length;
}

async function writeRows(
  sandbox: Sandbox,
  streams: readonly string[],
  rows: readonly string[],
  config: Record<string, unknown> = BY_REST,
): Promise<Result> {
  return await runCommand(WRITE, {
    config: configFor(sandbox, config),
    catalog: catalogOf(...streams),
    stdin: rows,
  });
}

describe('traits that Vitally knows', () => {
  test.each([
    { by: 'REST', config: BY_REST },
    { by: 'Analytics', config: {} },
  ])('are found by label and brought into their type, by $by', async ({ config }) => {
    const sandbox = await openKnowing();
    const row = { name: 'A', NUMBER_OF_SEATS: '5', renews: '2026-01-31', products: 'studio', tier: '5' };
    const rows = [1, 2].map((id) => record('accounts', { id, ...row }));
    const user = { id: 'u', account_id: '1', 'Is Champion': 'yes' };
    const result = await writeRows(sandbox, ['accounts', 'users'], [...rows, record('users', user)], config);
    expect(result.failure).toBeUndefined();
    await sandbox.settle();
    const traits = {
      [SEATS]: 5,
      renews: '2026-01-31T00:00:00.000Z',
      'vitally.custom.products': ['p_2'],
      tier: '5',
    };
    expect(sandbox.snapshot()).toMatchObject({
      accounts: { '1': { traits }, '2': { traits } },
      users: { u: { traits: { 'vitally.custom.champion': true } } },
    });
    expect(questions(sandbox)).toEqual([
      '/resources/customFields?model=accounts',
      '/resources/customFields?model=users',
    ]);
    expect(result.summary).toMatchObject({
      streams: [
        { coerced: { [`traits.${SEATS}`]: 2, 'traits.renews': 2, 'traits.vitally.custom.products': 2 } },
        { coerced: { accountIds: 1, 'traits.vitally.custom.champion': 1 } },
      ],
    });
    expect(result.logs.join('\n')).toContain('; coerced: traits.renews 2, traits.vitally.custom.products 2');
  });

  test('are not asked for where only fields are written', async () => {
    const sandbox = await openKnowing();
    const result = await writeRows(sandbox, ['accounts'], [record('accounts', { id: 1, name: 'A', mrr: 5 })]);
    expect(result.code).toBe(0);
    expect(questions(sandbox)).toEqual([]);
    expect(result.summary).toMatchObject({ streams: [{ coerced: {}, stripped: {} }] });
  });

  test('are not asked for without a REST token, and traits go as they are', async () => {
    const sandbox = await openKnowing();
    const row = record('accounts', { id: 1, name: 'A', 'Number of seats': '5' });
    const result = await writeRows(sandbox, ['accounts'], [row], { rest_api_token: undefined });
    expect(result.code).toBe(0);
    await sandbox.settle();
    expect(sandbox.snapshot()).toMatchObject({ accounts: { '1': { traits: { 'Number of seats': '5' } } } });
    expect(questions(sandbox)).toEqual([]);
  });

  test('of a custom object are its own', async () => {
    const sandbox = await openKnowing();
    sandbox.seed('customObjects', [
      { name: 'deal', label: 'Deal', writeMode: 'writable' },
      { name: 'other', label: 'Other', writeMode: 'writable' },
    ]);
    sandbox.seed('customFields', [
      { customObjectId: 'other', label: 'CLOSED', path: 'shut', type: 'string' },
    ]);
    sandbox.seed('customFields', [
      { customObjectId: 'deal', label: 'Closed', path: 'closed', type: 'boolean' },
    ]);
    const row = { id: 'd', name: 'D', account_id: 'old', CLOSED: 'no', 'Number of seats': '5' };
    const streams = [{ stream: 'deals', object: 'custom_object', custom_object: 'deal' }];
    const result = await writeRows(sandbox, ['deals'], [record('deals', row)], { ...BY_REST, streams });
    expect(result.failure).toBeUndefined();
    expect(sandbox.items('instances').byExternalId('d')).toMatchObject({
      traits: { closed: false, 'Number of seats': '5' },
    });
  });

  test('refuse a row whose value does not fit, and say which type was wanted', async () => {
    const sandbox = await openKnowing();
    const rows = [
      record('accounts', { id: 1, name: 'A', 'Number of seats': 'geheim' }),
      record('accounts', { id: 2, name: 'B', Products: ['Studio', 'geheim'] }),
      record('accounts', { id: 3, name: 'C', Products: 'Studio' }),
    ];
    const result = await writeRows(sandbox, ['accounts'], rows);
    expect(result.summary).toMatchObject({
      streams: [{ created: 1, rejected: 2, rejected_by_code: { bad_value: 2 } }],
    });
    const log = result.logs.join('\n');
    expect(log).toContain(`column "Number of seats" (for "${SEATS}"): a number was wanted`);
    expect(log).toContain('one of the 2 options of the trait was wanted');
    expect(result.lines.join('')).not.toContain('geheim');
  });

  test('that share a name are told of once, and the column stays a trait of its own', async () => {
    const sandbox = await openKnowing({
      model: 'accounts',
      label: 'number of seats',
      path: 'seats',
      type: 'number',
    });
    const rows = [1, 2].map((id) => record('accounts', { id, name: 'A', Number_of_seats: '5' }));
    const result = await writeRows(sandbox, ['accounts'], rows);
    expect(result.code).toBe(0);
    expect(sandbox.snapshot()).toMatchObject({ accounts: { '1': { traits: { Number_of_seats: '5' } } } });
    expect(result.logs.filter((line) => line.startsWith('WARN '))).toEqual([
      `WARN stream accounts: column "Number_of_seats" could mean several traits of Vitally ("seats", "${SEATS}") ` +
        'and is taken for none of them; map it in fields to traits.<path>',
    ]);
  });

  test('are asked for in a dry run too, which plans what would be sent', async () => {
    const sandbox = await openKnowing();
    const result = await runCommand([...WRITE, '--dry-run', '--plan', 'plan.jsonl'], {
      config: configFor(sandbox, BY_REST),
      catalog: catalogOf('accounts'),
      stdin: [record('accounts', { id: 1, name: 'A', seat_count: '5' })],
    });
    expect(result.code).toBe(0);
    expect(JSON.parse(await result.file('plan.jsonl'))).toMatchObject({
      request: { method: 'POST', body: { traits: { [SEATS]: 5 } } },
    });
    expect(writes(sandbox)).toBe(0);
  });

  test('are left unasked by a token that is refused: the run stops', async () => {
    const sandbox = await openKnowing();
    const rows = [record('accounts', { id: 1, name: 'A', seats: '5' })];
    const result = await writeRows(sandbox, ['accounts'], rows, {
      ...BY_REST,
      rest_api_token: 'wrong-token-of-rest',
    });
    expect(result.code).toBe(1);
    expect(result.failure).toMatch(/^config_error: .*refused the token/);
    expect(result.summary).toMatchObject({ streams: [{ received: 1, unsettled: 1 }] });
  });
});

test.each(['Number of seats', 'traits.Number of seats', `traits.${SEATS}`])(
  'if_empty keeps what a hand put in, named as %s',
  async (name) => {
    const sandbox = await openKnowing();
    sandbox.seed('accounts', [{ externalId: 'a', name: 'A', traits: { [SEATS]: 3 } }]);
    const streams = [{ stream: 'accounts', object: 'account', if_empty: [name] }];
    const rows = ['a', 'b'].map((id) => record('accounts', { id, name: 'New', 'Number of seats': '5' }));
    const result = await writeRows(sandbox, ['accounts'], rows, { ...BY_REST, streams });
    expect(result.failure).toBeUndefined();
    expect(sandbox.snapshot()).toMatchObject({
      accounts: { a: { name: 'New', traits: { [SEATS]: 3 } }, b: { traits: { [SEATS]: 5 } } },
    });
  },
);

describe('prevent_new_traits', () => {
  const streams = [{ stream: 'accounts', object: 'account', prevent_new_traits: true }];
  const config = { ...BY_REST, streams };

  test('stops a stream with columns that Vitally does not know, before a row is written', async () => {
    const sandbox = await openKnowing();
    const columns = ['id', 'name', 'Seat Count', 'tier', 'level'];
    const result = await runCommand(WRITE, {
      config: configFor(sandbox, config),
      catalog: catalogOf(configured('accounts', { columns })),
      stdin: [record('accounts', { id: 1, name: 'A' })],
    });
    expect(result.code).toBe(1);
    expect(result.failure).toContain(
      'config_error: /streams/0/prevent_new_traits: stream "accounts": "tier", "level" would become new traits',
    );
    expect(writes(sandbox)).toBe(0);
  });

  test('lets known traits through, and refuses rows with columns that the catalog did not list', async () => {
    const sandbox = await openKnowing();
    const result = await runCommand(WRITE, {
      config: configFor(sandbox, config),
      catalog: catalogOf(configured('accounts', { columns: ['id', 'name', 'Seat Count'] })),
      stdin: [
        record('accounts', { id: 1, name: 'A', 'Seat Count': '5' }),
        record('accounts', { id: 2, name: 'B', RENEWS: '2026-01-31' }),
        record('accounts', { id: 3, name: 'C', tier: 'x' }),
      ],
    });
    expect(result.summary).toMatchObject({
      streams: [{ created: 2, rejected: 1, rejected_by_code: { unknown_column: 1 } }],
    });
    expect(sandbox.snapshot()).toMatchObject({
      accounts: { '1': { traits: { [SEATS]: 5 } }, '2': { traits: { renews: '2026-01-31T00:00:00.000Z' } } },
    });
  });

  test.each([
    { token: 'REST', given: BY_REST },
    { token: 'Analytics', given: { rest_api_token: undefined } },
  ])('is fine by a check with the $token token', async ({ given }) => {
    const sandbox = await openSandbox();
    const result = await runCommand(['check', '--config', 'config.json'], {
      config: configFor(sandbox, { ...given, streams }),
    });
    expect(result.messagesOf('CONNECTION_STATUS')).toMatchObject([
      { connectionStatus: { status: 'SUCCEEDED' } },
    ]);
  });
});

test('HTML that Vitally does not keep is counted', async () => {
  const sandbox = await openKnowing();
  const row = { id: 'n', account_id: 'old', noteDate: '2026-01-31T00:00:00Z' };
  const result = await writeRows(
    sandbox,
    ['notes'],
    [
      record('notes', { ...row, note: '<p>Hello</p><script>x</script>' }),
      record('notes', { ...row, id: 'm', note: '<p>Hello</p>' }),
    ],
  );
  expect(result.summary).toMatchObject({ streams: [{ created: 2, coerced: {}, stripped: { note: 1 } }] });
  expect(result.logs.join('\n')).toContain('2 received: 2 created; stripped: note 1');
});

test('the overview before the first row says which traits are new, and asks for them once', async () => {
  const sandbox = await openKnowing();
  const columns = ['id', 'name', 'number_of_seats', 'tier'];
  const accounts = configured('accounts', { columns });
  const row = { id: 1, name: 'A', number_of_seats: 5, tier: 'x' };
  const result = await runCommand(WRITE, {
    config: configFor(sandbox, BY_REST),
    catalog: catalogOf(accounts),
    stdin: [record('accounts', row)],
  });
  expect(result.failure).toBeUndefined();
  expect(result.logs.filter((line) => line.startsWith('INFO columns of stream'))).toEqual([
    `INFO columns of stream accounts (account, upsert): "id" → key (externalId), "name" → name, "number_of_seats" → trait ${SEATS} (known, number), "tier" → new trait tier`,
  ]);
  expect(questions(sandbox)).toHaveLength(1);
});

test('a run without rows has its overview and asks nothing', async () => {
  const sandbox = await openKnowing();
  const accounts = configured('accounts', { columns: ['id', 'tier'] });
  const result = await runCommand(WRITE, {
    config: configFor(sandbox, BY_REST),
    catalog: catalogOf(accounts),
    stdin: [],
  });
  expect(result.logs).toContain(
    'INFO columns of stream accounts (account, upsert): "id" → key (externalId), "tier" → trait tier',
  );
  expect(questions(sandbox)).toEqual([]);
});
