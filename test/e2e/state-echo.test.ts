import { expect, test } from 'vitest';
import { catalogOf, configFor, record, state } from '../support/messages.ts';
import { cursorOf, statsOf } from '../support/output.ts';
import { start } from '../support/program.ts';
import { openSandbox } from '../support/sandboxes.ts';

/** A part-filled batch waits 1 s at most; the rest is for a machine under load. */
const SOON_MS = 3_000;

test('a STATE of a stream that the catalog lacks waits for all records before it, and counts none', async () => {
  const sandbox = await openSandbox();
  sandbox.stall();
  const files = { config: configFor(sandbox), catalog: catalogOf('accounts') };
  const program = await start('write', files);
  await program.feed([record('accounts', { id: 1, name: 'One' }), state('strange', 2), state('accounts', 1)]);
  program.closeInput();
  await expect.poll(() => sandbox.requests().length).toBeGreaterThan(0);
  expect(program.linesOf('STATE')).toEqual([]);
  sandbox.release();
  expect(await program.ended).toEqual({ code: 0, signal: null });
  const counts = new Map(program.messagesOf('STATE').map((one) => [cursorOf(one).stream, statsOf(one)]));
  expect(counts).toEqual(
    new Map([
      ['strange', [0, 0]],
      ['accounts', [1, 0]],
    ]),
  );
});

test.each(['rest', 'analytics'])('a STATE is acknowledged while stdin stays open: %s', async (via) => {
  const sandbox = await openSandbox();
  const config = configFor(sandbox, { write_via: via });
  const program = await start('write', { config, catalog: catalogOf('accounts') });
  for (let round = 1; round <= 3; round++) {
    const fedAt = Date.now();
    await program.feed([record('accounts', { id: round, name: 'One' }), state('accounts', round)]);
    await program.until((one) => one.messagesOf('STATE').length === round);
    // The first round waits for the program to start.
    if (round > 1) expect(Date.now() - fedAt).toBeLessThan(SOON_MS);
  }
  program.closeInput();
  expect(await program.ended).toEqual({ code: 0, signal: null });
});

test('a part-filled batch is sent without a STATE or an end of input', async () => {
  const sandbox = await openSandbox();
  const program = await start('write', { config: configFor(sandbox), catalog: catalogOf('accounts') });
  await program.feed([record('accounts', { id: 1, name: 'One' })]);
  await expect.poll(() => sandbox.accounts.size, { timeout: 20_000 }).toBe(1);
  await program.feed([record('accounts', { id: 2, name: 'Two' })]);
  await expect.poll(() => sandbox.accounts.size, { timeout: SOON_MS }).toBe(2);
});
