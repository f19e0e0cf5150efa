import { expect, test, vi } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { catalogOf, configFor, configured, record, state } from '../support/messages.ts';
import { type Bounds, type Result, runCommand, startCommand } from '../support/run-command.ts';
import { QuickClock } from '../support/virtual-clock.ts';
import { openWorkspace } from '../support/workspace.ts';

interface Sync {
  readonly rows: readonly string[];
  readonly config?: object;
  readonly bounds?: Bounds;
}

async function sync(sandbox: Sandbox, { rows, config = {}, bounds = {} }: Sync): Promise<Result> {
  return await runCommand(['write', '--config', 'config.json', '--catalog', 'catalog.json'], {
    config: configFor(sandbox, config),
    catalog: catalogOf('accounts'),
    stdin: rows,
    ...bounds,
  });
}

function accounts(count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    record('accounts', { id: `a-${index}`, name: `Account ${index}`, plan: 'pro' }),
  );
}

const quick = (): Bounds => ({ clock: new QuickClock(200) });

test.each(['sample', 'all'])('%s: what Vitally shows as it was sent is verified', async (scope) => {
  const { sandbox } = await openWorkspace();
  const rows = [...accounts(3), state('accounts', 1)];
  const result = await sync(sandbox, { rows, config: { verify_accepted: scope } });
  expect(result.code).toBe(0);
  expect(result.summary).toMatchObject({
    streams: [{ accepted: 3, verified: 3, not_shown: 0, differs: 0, reads: { verify: 1 } }],
  });
});

test.each([
  { scope: 'sample', level: 'INFO' },
  { scope: 'all', level: 'WARN' },
] as const)(
  '$scope: what Vitally lost is named as $level, and the run succeeds',
  async ({ scope, level }) => {
    const { sandbox } = await openWorkspace({ profile: ['analytics-loses'] });
    const rows = [...accounts(12), state('accounts', 1)];
    const result = await sync(sandbox, { rows, config: { verify_accepted: scope }, bounds: quick() });
    expect(result.code).toBe(0);
    expect(result.summary).toMatchObject({
      streams: [{ accepted: 12, verified: 0, not_shown: 12, differs: 0 }],
    });
    const line = result.logsOf(level).find((message) => message.includes('not shown yet'));
    expect(line).toContain('12 accepted records');
    expect(line).toContain('a-9');
    expect(line).not.toContain('a-10');
  },
);

test('what Vitally shows with other values is a WARN with the fields, and none of the values', async () => {
  const { sandbox } = await openWorkspace({ profile: ['analytics-alters'] });
  const result = await sync(sandbox, { rows: accounts(2), bounds: quick() });
  expect(result.code).toBe(0);
  expect(result.summary).toMatchObject({ streams: [{ accepted: 2, verified: 0, not_shown: 0, differs: 2 }] });
  const line = result.logsOf('WARN').find((message) => message.includes('other values'));
  expect(line).toContain('traits.plan');
  expect(line).not.toMatch(/Account 1|pro/);
});

test.each([
  { why: 'it is off', config: { verify_accepted: 'off' } },
  { why: 'there is no REST token', config: { rest_api_token: undefined } },
])('nothing is read where $why', async ({ config }) => {
  const { sandbox } = await openWorkspace({ profile: ['analytics-loses'] });
  const result = await sync(sandbox, { rows: accounts(2), config });
  expect(result.code).toBe(0);
  expect(JSON.stringify(result.summary)).not.toMatch(/verified|not_shown|"verify"/);
});

test('all of 10,000 rows costs 100 reads', async () => {
  const { sandbox } = await openWorkspace();
  const result = await sync(sandbox, { rows: accounts(10_000), config: { verify_accepted: 'all' } });
  expect(result.summary).toMatchObject({
    streams: [{ accepted: 10_000, verified: 10_000, reads: { verify: 100 } }],
  });
}, 60_000);

test('a STATE does not wait for it, and a signal ends the wait at once', async () => {
  const { sandbox } = await openWorkspace({ profile: ['analytics-loses'] });
  let send: ((signal: 'SIGTERM' | 'SIGINT') => void) | undefined;
  const { output, ended } = startCommand(['write', '--config', 'config.json', '--catalog', 'catalog.json'], {
    config: configFor(sandbox, { verify_accepted: 'all' }),
    catalog: catalogOf('accounts'),
    stdin: [...accounts(2), state('accounts', 1)],
    onSignal: (handler) => {
      send = handler;
      return () => {};
    },
  });
  await output.until((one) => one.messagesOf('STATE').length > 0);
  // The list is read: from then on the run waits for the next look.
  await vi.waitFor(() => expect(JSON.stringify(sandbox.requests())).toContain('updatedAt'));
  send?.('SIGTERM');
  expect((await ended).code).toBe(143);
  expect(JSON.stringify(output.summary)).not.toMatch(/verified|not_shown/);
});

