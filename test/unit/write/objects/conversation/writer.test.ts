import { describe, expect, test } from 'vitest';
import { routeOf } from '../../../../support/routes.ts';
import { messageFrom, openTalks, READINGS } from '../../../../support/talks.ts';
import { writeOf } from '../../../../support/workspace.ts';

const LIST = 'GET /conversations?limit=100&sortBy=createdAt';
const conversations = routeOf('conversation');
const M1 = { externalId: 'm-1', message: '<p>m-1</p>', from: { id: 'u-1' }, to: [{ id: 'csm@us.com' }] };
const M2 = {
  externalId: 'm-2',
  message: 'Hi',
  from: { id: 'csm@us.com' },
  to: [{ id: 'u-1' }, { id: 'u-2' }],
};

describe.each(READINGS)('Vitally read as: $name', ({ profile }) => {
  test('a conversation and its messages are created, and a second run writes nothing', async () => {
    const talks = await openTalks({ profile });
    const row = writeOf('c-1', { subject: 'Plans', messages: [M1, M2] }, { dealArr: 5 });
    expect(await talks.outcome(conversations, row)).toBe('created');
    expect(talks.shown('conversations', 'c-1')).toMatchObject({
      subject: 'Plans',
      traits: { dealArr: 5 },
      messages: [
        { externalId: 'm-1', type: 'inbound', from: { type: 'user', id: talks.ann } },
        {
          externalId: 'm-2',
          type: 'outbound',
          to: [
            { type: 'user', id: talks.ann },
            { type: 'user', id: talks.ben },
          ],
        },
      ],
    });
    const before = talks.sandbox.snapshot();
    expect(await talks.outcome(conversations, row)).toBe('unchanged');
    expect(await talks.outcome({ ...conversations, mode: 'append' }, row)).toBe('skipped');
    expect(talks.sandbox.snapshot()).toEqual(before);
    talks.asked();
  });

  test('one that is there is read and gets only what differs', async () => {
    const talks = await openTalks({ profile });
    const { seed, outcome, asked, vitallyId, shown, sandbox } = talks;
    seed('conversations', {
      externalId: 'c-1',
      subject: 'Plans',
      messages: [messageFrom('m-1'), messageFrom('m-3')],
      traits: { old: 1 },
    });
    const id = vitallyId('conversations', 'c-1');
    const row = writeOf('c-1', { messages: [M1, M2, { ...M1, externalId: 'm-3', message: 'new' }] });
    expect(await outcome(conversations, row)).toBe('updated');
    const requests = asked();
    expect(requests.filter((request) => request.includes('conversations'))).toEqual([
      LIST,
      `GET /conversations/${id}`,
      `PUT /conversations/${id}`,
    ]);
    expect(sandbox.items('messages').size).toBe(3);
    expect(shown('messages', 'm-1')).toMatchObject({ message: '<p>m-1</p>' });
    expect(shown('messages', 'm-3')).toMatchObject({
      message: 'new',
      timestamp: '2026-01-01T10:00:00.000Z',
      from: { type: 'user', id: talks.ann },
    });
    expect(shown('conversations', 'c-1')).toMatchObject({ subject: 'Plans', traits: { old: 1 } });
    expect(await outcome(conversations, row)).toBe('unchanged');
    expect(asked()).toEqual([]);
  });

  test.each(['upsert', 'append'] as const)('mode %s: without messages the list is empty', async (mode) => {
    const { outcome, shown } = await openTalks({ profile });
    expect(await outcome({ ...conversations, mode }, writeOf('c-1', { subject: 'Plans' }))).toBe('created');
    expect(shown('conversations', 'c-1')).toMatchObject({ subject: 'Plans', messages: [] });
  });

  test('mode update creates nothing and updates what is there', async () => {
    const { seed, outcome, sandbox, shown } = await openTalks({ profile });
    const update = routeOf('conversation', { mode: 'update' });
    const row = writeOf('c-1', { subject: 'New', messages: [M1] });
    expect(await outcome(update, row)).toBe('skipped');
    expect(await outcome({ ...update, unknownKey: 'reject' }, row)).toBe('unknown_key');
    expect(sandbox.items('conversations').size).toBe(0);
    seed('conversations', { externalId: 'c-2', subject: 'Old', messages: [] });
    expect(
      await outcome({ ...update, matchOn: 'id' }, writeOf('9b2e9f0a-5f3b-4a57-8ad4-6a4a6f6e1f00', {})),
    ).toBe('skipped');
    const id = String(shown('conversations', 'c-2').id);
    expect(await outcome({ ...update, matchOn: 'id' }, { ...row, key: id })).toBe('updated');
    expect(shown('conversations', 'c-2')).toMatchObject({
      subject: 'New',
      messages: [{ externalId: 'm-1' }],
    });
  });

  test('mode delete takes its messages along', async () => {
    const { seed, outcome, sandbox } = await openTalks({ profile });
    const remove = routeOf('conversation', { mode: 'delete' });
    seed('conversations', { externalId: 'c-1', subject: 'Plans', messages: [messageFrom('m-1')] });
    expect(await outcome(remove, writeOf('c-1'))).toBe('deleted');
    expect(await outcome(remove, writeOf('c-1'))).toBe('skipped');
    expect([sandbox.items('conversations').size, sandbox.items('messages').size]).toEqual([0, 0]);
  });
});

