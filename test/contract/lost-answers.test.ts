import { expect, test } from 'vitest';
import { catalogOf, configFor, configured, record, state } from '../support/messages.ts';
import { countsOf } from '../support/output.ts';
import { runInProcess } from '../support/run-command.ts';
import { openSandbox } from '../support/sandboxes.ts';

/** Every answer to a POST of an account is a firewall's page. */
const BLOCKED = { rate: 1, kinds: ['html-403'], seed: 1, paths: /^\/resources\/accounts/ } as const;

test('a firewall that answers nothing else stops the run at the end of input: no row is settled, no STATE leaves', async () => {
  const sandbox = await openSandbox({ faults: BLOCKED });
  const streams = [{ stream: 'accounts', object: 'account', mode: 'update' }];
  const program = await runInProcess(
    'write',
    { config: configFor(sandbox, { streams }), catalog: catalogOf(configured('accounts')) },
    [record('accounts', { id: 'a-1', name: 'A' }), state('accounts', 1)],
  );
  expect(program.code).toBe(1);
  expect(program.errors).toMatchObject([{ type: 'config_error' }]);
  expect(program.errors[0]?.message).toContain('firewall');
  expect(program.messagesOf('STATE')).toEqual([]);
  expect(countsOf(program.summary, 'accounts')).toEqual({ received: 1, unsettled: 1 });
});

test('one row that a firewall refuses is rejected, everything else is written and acknowledged', async () => {
  const sandbox = await openSandbox({
    faults: { ...BLOCKED, paths: /^\/resources\/accounts$/, sequence: ['none', 'html-403'], rate: 0 },
  });
  const config = configFor(sandbox, {
    analytics_api_token: undefined,
    streams: [{ stream: 'accounts', object: 'account' }],
    rejected_records: { policy: 'continue' },
  });
  const rows = Array.from({ length: 10 }, (_, index) => record('accounts', { id: `a-${index}`, name: 'A' }));
  const program = await runInProcess('write', { config, catalog: catalogOf(configured('accounts')) }, [
    ...rows,
    state('accounts', 10),
  ]);
  expect(program.code).toBe(0);
  expect(countsOf(program.summary, 'accounts')).toMatchObject({ received: 10, rejected: 1 });
  expect(program.messagesOf('STATE')).toHaveLength(1);
  expect(sandbox.accounts.size).toBe(9);
});
