import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/errors/config-error.ts';
import { routeOf } from '../../support/routes.ts';
import { openWorkspace, writeOf } from '../../support/workspace.ts';

const accounts = routeOf('account');
const row = (key: string) => writeOf(key, { name: key });
const ALWAYS = { rate: 1, kinds: ['html-403'], seed: 1 } as const;

test('a row that a firewall refuses is rejected, and the run goes on', async () => {
  const { outcome, sandbox } = await openWorkspace({ settings: { skipUnchanged: false } });
  expect(await outcome(accounts, row('a-1'))).toBe('created');
  for (let turn = 0; turn < 6; turn++) {
    sandbox.setFaults({ ...ALWAYS, limit: 4 });
    // Four in a row, and then one that is taken: again and again.
    for (let index = 0; index < 4; index++) {
      expect(await outcome(accounts, row(`bad-${turn}-${index}`))).toBe('refused');
    }
    expect(await outcome(accounts, row(`good-${turn}`))).toBe('created');
  }
});

test('a row that is looked up through a firewall is rejected as well', async () => {
  const { outcome, sandbox } = await openWorkspace();
  const updates = routeOf('account', { mode: 'update' });
  expect(await outcome(accounts, row('a-1'))).toBe('created');
  // Two pages of the list, and the look-up.
  sandbox.setFaults({ ...ALWAYS, limit: 3 });
  expect(await outcome(updates, row('a-2'))).toBe('refused');
  expect(await outcome(updates, row('a-3'))).toBe('skipped');
});

describe('before anything was answered well', () => {
  test('the row is held until something is', async () => {
    const { outcome, sandbox } = await openWorkspace({ settings: { skipUnchanged: false } });
    sandbox.setFaults({ ...ALWAYS, limit: 1 });
    const first = outcome(accounts, row('a-1'));
    await expect(
      Promise.race([first, new Promise((resolve) => setTimeout(resolve, 100, 'held'))]),
    ).resolves.toBe('held');
    expect(await outcome(accounts, row('a-2'))).toBe('created');
    expect(await first).toBe('refused');
  });

  test('the end of input stops the run', async () => {
    const { write, sandbox, connection } = await openWorkspace();
    sandbox.setFaults(ALWAYS);
    const rows = ['a-1', 'a-2'].map((key) => write(accounts, row(key)));
    connection.endOfInput();
    for (const one of await Promise.allSettled(rows)) {
      expect(one).toMatchObject({ status: 'rejected', reason: expect.any(ConfigError) });
    }
  });

  test('five rows stop the run, and none of them is settled', async () => {
    const { write, sandbox } = await openWorkspace();
    sandbox.setFaults(ALWAYS);
    const rows = ['a-1', 'a-2', 'a-3', 'a-4', 'a-5'].map((key) => write(accounts, row(key)));
    for (const one of await Promise.allSettled(rows)) {
      expect(one).toMatchObject({ status: 'rejected', reason: expect.any(ConfigError) });
    }
  });
});

test('five rows in a row stop a run that went well until then', async () => {
  const { write, outcome, sandbox } = await openWorkspace();
  expect(await outcome(accounts, row('a-0'))).toBe('created');
  sandbox.setFaults(ALWAYS);
  for (const key of ['a-1', 'a-2', 'a-3', 'a-4']) expect(await outcome(accounts, row(key))).toBe('refused');
  await expect(write(accounts, row('a-5'))).rejects.toThrow(/5 rows in a row .* isn't Vitally/);
});

test.each([{ profile: ['rest-off'] }, { profile: ['rest-off', 'message-envelope'] }])(
  "a 403 in Vitally's own words stops the run at once: $profile",
  async ({ profile }) => {
    const { write } = await openWorkspace({ profile });
    await expect(write(accounts, row('a-1'))).rejects.toThrow(/forbids this \(403\)/);
  },
);

test('over the Analytics API, one row of a batch is refused and the others are taken', async () => {
  const { outcome, sandbox } = await openWorkspace();
  const events = routeOf('event');
  sandbox.setFaults({ ...ALWAYS, sequence: ['html-403', 'html-403', 'none'], rate: 0 });
  const rows = Array.from({ length: 20 }, (_, index) =>
    outcome(events, writeOf(`e-${index}`, { event: 'Login', userId: 'u-1' })),
  );
  const outcomes = await Promise.all(rows);
  expect(outcomes.filter((one) => one === 'refused')).toHaveLength(1);
  expect(sandbox.events()).toHaveLength(19);
});
