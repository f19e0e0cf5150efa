import { expect, test } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/index.ts';
import { itemId } from '../../sandbox/activity.ts';
import { at } from '../../sandbox/client.ts';
import { sandboxFor } from '../sandboxes.ts';
import { type ModesSync, sandboxUnder, syncModes, syncTwice } from './modes.ts';
import { ADA, seedPeople, WAYS_TO_NAME_A_USER } from './people.ts';

const KEPT = { kept: true, gone: 1 };

function seedTalks(sandbox: Sandbox): void {
  seedPeople(sandbox);
  const seeded = ['upsert', 'update', 'append', 'delete', 'same'].map((name) => ({
    externalId: `${name}-old`,
    subject: 'Before',
    messages: [
      {
        externalId: `${name}-1`,
        message: '<p>First</p>',
        from: { type: 'user', id: 'u1' },
        to: [{ type: 'admin', id: ADA }],
      },
    ],
    traits: KEPT,
  }));
  sandbox.seed('conversations', seeded);
}

const SYNC: ModesSync = {
  object: 'conversation',
  rows: {
    upsert: [
      {
        id: 'upsert-old',
        subject: 'After',
        gone: null,
        messages: [
          { externalId: 'upsert-1', message: '<p>Corrected</p>', from: 'u1', to: ADA },
          { externalId: 'upsert-2', message: '<p>Second</p>', from: ADA, to: ['u1', 'u2'] },
        ],
      },
      {
        id: 'upsert-new',
        subject: 'New',
        deal: 7,
        messages: [{ externalId: 'new-1', message: 'Hi', from: 'u2', to: ADA }],
      },
      { id: 'upsert-silent', subject: 'Nobody spoke' },
    ],
    update: [
      { id: 'update-old', subject: 'After' },
      { id: 'update-new', subject: 'Nowhere' },
      {
        id: 'same-old',
        subject: 'Before',
        kept: true,
        messages: [{ externalId: 'same-1', message: '<p>First</p>', from: 'u1', to: ADA }],
      },
    ],
    append: [
      { id: 'append-old', subject: 'After' },
      { id: 'append-new', subject: 'New' },
    ],
    delete: [{ id: 'delete-old' }, { id: 'delete-new' }],
  },
};

/** What a message says: who to whom. */
function said(message: string, from: string, ...to: readonly string[]): object {
  const person = (id: string) => ({ type: id === ADA ? 'admin' : 'user', id });
  return { message, from: person(from), to: to.map(person) };
}

const FIRST = said('<p>First</p>', 'u1', ADA);
const LEFT = {
  conversations: {
    'upsert-old': { subject: 'After', traits: { kept: true } },
    'upsert-new': { subject: 'New', traits: { deal: 7 } },
    'upsert-silent': { subject: 'Nobody spoke' },
    'update-old': { subject: 'After', traits: KEPT },
    'append-old': { subject: 'Before', traits: KEPT },
    'append-new': { subject: 'New' },
    'same-old': { subject: 'Before', traits: KEPT },
  },
  messages: {
    'upsert-1': { conversationId: 'upsert-old', ...said('<p>Corrected</p>', 'u1', ADA) },
    'upsert-2': { conversationId: 'upsert-old', ...said('<p>Second</p>', ADA, 'u1', 'u2') },
    'new-1': { conversationId: 'upsert-new', ...said('Hi', 'u2', ADA) },
    'update-1': { conversationId: 'update-old', ...FIRST },
    'append-1': { conversationId: 'append-old', ...FIRST },
    'same-1': { conversationId: 'same-old', ...FIRST },
  },
};

