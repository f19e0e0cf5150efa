import { expect, test } from 'vitest';
import type { Sandbox, SwitchName } from '../../../src/sandbox/index.ts';
import { record } from '../../support/messages.ts';
import { itemIdOf } from '../../support/objects/places.ts';
import { refusal, refusedBy, type Sync, syncTwice } from '../../support/objects/syncs.ts';
import { NOBODY, said, seedConversations, TESS, waysToNameAnn } from '../../support/objects/talks.ts';
import { countsOf } from '../../support/output.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const OLD = ['upsert', 'update', 'append', 'delete', 'same'];
const UPSERT: Sync['streams'] = [{ stream: 'upsert', object: 'message', mode: 'upsert' }];

function everyMode(sandbox: Sandbox): Sync {
  const [from, to] = ['ann', TESS];
  return {
    streams: [
      ...['upsert', 'update', 'append', 'delete'].map((mode) => ({ stream: mode, object: 'message', mode })),
      { stream: 'log', object: 'message', mode: 'append', keyless: true },
    ],
    rows: [
      record('upsert', {
        id: 'upsert-1',
        conversationId: 'upsert-old',
        message: '<p>Corrected</p>',
        from,
        to,
      }),
      record('upsert', {
        id: 'upsert-2',
        conversation_id: itemIdOf(sandbox, 'conversations', 'upsert-old'),
        body: '<p>Second</p><script>no()</script>',
        from: TESS,
        to: ['ann', 'bob'],
        cc: 'cid',
        timestamp: '2026-03-02 09:00:00',
      }),
      record('upsert', { id: 'same-1', conversationId: 'same-old', message: '<p>First</p>', from, to }),
      record('update', { id: 'update-1', message: '<p>Corrected</p>' }),
      record('update', { id: 'update-9', message: 'Nowhere' }),
      record('append', { id: 'append-1', conversationId: 'append-old', message: 'Again', from, to }),
      record('append', { id: 'append-2', conversationId: 'append-old', message: 'Second', from, to }),
      record('log', { conversationId: 'append-old', message: 'Logged', from, to }),
      record('log', { conversationId: 'append-old', message: 'Logged', from, to }),
      record('delete', { id: 'delete-1' }),
      record('delete', { id: 'delete-9' }),
    ],
  };
}

const FIRST = said('<p>First</p>', 'ann', TESS);
const LEFT = {
  'upsert-1': { conversationId: 'upsert-old', ...said('<p>Corrected</p>', 'ann', TESS) },
  'upsert-2': {
    conversationId: 'upsert-old',
    ...said('<p>Second</p>', TESS, 'ann', 'bob'),
    cc: [{ type: 'user', id: 'cid' }],
    timestamp: '2026-03-02T09:00:00Z',
  },
  'same-1': { conversationId: 'same-old', ...FIRST },
  'update-1': { conversationId: 'update-old', ...said('<p>Corrected</p>', 'ann', TESS) },
  'append-1': { conversationId: 'append-old', ...FIRST },
  'append-2': { conversationId: 'append-old', ...said('Second', 'ann', TESS) },
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
  'messages come out the same under every reading, and once however often they are sent: $profile',
  async ({ profile }) => {
    const sandbox = await openSandbox({ profile });
    seedConversations(sandbox, OLD);
    const { counts, content } = await syncTwice(sandbox, everyMode(sandbox));
    expect(counts[0]).toEqual({
      upsert: { received: 3, created: 1, updated: 1, unchanged: 1 },
      update: { received: 2, updated: 1, skipped: 1 },
      append: { received: 2, created: 1, skipped: 1 },
      log: { received: 2, created: 1, skipped: 1 },
      delete: { received: 2, deleted: 1, skipped: 1 },
    });
    expect(counts[1]).toEqual({
      upsert: { received: 3, unchanged: 3 },
      update: { received: 2, unchanged: 1, skipped: 1 },
      append: { received: 2, skipped: 2 },
      log: { received: 2, skipped: 2 },
      delete: { received: 2, skipped: 2 },
    });
    const { messages = {}, conversations = {} } = content;
    expect(messages).toMatchObject(LEFT);
    const others = Object.entries(messages).filter(([key]) => !Object.hasOwn(LEFT, key));
    expect(others.map(([, message]) => message)).toMatchObject([said('Logged', 'ann', TESS)]);
    const subjects = Object.values(conversations).map((conversation) => at(conversation, 'subject'));
    expect(subjects).toEqual(OLD.map(() => 'Before'));
  },
);

