import { expect, test } from 'vitest';
import { catalogOf, configFor, record, state } from '../../support/messages.ts';
import { countsOf } from '../../support/output.ts';
import { run } from '../../support/program.ts';
import { openSandbox } from '../../support/sandboxes.ts';

/** More than a run reads ahead of what it has settled. */
const MESSAGES = 4_200;

test('thousands of messages wait for the one conversation that comes behind them', async () => {
  const sandbox = await openSandbox();
  sandbox.seed('accounts', [{ externalId: 'a', name: 'A' }]);
  sandbox.seed('users', [{ externalId: 'u', accountIds: ['a'] }]);
  const rows = Array.from({ length: MESSAGES }, (_, id) =>
    record('messages', { id, conversationId: 'c', message: `Message ${id}`, from: 'u', to: 'u' }),
  );
  const lines = [
    ...rows,
    state('messages', 1),
    record('conversations', { id: 'c', subject: 'Long' }),
    state('conversations', 1),
  ];
  const sync = { config: configFor(sandbox), catalog: catalogOf('messages', 'conversations') };
  const program = await run('write', sync, lines);
  expect({ code: program.code, errors: program.errors }).toEqual({ code: 0, errors: [] });
  expect(countsOf(program.summary, 'messages')).toEqual({ received: MESSAGES, created: MESSAGES });
  expect(program.messagesOf('STATE')).toHaveLength(2);
  expect(sandbox.items('messages').size).toBe(MESSAGES);
});
