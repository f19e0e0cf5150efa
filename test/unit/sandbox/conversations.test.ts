import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/index.ts';
import { itemId, listed, seedWorkspace, type Workspace } from '../../support/sandbox/activity.ts';
import { at, idOf } from '../../support/sandbox/client.ts';
import { withSandbox } from '../../support/sandboxes.ts';

const message = ({ user, admin }: Workspace, externalId: string, text = '<p>Hi</p>') => ({
  externalId,
  message: text,
  from: { type: 'user', id: user },
  to: [{ type: 'admin', id: admin }],
  timestamp: '2026-03-01T09:00:00Z',
});

/** A conversation with one message of `u1` to Ada. */
function seedConversation(sandbox: Sandbox): { readonly workspace: Workspace; readonly path: string } {
  const workspace = seedWorkspace(sandbox);
  sandbox.seed('conversations', [
    { externalId: 'c1', subject: 'Hello', messages: [message(workspace, 'm1')], traits: { a: 1 } },
  ]);
  return { workspace, path: `/conversations/${itemId(sandbox, 'conversations', 'c1')}` };
}

const texts = (body: unknown) => {
  const messages = at(body, 'messages');
  return Array.isArray(messages)
    ? messages.map((one) => [at(one, 'externalId'), at(one, 'message')].join(': '))
    : messages;
};

describe('POST', () => {
  test('answers the whole object, what it belongs to taken from who is in it', () =>
    withSandbox({}, async (api, sandbox) => {
      const workspace = seedWorkspace(sandbox);
      const sent = { externalId: 'c1', subject: 'Hello', traits: { dealArr: 5 } };
      const reply = await api.post('/conversations', { ...sent, messages: [message(workspace, 'm1')] });
      expect(reply.status).toBe(200);
      expect(reply.body).toMatchObject({
        ...sent,
        status: null,
        rating: null,
        source: null,
        externalUrl: null,
        accounts: [{ id: workspace.account, externalId: 'a1' }],
        users: [{ id: workspace.user }],
        admins: [{ id: workspace.admin, name: 'Ada', email: 'ada@vendor.test', licenseStatus: 'active' }],
        messages: [
          {
            ...message(workspace, 'm1'),
            id: expect.any(String),
            conversationId: idOf(reply),
            type: 'inbound',
            cc: [],
            bcc: [],
            externalUrl: null,
          },
        ],
      });
      expect((await api.get(`/conversations/${idOf(reply)}`)).body).toEqual(reply.body);
    }));

  test('two users of one account make one account, and one who is gone makes none', () =>
    withSandbox({ profile: ['user-delete-immediate'] }, async (api, sandbox) => {
      const { workspace, path } = seedConversation(sandbox);
      sandbox.seed('users', [{ externalId: 'u2', accountIds: ['a1'] }]);
      const from = { type: 'user', id: at(sandbox.users.byExternalId('u2'), 'id') };
      const reply = await api.put(path, { messages: [{ ...message(workspace, 'm2'), from }] });
      expect(reply.body).toMatchObject({ users: [{ externalId: 'u1' }, { externalId: 'u2' }] });
      expect(at(reply.body, 'accounts', 'length')).toBe(1);
      await api.delete('/users/u1');
      expect((await api.get(path)).body).toMatchObject({ users: [{ externalId: 'u2' }] });
      await api.delete('/users/u2');
      expect((await api.get(path)).body).toMatchObject({
        users: [],
        accounts: [],
        admins: [{ name: 'Ada' }],
      });
    }));

  test('without messages it belongs to nobody', () =>
    withSandbox({}, async (api) => {
      const reply = await api.post('/conversations', { subject: 'Hello', messages: [] });
      expect(reply.body).toMatchObject({
        externalId: null,
        accounts: [],
        users: [],
        admins: [],
        messages: [],
      });
    }));

  test.each([
    { more: { subject: undefined }, error: 'subject is required' },
    { more: { subject: '' }, error: 'subject is required' },
    { more: { subject: 1 }, error: 'subject must be a string' },
    { more: { messages: undefined }, error: 'messages is required' },
    { more: { messages: 'x' }, error: 'messages must be an array of objects' },
    { more: { messages: ['x'] }, error: 'messages must be an array of objects' },
    { more: { messages: [{}] }, error: 'externalId is required' },
    { more: { messages: [{ externalId: 7 }] }, error: 'externalId must be a string' },
    { more: { messages: [{ externalId: 'm' }] }, error: 'message is required' },
  ])('with $more: $error', ({ more, error }) =>
    withSandbox({}, async (api, sandbox) => {
      const reply = await api.post('/conversations', {
        externalId: 'c',
        subject: 's',
        messages: [],
        ...more,
      });
      expect([reply.status, reply.body]).toEqual([400, { error }]);
      expect([sandbox.items('conversations').size, sandbox.items('messages').size]).toEqual([0, 0]);
    }),
  );

  test.each([
    { profile: [], status: 200, conversations: ['c1'], messages: ['m1'] },
    { profile: ['activity-post-refuses-duplicate'], status: 409, conversations: ['c1'], messages: ['m1'] },
    {
      profile: ['activity-post-duplicates'],
      status: 200,
      conversations: ['c1', 'c1 #2'],
      messages: ['m1', 'm1 #2'],
    },
  ])('of what is there with $profile: $status', ({ profile, status, conversations, messages }) =>
    withSandbox({ profile }, async (api, sandbox) => {
      const { workspace } = seedConversation(sandbox);
      const body = { externalId: 'c1', subject: 'Again', messages: [message(workspace, 'm1', 'Again')] };
      expect((await api.post('/conversations', body)).status).toBe(status);
      expect(Object.keys(sandbox.snapshot().conversations ?? {})).toEqual(conversations);
      expect(Object.keys(sandbox.snapshot().messages ?? {})).toEqual(messages);
    }),
  );
});

