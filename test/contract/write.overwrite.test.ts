import { expect, test } from 'vitest';
import { BY_REST, configFor, configured, record, state } from '../support/messages.ts';
import { runCommand } from '../support/run-command.ts';
import { openSandbox } from '../support/sandboxes.ts';

const WRITE = ['write', '--config', 'config.json', '--catalog', 'catalog.json'];
const mapped = (name: string, mode: string) => ({
  ...configured(name, { mode, key: 'externalId' }),
  destination_object_name: 'account',
});

test.each([{ tokens: {} }, { tokens: BY_REST }])(
  'a Clear of a mapped connection acknowledges its STATEs and touches nothing ($tokens)',
  async ({ tokens }) => {
    const sandbox = await openSandbox();
    const result = await runCommand(WRITE, {
      config: configFor(sandbox, tokens),
      catalog: { streams: [mapped('a', 'overwrite'), mapped('b', 'overwrite')] },
      stdin: [state('a', 0), state('b', 0)],
    });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.messagesOf('STATE')).toHaveLength(2);
    expect(result.logs.filter((line) => line.startsWith('WARN'))).toHaveLength(2);
    expect(sandbox.requests()).toEqual([]);
  },
);

test.each([{ tokens: {} }, { tokens: BY_REST }])(
  'rows of one end the run at the first, before a request of that stream; others land ($tokens)',
  async ({ tokens }) => {
    const sandbox = await openSandbox();
    const result = await runCommand(WRITE, {
      config: configFor(sandbox, tokens),
      catalog: { streams: [mapped('a', 'append_dedup'), mapped('b', 'overwrite')] },
      stdin: [
        record('a', { externalId: 'a-1', name: 'A' }),
        state('a', 1),
        record('b', { externalId: 'b-1', name: 'B', plan: 'pro' }),
        state('b', 1),
        record('a', { externalId: 'a-2', name: 'A' }),
      ],
    });
    expect(result.code).toBe(1);
    expect(result.failure).toMatch(/^config_error: .*"b" cannot overwrite/);
    expect(result.messagesOf('STATE')).toHaveLength(1);
    await sandbox.settle();
    expect(Object.keys(sandbox.snapshot().accounts)).toEqual(['a-1']);
  },
);
