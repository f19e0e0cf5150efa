import { describe, expect, test } from 'vitest';
import { at, idIn, idOf, REST_AUTHORIZATION, seedCouple } from '../../support/sandbox/client.ts';
import { withSandbox } from '../../support/sandboxes.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const NOBODY = '00000000-0000-4000-8000-000000000000';

describe('create', () => {
  test.each([
    { path: '/organizations', body: { externalId: 'n1', name: 'New' } },
    { path: '/accounts', body: { externalId: 'n1', name: 'New' } },
    { path: '/users', body: { externalId: 'n1', name: 'New', accountIds: ['a1'] } },
    { path: '/users', body: { externalId: 'n1', name: 'New', organizationIds: ['o1'] } },
  ])('POST $path answers 200 and the object', ({ path, body }) =>
    withSandbox({ now: () => Date.parse('2026-03-01T10:00:00.123Z') }, async (api, sandbox) => {
      seedCouple(sandbox);
      const sent = {
        ...body,
        ...(body.accountIds === undefined ? {} : { accountIds: [idIn(sandbox, 'accounts', 'a1')] }),
        ...(body.organizationIds === undefined
          ? {}
          : { organizationIds: [idIn(sandbox, 'organizations', 'o1')] }),
        traits: { seats: 3, tags: ['x'], deep: { a: null } },
      };
      const reply = await api.post(path, sent);
      expect(reply.status).toBe(200);
      expect(reply.headers.date).toBe('Sun, 01 Mar 2026 10:00:00 GMT');
      expect(reply.body).toMatchObject({
        ...sent,
        id: expect.stringMatching(UUID),
        createdAt: '2026-03-01T10:00:00.123Z',
        updatedAt: '2026-03-01T10:00:00.123Z',
      });
      expect((await api.get(`${path}/n1`)).body).toEqual(reply.body);
      expect((await api.get(`${path}/${idOf(reply)}`)).body).toEqual(reply.body);
    }),
  );

  test('POST of an existing externalId updates it, its createdAt kept', async () => {
    let nowMs = 1_000;
    await withSandbox({ now: () => nowMs }, async (api, sandbox) => {
      const first = await api.post('/accounts', {
        externalId: 'a1',
        name: 'One',
        traits: { kept: 1, changed: 1 },
      });
      nowMs = 2_000;
      const second = await api.post('/accounts', { externalId: 'a1', name: 'Two', traits: { changed: 2 } });
      expect(second.body).toMatchObject({
        id: idOf(first),
        name: 'Two',
        traits: { kept: 1, changed: 2 },
        createdAt: '1970-01-01T00:00:01.000Z',
        updatedAt: '1970-01-01T00:00:02.000Z',
      });
      expect(sandbox.accounts.size).toBe(1);
    });
  });
});

