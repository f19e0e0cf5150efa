import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogOf, configFor, record, state } from '../support/messages.ts';
import { contentOf, countsOf } from '../support/output.ts';
import { runInProcess } from '../support/run-command.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('a dry run plans every row, reads where it must, writes nothing and acknowledges nothing', async () => {
  const sandbox = await openSandbox();
  sandbox.seed('accounts', [{ externalId: '1', name: 'One', traits: { plan: 'free' } }]);
  const before = await contentOf(sandbox);
  const plan = join(temporaryDirectory(), 'plan.jsonl');
  const config = configFor(sandbox, {
    analytics_api_token: undefined,
    rejected_records: { policy: 'continue' },
  });
  const rows = [
    record('accounts', { id: 1, name: 'One', plan: 'pro' }),
    record('accounts', { id: 2, name: 'Two' }),
    record('accounts', { id: null, name: 'Nobody' }),
    state('accounts', 1),
  ];
  const flags = ['--dry-run', '--plan', plan];
  const program = await runInProcess('write', { config, catalog: catalogOf('accounts'), flags }, rows);
  expect(program).toMatchObject({ code: 0, stderr: '' });
  expect(program.messagesOf('STATE')).toEqual([]);
  expect(countsOf(program.summary, 'accounts')).toEqual({ received: 3, created: 1, updated: 1, rejected: 1 });
  const planned = (await readFile(plan, 'utf8')).trimEnd().split('\n');
  const lines: unknown[] = planned.map((line) => JSON.parse(line));
  const byLine = new Map(lines.map((line) => [at(line, 'line'), line]));
  expect(byLine.get(1)).toMatchObject({
    outcome: 'updated',
    request: { method: 'PUT' },
    changes: { 'traits.plan': { from: 'free', to: 'pro' } },
  });
  expect(byLine.get(2)).toMatchObject({
    outcome: 'created',
    request: { method: 'POST', path: '/resources/accounts' },
  });
  expect(byLine.get(3)).toMatchObject({ outcome: 'rejected', rejection: { code: 'missing_key' } });
  expect(await contentOf(sandbox)).toEqual(before);
  expect(sandbox.requests().filter(({ method }) => method !== 'GET')).toEqual([]);
});
