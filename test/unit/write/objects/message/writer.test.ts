import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../../src/json/json.ts';
import type { Route, Write } from '../../../../../src/mapping/route.ts';
import type { Answer } from '../../../../../src/vitally/http/answer.ts';
import { writeByRest } from '../../../../../src/write/objects/index.ts';
import type { WriteContext } from '../../../../../src/write/rest/context.ts';
import { routeOf } from '../../../../support/routes.ts';
import { no, ok, Script } from '../../../../support/scripted.ts';
import {
  contextOver,
  messageFields,
  messageFrom,
  openTalks,
  READINGS,
  type Talks,
} from '../../../../support/talks.ts';
import { writeOf } from '../../../../support/workspace.ts';

const LIST = 'GET /conversations?limit=100&sortBy=createdAt';
const messages = routeOf('message');

function row(key: string, more: JsonObject = {}, conversation = 'c-1'): Write {
  return writeOf(key, messageFields(conversation, more));
}

/** A conversation `c-1` with the messages `m-1` and `m-2`. */
async function openConversation(
  options: Parameters<typeof openTalks>[0] = {},
): Promise<Talks & { id: string }> {
  const talks = await openTalks(options);
  talks.seed('conversations', {
    externalId: 'c-1',
    subject: 'Plans',
    messages: [messageFrom('m-1'), messageFrom('m-2')],
  });
  return { ...talks, id: talks.vitallyId('conversations', 'c-1') };
}

const aboutMessages = (requests: readonly string[]): string[] =>
  requests.filter((request) => /conversations|messages/.test(request));

describe.each(READINGS)('Vitally read as: $name', ({ profile }) => {
  test('rows of one conversation take one read of it and one PUT, and a second run writes nothing', async () => {
    const { outcomes, asked, sandbox, shown, id } = await openConversation({ profile });
    const rows = [
      row('m-1', { message: '<p>m-1</p>' }),
      row('m-2', { message: 'changed' }),
      row('m-3'),
      row('m-4', { from: { id: 'csm@us.com' }, to: [{ id: 'u-1' }], timestamp: '2026-02-01T00:00:00.000Z' }),
    ];
    expect(await outcomes(messages, ...rows)).toEqual(['unchanged', 'updated', 'created', 'created']);
    expect(aboutMessages(asked())).toEqual([LIST, `GET /conversations/${id}`, `PUT /conversations/${id}`]);
    expect(shown('conversations', 'c-1')).toMatchObject({
      subject: 'Plans',
      messages: [
        { externalId: 'm-1', message: '<p>m-1</p>' },
        { externalId: 'm-2', message: 'changed', timestamp: '2026-01-01T10:00:00.000Z' },
        { externalId: 'm-3', type: 'inbound' },
        { externalId: 'm-4', type: 'outbound', timestamp: '2026-02-01T00:00:00.000Z' },
      ],
    });
    const before = sandbox.snapshot();
    expect(await outcomes(messages, ...rows)).toEqual(Array(4).fill('unchanged'));
    expect(asked()).toEqual([]);
    expect(sandbox.snapshot()).toEqual(before);
  });

  test('a second run that begins anew adds nothing twice', async () => {
    const { outcomes, sandbox, outcome } = await openConversation({ profile });
    expect(await outcome(messages, row('m-3'))).toBe('created');
    const append = routeOf('message', { mode: 'append' });
    expect(await outcomes(append, row('m-3'), row('m-4'), row('m-4', { message: 'later' }))).toEqual([
      'skipped',
      'created',
      'skipped',
    ]);
    expect(Object.keys(sandbox.snapshot().messages ?? {})).toEqual(['m-1', 'm-2', 'm-3', 'm-4']);
  });

  test('mode update changes what is there and creates nothing', async () => {
    const { outcomes, sandbox, shown, vitallyId, outcome } = await openConversation({ profile });
    const update = routeOf('message', { mode: 'update' });
    const rows = [
      writeOf('m-1', { conversationId: 'c-1', message: 'changed' }),
      row('m-9'),
      row('m-1', {}, 'c-9'),
      writeOf('m-2', { message: 'found by itself' }),
      writeOf('m-8', { message: 'nowhere' }),
    ];
    expect(await outcomes(update, ...rows.slice(0, 2))).toEqual(['updated', 'skipped']);
    expect(await outcomes(update, ...rows.slice(2))).toEqual(['skipped', 'updated', 'skipped']);
    expect(shown('messages', 'm-1')).toMatchObject({ message: 'changed', from: { type: 'user' } });
    expect(shown('messages', 'm-2')).toMatchObject({ message: 'found by itself' });
    expect(sandbox.items('messages').size).toBe(2);
    const byId = routeOf('message', { mode: 'update', matchOn: 'id' });
    const id = vitallyId('messages', 'm-1');
    expect(await outcome(byId, writeOf(id, { message: 'by id' }))).toBe('updated');
    expect(shown('messages', 'm-1')).toMatchObject({ message: 'by id' });
    expect(await outcome({ ...update, unknownKey: 'reject' }, row('m-9'))).toBe('unknown_key');
  });

  test('mode delete removes by own id or by that of Vitally, and what is gone can come back', async () => {
    const { outcomes, sandbox, vitallyId, outcome, shown } = await openConversation({ profile });
    const remove = routeOf('message', { mode: 'delete' });
    const id = vitallyId('messages', 'm-2');
    expect(await outcome(messages, row('m-1', { message: 'changed' }))).toBe('updated');
    expect(await outcomes(remove, writeOf('m-1'), writeOf('m-1'), writeOf('m-9'))).toEqual([
      'superseded',
      'deleted',
      'skipped',
    ]);
    expect(await outcome(routeOf('message', { mode: 'delete', matchOn: 'id' }), writeOf(id))).toBe('deleted');
    expect(sandbox.items('messages').size).toBe(0);
    expect(await outcomes(messages, row('m-1', { message: 'changed' }), row('m-9'))).toEqual([
      'created',
      'created',
    ]);
    expect(shown('conversations', 'c-1')).toMatchObject({
      messages: [{ externalId: 'm-1' }, { externalId: 'm-9' }],
    });
    expect(await outcomes(remove, writeOf('m-9'), writeOf('m-1'))).toEqual(['deleted', 'deleted']);
  });
});

