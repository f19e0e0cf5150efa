import { expect, test } from 'vitest';
import { catalogOf, configFor, record, state } from '../support/messages.ts';
import { runCommand } from '../support/run-command.ts';
import { openWorkspace } from '../support/workspace.ts';

async function sync(sandbox: Parameters<typeof configFor>[0], rows: readonly string[], config: object = {}) {
  return await runCommand(['write', '--config', 'config.json', '--catalog', 'catalog.json'], {
    config: configFor(sandbox, config),
    catalog: catalogOf('accounts'),
    stdin: rows,
  });
}

function accounts(count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    record('accounts', { id: `a-${index}`, name: `Account ${index}`, plan: 'pro' }),
  );
}

test.each(['sample', 'all'])('%s: what Vitally shows as it was sent is verified', async (scope) => {
  const { sandbox } = await openWorkspace();
  const result = await sync(sandbox, [...accounts(3), state('accounts', 1)], { verify_accepted: scope });
  expect(result.code).toBe(0);
  expect(result.summary).toMatchObject({
    streams: [{ accepted: 3, verified: 3, not_shown: 0, differs: 0, reads: { verify: 1 } }],
  });
});
