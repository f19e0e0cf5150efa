import { describe, expect, test } from 'vitest';
import { at, seedCouple } from '../../support/sandbox/client.ts';
import { withSandbox } from '../../support/sandboxes.ts';

describe('controls over HTTP', () => {
  test('snapshot, seed and stats', () =>
    withSandbox({}, async (api, sandbox) => {
      const seeds = [
        { kind: 'organizations', objects: [{ externalId: 'o1', name: 'O' }] },
        { kind: 'accounts', objects: [{ externalId: 'a1', name: 'A', organizationId: 'o1' }] },
        { kind: 'users', objects: [{ externalId: 'u1', accountIds: ['a1'], organizationIds: ['o1'] }] },
        { kind: 'events', objects: [{ messageId: 'm1', event: 'e', userId: 'u1', properties: {} }] },
      ];
      for (const seed of seeds) expect((await api.control('POST', 'seed', seed)).status).toBe(204);
      const reply = await api.control('GET', 'snapshot');
      expect(reply.body).toEqual(sandbox.snapshot());
      expect(at(reply.body, 'users', 'u1')).toMatchObject({ accounts: ['a1'], organizations: ['o1'] });
      expect((await api.control('GET', 'stats')).body).toEqual({
        organizations: 1,
        accounts: 1,
        users: 1,
        events: 1,
        collectionDeletes: 0,
        requests: { rest: 0, analytics: 0, throttled: 0, faults: 0 },
        pendingBatches: 0,
        maxConcurrent: 0,
        maxConcurrentPerKey: 0,
      });
    }));

  test('a whole seed, told by its places where it has faults', () =>
    withSandbox({}, async (api, sandbox) => {
      const good = {
        users: [{ externalId: 'u', accountIds: ['a'] }],
        accounts: [{ externalId: 'a', name: 'A' }],
      };
      expect((await api.control('POST', 'seed', good)).status).toBe(204);
      const { status, body } = await api.control('POST', 'seed', {
        accounts: [{ name: 'B' }, { externalId: 'b', name: 'B' }],
      });
      expect([status, body]).toEqual([
        400,
        { error: '1 put in, 1 not: /accounts/0: externalId is required; add it' },
      ]);
      expect([sandbox.accounts.size, sandbox.users.size]).toEqual([2, 1]);
    }));

  test('clear begins anew, and the same messages count again', () =>
    withSandbox({ profile: ['no-at-end'] }, async (api, sandbox) => {
      const write = async () => {
        await api.control('POST', 'seed', {
          customObjects: [{ name: 'site', label: 'Site', writeMode: 'writable' }],
          accounts: [{ externalId: 'a', name: 'A' }],
          instances: [{ externalId: 'i', customObjectId: 'site', name: 'I', customerId: 'a' }],
        });
        await api.analytics('track', { event: 'e', accountId: 'a', properties: {}, messageId: 'm' });
        await api.put('/accounts/a', { name: 'A' });
        return JSON.stringify(sandbox.snapshot());
      };
      const first = await write();
      expect((await api.control('POST', 'clear')).status).toBe(204);
      const stats = (await api.control('GET', 'stats')).body;
      expect(stats).toMatchObject({ accounts: 0, events: 0, requests: { rest: 0, analytics: 0 } });
      expect(stats).not.toHaveProperty('instances');
      expect(sandbox.requests()).toEqual([]);
      expect((await api.get('/accounts')).body).not.toHaveProperty('atEnd');
      expect(await write()).toBe(first);
    }));

  test('requests are logged with status, body and number of messages', () =>
    withSandbox({ now: () => 42 }, async (api, sandbox) => {
      await api.post('/accounts', { externalId: 'a1', name: 'A' });
      await api.get('/accounts/a1?x=y');
      await api.analytics('batch', [{ type: 'account', accountId: 'a2', messageId: 'm' }]);
      await api.raw('/resources/users', { method: 'POST', text: 'no JSON' });
      const expected = [
        {
          at: 42,
          method: 'POST',
          path: '/resources/accounts',
          status: 200,
          api: 'rest',
          body: { externalId: 'a1', name: 'A' },
        },
        { at: 42, method: 'GET', path: '/resources/accounts/a1?x=y', status: 200, api: 'rest' },
        {
          at: 42,
          method: 'POST',
          path: '/analytics/v1/batch',
          status: 200,
          api: 'analytics',
          body: [{ type: 'account', accountId: 'a2', messageId: 'm' }],
          messageCount: 1,
        },
        { at: 42, method: 'POST', path: '/resources/users', status: 401, api: 'rest', body: 'no JSON' },
      ];
      expect(sandbox.requests()).toEqual(expected);
      expect((await api.control('GET', 'requests')).body).toEqual(expected);
      expect((await api.control('GET', 'requests?limit=2')).body).toEqual(expected.slice(2));
      expect(at((await api.control('GET', 'stats')).body, 'requests')).toMatchObject({
        rest: 3,
        analytics: 1,
      });
    }));

  test('faults and profile', () =>
    withSandbox({}, async (api) => {
      expect((await api.control('POST', 'faults', { sequence: ['503'] })).status).toBe(204);
      expect((await api.get('/accounts')).status).toBe(503);
      expect((await api.get('/accounts')).status).toBe(200);
      expect((await api.control('POST', 'profile', { switches: ['rest-off'] })).status).toBe(204);
      expect((await api.get('/accounts')).status).toBe(403);
      expect((await api.control('POST', 'profile', { switches: [] })).status).toBe(204);
      expect((await api.get('/accounts')).status).toBe(200);
    }));

  test('stall, release and settle', () =>
    withSandbox({ analyticsDelayMs: 20 }, async (api, sandbox) => {
      await api.control('POST', 'stall');
      const waiting = [api.get('/accounts'), api.analytics('account', { accountId: 'a1', messageId: 'm' })];
      while (sandbox.requests().length < 2) await new Promise((resolve) => setImmediate(resolve));
      expect(await Promise.race([...waiting, api.control('GET', 'stats')])).toMatchObject({
        body: { accounts: 0, requests: { rest: 0, analytics: 0 } },
      });
      await api.control('POST', 'release');
      expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
      expect((await api.control('POST', 'settle')).status).toBe(204);
      expect(sandbox.accounts.size).toBe(1);
    }));

  test.each([
    { path: 'faults', body: { rate: 2 }, error: 'rate must be between 0 and 1' },
    { path: 'profile', body: { switches: ['nonsense'] }, error: 'unknown sandbox switch: nonsense' },
    { path: 'profile', body: {}, error: 'switches must be an array of names' },
    {
      path: 'seed',
      body: { kind: 'planets', objects: [] },
      error: 'nothing of the kind planets can be seeded',
    },
    { path: 'seed', body: { kind: 'accounts' }, error: 'objects must be an array' },
    { path: 'seed', body: { kind: 'accounts', objects: [1] }, error: 'objects must be an array of objects' },
    { path: 'seed', body: { kind: 'accounts', objects: [{ name: 'x' }] }, error: 'externalId is required' },
    { path: 'seed', body: [], error: 'the body must be a JSON object' },
  ])('POST $path $body: $error', ({ path, body, error }) =>
    withSandbox({}, async (api) => {
      const reply = await api.control('POST', path, body);
      expect([reply.status, reply.body]).toEqual([400, { error }]);
    }),
  );

  test.each([
    { method: 'GET', path: 'faults' },
    { method: 'POST', path: 'snapshot' },
    { method: 'GET', path: 'nothing' },
    { method: 'GET', path: 'toString' },
  ] as const)('$method $path is no control', ({ method, path }) =>
    withSandbox({}, async (api) => {
      expect((await api.control(method, path)).status).toBe(404);
    }),
  );

  test.each([
    { origin: 'https://evil.test' },
    { host: 'evil.test' },
    { host: 'evil.test:80' },
    { host: 'evil.localhost' },
  ])('a web site is kept out: %o', (headers) =>
    withSandbox({}, async (api) => {
      for (const path of ['/', '/sandbox/snapshot'])
        expect((await api.raw(path, { headers })).status).toBe(403);
      expect((await api.raw('/', { headers: { host: 'localhost:80' } })).status).toBe(200);
    }),
  );
});

