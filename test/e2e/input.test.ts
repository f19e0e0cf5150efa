import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { catalogOf, configFor, record, state } from '../support/messages.ts';
import { contentOf } from '../support/output.ts';
import { start } from '../support/program.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';

const CATALOG = catalogOf('accounts');
function account(id: string | number, more: object = {}): string {
  return record('accounts', { id, name: `Account ${id}`, ...more });
}

const ONE_EACH = [account('é1'), account('2😀'), state('accounts', 'ü')];

test.each([
  ['LF', `${ONE_EACH.join('\n')}\n`],
  ['CRLF', `${ONE_EACH.join('\r\n')}\r\n`],
  ['no line end at the end', ONE_EACH.join('\n')],
  ['blank lines', `\n\n  \n${ONE_EACH.join('\n\n\t\n')}\n\n`],
  ['a byte order mark', `\uFEFF${ONE_EACH.join('\n')}\n`],
  ['blanks around', ONE_EACH.map((line) => `  ${line}\t \n`).join('')],
])('lines are told apart: %s', async (_, text) => {
  const sandbox = await openSandbox();
  const program = await start('write', { config: configFor(sandbox), catalog: CATALOG });
  await program.write(text);
  program.closeInput();
  expect(await program.ended).toEqual({ code: 0, signal: null });
  expect(program.logsOf('WARN')).toEqual([]);
  expect(program.messagesOf('STATE')).toHaveLength(1);
  expect(Object.keys((await contentOf(sandbox)).accounts).sort()).toEqual(['2😀', 'é1']);
});

test.each([1, 2, 3, 7])('characters of several bytes survive chunks of %i bytes', async (chunkBytes) => {
  const sandbox = await openSandbox();
  const program = await start('write', { config: configFor(sandbox), catalog: CATALOG });
  const bytes = Buffer.from(
    `${account('żółw', { emoji: '👩‍👩‍👧', han: '漢字' })}\n${state('accounts', '漢')}\n`,
  );
  for (let from = 0; from < bytes.length; from += chunkBytes) {
    await program.write(bytes.subarray(from, from + chunkBytes));
    await setImmediate();
  }
  program.closeInput();
  expect(await program.ended).toEqual({ code: 0, signal: null });
  const { accounts } = await contentOf(sandbox);
  expect(at(accounts, 'żółw', 'traits')).toEqual({ emoji: '👩‍👩‍👧', han: '漢字' });
  expect(program.linesOf('STATE')[0]).toContain('"漢"');
});
