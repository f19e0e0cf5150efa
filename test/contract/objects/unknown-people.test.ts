import { describe, expect, test } from 'vitest';
import { OBJECTS } from '../../../src/objects/index.ts';
import type { Sandbox } from '../../../src/sandbox/index.ts';
import { record } from '../../support/messages.ts';
import { namedIdOf, seedPlaces } from '../../support/objects/places.ts';
import {
  countsIn,
  type Entry,
  expectWhole,
  type Run,
  refusal,
  refusedBy,
  sync,
} from '../../support/objects/syncs.ts';
import { NOBODY, TESS } from '../../support/objects/talks.ts';
import { contentOf } from '../../support/output.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const GONE = 'gone@team.test';
const LEAVE_OUT = { unknown_people: 'leave_out' };

/** What a new record of each object needs beside the team member. */
const NEEDED: Readonly<Record<string, object>> = {
  note: { accountId: 'acme', note: 'Text', noteDate: '2026-01-31T09:30:00Z' },
  task: { accountId: 'acme', name: 'Task' },
  project: { accountId: 'acme', templateId: 'Onboarding', name: 'Project' },
  custom_object: { accountId: 'acme', name: 'Site' },
};

/** Every field of every object that names one team member. */
const FIELDS = OBJECTS.flatMap(({ name, fields }) =>
  Object.entries(fields)
    .filter(([, { association }]) => association === 'admin')
    .map(([field]) => ({ object: name, field })),
);

async function openPlaces(options: { readonly latencyMs?: number } = {}): Promise<Sandbox> {
  const sandbox = await openSandbox(options);
  seedPlaces(sandbox);
  sandbox.seed('projectTemplates', [{ name: 'Onboarding' }]);
  return sandbox;
}

function entryFor(object: string, options: object = {}): Entry {
  const custom = object === 'custom_object' ? { custom_object: 'site' } : {};
  // A project has no id of yours: template, account and name tell it apart.
  const keyless = object === 'project';
  return { stream: 'rows', object, mode: 'upsert', keyless, ...custom, ...options };
}

function warningsOf(program: Run): string[] {
  return program.logsOf('WARN').filter((message) => message.includes('unknown_people is'));
}

function bodiesIn(sandbox: Sandbox, method: string): unknown[] {
  return sandbox.requests().flatMap((one) => (one.api === 'rest' && one.method === method ? [one.body] : []));
}

test('the fields that name a team member are those that this page knows', () => {
  expect(FIELDS.map(({ object, field }) => `${object}.${field}`)).toEqual([
    'note.authorId',
    'task.assignedToId',
    'task.completedById',
    'project.ownedByVitallyUserId',
    'custom_object.ownedByVitallyUserId',
    'custom_object.createdByVitallyUserId',
  ]);
  const lists = OBJECTS.flatMap(({ name, fields }) =>
    Object.entries(fields)
      .filter(([, { items }]) => items !== undefined && items !== 'speech')
      .map(([field]) => `${name}.${field}`),
  );
  expect(lists).toEqual([
    'conversation.messages',
    'meeting.participants',
    'message.from',
    'message.to',
    'message.cc',
    'message.bcc',
  ]);
});

describe.each(FIELDS)('$object $field', ({ object, field }) => {
  const row = (id: string, who: unknown, more: object = {}): string =>
    record('rows', {
      id,
      ...NEEDED[object],
      [field]: who,
      ...(object === 'project' && { name: id }),
      ...more,
    });

  test('leave_out writes the row without a team member whom Vitally does not know, and says so once', async () => {
    const sandbox = await openPlaces();
    const tess = namedIdOf(sandbox, 'admins', TESS);
    const wanted = {
      streams: [entryFor(object, LEAVE_OUT)],
      rows: [row('mail', GONE), row('id', NOBODY), row('known', 'TESS@team.test'), row('known-id', tess)],
    };
    const program = await sync(sandbox, wanted);
    expectWhole(program, sandbox, wanted);
    expect(countsIn(program, wanted)).toEqual({ rows: { received: 4, created: 4 } });
    const held = bodiesIn(sandbox, 'POST').map((body) => at(body, field));
    expect(held.sort()).toEqual([tess, tess, undefined, undefined].sort());
    expect(warningsOf(program)).toEqual([
      expect.stringMatching(
        new RegExp(`^rows of stream rows: 2 rows taken without .*, in ${field} \\(2\\): `),
      ),
    ]);
  });

  test('reject refuses the row, by its field', async () => {
    const sandbox = await openPlaces();
    const { program, refused } = await refusedBy(sandbox, {
      streams: [entryFor(object)],
      rows: [row('mail', GONE), row('known', TESS)],
    });
    expect(countsIn(program, { streams: [entryFor(object)], rows: [] })).toEqual({
      rows: { received: 2, created: 1, rejected: 1 },
    });
    expect([...refused.values()]).toEqual([refusal('unknown_association', field, 'team member')]);
  });

  test('a dry run foretells it', async () => {
    const sandbox = await openPlaces();
    const wanted = { streams: [entryFor(object, LEAVE_OUT)], rows: [row('mail', GONE)] };
    const program = await sync(sandbox, { ...wanted, flags: ['--dry-run'] });
    expect(program.code).toBe(0);
    expect(countsIn(program, wanted)).toEqual({ rows: { received: 1, created: 1 } });
    expect(warningsOf(program)).toEqual([expect.stringContaining(`in ${field} (1): `)]);
  });
});

