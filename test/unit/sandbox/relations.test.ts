import { describe, expect, test } from 'vitest';
import { at, idIn, seedCouple } from '../../support/sandbox/client.ts';
import { withSandbox } from '../../support/sandboxes.ts';

describe("an account's organization", () => {
  test.each([
    { what: "Vitally's id", given: 'id', organizationId: 'id' },
    { what: 'the external id', given: 'externalId', organizationId: 'id' },
    { what: 'null', given: 'null', organizationId: null },
  ])('PUT takes $what', ({ given, organizationId }) =>
    withSandbox({}, async (api, sandbox) => {
      sandbox.seed('organizations', [{ externalId: 'o2', name: 'Two' }]);
      seedCouple(sandbox);
      const id = idIn(sandbox, 'organizations', 'o2');
      const sent = given === 'null' ? null : given === 'id' ? id : 'o2';
      const reply = await api.put('/accounts/a1', { organizationId: sent });
      expect(at(reply.body, 'organizationId')).toBe(organizationId === null ? null : id);
      expect(at(sandbox.organizations.byExternalId('o1'), 'accountsCount')).toBe(0);
      expect(at(sandbox.organizations.byExternalId('o2'), 'accountsCount')).toBe(
        organizationId === null ? 0 : 1,
      );
    }),
  );

  test('POST takes its id alone and PUT refuses an unknown one', () =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      const id = idIn(sandbox, 'organizations', 'o1');
      const posted = await api.post('/accounts', { externalId: 'a2', name: 'x', organizationId: id });
      expect(posted.body).toMatchObject({ organizationId: id });
      expect((await api.put('/accounts/a2', { organizationId: 'nobody' })).status).toBe(400);
    }));
});

describe("a user's accounts and organizations", () => {
  test('are added to, shown as ids and as full objects, and counted', () =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      sandbox.seed('accounts', [{ externalId: 'a2', name: 'Two' }]);
      const [first, second] = [idIn(sandbox, 'accounts', 'a1'), idIn(sandbox, 'accounts', 'a2')];
      const organization = idIn(sandbox, 'organizations', 'o1');
      await api.put('/users/u1', { accountIds: [second], organizationIds: [organization] });
      const reply = await api.put('/users/u1', { accountIds: [], name: 'Ann' });
      expect(reply.body).toMatchObject({
        accountIds: [first, second],
        organizationIds: [organization],
        accounts: [
          { id: first, externalId: 'a1', usersCount: 1, traits: { plan: 'pro' } },
          { id: second, externalId: 'a2' },
        ],
        organizations: [{ id: organization, externalId: 'o1', usersCount: 1 }],
      });
    }));

  test.each([
    { scope: 'accounts', id: 'a1', list: 'users', found: ['u1'] },
    { scope: 'organizations', id: 'o1', list: 'users', found: ['u2', 'u1'] },
    { scope: 'organizations', id: 'o1', list: 'accounts', found: ['a1'] },
  ] as const)('GET /$scope/:id/$list', ({ scope, id, list, found }) =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      sandbox.seed('users', [{ externalId: 'u2', organizationIds: ['o1'] }]);
      const reply = await api.get(`/${scope}/${idIn(sandbox, scope, id)}/${list}`);
      expect(reply.body).toMatchObject({ results: found.map((externalId) => ({ externalId })), next: null });
    }),
  );
});

