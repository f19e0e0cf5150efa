import { describe, expect, test } from 'vitest';
import { itemId, listed, NOBODY, seedWorkspace } from '../../support/sandbox/activity.ts';
import { at, idIn, idOf } from '../../support/sandbox/client.ts';
import { withSandbox } from '../../support/sandboxes.ts';

const RESPONSE = { externalId: 'r1', respondedAt: '2026-03-01T09:00:00Z', score: 9 };

test('a POST answers the whole object with its user', () =>
  withSandbox({}, async (api, sandbox) => {
    const { user } = seedWorkspace(sandbox);
    const sent = { ...RESPONSE, userId: user, feedback: 'Fine <b>thing</b>' };
    const reply = await api.post('/npsResponses', sent);
    expect(reply).toMatchObject({
      status: 200,
      body: {
        ...sent,
        user: { id: user, externalId: 'u1' },
        dismissedAt: null,
        createdAt: expect.any(String),
        updatedAt: expect.any(String),
      },
    });
    for (const id of [idOf(reply), 'r1'])
      expect((await api.get(`/npsResponses/${id}`)).body).toEqual(reply.body);
    expect(at(sandbox.snapshot(), 'npsResponses', 'r1')).toMatchObject({ userId: 'u1', score: 9 });
  }));

const BAD_FIELDS = [
  { more: { userId: undefined }, error: 'userId is required' },
  { more: { userId: null }, error: 'userId is required' },
  { more: { userId: 'u1' }, error: 'userId is not the id of a user' },
  { more: { userId: NOBODY }, error: 'userId is not the id of a user' },
  { more: { respondedAt: undefined }, error: 'respondedAt is required' },
  { more: { respondedAt: 'soon' }, error: 'respondedAt must be an ISO 8601 date' },
  { more: { score: undefined }, error: 'score is required' },
  { more: { score: null }, error: 'score is required' },
  ...['9', 9.5, 11, -1, true].map((score) => ({
    more: { score },
    error: 'score must be an integer from 0 to 10',
  })),
  { more: { feedback: 1 }, error: 'feedback must be a string' },
];

describe.each(['post', 'put'] as const)('a refused %s', (method) => {
  test.each(BAD_FIELDS)('with $more: $error', ({ more, error }) =>
    withSandbox({}, async (api, sandbox) => {
      const { user } = seedWorkspace(sandbox);
      sandbox.seed('npsResponses', [{ ...RESPONSE, externalId: 'there', userId: 'u1' }]);
      const before = sandbox.snapshot();
      const path = method === 'post' ? '/npsResponses' : '/npsResponses/there';
      const reply = await api[method](path, { ...RESPONSE, userId: user, ...more });
      expect([reply.status, reply.body]).toEqual([400, { error }]);
      expect(sandbox.snapshot()).toEqual(before);
    }),
  );
});

test.each([0, 10])('a score of %i is taken', (score) =>
  withSandbox({}, async (api, sandbox) => {
    const { user } = seedWorkspace(sandbox);
    expect((await api.post('/npsResponses', { ...RESPONSE, userId: user, score })).status).toBe(200);
  }),
);

