import { expect, test } from 'vitest';
import type { SwitchName } from '../../../src/sandbox/index.ts';
import { record } from '../../support/messages.ts';
import { itemIdOf, seedPlaces } from '../../support/objects/places.ts';
import { refusal, refusedBy, type Sync, syncTwice } from '../../support/objects/syncs.ts';
import { KEPT, NOBODY, said, seedConversations, TESS, waysToNameAnn } from '../../support/objects/talks.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const OLD = ['upsert', 'update', 'append', 'delete', 'same'];
const UPSERT: Sync['streams'] = [{ stream: 'upsert', object: 'conversation', mode: 'upsert' }];

const EVERY_MODE: Sync = {
  streams: [
    ...['upsert', 'update', 'append', 'delete'].map((mode) => ({
      stream: mode,
      object: 'conversation',
      mode,
    })),
    { stream: 'log', object: 'conversation', mode: 'append', keyless: true },
  ],
  rows: [
    record('upsert', {
      id: 'upsert-old',
      subject: 'After',
      gone: null,
      messages: [
        { externalId: 'upsert-1', message: '<p>Corrected</p>', from: 'ann', to: TESS },
        { externalId: 'upsert-2', message: '<p>Second</p>', from: TESS, to: ['ann', 'bob'] },
      ],
    }),
    record('upsert', {
      id: 'upsert-new',
      subject: 'New',
      deal: 7,
      messages: [{ externalId: 'new-1', message: 'Hi', from: 'bob', to: TESS }],
    }),
    record('upsert', { id: 'upsert-silent', subject: 'Nobody spoke' }),
    record('update', { id: 'update-old', subject: 'After' }),
    record('update', { id: 'update-new', subject: 'Nowhere' }),
    record('update', {
      id: 'same-old',
      subject: 'Before',
      kept: true,
      messages: [{ externalId: 'same-1', message: '<p>First</p>', from: 'ann', to: TESS }],
    }),
    record('append', { id: 'append-old', subject: 'After' }),
    record('append', { id: 'append-new', subject: 'New' }),
    record('log', { subject: 'Logged' }),
    record('log', { subject: 'Logged' }),
    record('delete', { id: 'delete-old' }),
    record('delete', { id: 'delete-new' }),
  ],
};

const FIRST = said('<p>First</p>', 'ann', TESS);
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
    'upsert-1': { conversationId: 'upsert-old', ...said('<p>Corrected</p>', 'ann', TESS) },
    'upsert-2': { conversationId: 'upsert-old', ...said('<p>Second</p>', TESS, 'ann', 'bob') },
    'new-1': { conversationId: 'upsert-new', ...said('Hi', 'bob', TESS) },
    'update-1': { conversationId: 'update-old', ...FIRST },
    'append-1': { conversationId: 'append-old', ...FIRST },
    'same-1': { conversationId: 'same-old', ...FIRST },
  },
};

test.each<{ readonly profile: readonly SwitchName[] }>([
  { profile: [] },
  { profile: ['activity-post-refuses-duplicate', 'admin-search-results'] },
  { profile: ['activity-post-duplicates', 'no-created-at'] },
  { profile: ['conversation-path-external-id', 'not-found-400', 'message-envelope'] },
  { profile: ['conversation-put-needs-subject', 'not-found-200'] },
  { profile: ['unknown-parent-accepted', 'post-answers-201'] },
  { profile: ['empty-page', 'no-at-end', 'page-limit-400'] },
])(
  'conversations come out the same under every reading, and once however often they are sent: $profile',
  async ({ profile }) => {
    const sandbox = await openSandbox({ profile });
    seedConversations(sandbox, OLD);
    const { counts, content } = await syncTwice(sandbox, EVERY_MODE);
    expect(counts[0]).toEqual({
      upsert: { received: 3, created: 2, updated: 1 },
      update: { received: 3, updated: 1, unchanged: 1, skipped: 1 },
      append: { received: 2, created: 1, skipped: 1 },
      log: { received: 2, created: 1, skipped: 1 },
      delete: { received: 2, deleted: 1, skipped: 1 },
    });
    expect(counts[1]).toEqual({
      upsert: { received: 3, unchanged: 3 },
      update: { received: 3, unchanged: 2, skipped: 1 },
      append: { received: 2, skipped: 2 },
      log: { received: 2, skipped: 2 },
      delete: { received: 2, skipped: 2 },
    });
    const { conversations = {}, messages = {} } = content;
    expect({ conversations, messages }).toMatchObject(LEFT);
    const others = Object.entries(conversations).filter(([key]) => !Object.hasOwn(LEFT.conversations, key));
    expect(others.map(([, conversation]) => at(conversation, 'subject'))).toEqual(['Logged']);
    expect(Object.keys(messages).sort()).toEqual(Object.keys(LEFT.messages).sort());
  },
);

test('a message of a conversation names its user by own id, by that of Vitally, by e-mail, or with a type', async () => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  const rows = waysToNameAnn(sandbox).map((from, way) => {
    const messages = [{ externalId: `m${way}`, message: 'Hi', from, to: TESS }];
    return record('upsert', { id: `c${way}`, subject: 'Talk', messages: JSON.stringify(messages) });
  });
  const { content } = await syncTwice(sandbox, { streams: UPSERT, rows });
  const messages = Object.values(content.messages ?? {});
  expect(messages).toMatchObject(rows.map(() => said('Hi', 'ann', TESS)));
  // Its accounts follow from who is in it.
  const accounts = sandbox
    .items('conversations')
    .all()
    .map((one) => at(one, 'accounts', 0, 'externalId'));
  expect(accounts).toEqual(rows.map(() => 'acme'));
});

test('a conversation whose message names nobody that is there is refused by the name', async () => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  const messages = [{ externalId: 'm', message: 'Hi', from: 'zoe', to: TESS }];
  const rows = [record('upsert', { id: 'c', subject: 'Talk', messages })];
  const { refused } = await refusedBy(sandbox, { streams: UPSERT, rows });
  expect([...refused]).toEqual([['c', refusal('unknown_association', 'messages', 'user "zoe"')]]);
  expect(sandbox.items('conversations').size).toBe(0);
});

test("conversations are matched on Vitally's id, under which none is created", async () => {
  const sandbox = await openSandbox();
  seedConversations(sandbox, OLD);
  const modes = ['upsert', 'update', 'delete'];
  const streams = modes.map((mode) => ({ stream: mode, object: 'conversation', mode, match_on: 'id' }));
  const rows = modes.flatMap((mode) => [
    record(mode, { id: itemIdOf(sandbox, 'conversations', `${mode}-old`), subject: 'After' }),
    record(mode, { id: NOBODY, subject: 'Nowhere' }),
  ]);
  const { refused, program } = await refusedBy(sandbox, { streams, rows });
  expect([...refused]).toEqual([[NOBODY, { code: 'unknown_key', field: null, message: expect.any(String) }]]);
  expect(program.logsOf('WARN')).toHaveLength(1);
  const { conversations = {} } = sandbox.snapshot();
  expect(Object.entries(conversations).map(([key, one]) => `${key} ${at(one, 'subject')}`)).toEqual([
    'append-old Before',
    'same-old Before',
    'update-old After',
    'upsert-old After',
  ]);
});
