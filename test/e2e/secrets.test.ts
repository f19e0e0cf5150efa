import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Answering, QUOTES, serverThat } from '../support/hostile-server.ts';
import { catalogOf, configFor, record, state } from '../support/messages.ts';
import { countsOf } from '../support/output.ts';
import { type Program, run } from '../support/program.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const REST_TOKEN = 'sk_live_PlantedRestSecret';
const ANALYTICS_TOKEN = 'PlantedAnalyticsSecret==';
const TOKENS = {
  rest_api_token: REST_TOKEN,
  analytics_api_token: ANALYTICS_TOKEN,
};
const SECRETS = [REST_TOKEN, ANALYTICS_TOKEN, Buffer.from(`${REST_TOKEN}:`).toString('base64'), 'Planted'];

/** Values of rows, none of which may leave but into the store: in a name, traits, lists, dates and addresses. */
const MARKERS = ['Quixotrope', 'Žluťoučký', 'zebrafinch', 'Wombatine', 'mirabelle', 'Tetrachord', 'gossamer'];

function planted(id: string, more: object = {}): object {
  return {
    id,
    name: 'Quixotrope & "Žluťoučký" Ltd',
    plan: 'Wombatine',
    nested: { deep: ['Tetrachord'] },
    note: 'a zebrafinch <b>said</b>',
    ...more,
  };
}

const ROWS = [
  ...Array.from({ length: 14 }, (_, id) => record('accounts', planted(`account-${id}`))),
  ...Array.from({ length: 8 }, (_, id) =>
    record('users', planted(`user-${id}`, { email: 'mirabelle@example.com', accountId: `account-${id}` })),
  ),
  record('users', planted('user-with-bad-date', { joinDate: 'gossamer', accountId: 'account-1' })),
  record('users', planted('mirabelle@example.com', { accountId: 'gossamer' })),
  record('users', { ...planted('no-key'), id: { Tetrachord: 'Wombatine' } }),
  'Quixotrope is no message',
  '{"type":"LOG","log":{"level":"INFO","message":"Wombatine',
  state('accounts', 1),
  state('users', 1),
];
const CATALOG = catalogOf('accounts', 'users');

function expectSilent(program: Program): void {
  const said = `${program.lines.join('\n')}\n${program.stderr}`.toLowerCase();
  expect([...SECRETS, ...MARKERS].filter((word) => said.includes(word.toLowerCase()))).toEqual([]);
  expect(program.stderr).toBe('');
}

/** A few failures that pass, then refusals, each in another way of quoting. */
const quotingRefusals: Answering = (said, request) => {
  const quote = QUOTES[request % QUOTES.length]?.(said) ?? { type: 'text/plain', text: '' };
  if (request === 1) return undefined;
  if (request < 4)
    return { ...quote, status: request === 2 ? 500 : 200, type: 'text/plain', text: `no ${quote.text}` };
  return { ...quote, status: request % 3 === 0 ? 422 : 400 };
};

test.each([
  { via: 'rest', policy: 'continue' },
  { via: 'analytics', policy: 'continue' },
  { via: 'rest', policy: 'fail_at_end' },
  { via: 'analytics', policy: 'fail_fast' },
])('refusals that quote row and token stay in the store: $via, $policy', async ({ via, policy }) => {
  const directory = temporaryDirectory();
  const config = configFor(await serverThat(quotingRefusals), {
    ...TOKENS,
    write_via: via,
    rejected_records: { policy },
    object_storage_config: { storage_type: 'Local', directory },
    streams: [{ stream: 'users', object: 'user', unknown_accounts: 'create' }],
  });
  const env = { WORKER_JOB_ID: 'job' };
  const program = await run('write', { config, catalog: CATALOG, env }, ROWS);
  expectSilent(program);
  expect(program.code).toBe(policy === 'continue' ? 0 : 1);
  if (policy === 'fail_fast') return;
  expect(program.messagesOf('STATE')).toHaveLength(2);
  expect(countsOf(program.summary, 'accounts')).toEqual({ received: 14, rejected: 14 });
  const kept = await readFile(join(directory, 'job', 'accounts.jsonl'), 'utf8');
  expect(kept).toContain('Quixotrope');
  expect(SECRETS.filter((secret) => kept.includes(secret))).toEqual([]);
  // An address that serves as key is masked.
  expect(program.logsOf('WARN').join('\n')).toContain('m***@example.com');
});

test.each([
  { status: 401, via: 'rest' },
  { status: 403, via: 'rest' },
  { status: 401, via: 'analytics' },
  { status: 403, via: 'analytics' },
  { status: 407, via: 'rest' },
  { status: 302, via: 'rest' },
])('an answer $status that quotes row and token stops the run: $via', async ({ status, via }) => {
  const answering: Answering = (said, request) => {
    const quote = QUOTES[request % QUOTES.length]?.(said);
    return quote && { ...quote, status };
  };
  const config = configFor(await serverThat(answering), { ...TOKENS, write_via: via });
  const program = await run('write', { config, catalog: CATALOG }, ROWS);
  expectSilent(program);
  expect(program.code).toBe(1);
  expect(program.errors.map(({ type }) => type)).toEqual(['config_error']);
  expect(program.messagesOf('STATE')).toEqual([]);
});

test.each([200, 400, 401, 403, 404])(
  'a check that is answered %i with its own token keeps it to itself',
  async (status) => {
    const answering: Answering = (said, request) => {
      const quote = QUOTES[request % QUOTES.length]?.(said);
      return quote && { ...quote, status };
    };
    const program = await run('check', { config: configFor(await serverThat(answering), TOKENS) });
    expectSilent(program);
    expect(program.code).toBe(0);
    expect(program.messagesOf('CONNECTION_STATUS')).toMatchObject([
      { connectionStatus: { status: 'FAILED' } },
    ]);
  },
);

test('a config that is wrong is told without its values', async () => {
  const sandbox = await openSandbox();
  const config = configFor(sandbox, { ...TOKENS, requests_per_minute: REST_TOKEN, [ANALYTICS_TOKEN]: 1 });
  for (const command of ['check', 'write', 'discover']) {
    const files = command === 'write' ? { config, catalog: CATALOG } : { config };
    const program = await run(command, files, ROWS);
    expectSilent(program);
    expect(program.lines.length).toBeGreaterThan(0);
  }
});

test('a line that breaks the protocol is told by number, stream and length', async () => {
  const sandbox = await openSandbox();
  const broken = record('accounts', planted('1')).slice(0, -1);
  const program = await run('write', { config: configFor(sandbox, TOKENS), catalog: CATALOG }, [broken]);
  expectSilent(program);
  expect(program.errors).toMatchObject([{ type: 'system_error' }]);
  expect(program.errors[0]?.message).toContain('line 1 (stream "accounts"');
  expect(program.errors[0]?.message).toContain(`cut off after ${broken.length} characters`);
});

test('a dry run shows the rows in its plan and nowhere else', async () => {
  const sandbox = await openSandbox({ restToken: REST_TOKEN, analyticsToken: ANALYTICS_TOKEN });
  const plan = join(temporaryDirectory(), 'plan.jsonl');
  const flags = ['--dry-run', '--plan', plan];
  const program = await run('write', { config: configFor(sandbox, TOKENS), catalog: CATALOG, flags }, ROWS);
  expectSilent(program);
  const planned = await readFile(plan, 'utf8');
  expect(planned).toContain('Quixotrope');
  expect(SECRETS.filter((secret) => planned.includes(secret))).toEqual([]);
});