describe('user search', () => {
  const people = [
    { externalId: 'u2', email: 'bob+x@acme.test', accountIds: ['a1'] },
    { externalId: 'u3', email: 'ann@ACME.test', accountIds: ['a1'] },
    { externalId: 'u4', email: 'eve@other.test', accountIds: ['a1'] },
  ];
  test.each([
    { query: 'email=ann%40acme.test', found: ['u1', 'u3'] },
    { query: 'email=bob%2Bx%40acme.test', found: ['u2'] },
    { query: 'email=bob+x%40acme.test', found: [] },
    { query: 'email=nobody%40acme.test', found: [] },
    { query: 'externalId=u4', found: ['u4'] },
    { query: 'externalId=U4', found: [] },
    { query: 'emailSubdomain=acme.test', found: ['u1', 'u2', 'u3'] },
  ])('$query finds $found', ({ query, found }) =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      sandbox.seed('users', people);
      const reply = await api.get(`/users/search?${query}`);
      expect(reply.body).toMatchObject({ results: found.map((externalId) => ({ externalId })) });
    }),
  );

  test.each(['', '?name=x', '?email=a&externalId=b'])('%s is refused', (query) =>
    withSandbox({}, async (api) => {
      expect((await api.get(`/users/search${query}`)).status).toBe(400);
    }),
  );

  test('follows a changed e-mail', () =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      await api.put('/users/u1', { email: 'new@acme.test' });
      expect((await api.get('/users/search?email=ann%40acme.test')).body).toEqual({ results: [] });
      expect((await api.get('/users/search?email=new%40acme.test')).body).toMatchObject({
        results: [{ externalId: 'u1' }],
      });
    }));
});

describe('delete', () => {
  test.each([
    { path: '/organizations/o1', gone: ['organizations', 'accounts', 'users'] },
    { path: '/accounts/a1', gone: ['accounts', 'users'] },
    { path: '/users/u1', gone: [] },
  ])('$path answers 204 without a body and takes what belongs to it alone', ({ path, gone }) =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      const reply = await api.delete(path);
      expect([reply.status, reply.text]).toEqual([204, '']);
      expect(reply.headers['content-length']).toBeUndefined();
      const left = (['organizations', 'accounts', 'users'] as const).filter(
        (kind) => sandbox[kind].size === 0,
      );
      expect(left).toEqual(gone);
    }),
  );

  test('a user with another account stays when one goes', () =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      sandbox.seed('accounts', [{ externalId: 'a2', name: 'Two' }]);
      sandbox.seed('users', [{ externalId: 'u1', accountIds: ['a2'] }]);
      await api.delete('/accounts/a1');
      expect(at(sandbox.snapshot(), 'users', 'u1', 'accounts')).toEqual(['a2']);
    }));

  test('an organization takes its own users along and leaves those of other accounts', () =>
    withSandbox({}, async (api, sandbox) => {
      sandbox.seed('organizations', [{ externalId: 'o1', name: 'Org' }]);
      sandbox.seed('accounts', [{ externalId: 'free', name: 'Free' }]);
      sandbox.seed('users', [
        { externalId: 'own', organizationIds: ['o1'] },
        { externalId: 'shared', organizationIds: ['o1'], accountIds: ['free'] },
      ]);
      await api.delete('/organizations/o1');
      expect(Object.keys(sandbox.snapshot().users)).toEqual(['shared']);
      expect(at(sandbox.snapshot(), 'users', 'shared')).toMatchObject({
        accounts: ['free'],
        organizations: [],
      });
    }));

  test('a deleted user stays readable, updatedAt moved and nothing else', async () => {
    let nowMs = 1_000;
    await withSandbox({ now: () => nowMs }, async (api, sandbox) => {
      seedCouple(sandbox);
      const before = await api.get('/users/u1');
      nowMs = 5_000;
      await api.delete('/users/u1');
      const after = await api.get('/users/u1');
      expect(after.body).toEqual({ ...Object(before.body), updatedAt: '1970-01-01T00:00:05.000Z' });
      expect(at(sandbox.snapshot(), 'users', 'u1', 'deletionScheduled')).toBe(true);
    });
  });

  test('what is written after a delete is a new record', () =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      const id = idIn(sandbox, 'accounts', 'a1');
      await api.delete('/accounts/a1');
      expect((await api.get('/accounts/a1')).status).toBe(404);
      expect((await api.delete('/accounts/a1')).status).toBe(404);
      const reply = await api.post('/accounts', { externalId: 'a1', name: 'Again' });
      expect(at(reply.body, 'id')).not.toBe(id);
      expect(at(reply.body, 'traits')).toEqual({});
    }));
});
