import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { BY_REST, catalogOf, configFor, record, state, streamStatus } from '../support/messages.ts';
import { cursorOf, cursorsOf, statsOf } from '../support/output.ts';
import { type Result, runCommand, startCommand } from '../support/run-command.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const WRITE = ['write', '--config', 'config.json', '--catalog', 'catalog.json'];
const APIS = [
  { apis: 'REST alone', overrides: BY_REST },
  { apis: 'both APIs', overrides: {} },
];
const LINKS = { stream: 'links', object: 'user_account', sync_key: ['user_id', 'account_id'] };
const DATE = '2026-01-02T03:04:05Z';

afterEach(() => {
  vi.unstubAllEnvs();
});

function note(id: string, account_id: string, text = 'N'): string {
  return record('notes', { id, account_id, subject: 'S', note: text, note_date: DATE });
}

/** STATEs of a stream with their counts of rejected records, as they left. */
function statesOf(output: Result, stream: string): unknown[] {
  return output
    .messagesOf('STATE')
    .filter((message) => cursorOf(message).stream === stream)
    .map((message) => [cursorOf(message).cursor, statsOf(message)[1]]);
}

describe.each(APIS)('by $apis', ({ overrides }) => {
  test('9,000 links before 3,000 users before their accounts land, with lists rather than look-ups', async () => {
    const [links, users, accounts] = [9_000, 3_000, 300];
    const input: string[] = [];
    for (let index = 0; index < links; index++) {
      const data = { user_id: `u-${index % users}`, account_id: `a-${(index * 7) % accounts}` };
      input.push(record('links', data));
      if (index % 500 === 499) input.push(state('links', index));
    }
    for (let index = 0; index < users; index++) {
      const data = { id: `u-${index}`, email: `u-${index}@x.io`, account_id: `a-${index % accounts}` };
      input.push(record('users', data));
      if (index % 500 === 499) input.push(state('users', index));
    }
    for (let index = 0; index < accounts; index++)
      input.push(record('accounts', { id: `a-${index}`, name: 'A' }));
    input.push(state('accounts', accounts));
    const sandbox = await openSandbox();
    const result = await runCommand(WRITE, {
      config: configFor(sandbox, { ...overrides, streams: [LINKS] }),
      catalog: catalogOf('links', 'users', 'accounts'),
      stdin: input,
    });
    expect(result.failure).toBeUndefined();
    for (const stream of ['links', 'users', 'accounts'])
      expect(cursorsOf(result.linesOf('STATE'), stream)).toEqual(cursorsOf(input, stream));
    await sandbox.settle();
    const snapshot = sandbox.snapshot();
    for (let index = 0; index < links; index++) {
      const held = at(snapshot, 'users', `u-${index % users}`, 'accounts');
      expect(held).toContain(`a-${(index * 7) % accounts}`);
    }
    const requests = sandbox.requests().filter(({ api }) => api === 'rest').length;
    // Two writes of each user, one of each account, and lists: a look-up of each parent alone would be as many again.
    expect(requests).toBeLessThan(2 * users + accounts + 150);
  }, 120_000);

  test('rows that name a user by e-mail before it comes wait for it', async () => {
    const sandbox = await openSandbox();
    const email = (index: number): string => (index % 2 === 0 ? `u-${index}@x.io` : `U-${index}@X.IO`);
    const input: string[] = [];
    for (let index = 0; index < 4; index++) {
      input.push(
        record('nps', { id: `n-${index}`, user_email: email(index), responded_at: DATE, score: 9 }),
        record('messages', {
          id: `m-${index}`,
          conversation_id: 'c-0',
          message: 'Hi',
          from: email(index),
          to: email(index),
        }),
        record('links', { user_id: email(index), account_id: 'a-1' }),
        record('meetings', { id: `k-${index}`, title: 'Kick-off', participants: [email(index)] }),
      );
    }
    for (const stream of ['nps', 'messages', 'links', 'meetings']) input.push(state(stream, 1));
    input.push(record('conversations', { id: 'c-0', subject: 'Plans' }), state('conversations', 1));
    for (let index = 0; index < 4; index++) {
      input.push(record('users', { id: `u-${index}`, email: `u-${index}@x.io`, account_id: 'a-0' }));
    }
    input.push(state('users', 1));
    input.push(record('accounts', { id: 'a-0', name: 'A' }), record('accounts', { id: 'a-1', name: 'B' }));
    const streams = ['nps', 'messages', 'links', 'meetings', 'conversations', 'users', 'accounts'];
    const result = await runCommand(WRITE, {
      config: configFor(sandbox, { ...overrides, streams: [LINKS] }),
      catalog: catalogOf(...streams),
      stdin: input,
    });
    expect(result.failure).toBeUndefined();
    expect(at(result.summary, 'streams')).toEqual(
      streams.map((stream) => expect.objectContaining({ stream, rejected: 0 })),
    );
    expect(result.messagesOf('STATE')).toHaveLength(6);
    await sandbox.settle();
    const snapshot = sandbox.snapshot();
    for (let index = 0; index < 4; index++) {
      expect(at(snapshot, 'users', `u-${index}`, 'accounts')).toContain('a-1');
      for (const [kind, key] of [
        ['npsResponses', 'n'],
        ['messages', 'm'],
        ['meetings', 'k'],
      ] as const)
        expect([kind, at(snapshot, kind, `${key}-${index}`)]).toEqual([kind, expect.anything()]);
    }
  });
});

