import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogOf, configFor, record, state } from '../support/messages.ts';
import { countsOf, cursorOf, imbalance } from '../support/output.ts';
import { start } from '../support/program.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Below the 8 s that what is on the wire may take: with a server that answers, nobody waits that long. */
const PROMPT_MS = 7_000;
/** A platform kills what still runs after this. */
const GRACE_MS = 10_000;

function accountRow(id: number): string {
  return record('accounts', { id, name: `Account ${id}` });
}

function* rowsWithStates(rows: number, rowsPerState: number): Generator<string> {
  for (let id = 1; id <= rows; id++) {
    yield accountRow(id);
    if (id % rowsPerState === 0) yield state('accounts', id);
  }
}

test.each([
  { signal: 'SIGTERM', via: 'rest', code: 143 },
  { signal: 'SIGINT', via: 'rest', code: 130 },
  { signal: 'SIGTERM', via: 'analytics', code: 143 },
] as const)(
  '$signal during a write by $via: what is on the wire is settled and acknowledged, exit $code',
  async ({ signal, via, code }) => {
    const sandbox = await openSandbox({ latencyMs: 150 });
    const config = configFor(sandbox, { write_via: via });
    const program = await start('write', { config, catalog: catalogOf('accounts') });
    const fed = program.feed(rowsWithStates(20_000, 5));
    await program.until((one) => one.messagesOf('STATE').length >= 2);
    const signalledAt = Date.now();
    program.kill(signal);
    expect(await program.ended).toEqual({ code, signal: null });
    expect(Date.now() - signalledAt).toBeLessThan(PROMPT_MS);
    await fed;

    expect(program.stderr).toBe('');
    expect(program.errors).toEqual([]);
    const cursors = program.messagesOf('STATE').map((message) => Number(cursorOf(message).cursor));
    expect(cursors).toEqual(cursors.map((_, index) => (index + 1) * 5));
    const acknowledged = cursors.at(-1) ?? 0;
    const there = new Set(Object.keys(sandbox.snapshot().accounts));
    expect(
      Array.from({ length: acknowledged }, (_, index) => String(index + 1)).filter((id) => !there.has(id)),
    ).toEqual([]);
    const { unsettled = 0, received = 0, ...outcomes } = countsOf(program.summary, 'accounts');
    expect(imbalance(program.summary, 'accounts')).toBe(0);
    expect(unsettled).toBeGreaterThan(0);
    // What Vitally answered for is counted, neither more nor less.
    expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(there.size);
    expect(received).toBe(there.size + unsettled);
  },
);

test('SIGTERM while stdin is open and nothing comes: exit 143 at once', async () => {
  const sandbox = await openSandbox();
  const program = await start('write', { config: configFor(sandbox), catalog: catalogOf('accounts') });
  await program.feed([accountRow(1), state('accounts', 1)]);
  await program.until((one) => one.messagesOf('STATE').length === 1);
  const signalledAt = Date.now();
  program.kill('SIGTERM');
  expect(await program.ended).toEqual({ code: 143, signal: null });
  expect(Date.now() - signalledAt).toBeLessThan(PROMPT_MS);
  expect(countsOf(program.summary, 'accounts')).toEqual({ received: 1, accepted: 1 });
});

test('SIGTERM while the server answers nothing: exit 143 within the grace, nothing acknowledged', async () => {
  const sandbox = await openSandbox();
  sandbox.stall();
  const config = configFor(sandbox, { write_via: 'rest' });
  const program = await start('write', { config, catalog: catalogOf('accounts') });
  await program.feed([accountRow(1), state('accounts', 1)]);
  await expect.poll(() => sandbox.requests().length, { timeout: 20_000 }).toBe(1);
  const signalledAt = Date.now();
  program.kill('SIGTERM');
  expect(await program.ended).toEqual({ code: 143, signal: null });
  expect(Date.now() - signalledAt).toBeLessThan(GRACE_MS);
  expect(program.messagesOf('STATE')).toEqual([]);
  expect(countsOf(program.summary, 'accounts')).toEqual({ received: 1, unsettled: 1 });
});

test('SIGTERM while the question for the traits has no answer: exit 143 at once, the row unsettled', async () => {
  const sandbox = await openSandbox();
  sandbox.stall();
  const config = configFor(sandbox, { write_via: 'rest' });
  const program = await start('write', { config, catalog: catalogOf('accounts') });
  await program.feed([record('accounts', { id: 1, name: 'A', plan_level: 'gold' }), state('accounts', 1)]);
  await expect
    .poll(() => sandbox.requests().map(({ path }) => path), { timeout: 20_000 })
    .toEqual([expect.stringContaining('customFields')]);
  const signalledAt = Date.now();
  program.kill('SIGTERM');
  expect(await program.ended).toEqual({ code: 143, signal: null });
  expect(Date.now() - signalledAt).toBeLessThan(PROMPT_MS);
  expect(program.messagesOf('STATE')).toEqual([]);
  expect(countsOf(program.summary, 'accounts')).toEqual({ received: 1, unsettled: 1 });
});

test('SIGTERM while nobody takes the output: exit 143 all the same, before the platform kills', async () => {
  const sandbox = await openSandbox();
  const program = await start('write', {
    config: configFor(sandbox, { write_via: 'rest' }),
    catalog: catalogOf('accounts'),
  });
  await program.feed([accountRow(1), state('accounts', 1)]);
  await program.until((one) => one.messagesOf('STATE').length === 1);
  program.pauseReading();
  // More than a pipe and both ends' buffers hold.
  await program.feed(Array.from({ length: 300 }, () => state('accounts', 'x'.repeat(10_000))));
  await new Promise((resolve) => setTimeout(resolve, 500));
  const signalledAt = Date.now();
  program.kill('SIGTERM');
  const exited = await program.exited;
  expect(Date.now() - signalledAt).toBeLessThan(GRACE_MS + 500);
  program.resumeReading();
  expect(exited).toBe(143);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s during a check that waits: death by the signal',
  async (signal) => {
    const sandbox = await openSandbox();
    sandbox.stall();
    const program = await start('check', { config: configFor(sandbox) });
    await expect.poll(() => sandbox.requests().length, { timeout: 20_000 }).toBeGreaterThan(0);
    program.kill(signal);
    expect(await program.ended).toEqual({ code: null, signal });
    expect({ lines: program.lines, stderr: program.stderr }).toEqual({ lines: [], stderr: '' });
  },
);

test('SIGTERM during a discover that waits for its config: death by the signal', async () => {
  const config = join(temporaryDirectory(), 'config.json');
  execFileSync('mkfifo', [config]);
  const program = await start('discover', { flags: ['--config', config] });
  // The program has no way to say that it has begun to wait; the signal ends it before that as well.
  await new Promise((resolve) => setTimeout(resolve, 500));
  program.kill('SIGTERM');
  expect(await program.ended).toEqual({ code: null, signal: 'SIGTERM' });
});