/** A user's e-mail that nobody knows may be that of a user who comes later in the run. */
const SAID = { message: 'Text', conversationId: 'talk' };

async function openTalk(options: { readonly latencyMs?: number } = {}): Promise<Sandbox> {
  const sandbox = await openPlaces(options);
  const first = { externalId: 'first', message: 'Before', from: { type: 'user', id: 'ann' } };
  sandbox.seed('conversations', [
    {
      externalId: 'talk',
      subject: 'Talk',
      messages: [{ ...first, to: [{ type: 'admin', id: TESS }] }],
    },
  ]);
  return sandbox;
}

describe('people in messages', () => {
  const streams = [entryFor('message', LEAVE_OUT)];

  test.each([
    { way: 'an e-mail', who: GONE },
    { way: 'an e-mail said to be a team member', who: { type: 'admin', id: GONE } },
    { way: "an id of Vitally's said to be a team member", who: { type: 'admin', id: NOBODY } },
  ])('$way is left out of lists, and of a message that is there', async ({ who }) => {
    const sandbox = await openTalk();
    const wanted = {
      streams,
      rows: [
        record('rows', { id: 'new', ...SAID, from: 'ann', to: [who, TESS], cc: [who] }),
        record('rows', { id: 'first', message: 'After', from: who, to: [who] }),
      ],
    };
    const program = await sync(sandbox, wanted);
    expectWhole(program, sandbox, wanted);
    expect(countsIn(program, wanted)).toEqual({ rows: { received: 2, created: 1, updated: 1 } });
    const { messages } = await contentOf(sandbox);
    const [ann, tess] = [
      { type: 'user', id: 'ann' },
      { type: 'admin', id: TESS },
    ];
    expect(messages).toMatchObject({
      new: { from: ann, to: [tess] },
      first: { message: 'After', from: ann, to: [tess] },
    });
    expect(at(messages, 'new', 'cc') ?? []).toEqual([]);
    expect(warningsOf(program)).toEqual([expect.stringContaining('in to (2), cc (1), from (1): ')]);
  });

  test('what a new message needs is never left out: the row says whom', async () => {
    const sandbox = await openTalk();
    const { program, refused } = await refusedBy(sandbox, {
      streams,
      rows: [
        record('rows', { id: 'no sender', ...SAID, from: GONE, to: TESS }),
        record('rows', { id: 'no receiver', ...SAID, from: TESS, to: [GONE, 'other@team.test'] }),
      ],
    });
    expect(Object.fromEntries(refused)).toEqual({
      'no sender': refusal('unknown_association', 'from', 'neither as a team member nor as a user'),
      'no receiver': refusal('unknown_association', 'to', 'neither as a team member nor as a user'),
    });
    expect(warningsOf(program)).toEqual([]);
  });

  test('a user is none of them: by your own id, or where the row says user', async () => {
    const sandbox = await openTalk();
    const { refused } = await refusedBy(sandbox, {
      streams,
      rows: [
        record('rows', { id: 'own id', ...SAID, from: TESS, to: ['ann', 'nobody'] }),
        record('rows', { id: 'said', ...SAID, from: TESS, to: ['ann', { type: 'user', id: 'x@acme.test' }] }),
      ],
    });
    expect(Object.fromEntries(refused)).toEqual({
      'own id': refusal('unknown_association', 'to', 'user'),
      said: refusal('unknown_association', 'to', 'user'),
    });
  });

  test('an e-mail that a later row of the run makes a user is waited for', async () => {
    const sandbox = await openTalk();
    const wanted = {
      streams: [...streams, { stream: 'users', object: 'user' }],
      rows: [
        record('rows', { id: 'new', ...SAID, from: 'new@acme.test', to: [TESS, GONE] }),
        record('users', { id: 'newcomer', email: 'new@acme.test', accountId: 'acme' }),
      ],
      more: { write_via: 'rest' },
    };
    const program = await sync(sandbox, wanted);
    expectWhole(program, sandbox, wanted);
    const { messages } = await contentOf(sandbox);
    expect(messages).toMatchObject({
      new: { from: { type: 'user', id: 'newcomer' }, to: [{ type: 'admin', id: TESS }] },
    });
  });

  test('of rows of one key that are written together the last receiver who is known stays', async () => {
    // While the first row is on its way the others wait.
    const sandbox = await openTalk({ latencyMs: 20 });
    const row = (to: string) => record('rows', { id: 'new', ...SAID, from: 'ann', to });
    const wanted = { streams, rows: [row('bob'), row(TESS), row(GONE)] };
    const program = await sync(sandbox, wanted);
    expectWhole(program, sandbox, wanted);
    const { messages } = await contentOf(sandbox);
    expect(messages).toMatchObject({ new: { to: [{ type: 'admin', id: TESS }] } });
  });
});

