import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/index.ts';
import {
  itemId,
  listed,
  NOBODY,
  NOTE,
  seedWorkspace,
  TASK,
  type Workspace,
} from '../../support/sandbox/activity.ts';
import { at, idOf } from '../../support/sandbox/client.ts';
import { withSandbox } from '../../support/sandboxes.ts';

const KINDS = [
  { kind: 'notes', title: 'Note', body: NOTE, category: 'noteCategories', html: 'note' },
  { kind: 'tasks', title: 'Task', body: TASK, category: 'taskCategories', html: 'description' },
] as const;

describe.each(KINDS)('$kind', ({ kind, title, body, category, html }) => {
  const seeded = (sandbox: Sandbox, more: object = {}): Workspace => {
    const workspace = seedWorkspace(sandbox);
    sandbox.seed(kind, [{ ...body, accountId: 'a1', tags: ['x', 'y'], ...more }]);
    return workspace;
  };

  test('a POST answers the whole object, its relations as objects', () =>
    withSandbox({ now: () => Date.parse('2026-03-01T10:00:00.123Z') }, async (api, sandbox) => {
      const { account, organization } = seedWorkspace(sandbox);
      const sent = {
        ...body,
        accountId: account,
        organizationId: organization,
        categoryId: itemId(sandbox, category),
        tags: ['x'],
        traits: { 'vitally.custom.next': 1 },
      };
      const reply = await api.post(`/${kind}`, { ...sent, unknown: 'ignored' });
      expect(reply.status).toBe(200);
      expect(reply.body).toMatchObject({
        ...sent,
        createdAt: '2026-03-01T10:00:00.123Z',
        updatedAt: '2026-03-01T10:00:00.123Z',
        archivedAt: null,
        source: null,
        account: { id: account, externalId: 'a1' },
        organization: { id: organization, externalId: 'o1' },
        category: { id: sent.categoryId, name: expect.any(String), createdAt: expect.any(String) },
      });
      expect(reply.body).not.toHaveProperty('unknown');
      expect((await api.get(`/${kind}/${idOf(reply)}`)).body).toEqual(reply.body);
      expect(sandbox.items(kind).all()).toEqual([reply.body]);
      expect(at(sandbox.snapshot(), kind, body.externalId)).toMatchObject({
        accountId: 'a1',
        organizationId: 'o1',
        traits: sent.traits,
        archived: false,
      });
    }));

  test.each([
    { more: { accountId: undefined }, error: 'accountId or organizationId is required' },
    { more: { accountId: null, organizationId: null }, error: 'accountId or organizationId is required' },
    { more: { accountId: 'a1' }, error: 'accountId is not the id of an account' },
    { more: { organizationId: NOBODY }, error: 'organizationId is not the id of an organization' },
    { more: { categoryId: NOBODY }, error: `categoryId is not the id of a ${title.toLowerCase()} category` },
    { more: { tags: 'x' }, error: 'tags must be an array of strings' },
    { more: { tags: [1] }, error: 'tags must be an array of strings' },
    { more: { traits: 'x' }, error: 'traits must be an object' },
    { more: { externalId: 7 }, error: 'externalId must be a string' },
    { more: { [html]: 7 }, error: `${html} must be a string` },
  ])('a POST with $more is refused', ({ more, error }) =>
    withSandbox({}, async (api, sandbox) => {
      const { account } = seedWorkspace(sandbox);
      const reply = await api.post(`/${kind}`, { ...body, accountId: account, ...more });
      expect([reply.status, reply.body]).toEqual([400, { error }]);
      expect(sandbox.items(kind).size).toBe(0);
    }),
  );

  test('an unknown parent can be let pass', () =>
    withSandbox({ profile: ['unknown-parent-accepted'] }, async (api) => {
      const reply = await api.post(`/${kind}`, { ...body, accountId: NOBODY });
      expect(reply.body).toMatchObject({ accountId: null, account: null });
    }));

  test('HTML is cleaned by POST and by PUT', () =>
    withSandbox({}, async (api, sandbox) => {
      const { account } = seedWorkspace(sandbox);
      const hostile = '<h1>T</h1><p onclick="x">a</p><script>b</script>';
      const made = await api.post(`/${kind}`, { ...body, accountId: account, [html]: hostile });
      expect(at(made.body, html)).toBe('T<p>a</p>b');
      const put = await api.put(`/${kind}/${idOf(made)}`, { [html]: '<a href="u" rel="r">x</a><hr>' });
      expect(at(put.body, html)).toBe('<a href="u">x</a>');
    }));

  test('a PUT changes what it names, merges traits, and takes away tags that it leaves out', () =>
    withSandbox({}, async (api, sandbox) => {
      seeded(sandbox, { traits: { a: 1, b: 2 } });
      const path = `/${kind}/${itemId(sandbox, kind)}`;
      const kept = await api.put(path, { traits: { b: null, c: 3 }, tags: ['x', 'z'] });
      expect(kept.body).toMatchObject({ ...body, tags: ['x', 'z'] });
      expect(at(kept.body, 'traits')).toEqual({ a: 1, c: 3 });
      expect((await api.put(path, { tags: null })).body).toMatchObject({ tags: [] });
      await api.put(path, { tags: ['y'] });
      expect((await api.put(path, {})).body).toMatchObject({ ...body, tags: [] });
    }));

  test('a POST of what is there leaves its tags alone', () =>
    withSandbox({}, async (api, sandbox) => {
      const { account } = seeded(sandbox);
      const again = await api.post(`/${kind}`, { ...body, accountId: account });
      expect(again.body).toMatchObject({ id: itemId(sandbox, kind), tags: ['x', 'y'] });
      expect(sandbox.items(kind).size).toBe(1);
    }));

  test('a PUT moves it to another account, and not to none', () =>
    withSandbox({}, async (api, sandbox) => {
      const { account, organization } = seeded(sandbox);
      sandbox.seed('accounts', [{ externalId: 'a2', name: 'Other' }]);
      const other = String(at(sandbox.accounts.byExternalId('a2'), 'id'));
      const path = `/${kind}/${itemId(sandbox, kind)}`;
      expect((await api.put(path, { accountId: other })).body).toMatchObject({
        accountId: other,
        account: { externalId: 'a2' },
      });
      expect(listed((await api.get(`/accounts/${account}/${kind}`)).body)).toEqual([]);
      expect(listed((await api.get(`/accounts/${other}/${kind}`)).body)).toEqual([body.externalId]);
      expect(await api.put(path, { accountId: null })).toMatchObject({
        status: 400,
        body: { error: 'accountId or organizationId is required' },
      });
      const moved = await api.put(path, { accountId: null, organizationId: organization });
      expect(moved.body).toMatchObject({ accountId: null, organizationId: organization });
    }));

  test.each([
    { path: 'n', method: 'get', status: 404 },
    { path: 'n?source=', method: 'get', status: 404 },
    { path: 'n?source=Zapier', method: 'get', status: 200 },
    { path: 'n?source=zapier', method: 'put', status: 200 },
    { path: 'n?source=zapier', method: 'delete', status: 404 },
    { path: 'id', method: 'put', status: 200 },
    { path: 'id', method: 'delete', status: 204 },
    { path: 'from-elsewhere?source=hubspot', method: 'get', status: 200 },
    { path: 'from-elsewhere?source=HubSpot', method: 'get', status: 200 },
    { path: 'from-elsewhere?source=zapier', method: 'get', status: 404 },
    { path: NOBODY, method: 'get', status: 404 },
    { path: NOBODY, method: 'put', status: 404 },
    { path: NOBODY, method: 'delete', status: 404 },
  ] as const)('$method of $path: $status', ({ path, method, status }) =>
    withSandbox({}, async (api, sandbox) => {
      seeded(sandbox, { externalId: 'n' });
      sandbox.seed(kind, [{ ...body, externalId: 'from-elsewhere', accountId: 'a1', source: 'HubSpot' }]);
      const target = `/${kind}/${path === 'id' ? itemId(sandbox, kind, 'n') : path}`;
      const reply = await (method === 'put' ? api.put(target, { tags: [] }) : api[method](target));
      expect(reply.status).toBe(status);
      if (status === 404) expect(reply.body).toEqual({ error: `${title} not found` });
    }),
  );

  test('a DELETE archives: no list without ?archived=true shows it, its id still does', () =>
    withSandbox({ now: () => 1000 }, async (api, sandbox) => {
      const { account } = seeded(sandbox);
      sandbox.seed(kind, [{ ...body, externalId: 'live', accountId: 'a1' }]);
      const id = itemId(sandbox, kind, body.externalId);
      const reply = await api.delete(`/${kind}/${id}`);
      expect([reply.status, reply.text]).toEqual([204, '']);
      expect((await api.get(`/${kind}/${id}`)).body).toMatchObject({
        archivedAt: '1970-01-01T00:00:01.000Z',
      });
      for (const list of [`/${kind}`, `/accounts/${account}/${kind}`]) {
        expect(listed((await api.get(list)).body)).toEqual(['live']);
        expect(listed((await api.get(`${list}?archived=false`)).body)).toEqual(['live']);
        expect(listed((await api.get(`${list}?archived=true`)).body)).toEqual([body.externalId]);
      }
      expect((await api.get(`/${kind}?archived=perhaps`)).status).toBe(400);
      expect(at(sandbox.snapshot(), kind, body.externalId, 'archived')).toBe(true);
    }));

  test('lists by parent, by source and by page', () =>
    withSandbox({}, async (api, sandbox) => {
      const { account, organization } = seedWorkspace(sandbox);
      const seeds = [1, 2, 3].map((n) => ({ ...body, externalId: `x${n}`, accountId: 'a1' }));
      sandbox.seed(kind, seeds);
      sandbox.seed(kind, [{ ...body, externalId: 'o', organizationId: 'o1', source: 'salesforce' }]);
      const list = async (path: string) => listed((await api.get(path)).body);
      expect(await list(`/${kind}`)).toEqual(['o', 'x3', 'x2', 'x1']);
      expect(await list(`/${kind}?source=Salesforce`)).toEqual(['o']);
      expect(await list(`/accounts/${account}/${kind}`)).toEqual(['x3', 'x2', 'x1']);
      expect(await list(`/accounts/a1/${kind}`)).toEqual(['x3', 'x2', 'x1']);
      expect(await list(`/organizations/${organization}/${kind}`)).toEqual(['o']);
      const first = await api.get(`/accounts/a1/${kind}?limit=2&sortBy=createdAt`);
      const next = encodeURIComponent(String(at(first.body, 'next')));
      expect(listed(first.body)).toEqual(['x3', 'x2']);
      expect(await list(`/accounts/a1/${kind}?limit=2&sortBy=createdAt&from=${next}`)).toEqual(['x1']);
      expect((await api.get(`/accounts/${NOBODY}/${kind}`)).status).toBe(404);
    }));

  test('goes with its account', () =>
    withSandbox({}, async (api, sandbox) => {
      seeded(sandbox);
      await api.delete('/accounts/a1');
      expect(sandbox.items(kind).size).toBe(0);
    }));
});
