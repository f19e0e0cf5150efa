import { describe, expect, test } from 'vitest';
import { itemId, NOBODY } from '../../support/sandbox/activity.ts';
import { at, idOf } from '../../support/sandbox/client.ts';
import { type Pipeline, withInstances } from '../../support/sandbox/pipeline.ts';

describe('endpoints', () => {
  test('POST answers the instance with its account and organization', () =>
    withInstances(async ({ api, path, ids }) => {
      const given = {
        name: 'Second',
        externalId: 'i2',
        customerId: ids.account,
        organizationId: ids.organization,
        ownedByVitallyUserId: ids.admin,
        createdByVitallyUserId: ids.admin,
        description: 'text',
        traits: { seats: 1 },
      };
      const reply = await api.post(path, given);
      expect([reply.status, reply.body]).toEqual([
        200,
        expect.objectContaining({
          ...given,
          id: idOf(reply),
          customObjectId: ids.customObject,
          archivedAt: null,
          customer: expect.objectContaining({ externalId: 'a1' }),
          customers: [expect.objectContaining({ id: ids.account })],
          organization: expect.objectContaining({ externalId: 'o1' }),
          organizations: [expect.objectContaining({ id: ids.organization })],
        }),
      ]);
      expect((await api.get(path)).body).toMatchObject({
        results: [{ name: 'Second' }, { name: 'First' }],
        next: null,
      });
    }));

  test.each<{ body(ids: Pipeline): object; error: string }>([
    { body: ({ account }) => ({ customerId: account }), error: 'name is required' },
    { body: () => ({ name: 'x' }), error: 'customerId or organizationId is required' },
    {
      body: ({ account }) => ({ name: 'x', accountId: account }),
      error: 'customerId or organizationId is required',
    },
    { body: () => ({ name: 'x', customerId: 'a1' }), error: 'customerId is not the id of an account' },
    {
      body: () => ({ name: 'x', organizationId: NOBODY }),
      error: 'organizationId is not the id of an organization',
    },
    {
      body: ({ account }) => ({ name: 'x', customerId: account, traits: 1 }),
      error: 'traits must be an object',
    },
    {
      body: ({ account }) => ({ name: 'x', customerId: account, externalId: 7 }),
      error: 'externalId must be a string',
    },
  ])('POST is refused: $error', ({ body, error }) =>
    withInstances(async ({ api, sandbox, path, ids }) => {
      const reply = await api.post(path, body(ids));
      expect([reply.status, reply.body]).toEqual([400, { error }]);
      expect(sandbox.items('instances').size).toBe(1);
    }),
  );

  test('PUT changes by Vitally’s id alone, the externalId too, and merges traits', () =>
    withInstances(async ({ api, sandbox, path }) => {
      const id = itemId(sandbox, 'instances', 'i1');
      expect((await api.put(`${path}/i1`, { name: 'x' })).status).toBe(404);
      const reply = await api.put(`${path}/${id}`, {
        externalId: 'i9',
        traits: { seats: null, plan: 'pro' },
      });
      expect(reply.body).toMatchObject({ id, name: 'First', externalId: 'i9', traits: { plan: 'pro' } });
      expect(at((await api.get(`${path}/search?externalId=i9`)).body, 0, 'id')).toBe(id);
      expect((await api.get(`${path}/search?externalId=i1`)).body).toEqual([]);
      expect((await api.put(`${path}/${id}`, { name: null })).status).toBe(400);
    }));

  test('DELETE takes one away; there is no GET of one', () =>
    withInstances(async ({ api, sandbox, path }) => {
      const single = `${path}/${itemId(sandbox, 'instances', 'i1')}`;
      expect((await api.get(single)).body).toEqual({ error: 'no such endpoint' });
      const reply = await api.delete(single);
      expect([reply.status, reply.text]).toEqual([204, '']);
      expect((await api.delete(single)).status).toBe(404);
      expect(sandbox.items('instances').size).toBe(0);
    }));

  test('a DELETE of the collection is 405 and counted, and nothing is erased', () =>
    withInstances(async ({ api, sandbox, path }) => {
      expect((await api.delete(path)).status).toBe(405);
      expect(sandbox.items('instances').size).toBe(1);
      expect(sandbox.collectionDeletes).toBe(1);
      expect(at((await api.control('GET', 'stats')).body, 'collectionDeletes')).toBe(1);
    }));

  test('an externalId is one’s own within its custom object', () =>
    withInstances(async ({ api, sandbox, path, ids }) => {
      sandbox.seed('customObjects', [{ name: 'contract', label: 'Contract', writeMode: 'writable' }]);
      sandbox.seed('instances', [
        { customObjectId: 'contract', externalId: 'i1', name: 'C', organizationId: 'o1' },
      ]);
      expect((await api.post(path, { externalId: 'i1', name: 'S', customerId: ids.account })).status).toBe(
        200,
      );
      expect(sandbox.snapshot().instances).toMatchObject({
        contract: { i1: { name: 'C', organizationId: 'o1' } },
        subscription: { i1: { name: 'S', customerId: 'a1', traits: { seats: 5 } } },
      });
      expect(sandbox.items('instances').all()).toHaveLength(2);
      await api.delete('/accounts/a1');
      expect(Object.keys(sandbox.snapshot().instances ?? {})).toEqual(['contract']);
    }));

  test.each([
    `/customObjects/${NOBODY}/instances`,
    '/customObjects/subscription/instances',
    '/accounts/a1/instances',
  ])('GET %s is 404', (path) =>
    withInstances(async ({ api }) => {
      expect((await api.get(path)).status).toBe(404);
    }),
  );
});