describe('rows of one key in a group', () => {
  test('are written as one, each over those before it', async () => {
    const { outcomes, asked, shown, id } = await openConversation();
    const rows = [row('m-3', { cc: [{ id: 'u-2' }] }), row('m-4'), row('m-3', { message: 'later' })];
    expect(await outcomes(messages, ...rows)).toEqual(['superseded', 'created', 'created']);
    expect(aboutMessages(asked())).toEqual([LIST, `GET /conversations/${id}`, `PUT /conversations/${id}`]);
    expect(shown('messages', 'm-3')).toMatchObject({ message: 'later', cc: [{ type: 'user' }] });
  });

  test('wait together for a user that one of them names', async () => {
    const { connection, sandbox } = await openConversation();
    const rows = [row('m-3', { cc: [{ id: 'u-9' }] }), row('m-4'), row('m-3', { message: 'later' })];
    const results = await connection.writer.writeGroup(messages, rows);
    const waiting = {
      outcome: { kind: 'rejected', error: { field: 'cc', missing: { object: 'user', id: 'u-9' } } },
    };
    expect(results).toMatchObject([waiting, { outcome: { kind: 'created' } }, waiting]);
    expect(Object.keys(sandbox.snapshot().messages ?? {})).toEqual(['m-1', 'm-2', 'm-4']);
  });

  test('are written one by one where the whole is refused for another reason', async () => {
    const { outcomes, sandbox } = await openConversation();
    const bad = { from: { id: 'no@us.com', type: 'admin' } };
    expect(
      await outcomes(messages, row('m-3', bad), row('m-3', { cc: [{ id: 'no@us.com', type: 'admin' }] })),
    ).toEqual(['unknown_association', 'unknown_association']);
    expect(
      await outcomes(messages, row('m-3', { cc: [{ id: 'no@us.com', type: 'admin' }] }), row('m-3')),
    ).toEqual(['unknown_association', 'created']);
    expect(sandbox.items('messages').size).toBe(3);
  });
});