test.each([
  { changes: 'the subject', row: writeOf('c-1', { subject: 'New' }), outcome: 'updated' },
  { changes: 'a trait', row: writeOf('c-1', {}, { old: 2 }), outcome: 'updated' },
  { changes: 'nothing', row: writeOf('c-1', { subject: 'Plans' }, { old: 1 }), outcome: 'unchanged' },
  { changes: 'nothing, naming no message', row: writeOf('c-1', { messages: [] }), outcome: 'unchanged' },
  {
    changes: 'nothing: the same moment, people in another order',
    row: writeOf('c-1', {
      messages: [
        { ...M1, to: [{ id: 'u-2' }, { id: 'csm@us.com' }], timestamp: '2026-01-01T11:00:00+01:00', cc: [] },
      ],
    }),
    outcome: 'unchanged',
  },
  { changes: 'who got it', row: writeOf('c-1', { messages: [M1] }), outcome: 'updated' },
  {
    changes: 'nothing: what is empty already is emptied',
    row: writeOf('c-1', {
      messages: [{ ...M1, to: [{ id: 'csm@us.com' }, { id: 'u-2' }], cc: null }],
    }),
    outcome: 'unchanged',
  },
])('a row that changes $changes is $outcome', async ({ row, outcome: expected }) => {
  const { seed, outcome, asked, sandbox } = await openTalks();
  const to = [
    { type: 'admin', id: 'csm@us.com' },
    { type: 'user', id: 'u-2' },
  ];
  seed('conversations', {
    externalId: 'c-1',
    subject: 'Plans',
    traits: { old: 1 },
    messages: [messageFrom('m-1', { to })],
  });
  expect(await outcome(conversations, row)).toBe(expected);
  expect(asked().filter((request) => request.startsWith('PUT'))).toHaveLength(expected === 'updated' ? 1 : 0);
  expect(sandbox.items('messages').size).toBe(1);
});

test('without skip_unchanged an equal row is written all the same', async () => {
  const { seed, outcome, sandbox } = await openTalks({ settings: { skipUnchanged: false } });
  seed('conversations', { externalId: 'c-1', subject: 'Plans', messages: [messageFrom('m-1')] });
  expect(await outcome(conversations, writeOf('c-1', { subject: 'Plans', messages: [M1] }))).toBe('updated');
  expect(sandbox.items('messages').size).toBe(1);
});

test('of two messages with one external id the later says more', async () => {
  const { outcome, shown, sandbox } = await openTalks();
  const messages = [
    { ...M1, cc: [{ id: 'u-2' }] },
    { ...M1, message: 'later' },
  ];
  expect(await outcome(conversations, writeOf('c-1', { subject: 'x', messages }))).toBe('created');
  expect(sandbox.items('messages').size).toBe(1);
  expect(shown('messages', 'm-1')).toMatchObject({ message: 'later', cc: [{ type: 'user' }] });
});

test.each([
  { held: [], expected: ['m-1'] },
  { held: [messageFrom('m-9')], expected: ['m-9'] },
])('if_empty messages: $held.length there, $expected.length after', async ({ held, expected }) => {
  const { seed, outcome, sandbox } = await openTalks();
  seed('conversations', { externalId: 'c-1', subject: 'Plans', messages: held });
  await outcome({ ...conversations, ifEmpty: ['messages'] }, writeOf('c-1', { messages: [M1] }));
  expect(Object.keys(sandbox.snapshot().messages ?? {})).toEqual(expected);
});

test('a row waits for a user who takes part', async () => {
  const { refusal, sandbox, outcome } = await openTalks();
  const row = writeOf('c-1', { subject: 'Plans', messages: [M1, { ...M2, from: { id: 'u-9' } }] });
  expect(await refusal(conversations, row)).toMatchObject({
    code: 'unknown_association',
    field: 'messages',
    missing: { object: 'user', id: 'u-9' },
  });
  expect(sandbox.items('conversations').size).toBe(0);
  expect(await outcome(routeOf('user'), writeOf('u-9', { name: 'Nia', accountIds: ['a-1'] }))).toBe(
    'created',
  );
  expect(await outcome(conversations, row)).toBe('created');
});

test('a conversation that vanished in the midst is made anew, by mode update it is not', async () => {
  const { seed, outcome, sandbox, vitallyId, connection } = await openTalks();
  seed('conversations', { externalId: 'c-1', subject: 'Plans', messages: [] });
  const row = writeOf('c-1', { subject: 'Plans 2', messages: [M1] });
  const id = vitallyId('conversations', 'c-1');
  await outcome(conversations, writeOf('c-1', { subject: 'Plans' }));
  const gone = await connection.rest?.send({ method: 'DELETE', path: `/resources/conversations/${id}` });
  expect(gone?.kind).toBe('ok');
  expect(await outcome(routeOf('conversation', { mode: 'update' }), row)).toBe('skipped');
  expect(await outcome(conversations, row)).toBe('created');
  expect(sandbox.items('conversations').size).toBe(1);
});

test('a dry run tells of conversations and messages and writes nothing', async () => {
  const { seed, outcome, outcomes, asked, sandbox } = await openTalks({ dryRun: true });
  seed('conversations', { externalId: 'c-1', subject: 'Plans', messages: [messageFrom('m-1')] });
  const before = sandbox.snapshot();
  expect(await outcome(conversations, writeOf('c-1', { messages: [M1, M2] }))).toBe('updated');
  expect(await outcome(conversations, writeOf('c-1', { messages: [M1, M2] }))).toBe('unchanged');
  expect(await outcome(conversations, writeOf('c-2', { subject: 'New', messages: [M2] }))).toBe('created');
  expect(
    await outcomes(
      routeOf('message'),
      writeOf('m-2', { conversationId: 'c-2', message: 'Hi' }),
      writeOf('m-5', { ...M1, conversationId: 'c-2' }),
    ),
  ).toEqual(['unchanged', 'created']);
  expect(asked().every((request) => request.startsWith('GET'))).toBe(true);
  expect(sandbox.snapshot()).toEqual(before);
});