describe('search', () => {
  test.each<{ query(ids: Pipeline, id: string): string; found: readonly string[] }>([
    { query: (_ids, id) => `id=${id}`, found: ['First'] },
    { query: () => `id=${NOBODY}`, found: [] },
    { query: () => 'externalId=i1', found: ['First'] },
    { query: () => 'externalId=I1', found: [] },
    { query: ({ account }) => `customerId=${account}`, found: ['First', 'Second'] },
    { query: () => 'customerId=a1', found: [] },
    { query: ({ organization }) => `organizationId=${organization}`, found: ['Third'] },
    { query: () => 'customFieldId=f1&customFieldValue=5', found: ['First'] },
    { query: () => 'customFieldId=f1&customFieldValue=six', found: [] },
  ])('row %#: $found', ({ query, found }) =>
    withInstances(async ({ api, sandbox, path, ids }) => {
      sandbox.seed('customFields', [
        { id: 'f1', customObjectId: 'subscription', label: 'Seats', path: 'seats' },
      ]);
      sandbox.seed('instances', [
        { customObjectId: 'subscription', name: 'Second', customerId: 'a1' },
        { customObjectId: 'subscription', name: 'Third', organizationId: 'o1' },
        { customObjectId: 'subscription', name: 'Old', customerId: 'a1', archivedAt: '2026-01-01' },
      ]);
      const reply = await api.get(`${path}/search?${query(ids, itemId(sandbox, 'instances', 'i1'))}`);
      expect(reply.status).toBe(200);
      expect(reply.body).toMatchObject(found.map((name) => ({ name })));
      expect(at(reply.body, 'length')).toBe(found.length);
    }),
  );

  test.each([
    '',
    'name=First',
    'id=x&externalId=y',
    'externalId=i1&limit=1',
    'externalId=i1&from=x',
    'customFieldId=f1',
    'customFieldValue=5',
    'externalId=i1&customFieldValue=5',
    'customFieldId=unknown&customFieldValue=5',
  ])('%s is refused', (query) =>
    withInstances(async ({ api, path }) => {
      expect((await api.get(`${path}/search?${query}`)).status).toBe(400);
    }),
  );
});

test('one instance in work twice is seen, whichever API and id names it', () =>
  withInstances(async ({ api, sandbox, path, ids }) => {
    sandbox.stall();
    const calls = [
      api.put(`${path}/${itemId(sandbox, 'instances', 'i1')}`, { name: 'x' }),
      api.post(path, { externalId: 'i1', name: 'y', customerId: ids.account }),
      api.analytics('customobjectinstance', {
        externalId: 'i1',
        customObjectId: ids.customObject,
        accountId: 'a1',
        traits: {},
        messageId: 'm',
      }),
    ];
    while (sandbox.maxConcurrent < calls.length) await new Promise((resolve) => setImmediate(resolve));
    sandbox.release();
    await Promise.all(calls);
    expect(sandbox.maxConcurrentPerKey).toBe(3);
  }));
