import { describe, expect, test } from 'vitest';
import { BY_REST, catalogOf, configFor, record } from '../support/messages.ts';
import { runCommand } from '../support/run-command.ts';
import { openSandbox } from '../support/sandboxes.ts';

const WRITE = ['write', '--config', 'config.json', '--catalog', 'catalog.json'];

function message(id: string, from: string, more: object = {}): string {
  return record('messages', { id, conversation_id: 'c-1', message: id, from, to: 'u-1', ...more });
}

const PARENTS = [
  record('conversations', { id: 'c-1', subject: 'Plans' }),
  record('accounts', { id: 'a-1', name: 'Acme' }),
  record('users', { id: 'u-1', account_id: 'a-1' }),
  record('users', { id: 'u-2', account_id: 'a-1' }),
];

async function run(stdin: readonly string[]) {
  const sandbox = await openSandbox();
  const result = await runCommand(WRITE, {
    config: configFor(sandbox, BY_REST),
    catalog: catalogOf('messages', 'conversations', 'users', 'accounts'),
    stdin,
  });
  return { result, sandbox, messages: sandbox.snapshot().messages ?? {} };
}

describe('messages that come before everything they name', () => {
  test('wait together, and take one PUT once it is there', async () => {
    const rows = Array.from({ length: 50 }, (_, index) =>
      message(`m-${index}`, index % 2 === 0 ? 'u-1' : 'u-2'),
    );
    const { result, sandbox, messages } = await run([...rows, ...PARENTS]);
    expect(result.failure).toBeUndefined();
    expect(Object.keys(messages)).toHaveLength(50);
    expect(result.summary).toMatchObject({
      streams: [{ object: 'message', received: 50, created: 50 }, {}, {}, {}],
    });
    const puts = sandbox.requests().filter(({ method }) => method === 'PUT');
    expect(puts.length).toBeLessThanOrEqual(2);
  });

  test('one whose user never comes is rejected alone', async () => {
    const rows = [message('m-1', 'u-9'), message('m-2', 'u-1'), message('m-3', 'u-2')];
    const { result, messages } = await run([...rows, ...PARENTS]);
    expect(Object.keys(messages)).toEqual(['m-2', 'm-3']);
    expect(result.summary).toMatchObject({
      streams: [
        { received: 3, created: 2, rejected: 1, rejected_by_code: { unknown_association: 1 } },
        {},
        {},
        {},
      ],
    });
  });

  test('of two rows of one key the bad one does not take the other down', async () => {
    const rows = [message('m-1', 'u-9'), message('m-1', 'u-1', { cc: 'u-2' })];
    const { result, messages } = await run([...rows, ...PARENTS]);
    expect(messages).toMatchObject({ 'm-1': { from: { type: 'user', id: 'u-1' } } });
    expect(result.summary).toMatchObject({ streams: [{ received: 2 }, {}, {}, {}] });
  });

  test.each([
    { order: 'before their parents', stdin: (rows: string[]) => [...rows, ...PARENTS] },
    { order: 'after them', stdin: (rows: string[]) => [...PARENTS, message('m-0', 'u-1'), ...rows] },
  ])(
    '$order, of two rows of one key the later names somebody unknown: the earlier stands',
    async ({ stdin }) => {
      const rows = [message('m-1', 'u-1', { cc: 'u-1' }), message('m-1', 'u-9', { message: 'later' })];
      const { result, messages } = await run(stdin(rows));
      expect(messages).toMatchObject({ 'm-1': { message: 'm-1' } });
      expect(result.summary).toMatchObject({
        streams: [{ rejected: 1, rejected_by_code: { unknown_association: 1 } }, {}, {}, {}],
      });
    },
  );

  test('all are rejected where the conversation never comes', async () => {
    const { result, messages } = await run([
      message('m-1', 'u-1'),
      message('m-2', 'u-1'),
      ...PARENTS.slice(1),
    ]);
    expect(messages).toEqual({});
    expect(result.summary).toMatchObject({
      streams: [{ received: 2, rejected: 2, rejected_by_code: { unknown_association: 2 } }, {}, {}, {}],
    });
  });
});

test('conversations, meetings and transcripts wait for whom and what they name', async () => {
  const sandbox = await openSandbox();
  const speech = [{ speaker: { externalId: 'u-1' }, sentences: [{ text: 'Hi', startTime: 0, endTime: 1 }] }];
  const first = [
    record('meeting_transcripts', { id: 'k-1', transcript: speech }),
    record('meetings', { id: 'k-1', title: 'Kickoff', participants: 'u-1' }),
    record('conversations', {
      id: 'c-2',
      subject: 'Other',
      messages: [{ externalId: 'm-1', message: 'Hi', from: 'u-2', to: ['u-1'] }],
    }),
  ];
  const invocation = {
    config: configFor(sandbox, BY_REST),
    catalog: catalogOf('meeting_transcripts', 'meetings', 'conversations', 'users', 'accounts'),
    stdin: [...first, ...PARENTS.toReversed()],
  };
  const result = await runCommand(WRITE, invocation);
  expect(result.failure).toBeUndefined();
  expect(sandbox.snapshot()).toMatchObject({
    conversations: { 'c-1': {}, 'c-2': {} },
    messages: { 'm-1': { conversationId: 'c-2' } },
    meetings: { 'k-1': { participants: [{ userId: 'u-1' }] } },
    meetingTranscripts: { 'k-1': { transcript: speech } },
  });
  const before = sandbox.snapshot();
  const again = await runCommand(WRITE, invocation);
  expect(again.summary).toMatchObject({
    streams: [{ unchanged: 1 }, { unchanged: 1 }, { unchanged: 2 }, { created: 0 }, { created: 0 }],
  });
  expect(sandbox.snapshot()).toEqual(before);
});