describe('refused bodies name the field', () => {
  test.each([
    { path: '/accounts', body: { name: 'x' }, error: 'externalId is required' },
    { path: '/accounts', body: { externalId: '', name: 'x' }, error: 'externalId is required' },
    { path: '/accounts', body: { externalId: 7, name: 'x' }, error: 'externalId must be a string' },
    { path: '/accounts', body: { externalId: 'x' }, error: 'name is required' },
    { path: '/accounts', body: { externalId: 'x', name: null }, error: 'name is required' },
    { path: '/accounts', body: { externalId: 'x', name: 5 }, error: 'name must be a string' },
    {
      path: '/accounts',
      body: { externalId: 'x', name: 'x', traits: [] },
      error: 'traits must be an object',
    },
    {
      path: '/accounts',
      body: { externalId: 'x', name: 'x', traits: null },
      error: 'traits must be an object',
    },
    {
      path: '/accounts',
      body: { externalId: 'x', name: 'x', organizationId: 'o1' },
      error: 'organizationId is not the id of an organization',
    },
    {
      path: '/accounts',
      body: { externalId: 'x', name: 'x', accountOwnerId: NOBODY },
      error: 'accountOwnerId can only be null',
    },
    { path: '/organizations', body: { externalId: 'x' }, error: 'name is required' },
    {
      path: '/users',
      body: { externalId: 'x' },
      error: 'Must specify at least one of: accountIds or organizationIds',
    },
    {
      path: '/users',
      body: { externalId: 'x', accountIds: [], organizationIds: [] },
      error: 'Must specify at least one of: accountIds or organizationIds',
    },
    {
      path: '/users',
      body: { externalId: 'x', accountIds: ['a1'] },
      error: 'accountIds has an id that is not one of ours',
    },
    {
      path: '/users',
      body: { externalId: 'x', accountIds: 'a1' },
      error: 'accountIds must be an array of strings',
    },
    {
      path: '/users',
      body: { externalId: 'x', organizationIds: [1] },
      error: 'organizationIds must be an array of strings',
    },
  ])('POST $path $body', ({ path, body, error }) =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      const reply = await api.post(path, body);
      expect(reply.status).toBe(400);
      expect(reply.body).toEqual({ error });
      expect(at(sandbox.snapshot(), path.slice(1), 'x')).toBeUndefined();
    }),
  );

  test.each([
    { body: { name: 5 }, error: 'name must be a string' },
    { body: { email: ['a@b.test'] }, error: 'email must be a string' },
    { body: { avatar: false }, error: 'avatar must be a string' },
    { body: { joinDate: 'yesterday' }, error: 'joinDate must be an ISO 8601 date' },
    { body: { joinDate: '2026-13-01' }, error: 'joinDate must be an ISO 8601 date' },
    { body: { joinDate: 1_700_000_000 }, error: 'joinDate must be a string' },
    {
      body: { unsubscribedFromConversations: 'no' },
      error: 'unsubscribedFromConversations must be a boolean',
    },
    { body: { externalId: 1 }, error: 'externalId must be a string' },
  ])('PUT user $body', ({ body, error }) =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      const before = sandbox.snapshot();
      const reply = await api.put('/users/u1', body);
      expect([reply.status, reply.body]).toEqual([400, { error }]);
      expect(sandbox.snapshot()).toEqual(before);
    }),
  );
});

describe('update', () => {
  test('traits merge, null removes, others stay; null empties a text', () =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      await api.put('/users/u1', {
        name: 'Ann',
        joinDate: '2026-01-02T03:04:05Z',
        traits: { a: 1, b: { c: 1 } },
      });
      const reply = await api.put('/users/u1', { email: null, traits: { a: null, b: { d: 2 } } });
      expect(reply.body).toMatchObject({ name: 'Ann', email: null, joinDate: '2026-01-02T03:04:05Z' });
      expect(at(reply.body, 'traits')).toEqual({ role: 'admin', b: { d: 2 } });
    }));

  test('an externalId in the body of a PUT is not taken over', () =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      const reply = await api.put('/accounts/a1', { externalId: 'other' });
      expect(reply.body).toMatchObject({ externalId: 'a1' });
      expect(sandbox.accounts.byExternalId('other')).toBeUndefined();
    }));

  test('hostile keys of traits are data', () =>
    withSandbox({}, async (api) => {
      const traits = '{"__proto__":{"polluted":true},"constructor":1,"a.b":2,"":3}';
      const headers = { authorization: REST_AUTHORIZATION, 'content-type': 'application/json' };
      const text = `{"externalId":"__proto__","name":"x","traits":${traits}}`;
      const reply = await api.raw('/resources/accounts', { method: 'POST', headers, text });
      expect(reply.text).toContain(`"traits":${traits}`);
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
      expect((await api.get('/accounts/__proto__')).text).toContain(traits);
      expect((await api.get('/accounts/constructor')).status).toBe(404);
    }));

  test('mrr, nextRenewalDate, churnedAt, trialEndDate come from traits', () =>
    withSandbox({}, async (api) => {
      const traits = { mrr: 9.5, nextRenewalDate: '2027-01-01', trialEndDate: '2026-02-01' };
      const reply = await api.post('/organizations', { externalId: 'o', name: 'O', mrr: 1, traits });
      expect(reply.body).toMatchObject({ ...traits, churnedAt: null, traits });
    }));
});