test('messages within a conversation are written without a stranger, a new one not without its sender', async () => {
  const sandbox = await openTalk();
  const message = (externalId: string, from: string, to: readonly string[]) => ({
    ...{ externalId, message: 'Text' },
    from,
    to,
  });
  const { program, refused } = await refusedBy(sandbox, {
    streams: [entryFor('conversation', LEAVE_OUT)],
    rows: [
      record('rows', { id: 'new', subject: 'New', messages: [message('n1', 'ann', [TESS, GONE])] }),
      record('rows', {
        id: 'talk',
        messages: [message('first', GONE, [GONE]), message('n2', TESS, ['ann'])],
      }),
      record('rows', { id: 'bad', subject: 'Bad', messages: [message('n3', GONE, ['ann'])] }),
    ],
  });
  expect(countsIn(program, { streams: [entryFor('conversation')], rows: [] })).toEqual({
    rows: { received: 3, created: 1, updated: 1, rejected: 1 },
  });
  expect(Object.fromEntries(refused)).toEqual({
    bad: refusal('unknown_association', 'messages', 'neither as a team member nor as a user'),
  });
  const { messages } = await contentOf(sandbox);
  expect(messages).toMatchObject({
    n1: { to: [{ type: 'admin', id: TESS }] },
    first: { message: 'Text', from: { type: 'user', id: 'ann' }, to: [{ type: 'admin', id: TESS }] },
  });
  expect(warningsOf(program)).toEqual([expect.stringContaining('in messages (2): ')]);
});

test('a meeting is written without a team member whom nobody knows; without any participant it is refused', async () => {
  const sandbox = await openPlaces();
  const { program, refused } = await refusedBy(sandbox, {
    streams: [entryFor('meeting', LEAVE_OUT)],
    rows: [
      record('rows', { id: 'new', title: 'New', participants: [{ vitallyUserId: GONE }, 'ann'] }),
      record('rows', { id: 'by id', title: 'New', participants: [{ vitallyUserId: NOBODY }, 'ann'] }),
      record('rows', { id: 'bad', title: 'Bad', participants: [{ vitallyUserId: GONE }] }),
    ],
  });
  expect(countsIn(program, { streams: [entryFor('meeting')], rows: [] })).toEqual({
    rows: { received: 3, created: 2, rejected: 1 },
  });
  expect(Object.fromEntries(refused)).toEqual({
    bad: refusal('unknown_association', 'participants', 'team member'),
  });
  expect(warningsOf(program)).toEqual([expect.stringContaining('in participants (2): ')]);
});

test('rows of one key that name team members in turn leave the last one who is known', async () => {
  // While the first row is on its way the others wait, and are written together where that changes nothing.
  const sandbox = await openPlaces({ latencyMs: 20 });
  const row = (author: string) => record('rows', { id: 'x', ...NEEDED.note, author });
  const wanted = {
    streams: [entryFor('note', LEAVE_OUT)],
    rows: [row('theo@team.test'), row(TESS), row(GONE)],
  };
  const program = await sync(sandbox, wanted);
  expectWhole(program, sandbox, wanted);
  const { notes } = await contentOf(sandbox);
  expect(at(notes, 'x', 'authorId')).toBe(TESS);
});