describe('rows of one key of which the first would be refused alone', () => {
  const partial = writeOf('m-3', { conversationId: 'c-1', message: 'early', cc: [{ id: 'u-2' }] });

  test.each([
    { there: false, outcomes: ['missing_field', 'created'], cc: [] },
    { there: true, outcomes: ['updated', 'updated'], cc: [{ type: 'user' }] },
  ])('have the outcomes that they have one by one: there before is $there', async (given) => {
    const { outcomes, outcome, shown } = await openConversation();
    if (given.there) await outcome(messages, row('m-3', { message: 'first' }));
    expect(await outcomes(messages, partial, row('m-3', { message: 'later' }))).toEqual(given.outcomes);
    const { message, cc = [] } = shown('messages', 'm-3');
    expect({ message, cc }).toMatchObject({ message: 'later', cc: given.cc });
  });

  test('wait together where it wants for a user: the later must not be overtaken by it', async () => {
    const { connection, outcome, shown } = await openConversation();
    await outcome(messages, row('m-3', { message: 'first' }));
    const early = writeOf('m-3', { conversationId: 'c-1', message: 'early', cc: [{ id: 'u-9' }] });
    const results = await connection.writer.writeGroup(messages, [early, row('m-3')]);
    const waiting = { outcome: { kind: 'rejected', error: { missing: { object: 'user', id: 'u-9' } } } };
    expect(results).toMatchObject([waiting, waiting]);
    expect(shown('messages', 'm-3')).toMatchObject({ message: 'first' });
  });
});

describe('a group', () => {
  test('that Vitally refuses is sent row by row', async () => {
    const { outcomes, asked, sandbox, connection, ben } = await openConversation();
    // Ben is remembered, and then gone behind the run's back.
    expect(await outcomes(messages, row('m-3', { from: { id: 'u-2' } }))).toEqual(['created']);
    await connection.rest?.send({ method: 'DELETE', path: `/resources/users/${ben}` });
    sandbox.setProfile(['user-delete-immediate']);
    await connection.rest?.send({ method: 'DELETE', path: `/resources/users/${ben}` });
    asked();
    const rows = [row('m-4'), row('m-5', { from: { id: 'u-2' } }), row('m-6')];
    expect(await outcomes(messages, ...rows)).toEqual(['created', 'refused', 'created']);
    expect(asked().filter((request) => request.startsWith('PUT'))).toHaveLength(4);
    expect(Object.keys(sandbox.snapshot().messages ?? {})).toEqual(['m-1', 'm-2', 'm-3', 'm-4', 'm-6']);
  });

  test('beyond 100 messages takes several PUTs, one after the other', async () => {
    const { outcomes, asked, sandbox, id } = await openConversation();
    const rows = Array.from({ length: 201 }, (_, index) => row(`n-${index}`));
    expect(new Set(await outcomes(messages, ...rows))).toEqual(new Set(['created']));
    expect(aboutMessages(asked())).toEqual([
      LIST,
      `GET /conversations/${id}`,
      ...Array(3).fill(`PUT /conversations/${id}`),
    ]);
    expect(sandbox.items('messages').size).toBe(203);
  });

  test('of several conversations, named by either id, takes one PUT each', async () => {
    const { outcomes, asked, seed, id, vitallyId } = await openConversation();
    seed('conversations', { externalId: 'c-2', subject: 'Other', messages: [] });
    const rows = [row('m-3'), row('m-4', {}, id), row('m-5', {}, 'c-2')];
    expect(await outcomes(messages, ...rows)).toEqual(['created', 'created', 'created']);
    expect(aboutMessages(asked()).filter((request) => request.startsWith('PUT'))).toEqual([
      `PUT /conversations/${id}`,
      `PUT /conversations/${vitallyId('conversations', 'c-2')}`,
    ]);
  });

  test('whose conversation is not there waits for it', async () => {
    const { connection, outcome, outcomes } = await openConversation();
    const rows = [row('m-3', {}, 'c-2'), row('m-4', {}, 'c-2')];
    const waiting = {
      kind: 'rejected',
      error: {
        code: 'unknown_association',
        field: 'conversationId',
        missing: { object: 'conversation', id: 'c-2' },
        message: expect.not.stringContaining('c-2'),
      },
    };
    expect(await connection.writer.writeGroup(messages, rows)).toMatchObject([
      { outcome: waiting },
      { outcome: waiting },
    ]);
    await outcome(routeOf('conversation'), writeOf('c-2', { subject: 'New' }));
    expect(await outcomes(messages, ...rows)).toEqual(['created', 'created']);
  });

  test.each([
    { mode: 'upsert', outcome: 'unknown_association' },
    { mode: 'append', outcome: 'unknown_association' },
    { mode: 'update', outcome: 'skipped' },
  ] as const)(
    'mode $mode: whose conversation vanished in the midst: $outcome',
    async ({ mode, outcome: expected }) => {
      const { outcome, outcomes, connection, id } = await openConversation();
      const route = routeOf('message', { mode });
      await outcome(messages, row('m-3'));
      await connection.rest?.send({ method: 'DELETE', path: `/resources/conversations/${id}` });
      const rows = [
        row('m-3', { message: 'other' }),
        row(mode === 'update' ? 'm-2' : 'm-4', { message: 'other' }),
      ];
      const skips = mode === 'append' ? 'skipped' : expected;
      expect(await outcomes(route, ...rows)).toEqual([skips, expected]);
    },
  );
});