describe('writing again', () => {
  test.each([
    { profile: [], status: 200, score: 1 },
    { profile: ['activity-post-duplicates'], status: 200, score: 1 },
    { profile: ['activity-post-refuses-duplicate'], status: 409, score: 9 },
  ])('POST of what is there with $profile: $status', ({ profile, status, score }) =>
    withSandbox({ profile }, async (api, sandbox) => {
      const { user } = seedWorkspace(sandbox);
      const made = await api.post('/npsResponses', { ...RESPONSE, userId: user, feedback: 'kept' });
      const again = await api.post('/npsResponses', { ...RESPONSE, userId: user, score: 1 });
      expect(again.status).toBe(status);
      expect(sandbox.items('npsResponses').all()).toMatchObject([
        { id: idOf(made), score, feedback: 'kept' },
      ]);
    }),
  );

  test.each(['id', 'r1'])('PUT by %s', (by) =>
    withSandbox({}, async (api, sandbox) => {
      const { user } = seedWorkspace(sandbox);
      sandbox.seed('npsResponses', [{ ...RESPONSE, userId: 'u1', feedback: 'Fine' }]);
      const id = by === 'id' ? itemId(sandbox, 'npsResponses') : by;
      const sent = { respondedAt: '2026-03-02T00:00:00Z', score: 0, userId: user };
      const reply = await api.put(`/npsResponses/${id}`, { ...sent, externalId: 'other' });
      expect(reply.body).toMatchObject({ ...sent, externalId: 'r1', feedback: 'Fine' });
    }),
  );

  test('a PUT without its required fields is refused', () =>
    withSandbox({}, async (api, sandbox) => {
      seedWorkspace(sandbox);
      sandbox.seed('npsResponses', [{ ...RESPONSE, userId: 'u1' }]);
      expect(await api.put('/npsResponses/r1', { feedback: 'x' })).toMatchObject({ status: 400 });
    }));

  test.each(['id', 'r1'])('DELETE by %s is real', (by) =>
    withSandbox({}, async (api, sandbox) => {
      seedWorkspace(sandbox);
      sandbox.seed('npsResponses', [{ ...RESPONSE, userId: 'u1' }]);
      const path = `/npsResponses/${by === 'id' ? itemId(sandbox, 'npsResponses') : by}`;
      expect(await api.delete(path)).toMatchObject({ status: 204, text: '' });
      expect(await api.get(path)).toMatchObject({ status: 404, body: { error: 'NPS response not found' } });
      expect(sandbox.items('npsResponses').size).toBe(0);
    }),
  );

  test.each([
    { profile: [], status: 404 },
    { profile: ['not-found-400'], status: 400 },
    { profile: ['not-found-200'], status: 200 },
    { profile: ['put-creates'], status: 404 },
  ])('of nobody with $profile: $status', ({ profile, status }) =>
    withSandbox({ profile }, async (api, sandbox) => {
      const { user } = seedWorkspace(sandbox);
      const replies = [
        await api.put('/npsResponses/nobody', { ...RESPONSE, userId: user }),
        await api.get(`/npsResponses/${NOBODY}`),
        await api.delete('/npsResponses/nobody'),
      ];
      for (const reply of replies)
        expect([reply.status, reply.body]).toEqual([status, { error: 'NPS response not found' }]);
    }),
  );
});

describe('lists', () => {
  test.each([
    { path: '/npsResponses', found: ['both', 'account'] },
    { path: '/npsResponses?target=accounts', found: ['both', 'account'] },
    { path: '/npsResponses?target=organization', found: ['both', 'organization'] },
    { path: '/npsResponses?target=organizations', found: ['both', 'organization'] },
    { path: '/accounts/a1/npsResponses', found: ['both', 'account'] },
    { path: '/organizations/o1/npsResponses?target=organization', found: ['both', 'organization'] },
  ])('$path: $found', ({ path, found }) =>
    withSandbox({}, async (api, sandbox) => {
      seedWorkspace(sandbox);
      sandbox.seed('users', [
        { externalId: 'u2', organizationIds: ['o1'] },
        { externalId: 'u3', accountIds: ['a1'], organizationIds: ['o1'] },
      ]);
      const of = (externalId: string, userId: string) => ({ ...RESPONSE, externalId, userId });
      sandbox.seed('npsResponses', [of('organization', 'u2'), of('account', 'u1'), of('both', 'u3')]);
      expect(listed((await api.get(path)).body)).toEqual(found);
    }),
  );

  test('another target is refused', () =>
    withSandbox({}, async (api, sandbox) => {
      seedWorkspace(sandbox);
      sandbox.seed('npsResponses', [{ ...RESPONSE, userId: 'u1' }]);
      expect((await api.get('/npsResponses?target=users')).status).toBe(400);
    }));
});

test('a response goes with its user', () =>
  withSandbox({ profile: ['user-delete-immediate'] }, async (api, sandbox) => {
    seedWorkspace(sandbox);
    sandbox.seed('npsResponses', [{ ...RESPONSE, userId: 'u1' }]);
    await api.delete(`/users/${idIn(sandbox, 'users', 'u1')}`);
    expect(sandbox.items('npsResponses').size).toBe(0);
    expect((await api.get('/npsResponses/r1')).status).toBe(404);
  }));
