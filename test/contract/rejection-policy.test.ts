import { expect, test } from 'vitest';
import { catalogOf, configFor, record, state } from '../support/messages.ts';
import { countsOf, statsOf } from '../support/output.ts';
import { runInProcess } from '../support/run-command.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';

const CATALOG = catalogOf('accounts');

function good(id: number): string {
  return record('accounts', { id, name: `Account ${id}` });
}

/** A row that no account can be made of: its key is a list. */
function bad(id: number): string {
  return record('accounts', { id: [id], name: `Account ${id}` });
}

/** 8 good rows, and 2 bad ones as the third and the sixth. */
const TEN_ROWS = [good(0), good(1), bad(2), good(3), good(4), bad(5), good(6), good(7), good(8), good(9)];

test.each([
  { policy: { policy: 'fail_at_end' }, code: 1, errors: ['config_error'] },
  { policy: { policy: 'continue' }, code: 0, errors: [] },
  { policy: { policy: 'continue', max_percent: 20 }, code: 0, errors: [] },
  { policy: { policy: 'continue', max_percent: 19.9 }, code: 1, errors: ['config_error'] },
  { policy: { policy: 'continue', max_percent: 0 }, code: 1, errors: ['config_error'] },
  { policy: undefined, code: 1, errors: ['config_error'] },
])('policy $policy ends with $code', async ({ policy, code, errors }) => {
  const sandbox = await openSandbox();
  const config = configFor(sandbox, { ...(policy && { rejected_records: policy }) });
  const program = await runInProcess('write', { config, catalog: CATALOG }, [
    ...TEN_ROWS,
    state('accounts', 10),
  ]);
  expect(program.code).toBe(code);
  expect(program.errors.map(({ type }) => type)).toEqual(errors);
  expect(program.messagesOf('STATE')).toHaveLength(1);
  expect(statsOf(program.messagesOf('STATE')[0])).toEqual([8, 2]);
  expect(countsOf(program.summary, 'accounts')).toEqual({ received: 10, accepted: 8, rejected: 2 });
  expect(at(program.summary, 'streams', 0, 'rejected_by_code')).toEqual({ bad_key: 2 });
  expect(at(program.summary, 'status')).toBe(code === 0 ? 'succeeded' : 'failed');
  expect(sandbox.accounts.size).toBe(8);
});

test('the log shows ten of a kind, then only counts them', async () => {
  const sandbox = await openSandbox();
  const rows = Array.from({ length: 25 }, (_, id) => bad(id));
  const program = await runInProcess('write', { config: configFor(sandbox), catalog: CATALOG }, rows);
  expect(program.logsOf('WARN')).toHaveLength(10);
  expect(program.errors[0]?.message).toContain('25 of 25 records of stream accounts (25 bad_key)');
});
