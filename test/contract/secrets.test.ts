import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Answering, QUOTES, serverThat } from '../support/hostile-server.ts';
import { configFor, record } from '../support/messages.ts';
import {
  ANALYTICS_TOKEN,
  CATALOG,
  expectSilent,
  planted,
  REST_TOKEN,
  ROWS,
  SECRETS,
  TOKENS,
} from '../support/planted.ts';
import { runInProcess } from '../support/run-command.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test.each([
  { status: 401, via: 'rest' },
  { status: 403, via: 'rest' },
  { status: 401, via: 'analytics' },
  { status: 403, via: 'analytics' },
  { status: 407, via: 'rest' },
  { status: 302, via: 'rest' },
])('an answer $status that quotes row and token stops the run: $via', async ({ status, via }) => {
  const answering: Answering = (said, request) => {
    const quote = QUOTES[request % QUOTES.length]?.(said);
    return quote && { ...quote, status };
  };
  const config = configFor(await serverThat(answering), { ...TOKENS, write_via: via });
  const program = await runInProcess('write', { config, catalog: CATALOG }, ROWS);
  expectSilent(program);
  expect(program.code).toBe(1);
  expect(program.errors.map(({ type }) => type)).toEqual(['config_error']);
  expect(program.messagesOf('STATE')).toEqual([]);
});

test.each([200, 400, 401, 403, 404])(
  'a check that is answered %i with its own token keeps it to itself',
  async (status) => {
    const answering: Answering = (said, request) => {
      const quote = QUOTES[request % QUOTES.length]?.(said);
      return quote && { ...quote, status };
    };
    const program = await runInProcess('check', { config: configFor(await serverThat(answering), TOKENS) });
    expectSilent(program);
    expect(program.code).toBe(0);
    expect(program.messagesOf('CONNECTION_STATUS')).toMatchObject([
      { connectionStatus: { status: 'FAILED' } },
    ]);
  },
);

test('a config that is wrong is told without its values', async () => {
  const sandbox = await openSandbox();
  const config = configFor(sandbox, { ...TOKENS, requests_per_minute: REST_TOKEN, [ANALYTICS_TOKEN]: 1 });
  for (const command of ['check', 'write', 'discover']) {
    const files = command === 'write' ? { config, catalog: CATALOG } : { config };
    const program = await runInProcess(command, files, ROWS);
    expectSilent(program);
    expect(program.lines.length).toBeGreaterThan(0);
  }
});

test('a line that breaks the protocol is told by number, stream and length', async () => {
  const sandbox = await openSandbox();
  const broken = record('accounts', planted('1')).slice(0, -1);
  const program = await runInProcess('write', { config: configFor(sandbox, TOKENS), catalog: CATALOG }, [
    broken,
  ]);
  expectSilent(program);
  expect(program.errors).toMatchObject([{ type: 'system_error' }]);
  expect(program.errors[0]?.message).toContain('line 1 (stream "accounts"');
  expect(program.errors[0]?.message).toContain(`cut off after ${broken.length} characters`);
});

test('a dry run shows the rows in its plan and nowhere else', async () => {
  const sandbox = await openSandbox({ restToken: REST_TOKEN, analyticsToken: ANALYTICS_TOKEN });
  const plan = join(temporaryDirectory(), 'plan.jsonl');
  const flags = ['--dry-run', '--plan', plan];
  const program = await runInProcess(
    'write',
    { config: configFor(sandbox, TOKENS), catalog: CATALOG, flags },
    ROWS,
  );
  expectSilent(program);
  const planned = await readFile(plan, 'utf8');
  expect(planned).toContain('Quixotrope');
  expect(SECRETS.filter((secret) => planned.includes(secret))).toEqual([]);
});