describe('path ids', () => {
  test("Vitally's id comes before an externalId of the same text", () =>
    withSandbox({}, async (api) => {
      const first = await api.post('/accounts', { externalId: 'a1', name: 'First' });
      await api.post('/accounts', { externalId: idOf(first), name: 'Second' });
      expect((await api.get(`/accounts/${idOf(first)}`)).body).toMatchObject({ name: 'First' });
    }));

  test.each(['a/b', 'ann+x@acme.test', 'a b?c#d%', '..', 'ünï', 'search', '1.0'])(
    '%s is found when it is encoded',
    (id) =>
      withSandbox({}, async (api) => {
        await api.post('/accounts', { externalId: id, name: 'x' });
        const reply = await api.put(`/accounts/${encodeURIComponent(id)}`, { name: 'y' });
        expect(reply.body).toMatchObject({ externalId: id, name: 'y' });
      }),
  );

  test.each([
    { method: 'get', path: '/accounts/nobody', title: 'Account' },
    { method: 'put', path: '/users/nobody', title: 'User' },
    { method: 'delete', path: `/organizations/${NOBODY}`, title: 'Organization' },
    { method: 'get', path: `/accounts/${NOBODY}/users`, title: 'Parent' },
    { method: 'get', path: '/organizations/nobody/users', title: 'Parent' },
  ] as const)('$method $path is 404', ({ method, path, title }) =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      const reply = await (method === 'put' ? api.put(path, {}) : api[method](path));
      expect([reply.status, reply.body]).toEqual([404, { error: `${title} not found` }]);
    }),
  );

  test.each(['/nothing', '/accounts/a1/nothing', '/accounts/a1/users/u1', '/customFields/x', ''])(
    'GET /resources%s is no endpoint',
    (path) =>
      withSandbox({}, async (api) => {
        expect((await api.get(path)).status).toBe(404);
      }),
  );
});

describe('bodies', () => {
  const json = { authorization: REST_AUTHORIZATION, 'content-type': 'application/json' };
  test.each([
    { what: 'none', headers: json, text: '', status: 400 },
    { what: 'no JSON', headers: json, text: '{"externalId"', status: 400 },
    { what: 'a list', headers: json, text: '[]', status: 400 },
    { what: 'form data', headers: { ...json, 'content-type': 'text/plain' }, text: '{}', status: 400 },
    { what: 'above 5 MB', headers: json, text: `"${'x'.repeat(5_000_001)}"`, status: 413 },
    {
      what: 'a charset',
      headers: { ...json, 'content-type': 'application/json; charset=utf-8' },
      text: '{"externalId":"x","name":"x"}',
      status: 200,
    },
  ])('$what: $status', ({ headers, text, status }) =>
    withSandbox({}, async (api) => {
      const reply = await api.raw('/resources/accounts', { method: 'POST', headers, text });
      expect(reply.status).toBe(status);
    }),
  );

  test('long numbers keep every digit', () =>
    withSandbox({}, async (api, sandbox) => {
      const headers = { authorization: REST_AUTHORIZATION, 'content-type': 'application/json' };
      const text = '{"externalId":"x","name":"x","traits":{"n":9007199254740993,"m":1234567890123456}}';
      const reply = await api.raw('/resources/accounts', { method: 'POST', headers, text });
      expect(reply.text).toContain('"traits":{"n":9007199254740993,"m":1234567890123456}');
      expect(JSON.stringify(sandbox.snapshot())).toContain('"n":9007199254740993');
      expect(JSON.stringify(sandbox.requests())).toContain('"n":9007199254740993');
    }));
});
