import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Answering, QUOTES, serverThat } from '../support/hostile-server.ts';
import { configFor } from '../support/messages.ts';
import { countsOf } from '../support/output.ts';
import { CATALOG, expectSilent, ROWS, SECRETS, TOKENS } from '../support/planted.ts';
import { run } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** A few failures that pass, then refusals, each in another way of quoting. */
const quotingRefusals: Answering = (said, request) => {
  const quote = QUOTES[request % QUOTES.length]?.(said) ?? { type: 'text/plain', text: '' };
  if (request === 1) return undefined;
  if (request < 4)
    return { ...quote, status: request === 2 ? 500 : 200, type: 'text/plain', text: `no ${quote.text}` };
  return { ...quote, status: request % 3 === 0 ? 422 : 400 };
};

test.each([
  { via: 'rest', policy: 'continue' },
  { via: 'analytics', policy: 'continue' },
  { via: 'rest', policy: 'fail_at_end' },
  { via: 'analytics', policy: 'fail_fast' },
])('refusals that quote row and token stay in the store: $via, $policy', async ({ via, policy }) => {
  const directory = temporaryDirectory();
  const config = configFor(await serverThat(quotingRefusals), {
    ...TOKENS,
    write_via: via,
    rejected_records: { policy },
    object_storage_config: { storage_type: 'Local', directory },
    streams: [{ stream: 'users', object: 'user', unknown_accounts: 'create' }],
  });
  const env = { WORKER_JOB_ID: 'job' };
  const program = await run('write', { config, catalog: CATALOG, env }, ROWS);
  expectSilent(program);
  expect(program.code).toBe(policy === 'continue' ? 0 : 1);
  if (policy === 'fail_fast') return;
  expect(program.messagesOf('STATE')).toHaveLength(2);
  expect(countsOf(program.summary, 'accounts')).toEqual({ received: 14, rejected: 14 });
  const kept = await readFile(join(directory, 'job', 'accounts.jsonl'), 'utf8');
  expect(kept).toContain('Quixotrope');
  expect(SECRETS.filter((secret) => kept.includes(secret))).toEqual([]);
  // An address that serves as key is masked.
  expect(program.logsOf('WARN').join('\n')).toContain('m***@example.com');
});