test('a message names a user by own id, by that of Vitally, by e-mail, or with a type', async () => {
  const sandbox = await openSandbox();
  seedConversations(sandbox, ['a']);
  const rows = waysToNameAnn(sandbox).map((from, way) =>
    record('upsert', {
      id: `m${way}`,
      conversationId: 'a-old',
      message: 'Hi',
      from,
      to: JSON.stringify([TESS]),
    }),
  );
  const { content } = await syncTwice(sandbox, { streams: UPSERT, rows });
  const { 'a-1': _first, ...messages } = content.messages ?? {};
  expect(Object.values(messages)).toMatchObject(rows.map(() => said('Hi', 'ann', TESS)));
});

test('a message that names what is not there is refused by the name, alone', async () => {
  const sandbox = await openSandbox();
  seedConversations(sandbox, ['a']);
  const good = { conversationId: 'a-old', message: 'Hi', from: 'ann', to: TESS };
  const wrong = [
    { column: 'conversationId', value: 'c404', sought: 'conversation "c404"' },
    { column: 'from', value: 'zoe', sought: 'user "zoe"' },
    { column: 'to', value: ['ann', 'zoe@acme.test'], sought: '"zoe@acme.test"' },
    { column: 'cc', value: { type: 'admin', id: 'zoe@team.test' }, sought: 'team member "zoe@team.test"' },
  ];
  const rows = [
    ...wrong.map(({ column, value }) => record('upsert', { id: column, ...good, [column]: value })),
    record('upsert', { id: 'good', ...good }),
  ];
  const { refused, program } = await refusedBy(sandbox, { streams: UPSERT, rows });
  expect(Object.fromEntries(refused)).toEqual(
    Object.fromEntries(
      wrong.map(({ column, sought }) => [column, refusal('unknown_association', column, sought)]),
    ),
  );
  expect(countsOf(program.summary, 'upsert')).toEqual({ received: 5, created: 1, rejected: 4 });
});

test("messages are matched on Vitally's id, under which none is created", async () => {
  const sandbox = await openSandbox();
  seedConversations(sandbox, OLD);
  const modes = ['upsert', 'update', 'delete'];
  const streams = modes.map((mode) => ({ stream: mode, object: 'message', mode, match_on: 'id' }));
  const rows = modes.flatMap((mode) => [
    record(mode, { id: itemIdOf(sandbox, 'messages', `${mode}-1`), message: 'After' }),
    record(mode, { id: NOBODY, conversationId: 'same-old', message: 'Nowhere', from: 'ann', to: TESS }),
  ]);
  const { refused } = await refusedBy(sandbox, { streams, rows });
  expect([...refused]).toMatchObject([[NOBODY, { code: 'unknown_key' }]]);
  const messages = Object.entries(sandbox.snapshot().messages ?? {});
  expect(messages.map(([key, one]) => `${key} ${at(one, 'message')}`)).toEqual([
    'append-1 <p>First</p>',
    'same-1 <p>First</p>',
    'update-1 After',
    'upsert-1 After',
  ]);
});

test('messages that come with their conversation take a few requests, not one each', async () => {
  const sandbox = await openSandbox();
  seedConversations(sandbox, []);
  const streams = [...UPSERT, { stream: 'talks', object: 'conversation', mode: 'upsert' }];
  const rows = [
    record('talks', { id: 'c', subject: 'Long' }),
    ...Array.from({ length: 80 }, (_, id) =>
      record('upsert', { id, conversationId: 'c', message: `Message ${id}`, from: 'ann', to: TESS }),
    ),
  ];
  const { content } = await syncTwice(sandbox, { streams, rows });
  expect(Object.keys(content.messages ?? {})).toHaveLength(80);
  const writes = sandbox.requests().filter(({ method }) => method !== 'GET');
  expect(writes.length).toBeLessThanOrEqual(6);
});