describe('PUT', () => {
  test('inserts new messages, changes those that are there, leaves the others', () =>
    withSandbox({}, async (api, sandbox) => {
      const { workspace, path } = seedConversation(sandbox);
      const first = itemId(sandbox, 'messages', 'm1');
      const reply = await api.put(path, { messages: [message(workspace, 'm2', 'two')] });
      expect(texts(reply.body)).toEqual(['m1: <p>Hi</p>', 'm2: two']);
      const again = await api.put(path, {
        subject: 'New',
        traits: { a: null, b: 2 },
        messages: [message(workspace, 'm1', 'one'), message(workspace, 'm3', 'three')],
      });
      expect(again.body).toMatchObject({ externalId: 'c1', subject: 'New', traits: { b: 2 } });
      expect(texts(again.body)).toEqual(['m1: one', 'm2: two', 'm3: three']);
      expect(itemId(sandbox, 'messages', 'm1')).toBe(first);
    }));

  test.each(['activity-post-duplicates', 'activity-post-refuses-duplicate'])(
    'matches messages under %s too',
    (profile) =>
      withSandbox({ profile: [profile] }, async (api, sandbox) => {
        const { workspace, path } = seedConversation(sandbox);
        const reply = await api.put(path, { messages: [message(workspace, 'm1', 'one')] });
        expect(texts(reply.body)).toEqual(['m1: one']);
      }),
  );

  test('changes nothing where one message is refused', () =>
    withSandbox({}, async (api, sandbox) => {
      const { workspace, path } = seedConversation(sandbox);
      const before = sandbox.snapshot();
      const messages = [message(workspace, 'm2'), { ...message(workspace, 'm3'), to: undefined }];
      expect(await api.put(path, { subject: 'New', messages })).toMatchObject({
        status: 400,
        body: { error: 'to is required' },
      });
      expect(sandbox.snapshot()).toEqual(before);
    }));

  test.each([{ subject: '' }, { subject: null }])('%o is refused', (body) =>
    withSandbox({}, async (api, sandbox) => {
      const { path } = seedConversation(sandbox);
      expect((await api.put(path, body)).status).toBe(400);
    }),
  );
});

describe('paths and lists', () => {
  test('an externalId in the path is nobody', () =>
    withSandbox({}, async (api, sandbox) => {
      const { workspace } = seedConversation(sandbox);
      const replies = [
        await api.get('/conversations/c1'),
        await api.put('/conversations/c1', {}),
        await api.delete('/conversations/c1'),
        await api.post('/conversations/c1/messages', message(workspace, 'm2')),
      ];
      for (const reply of replies)
        expect([reply.status, reply.body]).toEqual([404, { error: 'Conversation not found' }]);
    }));

  test('DELETE is real and takes the messages along', () =>
    withSandbox({}, async (api, sandbox) => {
      const { path } = seedConversation(sandbox);
      expect(await api.delete(path)).toMatchObject({ status: 204, text: '' });
      expect((await api.get(path)).status).toBe(404);
      expect((await api.get('/messages/m1')).status).toBe(404);
      expect(listed((await api.get('/accounts/a1/conversations')).body)).toEqual([]);
    }));

  test('lists lack messages and what follows from them', () =>
    withSandbox({}, async (api, sandbox) => {
      seedConversation(sandbox);
      const { body } = await api.get('/conversations');
      expect(at(body, 'results', 0)).toMatchObject({ externalId: 'c1', subject: 'Hello', traits: { a: 1 } });
      for (const name of ['messages', 'accounts', 'users', 'admins'])
        expect(at(body, 'results', 0)).not.toHaveProperty(name);
    }));

  test('lists of an account or organization follow the users of the messages', () =>
    withSandbox({}, async (api, sandbox) => {
      const { workspace, path } = seedConversation(sandbox);
      sandbox.seed('accounts', [{ externalId: 'a2', name: 'Other' }]);
      sandbox.seed('users', [
        { externalId: 'u2', accountIds: ['a2'] },
        { externalId: 'u3', organizationIds: ['o1'] },
      ]);
      sandbox.seed('conversations', [{ externalId: 'c2', subject: 'None' }]);
      const lists = async () => [
        listed((await api.get(`/accounts/${workspace.account}/conversations`)).body),
        listed((await api.get('/accounts/a2/conversations')).body),
        listed((await api.get('/organizations/o1/conversations')).body),
      ];
      expect(await lists()).toEqual([['c1'], [], []]);
      const cc = ['u2', 'u3'].map((id) => ({ type: 'user', id: at(sandbox.users.byExternalId(id), 'id') }));
      await api.put(path, { messages: [{ ...message(workspace, 'm2'), cc }] });
      expect(await lists()).toEqual([['c1'], ['c1'], ['c1']]);
      expect(at((await api.get(path)).body, 'accounts', 'length')).toBe(2);
      await api.delete(`/messages/${itemId(sandbox, 'messages', 'm2')}`);
      expect(await lists()).toEqual([['c1'], [], []]);
    }));

  test.each([
    ['get', '/messages'],
    ['post', '/messages'],
    ['put', '/messages/m1'],
    ['put', '/conversations/c1/messages'],
    ['get', '/accounts/a1/messages'],
  ] as const)('%s %s is no endpoint', (method, path) =>
    withSandbox({}, async (api, sandbox) => {
      const { workspace } = seedConversation(sandbox);
      const reply = await (method === 'get' ? api.get(path) : api[method](path, message(workspace, 'm1')));
      expect(reply).toMatchObject({ status: 404, body: { error: 'no such endpoint' } });
    }),
  );
});
