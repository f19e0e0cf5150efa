import { expect, test } from 'vitest';
import { BY_REST, catalogOf, configFor, configured, record } from '../support/messages.ts';
import { runInProcess } from '../support/run-command.ts';
import { openSandbox } from '../support/sandboxes.ts';

const overviewIn = (logs: readonly string[]) =>
  logs.filter((line) => line.startsWith('INFO columns of stream'));

test('an excluded column that the object could not take is shown as such', async () => {
  const sandbox = await openSandbox();
  const result = await runInProcess(
    'write',
    {
      config: configFor(sandbox, {
        ...BY_REST,
        streams: [{ stream: 'talks', object: 'conversation', exclude: ['account_id'] }],
      }),
      catalog: catalogOf(configured('talks', { columns: ['id', 'subject', 'account_id'] })),
    },
    [record('talks', { id: 1, subject: 'A', account_id: 'a' })],
  );
  expect(overviewIn(result.logs)).toEqual([expect.stringContaining('"account_id" → excluded')]);
});

test('thousands of columns with long names are one line of bounded length', async () => {
  const sandbox = await openSandbox();
  const columns = ['id', ...Array.from({ length: 5_000 }, (_, n) => `${'long'.repeat(200)}${n}`)];
  const result = await runInProcess(
    'write',
    { config: configFor(sandbox, BY_REST), catalog: catalogOf(configured('accounts', { columns })) },
    [record('accounts', { id: 1, name: 'A' })],
  );
  const [line = ''] = overviewIn(result.logs);
  expect(line).toMatch(/ \d{4} more$/);
  expect(line.length).toBeLessThan(31_000);
});
