import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/index.ts';
import { itemId, NOBODY, seedWorkspace, type Workspace } from '../../support/sandbox/activity.ts';
import { at, idOf } from '../../support/sandbox/client.ts';
import { withSandbox } from '../../support/sandboxes.ts';

/** An empty conversation, the path of its messages, and a body of one. */
function seedConversation(sandbox: Sandbox): {
  readonly workspace: Workspace;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
} {
  const workspace = seedWorkspace(sandbox);
  sandbox.seed('conversations', [{ externalId: 'c1', subject: 'Hello' }]);
  const [user, admin] = [
    { type: 'user', id: workspace.user },
    { type: 'admin', id: workspace.admin },
  ];
  return {
    workspace,
    path: `/conversations/${itemId(sandbox, 'conversations', 'c1')}/messages`,
    body: { externalId: 'm1', message: '<p>Hi</p>', from: user, to: [admin] },
  };
}

describe('POST', () => {
  test.each([
    { from: 'user', type: 'inbound' },
    { from: 'admin', type: 'outbound' },
  ] as const)('from a $from is $type, whatever the body says', ({ from, type }) =>
    withSandbox({ now: () => 1000 }, async (api, sandbox) => {
      const { workspace, path, body } = seedConversation(sandbox);
      const people = {
        from: { type: from, id: workspace[from] },
        to: [{ type: 'user', id: workspace.user }],
        cc: [{ type: 'admin', id: workspace.admin }],
        bcc: [],
      };
      const reply = await api.post(path, { ...body, ...people, type: 'note', message: '<h1>Hi</h1>' });
      expect(reply.body).toMatchObject({
        ...people,
        type,
        externalId: 'm1',
        externalUrl: null,
        conversationId: itemId(sandbox, 'conversations'),
        message: 'Hi',
        timestamp: '1970-01-01T00:00:01.000Z',
      });
      for (const id of [idOf(reply), 'm1'])
        expect((await api.get(`/messages/${id}`)).body).toEqual(reply.body);
    }),
  );

  test.each([
    { more: { externalId: undefined }, error: 'externalId is required' },
    { more: { message: undefined }, error: 'message is required' },
    { more: { message: 5 }, error: 'message must be a string' },
    { more: { from: undefined }, error: 'from is required' },
    { more: { from: null }, error: 'from is required' },
    { more: { from: 'u1' }, error: 'from must be made of {type, id}' },
    { more: { from: [] }, error: 'from must be made of {type, id}' },
    { more: { from: { id: NOBODY } }, error: 'type is required' },
    {
      more: { from: { type: 'bot', id: NOBODY } },
      error: 'from has a type that is neither admin nor user',
    },
    { more: { from: { type: 'user' } }, error: 'id is required' },
    {
      more: { from: { type: 'user', id: 'u1' } },
      error: 'from has an id that is not the id of a user',
    },
    {
      more: { from: { type: 'admin', id: 'ada@vendor.test' } },
      error: 'from has an id that is not the id of an admin',
    },
    { more: { to: undefined }, error: 'to is required' },
    { more: { to: { type: 'user', id: NOBODY } }, error: 'to must be an array of {type, id}' },
    { more: { to: ['u1'] }, error: 'to must be made of {type, id}' },
    {
      more: { cc: [{ type: 'user', id: NOBODY }] },
      error: 'cc has an id that is not the id of a user',
    },
    { more: { bcc: 'x' }, error: 'bcc must be an array of {type, id}' },
    { more: { timestamp: 'soon' }, error: 'timestamp must be an ISO 8601 date' },
  ])('with $more: $error', ({ more, error }) =>
    withSandbox({}, async (api, sandbox) => {
      const { path, body } = seedConversation(sandbox);
      const reply = await api.post(path, { ...body, ...more });
      expect([reply.status, reply.body]).toEqual([400, { error }]);
      expect(sandbox.items('messages').size).toBe(0);
    }),
  );

  test('an unknown participant can be let pass', () =>
    withSandbox({ profile: ['unknown-parent-accepted'] }, async (api, sandbox) => {
      const { path, body } = seedConversation(sandbox);
      const from = { type: 'user', id: NOBODY };
      expect((await api.post(path, { ...body, from })).body).toMatchObject({ from, type: 'inbound' });
      expect((await api.get(path.replace(/\/messages$/, ''))).body).toMatchObject({
        accounts: [],
        users: [],
        admins: [{ name: 'Ada' }],
      });
    }));

  test.each([
    { profile: [], status: 200, kept: ['m1'] },
    { profile: ['activity-post-refuses-duplicate'], status: 409, kept: ['m1'] },
    { profile: ['activity-post-duplicates'], status: 200, kept: ['m1', 'm1 #2'] },
    { profile: ['post-answers-201'], status: 200, kept: ['m1'] },
  ])('of what is there with $profile: $status', ({ profile, status, kept }) =>
    withSandbox({ profile }, async (api, sandbox) => {
      const { path, body } = seedConversation(sandbox);
      const made = await api.post(path, body);
      expect(made.status).toBe(profile[0] === 'post-answers-201' ? 201 : 200);
      expect((await api.post(path, { ...body, message: 'again' })).status).toBe(status);
      expect(Object.keys(sandbox.snapshot().messages ?? {})).toEqual(kept);
    }),
  );

  test('below a conversation that is not there', () =>
    withSandbox({}, async (api, sandbox) => {
      const { body } = seedConversation(sandbox);
      expect(await api.post(`/conversations/${NOBODY}/messages`, body)).toMatchObject({
        status: 404,
        body: { error: 'Conversation not found' },
      });
    }));
});