test.each([
  'by the docs',
  'activity-post-refuses-duplicate admin-search-results',
  'activity-post-duplicates no-created-at',
  'conversation-path-external-id not-found-400 message-envelope',
  'conversation-put-needs-subject not-found-200',
  'unknown-parent-accepted post-answers-201',
  'empty-page no-at-end page-limit-400',
])('conversations land with their messages in every mode, and only once: %s', async (reading) => {
  const sandbox = await sandboxUnder(reading);
  seedTalks(sandbox);
  const { counts, again, content } = await syncTwice(sandbox, SYNC);
  const { conversations, messages } = content;
  expect({ conversations, messages }).toMatchObject(LEFT);
  expect(Object.keys(conversations ?? {}).sort()).toEqual(Object.keys(LEFT.conversations).sort());
  expect(Object.keys(messages ?? {}).sort()).toEqual(Object.keys(LEFT.messages).sort());
  expect(counts).toEqual({
    upsert: { received: 3, created: 2, updated: 1 },
    update: { received: 3, updated: 1, unchanged: 1, skipped: 1 },
    append: { received: 2, created: 1, skipped: 1 },
    delete: { received: 2, deleted: 1, skipped: 1 },
  });
  expect(again).toEqual({
    upsert: { received: 3, unchanged: 3 },
    update: { received: 3, unchanged: 2, skipped: 1 },
    append: { received: 2, skipped: 2 },
    delete: { received: 2, skipped: 2 },
  });
});

test.each(WAYS_TO_NAME_A_USER)('a message of a conversation names its user by $way', async ({ name }) => {
  const sandbox = await sandboxFor();
  seedPeople(sandbox);
  const messages = [{ externalId: 'm', message: 'Hi', from: name(sandbox), to: ADA }];
  const rows = { upsert: [{ id: 'c', subject: 'Talk', messages: JSON.stringify(messages) }] };
  const { content } = await syncTwice(sandbox, { object: 'conversation', rows });
  expect(content.messages).toMatchObject({ m: said('Hi', 'u1', ADA) });
  // Its accounts follow from who is in it.
  const [conversation] = sandbox.items('conversations').all();
  expect(at(conversation, 'accounts', 0, 'externalId')).toBe('a1');
});

test('a conversation whose message names nobody that is there is rejected by the name', async () => {
  const sandbox = await sandboxFor();
  seedPeople(sandbox);
  const messages = [{ externalId: 'm', message: 'Hi', from: 'u404', to: ADA }];
  const rows = { upsert: [{ id: 'c', subject: 'Talk', messages }] };
  const { counts, content, program } = await syncModes(sandbox, { object: 'conversation', rows });
  expect(counts).toEqual({ upsert: { received: 1, rejected: 1 } });
  expect(content).not.toHaveProperty('conversations');
  expect(program.logs('WARN')).toEqual([expect.stringMatching(/unknown_association .* field messages\)/)]);
});

test("conversations are matched on Vitally's id, under which none is created", async () => {
  const sandbox = await sandboxFor();
  seedTalks(sandbox);
  const id = (name: string) => itemId(sandbox, 'conversations', `${name}-old`);
  const nobody = '00000000-0000-4000-8000-000000000000';
  const { counts, content } = await syncModes(sandbox, {
    object: 'conversation',
    entry: { match_on: 'id' },
    rows: {
      upsert: [
        { id: id('upsert'), subject: 'After' },
        { id: nobody, subject: 'Nowhere' },
      ],
      update: [
        { id: id('update'), subject: 'After' },
        { id: nobody, subject: 'Nowhere' },
      ],
      delete: [{ id: id('delete') }, { id: nobody }],
    },
  });
  expect(counts).toEqual({
    upsert: { received: 2, updated: 1, rejected: 1 },
    update: { received: 2, updated: 1, skipped: 1 },
    delete: { received: 2, deleted: 1, skipped: 1 },
  });
  expect(content.conversations).toMatchObject({
    'upsert-old': { subject: 'After' },
    'update-old': { subject: 'After' },
  });
  expect(Object.keys(content.conversations ?? {})).not.toContain('delete-old');
});

test('conversations without a key are told apart by what they say', async () => {
  const sandbox = await sandboxFor();
  const rows = { append: [{ subject: 'One' }, { subject: 'Two' }, { subject: 'One' }] };
  const { counts, again, content } = await syncTwice(sandbox, { object: 'conversation', key: null, rows });
  expect(counts).toEqual({ append: { received: 3, created: 2, skipped: 1 } });
  expect(again).toEqual({ append: { received: 3, skipped: 3 } });
  const subjects = Object.values(content.conversations ?? {}).map((one) => at(one, 'subject'));
  expect(subjects.sort()).toEqual(['One', 'Two']);
});
