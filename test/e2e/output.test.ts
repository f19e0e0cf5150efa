import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { catalogOf, configFor, record, state } from '../support/messages.ts';
import { cursorOf } from '../support/output.ts';
import { start } from '../support/program.ts';
import { openSandbox } from '../support/sandboxes.ts';

/** STATEs of this many together are far beyond what a pipe holds. */
const STATES = 400;
/** Far less than a run may take to settle what is on the wire: nobody is left to tell. */
const PROMPT_MS = 9_000;
const FILLING = 'state '.repeat(400);

function* rowsWithLargeStates(count: number): Generator<string> {
  for (let id = 1; id <= count; id++) {
    yield record('accounts', { id: id % 7, name: `Account ${id}` });
    yield state('accounts', { id, FILLING });
  }
}

test.each(['rest', 'analytics'])(
  'a closed stdout ends the program, without a word on stderr: %s',
  async (via) => {
    const sandbox = await openSandbox({ latencyMs: 5 });
    const config = configFor(sandbox, { write_via: via });
    const program = await start('write', { config, catalog: catalogOf('accounts') });
    const fed = program.feed(rowsWithLargeStates(100_000));
    await program.until((one) => one.messagesOf('STATE').length >= 3);
    program.closeOutput();
    const closedAt = Date.now();
    const { code, signal } = await program.ended;
    expect(Date.now() - closedAt).toBeLessThan(PROMPT_MS);
    await fed;
    expect({ signal, stderr: program.stderr }).toEqual({ signal: null, stderr: '' });
    expect(code).not.toBe(0);
  },
);

test('a stdout that is closed before anything was printed ends the program too', async () => {
  const sandbox = await openSandbox();
  const program = await start('write', { config: configFor(sandbox), catalog: catalogOf('accounts') });
  program.closeOutput();
  const fed = program.feed(rowsWithLargeStates(1_000));
  const { code, signal } = await program.ended;
  await fed;
  expect({ signal, stderr: program.stderr }).toEqual({ signal: null, stderr: '' });
  expect(code).not.toBe(0);
});

test('a reader that falls behind holds the program up and loses nothing', async () => {
  const sandbox = await openSandbox();
  const program = await start('write', { config: configFor(sandbox), catalog: catalogOf('accounts') });
  await program.feed(rowsWithLargeStates(1));
  await program.until((one) => one.messagesOf('STATE').length === 1);
  program.pauseReading();
  const rest = [...rowsWithLargeStates(STATES)].slice(2);
  const fed = program.feed(rest).then(() => program.closeInput());
  await sleep(2_000);
  expect(program.hasEnded).toBe(false);
  program.resumeReading();
  await fed;
  expect(await program.ended).toEqual({ code: 0, signal: null });
  const cursors = program.messagesOf('STATE').map((message) => cursorOf(message).cursor);
  expect(cursors).toEqual(Array.from({ length: STATES }, (_, index) => ({ id: index + 1, FILLING })));
});
