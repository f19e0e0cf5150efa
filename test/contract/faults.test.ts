import { expect, test } from 'vitest';
import type { FaultKind, Sandbox } from '../../src/sandbox/index.ts';
import { contentOfCleanRun, linesOf, mixedSync } from '../support/clean-run.ts';
import { catalogOf, configFor, configured, record, state } from '../support/messages.ts';
import { contentOf, countsOf, cursorsOf, imbalance } from '../support/output.ts';
import { type Result, runInProcess } from '../support/run-command.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { mixedInput, STREAMS_OF } from '../support/sync-input.ts';
import { QuickClock } from '../support/virtual-clock.ts';

const KINDS: readonly FaultKind[] = [
  '429',
  '500',
  '502',
  '503',
  'reset-before',
  'reset-after',
  'truncated',
  'html',
  'html-502',
  'garbage',
];

/** Each 429 halts everything for a second, and what fails waits before it is tried again. */
const clock = new QuickClock(20);

function faults(seed: number) {
  return { rate: 0.2, kinds: KINDS, seed, resetSeconds: 1 };
}

/** A run that survived its faults: everything settled, every STATE out and in order. */
function expectUnharmed(program: Result, input: readonly string[], names: readonly string[]): void {
  expect(program.stderr).toBe('');
  expect(program.errors).toEqual([]);
  expect(at(program.summary, 'status')).toBe('succeeded');
  for (const name of names) {
    expect(cursorsOf(program.linesOf('STATE'), name)).toEqual(cursorsOf(input, name));
    expect(imbalance(program.summary, name)).toBe(0);
    expect(countsOf(program.summary, name)).not.toHaveProperty('rejected');
  }
}

test.each([
  { via: 'rest', seed: 1 },
  { via: 'rest', seed: 2 },
  { via: 'analytics', seed: 3 },
  { via: 'analytics', seed: 4 },
] as const)(
  'every fifth request goes wrong, nothing is lost or doubled: upsert by $via, seed $seed',
  async ({ via, seed }) => {
    const sandbox = await openSandbox({ faults: faults(seed), now: clock.now });
    const items = mixedInput(seed, via);
    const program = await runInProcess('write', { ...mixedSync(sandbox, via), clock }, linesOf(items));
    expect(program.code).toBe(0);
    expectUnharmed(program, linesOf(items), STREAMS_OF[via]);
    expect(sandbox.requests().some(({ fault }) => fault !== undefined)).toBe(true);
    expect(Number(at(program.summary, 'requests', 'retried'))).toBeGreaterThan(0);
    expect(await contentOf(sandbox)).toEqual(await contentOfCleanRun(items, via));
    expect(sandbox.maxConcurrentPerKey).toBe(1);
  },
);

/** Twenty accounts and users to begin with: `0` to `19`. */
function seedCouples(sandbox: Sandbox): void {
  const numbers = Array.from({ length: 20 }, (_, number) => String(number));
  sandbox.seed(
    'accounts',
    numbers.map((id) => ({ externalId: id, name: `Account ${id}`, traits: { plan: 'free', kept: true } })),
  );
  sandbox.seed(
    'users',
    numbers.map((id) => ({ externalId: id, accountIds: [id], name: `User ${id}` })),
  );
}

/** Rows for the keys 10 to 29: half of them are there. */
const ROWS = Array.from({ length: 20 }, (_, index) => String(index + 10)).flatMap((id, index) => [
  record('accounts', { id, name: `Renamed ${id}`, plan: 'pro' }),
  record('users', { id, name: `Renamed ${id}`, accountId: String(index) }),
  ...(index % 5 === 4 ? [state('accounts', index), state('users', index)] : []),
]);

test.each([
  { mode: 'update', seed: 5, outcomes: { received: 20, updated: 10, skipped: 10 } },
  { mode: 'append', seed: 6, outcomes: { received: 20, created: 10, skipped: 10 } },
])(
  'every fifth request goes wrong, and each row has its true outcome: $mode by REST',
  async ({ mode, seed, outcomes }) => {
    const names = ['accounts', 'users'];
    const streams = names.map((name) => ({ stream: name, object: name, mode, sync_key: ['id'] }));
    const catalog = catalogOf(...names.map((name) => configured(name)));
    const sandbox = await openSandbox({ faults: faults(seed), now: clock.now });
    const clean = await openSandbox({ now: clock.now });
    for (const one of [sandbox, clean]) {
      seedCouples(one);
      const program = await runInProcess(
        'write',
        { config: configFor(one, { streams }), catalog, clock },
        ROWS,
      );
      expect(program.code).toBe(0);
      expectUnharmed(program, ROWS, names);
      expect(names.map((name) => countsOf(program.summary, name))).toEqual([outcomes, outcomes]);
    }
    expect(await contentOf(sandbox)).toEqual(await contentOf(clean));
  },
);

test('every fifth request goes wrong, and what is to go is gone: delete by REST', async () => {
  const sandbox = await openSandbox({ faults: faults(7), now: clock.now });
  seedCouples(sandbox);
  const config = configFor(sandbox, { streams: [{ stream: 'users', object: 'user', mode: 'delete' }] });
  const rows = ROWS.filter((line) => line.includes('"users"'));
  const program = await runInProcess('write', { config, catalog: catalogOf('users'), clock }, rows);
  expect(program.code).toBe(0);
  expectUnharmed(program, rows, ['users']);
  // A delete whose first answer was lost and whose second finds nothing is taken for done.
  const { deleted = 0, skipped = 0 } = countsOf(program.summary, 'users');
  expect({ deleted: deleted >= 10, all: deleted + skipped }).toEqual({ deleted: true, all: 20 });
  const { users } = await contentOf(sandbox);
  const scheduled = Object.entries(users).filter(([, user]) => at(user, 'deletionScheduled') === true);
  expect(scheduled.map(([id]) => id)).toEqual(Array.from({ length: 10 }, (_, index) => String(index + 10)));
});

test.each(['post-refuses-duplicate', 'post-refuses-duplicate-400'])(
  'an append whose answer was lost counts as created although its repetition is refused: %s',
  async (profile) => {
    const sandbox = await openSandbox({
      profile: [profile],
      now: clock.now,
      faults: { ...faults(8), rate: 0.3, kinds: ['reset-after', 'truncated', 'garbage'] },
    });
    const rows = Array.from({ length: 40 }, (_, id) => record('accounts', { id, name: `Account ${id}` }));
    const streams = [{ stream: 'accounts', object: 'account', mode: 'append' }];
    const program = await runInProcess(
      'write',
      { config: configFor(sandbox, { streams }), catalog: catalogOf('accounts'), clock },
      rows,
    );
    expect(program.code).toBe(0);
    expectUnharmed(program, rows, ['accounts']);
    expect(countsOf(program.summary, 'accounts')).toEqual({ received: 40, created: 40 });
    expect(sandbox.accounts.size).toBe(40);
  },
);