test.each([
  { row: writeOf('m-3', { conversationId: 'c-1', message: 'x' }), outcome: 'missing_field' },
  {
    row: writeOf('m-3', { message: 'x', from: { id: 'u-1' }, to: [{ id: 'u-2' }] }),
    outcome: 'missing_field',
  },
  { row: writeOf('m-1', { conversationId: 'c-1' }), outcome: 'unchanged' },
  { row: writeOf('m-1', { message: '<p>m-1</p>' }), outcome: 'unchanged' },
  { row: writeOf('m-1', { message: 'new' }), outcome: 'updated' },
  { row: writeOf('m-1', { conversationId: 'c-1', cc: null, bcc: null }), outcome: 'unchanged' },
  { row: writeOf('m-1', { conversationId: 'c-1', cc: [{ id: 'u-2' }] }), outcome: 'updated' },
])('a row of $row.key with $row.fields.size fields: $outcome', async ({ row: given, outcome: expected }) => {
  const { outcome } = await openConversation();
  expect(await outcome(messages, given)).toBe(expected);
});

test('cc is emptied by null, and otherwise kept', async () => {
  const { outcome, shown } = await openConversation();
  await outcome(messages, row('m-3', { cc: [{ id: 'u-2' }] }));
  await outcome(messages, writeOf('m-3', { conversationId: 'c-1', message: 'other' }));
  expect(shown('messages', 'm-3')).toMatchObject({ message: 'other', cc: [{ type: 'user' }] });
  expect(await outcome(messages, writeOf('m-3', { conversationId: 'c-1', cc: null }))).toBe('updated');
  expect(shown('messages', 'm-3')).toMatchObject({ message: 'other', cc: [] });
});

test('if_empty fields are written only where the message has none', async () => {
  const { outcome, shown } = await openConversation();
  const route = routeOf('message', { ifEmpty: ['message', 'cc'] });
  const given = writeOf('m-1', { conversationId: 'c-1', message: 'other', cc: [{ id: 'u-2' }] });
  expect(await outcome(route, given)).toBe('updated');
  expect(shown('messages', 'm-1')).toMatchObject({ message: '<p>m-1</p>', cc: [{ type: 'user' }] });
  expect(await outcome(route, writeOf('m-1', { conversationId: 'c-1', message: 'other' }))).toBe('unchanged');
});

test('matched on the id of Vitally, no message is created', async () => {
  const { sandbox, refusal } = await openConversation();
  const given = row('9b2e9f0a-5f3b-4a57-8ad4-6a4a6f6e1f00');
  expect(await refusal(routeOf('message', { matchOn: 'id' }), given)).toMatchObject({ code: 'unknown_key' });
  expect(sandbox.items('messages').size).toBe(2);
});