test('a record that a later row deletes is not looked for', async () => {
  const { sandbox } = await openWorkspace();
  const result = await runCommand(['write', '--config', 'config.json', '--catalog', 'catalog.json'], {
    config: configFor(sandbox, {
      streams: [
        { stream: 'accounts', object: 'account' },
        { stream: 'gone', object: 'account', mode: 'delete' },
      ],
      verify_accepted: 'all',
    }),
    catalog: catalogOf('accounts', configured('gone')),
    stdin: [...accounts(2), record('gone', { id: 'a-1' })],
  });
  expect(result.code).toBe(0);
  expect(result.summary).toMatchObject({
    streams: [{ accepted: 2, verified: 1, not_shown: 0, differs: 0 }, { deleted: 1 }],
  });
});

test('an e-mail that is a key is masked in the log', async () => {
  const { sandbox } = await openWorkspace({ profile: ['analytics-loses'] });
  const rows = [record('accounts', { id: 'ann@acme.example', name: 'Ann' })];
  const result = await sync(sandbox, { rows, config: { verify_accepted: 'all' }, bounds: quick() });
  const line = result.logsOf('WARN').find((message) => message.includes('not shown yet'));
  expect(line).toContain('1 accepted record');
  expect(line).not.toContain('ann@acme');
});

test.each([
  '500',
  '503',
  'html-403',
  'html-502',
  'html',
  'garbage',
  'truncated',
  'reset-after',
  'timeout',
] as const)('a list that ends in %s is told, and fails no run', async (kind) => {
  const faults = { rate: 1, seed: 1, kinds: [kind], paths: /sortBy=updatedAt/ };
  const { sandbox } = await openWorkspace({ faults });
  const rows = [...accounts(2), state('accounts', 1)];
  const config = { verify_accepted: 'all' };
  const result = await sync(sandbox, { rows, config, bounds: { ...quick(), requestTimeoutMs: 200 } });
  expect(result.code).toBe(0);
  expect(result.summary).toMatchObject({ status: 'succeeded', streams: [{ accepted: 2, rejected: 0 }] });
  expect(result.logsOf('WARN').join()).toMatch(/could not be read .*not checked/);
  expect(JSON.stringify(result.summary)).not.toMatch(/verified|not_shown/);
});

test('where one of many rows is lost, the list is not read from end to end at each look', async () => {
  const { sandbox } = await openWorkspace();
  const config = { verify_accepted: 'all' };
  await sync(sandbox, { rows: accounts(2_000), config: { verify_accepted: 'off' } });
  sandbox.setProfile(['analytics-loses']);
  const rows = [...accounts(2_000).slice(1), record('accounts', { id: 'lost', name: 'Lost' })];
  const result = await sync(sandbox, { rows, config, bounds: quick() });
  expect(result.summary).toMatchObject({ streams: [{ accepted: 2_000, verified: 1_999, not_shown: 1 }] });
  const reads = Number(/"verify":(\d+)/.exec(JSON.stringify(result.summary))?.[1]);
  // Twice the whole list of 20 pages, and a page for each of the looks between.
  expect(reads).toBeGreaterThan(20);
  expect(reads).toBeLessThanOrEqual(60);
});

test('of a list that fails after its first page nothing is counted', async () => {
  const faults = { rate: 1, seed: 1, kinds: ['garbage' as const], paths: /sortBy=updatedAt.*from=/ };
  const { sandbox } = await openWorkspace({ faults });
  const config = { verify_accepted: 'all' };
  const result = await sync(sandbox, { rows: accounts(150), config, bounds: quick() });
  expect(result.code).toBe(0);
  expect(result.logsOf('WARN').join()).toMatch(/could not be read .*not checked/);
  expect(JSON.stringify(result.summary)).not.toMatch(/verified|not_shown/);
});

test('streams whose names read alike are counted apart', async () => {
  const { sandbox } = await openWorkspace();
  const streams = [
    { stream: 'a.b', object: 'account' },
    { stream: 'b', namespace: 'a', object: 'account' },
  ];
  const result = await runCommand(['write', '--config', 'config.json', '--catalog', 'catalog.json'], {
    config: configFor(sandbox, { streams }),
    catalog: catalogOf(configured('a.b'), configured('b', { namespace: 'a' })),
    stdin: [1, 2, 3].map((id) =>
      id === 1 ? record('a.b', { id, name: 'One' }) : record('b', { id, name: 'Two' }, 'a'),
    ),
  });
  expect(result.summary).toMatchObject({ streams: [{ verified: 1 }, { verified: 2 }] });
});