describe('an orphan is rejected', () => {
  test.each(['COMPLETE', 'INCOMPLETE'])(
    'once the streams of its parent all are %s, not at the end of input',
    async (status) => {
      const sandbox = await openSandbox();
      const stdin = new PassThrough();
      const send = (...lines: readonly string[]): void => {
        for (const line of lines) stdin.write(`${line}\n`);
      };
      const routes = [
        { stream: 'crm', object: 'account' },
        { stream: 'billing', object: 'account' },
      ];
      const { output, ended } = startCommand(WRITE, {
        config: configFor(sandbox, { ...BY_REST, streams: routes }),
        catalog: catalogOf('notes', 'crm', 'billing'),
        stdin,
      });
      const has = (stream: string, cursor: number): Promise<void> =>
        output.until(({ lines }) => cursorsOf(lines, stream).includes(cursor));
      send(note('n-0', 'a-0'), note('n-1', 'nowhere'), state('notes', 1));
      send(record('crm', { id: 'a-1', name: 'A' }), state('crm', 1), streamStatus('crm', status));
      await has('crm', 1);
      expect(statesOf(output, 'notes')).toEqual([]);
      send(record('billing', { id: 'a-0', name: 'B' }), state('billing', 1));
      await has('billing', 1);
      expect(statesOf(output, 'notes')).toEqual([]);
      send(streamStatus('billing', status));
      // The input has not ended.
      await has('notes', 1);
      stdin.end();
      await ended;
      expect(statesOf(output, 'notes')).toEqual([[1, 1]]);
      expect(at(sandbox.snapshot(), 'notes', 'n-0')).toBeDefined();
    },
  );

  test('where memory is full and there is no file, with the true reason; what is behind it does not overtake it', async () => {
    const cwd = temporaryDirectory();
    const blocked = join(cwd, 'blocked');
    await writeFile(blocked, '');
    const sandbox = await openSandbox();
    const notes = 40;
    sandbox.seed('accounts', [{ externalId: 'old', name: 'O' }]);
    const accountId = String(sandbox.accounts.byExternalId('old')?.id);
    sandbox.seed(
      'notes',
      Array.from({ length: notes }, (_, index) => ({
        externalId: `n-${index}`,
        accountId,
        subject: 'before',
        note: 'before',
        noteDate: DATE,
      })),
    );
    vi.stubEnv('TMPDIR', blocked);
    const text = 'x'.repeat(100_000);
    const input: string[] = [];
    for (let index = 0; index < notes; index++) {
      input.push(note(`n-${index}`, 'late', text), state('notes', index));
    }
    // A later row of the keys that wait, and of those that were refused.
    for (let index = 0; index < notes; index++)
      input.push(record('notes', { id: `n-${index}`, subject: 'later', note: text }));
    input.push(state('notes', notes), record('accounts', { id: 'late', name: 'L' }), state('accounts', 1));
    const result = await runCommand(WRITE, {
      config: configFor(sandbox, BY_REST),
      catalog: catalogOf('notes', 'accounts'),
      stdin: input,
      cwd,
    });
    const rejected = Number(at(at(result.summary, 'streams'), '0', 'rejected'));
    expect(rejected).toBeGreaterThan(0);
    expect(at(at(result.summary, 'streams'), '0', 'rejected_by_code')).toEqual({
      unknown_association: rejected,
    });
    const warnings = result.logs.filter((line) => line.startsWith('WARN'));
    expect(warnings.filter((line) => line.includes('temporary file (ENOTDIR'))).toHaveLength(1);
    expect(warnings.join(' ')).toContain(
      "by Vitally's. It may still come in this run, but the rows that wait",
    );
    expect(cursorsOf(result.linesOf('STATE'), 'notes')).toEqual(cursorsOf(input, 'notes'));
    const counted = statesOf(result, 'notes').map((one) => Number(at(one, '1')));
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(rejected);
    // The later row stands alone: it lands whether or not the one before it was refused, and after it.
    const snapshot = sandbox.snapshot();
    for (let index = 0; index < notes; index++)
      expect([index, at(snapshot, 'notes', `n-${index}`, 'subject')]).toEqual([index, 'later']);
  });
});

test('SIGTERM while rows wait in their file: the run ends, counts them, and acknowledges nothing early', async () => {
  const sandbox = await openSandbox();
  const stdin = new PassThrough();
  let send: ((signal: 'SIGTERM') => void) | undefined;
  const { output, ended } = startCommand(WRITE, {
    config: configFor(sandbox, BY_REST),
    catalog: catalogOf('notes', 'accounts'),
    stdin,
    onSignal: (handler) => {
      send = handler;
      return () => {};
    },
  });
  const text = 'x'.repeat(100_000);
  for (let index = 0; index < 60; index++) stdin.write(`${note(`n-${index}`, 'late', text)}\n`);
  for (const line of [state('notes', 1), record('accounts', { id: 'a', name: 'A' }), state('accounts', 1)])
    stdin.write(`${line}\n`);
  await output.until((one) => one.messagesOf('STATE').length > 0);
  send?.('SIGTERM');
  expect((await ended).code).toBe(143);
  expect(statesOf(output, 'notes')).toEqual([]);
  expect(statesOf(output, 'accounts')).toEqual([[1, 0]]);
  expect(output.lines.join('')).toContain(
    '60 records before it have no outcome yet: rows wait for a parent (account)',
  );
  expect(output.lines.join('')).toContain('\\"unsettled\\":60');
  expect(Object.keys(at(sandbox.snapshot(), 'notes') ?? {})).toEqual([]);
});
