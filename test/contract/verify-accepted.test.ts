import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { catalogOf, configFor, record, state } from '../support/messages.ts';
import { type Bounds, type Result, runCommand } from '../support/run-command.ts';
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