describe('where Vitally answers in another way', () => {
  const ID = '33333333-3333-4333-8333-333333333333';
  const HELD = {
    id: 'v-1',
    externalId: null,
    message: 'x',
    from: { type: 'user', id: 'v-ann', name: 'Ann' },
    to: [],
  };

  function writerWith(context: WriteContext) {
    return { write: (route: Route, write: Write) => writeByRest(context, route, write) };
  }

  function writerOver(conversation: JsonObject, answers: Readonly<Record<string, Answer>> = {}) {
    const script = new Script({
      [`GET /conversations/${ID}`]: ok({ id: ID, externalId: 'c-1', ...conversation }),
      'GET /users/u-1': ok({ id: 'v-ann', externalId: 'u-1' }),
      'GET /users/csm%40us.com': ok({ id: 'v-csm', externalId: 'csm@us.com' }),
      ...answers,
    });
    const context = contextOver(script);
    return { writer: writerWith(context), script, context };
  }

  test('a message without an external id can only be told apart, not changed', async () => {
    const { writer, script } = writerOver({ subject: 'x', messages: [HELD] });
    const route = routeOf('message', { matchOn: 'id' });
    expect(await writer.write(route, writeOf('v-1', { conversationId: ID, message: 'y' }))).toMatchObject({
      outcome: {
        kind: 'rejected',
        error: { code: 'refused', message: expect.stringContaining('no external id') },
      },
    });
    expect(script.asked()).toEqual([`GET /conversations/${ID}`]);
  });

  test.each([
    {
      said: 'the conversation with its messages',
      answer: { id: ID, messages: [{ id: 'v-2', externalId: 'm-2' }] },
    },
    { said: 'the conversation without them', answer: { id: ID } },
    { said: 'nothing', answer: undefined },
  ])('a PUT is answered by $said: the message counts as there', async ({ answer }) => {
    const put = `PUT /conversations/${ID}`;
    const { writer, script } = writerOver({ subject: null, messages: [] }, { [put]: ok(answer) });
    expect(await writer.write(messages, row('m-2', {}, ID))).toMatchObject({ outcome: { kind: 'created' } });
    expect(JSON.parse(script.requests.at(-1)?.body ?? '')).toEqual({
      messages: [
        {
          externalId: 'm-2',
          message: '<p>Hello</p>',
          from: { type: 'user', id: 'v-ann' },
          to: [{ type: 'user', id: 'v-csm' }],
        },
      ],
    });
    script.asked();
    expect(await writer.write(messages, row('m-2', {}, ID))).toMatchObject({
      outcome: { kind: 'unchanged' },
    });
    expect(script.asked()).toEqual([]);
  });

  test('a message that was missing and is written since is looked for again', async () => {
    const { writer, script } = writerOver(
      { subject: 'x', messages: [] },
      { [`PUT /conversations/${ID}`]: ok() },
    );
    const remove = routeOf('message', { mode: 'delete' });
    for (const _ of [1, 2]) await writer.write(remove, writeOf('m-2'));
    expect(script.asked()).toEqual(['GET /messages/m-2']);
    await writer.write(messages, row('m-2', {}, ID));
    script.asked();
    await writer.write(remove, writeOf('m-2'));
    expect(script.asked()).toContain('GET /messages/m-2');
  });

  test('a conversation whose messages are not shown is written all the same, each time', async () => {
    const put = `PUT /conversations/${ID}`;
    const { writer, script } = writerOver({ subject: 'x' }, { [put]: ok({ id: ID }) });
    for (const _ of [1, 2]) await writer.write(messages, row('m-2', {}, ID));
    expect(script.asked().filter((request) => request === put)).toHaveLength(2);
  });

  test.each([
    { answer: no('refused', 'to must not be empty'), code: 'refused' },
    { answer: no('too_large'), code: 'too_large' },
    { answer: no('not_found', 'user not found'), code: 'refused' },
  ])('$answer.text: $code', async ({ answer, code }) => {
    const { writer } = writerOver({ subject: 'x', messages: [] }, { [`PUT /conversations/${ID}`]: answer });
    expect(await writer.write(messages, row('m-2', {}, ID))).toMatchObject({
      outcome: { kind: 'rejected', error: { code } },
    });
  });

  test('an error that ends the run is none of a row', async () => {
    const { context, script } = writerOver({ subject: 'x', messages: [] });
    const broken = { ...context, commit: () => Promise.reject(new Error('the run must end')) };
    const writer = writerWith(broken);
    await expect(writer.write(messages, row('m-2', {}, ID))).rejects.toThrow('the run must end');
    expect(script.asked()).not.toEqual([]);
  });
});

test('without skip_unchanged an equal row is written all the same, but none that brings nothing', async () => {
  const { outcomes, sandbox } = await openConversation({ settings: { skipUnchanged: false } });
  const rows = [row('m-1', { message: '<p>m-1</p>' }), writeOf('m-2', { conversationId: 'c-1' })];
  expect(await outcomes(messages, ...rows)).toEqual(['updated', 'unchanged']);
  expect(sandbox.items('messages').size).toBe(2);
});