test.each([
  { by: 'id', status: 204 },
  { by: 'm1', status: 404 },
  { by: NOBODY, status: 404 },
])('DELETE by $by: $status', ({ by, status }) =>
  withSandbox({}, async (api, sandbox) => {
    const { path, body } = seedConversation(sandbox);
    const id = idOf(await api.post(path, body));
    expect((await api.delete(`/messages/${by === 'id' ? id : by}`)).status).toBe(status);
    const { messages } = sandbox.snapshot();
    expect(Object.keys(messages ?? {})).toEqual(status === 204 ? [] : ['m1']);
    const conversation = await api.get(path.replace(/\/messages$/, ''));
    expect(at(conversation.body, 'messages', 'length')).toBe(status === 204 ? 0 : 1);
  }),
);

describe('seeds', () => {
  test('name participants by external id and e-mail, the conversation by its external id', () =>
    withSandbox({}, async (_api, sandbox) => {
      const { workspace } = seedConversation(sandbox);
      const seeded = {
        externalId: 'm1',
        conversationId: 'c1',
        message: 'x',
        from: { type: 'admin', id: 'ada@vendor.test' },
        to: [{ type: 'user', id: 'u1' }],
      };
      sandbox.seed('messages', [seeded]);
      expect(sandbox.items('messages').byExternalId('m1')).toMatchObject({
        from: { type: 'admin', id: workspace.admin },
        to: [{ type: 'user', id: workspace.user }],
      });
      const { externalId, ...content } = seeded;
      expect(at(sandbox.snapshot(), 'messages', externalId)).toMatchObject(content);
    }));

  test('need a conversation that is there', () =>
    withSandbox({}, async (_api, sandbox) => {
      const { body } = seedConversation(sandbox);
      expect(() => sandbox.seed('messages', [{ ...body, conversationId: 'nowhere' }])).toThrow(
        'conversationId is not the id of a conversation',
      );
    }));
});

test('two messages of one conversation may be in work at once, one message may not', () =>
  withSandbox({}, async (api, sandbox) => {
    const { path, body } = seedConversation(sandbox);
    sandbox.stall();
    const posts = ['m1', 'm2', 'm3'].map((externalId) => api.post(path, { ...body, externalId }));
    while (sandbox.maxConcurrent < 3) await new Promise((resolve) => setImmediate(resolve));
    expect(sandbox.maxConcurrentPerKey).toBe(1);
    posts.push(api.post(path, { ...body, externalId: 'm3' }));
    while (sandbox.maxConcurrent < 4) await new Promise((resolve) => setImmediate(resolve));
    expect(sandbox.maxConcurrentPerKey).toBe(2);
    sandbox.release();
    await Promise.all(posts);
  }));
