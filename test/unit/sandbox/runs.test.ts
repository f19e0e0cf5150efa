import { expect, test } from 'vitest';
import { Budget } from '../../../src/sandbox/faults/budget.ts';
import { Runs } from '../../../src/sandbox/http/runs.ts';
import { State } from '../../../src/sandbox/state.ts';
import { changeAccount, createAccount, deleteAccount } from '../../../src/sandbox/store/account.ts';
import { changeUser, createUser } from '../../../src/sandbox/store/user.ts';

const NONE = { created: 0, updated: 0, unchanged: 0, deleted: 0 };

/** A world, and one run after the other that writes to it. */
function writing() {
  const { world, runs } = new State({});
  const write = (client: string, request: number, work: () => void) => {
    const run = runs.of(client, 0);
    world.journal.during({ request, run }, work);
    return run;
  };
  return { world, runs, write };
}

test('a record counts once in a run, by the most that happened to it', () => {
  const { world, write } = writing();
  const account = createAccount(world, 'a');
  const first = write('one (run 1)', 1, () => changeAccount(world, account, { name: 'A' }));
  write('one (run 1)', 2, () => changeAccount(world, account, { name: 'B' }));
  expect(first.counts.get('accounts')).toEqual({ ...NONE, created: 1 });
  const second = write('one (run 2)', 3, () => changeAccount(world, account, { name: 'B' }));
  expect(second.counts.get('accounts')).toEqual({ ...NONE, unchanged: 1 });
  write('one (run 2)', 4, () => changeAccount(world, account, { traits: { plan: 'pro' } }));
  write('one (run 2)', 5, () => changeAccount(world, account, { traits: { plan: 'pro' } }));
  expect(second.counts.get('accounts')).toEqual({ ...NONE, updated: 1 });
  write('one (run 2)', 6, () => deleteAccount(world, account));
  expect(second.counts.get('accounts')).toEqual({ ...NONE, deleted: 1 });
  expect(first.counts.get('accounts')).toEqual({ ...NONE, created: 1 });
  expect(account.outcomes).toEqual([
    { run: 1, outcome: 'created' },
    { run: 2, outcome: 'deleted' },
  ]);
});

test('a change has the old values, the new ones and its request; a seed has none', () => {
  const { world, write } = writing();
  const account = createAccount(world, 'a');
  changeAccount(world, account, { name: 'A', traits: { plan: 'free', seats: 3 } });
  write('one', 7, () => changeAccount(world, account, { name: 'A', traits: { plan: 'pro', seats: null } }));
  expect(account.changes).toMatchObject([
    { request: undefined, fields: [] },
    {
      request: 7,
      fields: [
        { name: 'traits.plan', before: 'free', after: 'pro' },
        { name: 'traits.seats', before: 3, after: null },
      ],
    },
  ]);
});

test('a deleted account leaves its mark on the users that stay', () => {
  const { world, write } = writing();
  const accounts = ['a', 'b'].map((externalId) => createAccount(world, externalId));
  const [gone] = accounts;
  const user = createUser(world, 'u');
  changeUser(world, user, { accountIds: accounts.map(({ id }) => id) });
  const run = write('one', 8, () => {
    if (gone !== undefined) deleteAccount(world, gone);
  });
  expect(user.changes.at(-1)).toMatchObject({ request: 8, fields: [{ name: 'accountIds' }] });
  expect(run.total('deleted')).toBe(1);
  expect(run.total('updated')).toBe(1);
});

test('keeps the last ten changes, and the beginning of long texts', () => {
  const { world } = writing();
  const account = createAccount(world, 'a');
  for (let n = 0; n < 30; n++) changeAccount(world, account, { name: `${n} ${'x'.repeat(5_000)}` });
  expect(account.changes).toHaveLength(10);
  expect(account.changes.at(-1)?.fields).toMatchObject([{ before: `28 ${'x'.repeat(997)}…` }]);
});

test('a client that names its runs is asked; another one begins a run after a pause', () => {
  const runs = new Runs();
  const numbers = [
    ['curl', 0],
    ['destination-vitally (run A)', 0],
    ['curl', 59_000],
    ['destination-vitally (run B)', 60_000],
    ['destination-vitally (run A)', 900_000],
    ['curl', 900_000],
  ] as const;
  expect(numbers.map(([client, at]) => runs.of(client, at).number)).toEqual([1, 2, 1, 3, 2, 4]);
  for (let n = 0; n < 30; n++) runs.of(`other (run ${n})`, 0);
  expect(runs.all()).toHaveLength(20);
  expect(runs.byNumber(1)).toBeUndefined();
  expect(runs.byNumber(34)?.client).toBe('other (run 29)');
});

test('a refused write counts until the record is written after all', () => {
  const run = new Runs().of('one', 0);
  run.reject(['accounts:a', 'accounts:b'], 1, 'no');
  run.accept(['accounts:b', 'accounts:c']);
  expect(run.rejected).toEqual([{ kind: 'accounts', key: 'a', request: 1, reason: 'no' }]);
});

test('the budget has a slice for each five seconds of the last five minutes', () => {
  const budget = new Budget();
  budget.note({ allowed: true, remaining: 9, resetMs: 0 }, 1_000);
  budget.note({ allowed: true, remaining: 8, resetMs: 0 }, 301_000);
  budget.note({ allowed: false, remaining: 3, resetMs: 0 }, 302_000);
  const slices = budget.recent(304_000);
  expect(slices).toHaveLength(60);
  expect(slices.filter((slice) => slice !== undefined)).toEqual([
    { at: 60, remaining: 3, requests: 2, throttled: 1 },
  ]);
});