describe('snapshot', () => {
  test('is the same for the same content, whatever its ids, times and order', async () => {
    const contents: unknown[] = [];
    for (const order of [
      [1, 2, 3],
      [3, 1, 2],
    ])
      await withSandbox({ now: () => order.length * 1000 }, async (api, sandbox) => {
        for (const n of order) await api.post('/accounts', { externalId: `a${n}`, name: 'x', traits: { n } });
        for (const n of order) await api.analytics('track', event(n));
        for (const n of order)
          await api.analytics('user', { userId: 'u', accountId: `a${n}`, traits: {}, messageId: `u${n}` });
        await api.put('/accounts/a1', { traits: order[0] === 1 ? { b: 1, a: 2 } : { a: 2, b: 1 } });
        contents.push(JSON.stringify(sandbox.snapshot()));
      });
    expect(contents[0]).toBe(contents[1]);
  });

  const event = (n: number) => ({ event: 'e', accountId: 'a1', messageId: `m${n}`, properties: { n } });
});

test('inspection shows records as REST does', () =>
  withSandbox({}, async (api, sandbox) => {
    seedCouple(sandbox);
    for (const [kind, id] of [
      ['organizations', 'o1'],
      ['accounts', 'a1'],
      ['users', 'u1'],
    ] as const) {
      const { body } = await api.get(`/${kind}/${id}`);
      expect(sandbox[kind].all()).toEqual([body]);
      expect(sandbox[kind].byExternalId(id)).toEqual(body);
      expect(sandbox[kind].byExternalId('nobody')).toBeUndefined();
    }
  }));
