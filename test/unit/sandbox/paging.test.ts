import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/index.ts';
import { type Api, at } from '../../support/sandbox/client.ts';
import { withSandbox } from '../../support/sandboxes.ts';

const named = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ externalId: `a${n + 1}`, name: `Account ${n + 1}` }));

const externalIds = (body: unknown): string[] => {
  const results = at(body, 'results');
  return Array.isArray(results) ? results.map((record) => String(at(record, 'externalId'))) : [];
};

/** Every page of a list in turn. */
async function pages(api: Api, path: string): Promise<string[][]> {
  const seen: string[][] = [];
  for (let next: unknown = ''; next !== null; ) {
    const from = next === '' ? '' : `&from=${encodeURIComponent(String(next))}`;
    const { status, body } = await api.get(`${path}${from}`);
    expect(status).toBe(200);
    expect(at(body, 'atEnd')).toBe(at(body, 'next') === null);
    seen.push(externalIds(body));
    next = at(body, 'next');
  }
  return seen;
}

describe('pages', () => {
  test.each([
    { count: 0, query: 'limit=2', sizes: [0] },
    { count: 1, query: 'limit=2', sizes: [1] },
    { count: 2, query: 'limit=2', sizes: [2] },
    { count: 3, query: 'limit=2', sizes: [2, 1] },
    { count: 4, query: 'limit=2&sortBy=createdAt', sizes: [2, 2] },
    { count: 250, query: 'sortBy=updatedAt', sizes: [100, 100, 50] },
    { count: 250, query: 'limit=500', sizes: [100, 100, 50] },
  ])('$count records, $query: $sizes', ({ count, query, sizes }) =>
    withSandbox({}, async (api, sandbox) => {
      sandbox.seed('accounts', named(count));
      const seen = await pages(api, `/accounts?${query}`);
      expect(seen.map((page) => page.length)).toEqual(sizes);
      const newestFirst = named(count).map(({ externalId }) => externalId);
      expect(seen.flat()).toEqual(newestFirst.reverse());
    }),
  );

  test('a full scan by createdAt sees each record once, whatever changes meanwhile', async () => {
    const change = fc.record({
      kind: fc.constantFrom('update' as const, 'create' as const, 'delete' as const),
      n: fc.nat(30),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.array(change, { maxLength: 20, size: 'max' }),
        (count, changes) =>
          withSandbox({ requestsPerMinute: 100_000 }, async (api, sandbox) => {
            sandbox.seed('accounts', named(count));
            const deleted = new Set<string>();
            const seen: string[] = [];
            let next: unknown = '';
            for (let step = 0; next !== null; step++) {
              const from = next === '' ? '' : `&from=${encodeURIComponent(String(next))}`;
              const { body } = await api.get(`/accounts?limit=3&sortBy=createdAt${from}`);
              seen.push(...externalIds(body));
              next = at(body, 'next');
              await applyChange(api, changes[step], deleted);
            }
            const stayed = named(count).map(({ externalId }) => externalId);
            expect(new Set(seen).size).toBe(seen.length);
            expect(seen).toEqual(expect.arrayContaining(stayed.filter((id) => !deleted.has(id))));
          }),
      ),
      { numRuns: 15 },
    );
  });

  async function applyChange(
    api: Api,
    change: { readonly kind: 'update' | 'create' | 'delete'; readonly n: number } | undefined,
    deleted: Set<string>,
  ): Promise<void> {
    if (change === undefined) return;
    const id = `a${change.n}`;
    if (change.kind === 'update') await api.put(`/accounts/${id}`, { name: 'changed' });
    if (change.kind === 'create') await api.post('/accounts', { externalId: `new${change.n}`, name: 'new' });
    if (change.kind === 'delete') {
      await api.delete(`/accounts/${id}`);
      deleted.add(id);
    }
  }

  test('a change moves a record to the front of updatedAt and leaves createdAt alone', () =>
    withSandbox({}, async (api, sandbox) => {
      sandbox.seed('accounts', named(3));
      await api.put('/accounts/a1', { name: 'x' });
      expect(externalIds((await api.get('/accounts')).body)).toEqual(['a1', 'a3', 'a2']);
      expect(externalIds((await api.get('/accounts?sortBy=createdAt')).body)).toEqual(['a3', 'a2', 'a1']);
      await api.put('/accounts/a2', { name: 'x' });
      expect(externalIds((await api.get('/accounts')).body)).toEqual(['a2', 'a1', 'a3']);
      await api.delete('/accounts/a3');
      expect(externalIds((await api.get('/accounts')).body)).toEqual(['a2', 'a1']);
    }));

  test('a list within a parent is paged the same way', () =>
    withSandbox({}, async (api, sandbox) => {
      sandbox.seed('organizations', [{ externalId: 'o1', name: 'O' }]);
      sandbox.seed(
        'accounts',
        named(5).map((account) => ({ ...account, organizationId: 'o1' })),
      );
      const id = at(sandbox.organizations.byExternalId('o1'), 'id');
      expect(await pages(api, `/organizations/${id}/accounts?limit=2`)).toEqual([
        ['a5', 'a4'],
        ['a3', 'a2'],
        ['a1'],
      ]);
    }));
});

describe('refused', () => {
  test.each([
    'limit=0',
    'limit=-1',
    'limit=ten',
    'limit=1.5',
    'sortBy=name',
    'from=nonsense',
    `from=${Buffer.from('{"sortVal":"x"}').toString('base64')}`,
    'status=gone',
  ])('%s', (query) =>
    withSandbox({}, async (api, sandbox) => {
      sandbox.seed('accounts', named(1));
      expect((await api.get(`/accounts?${query}`)).status).toBe(400);
    }),
  );
});

describe('status of accounts', () => {
  const seedChurned = (sandbox: Sandbox) =>
    sandbox.seed('accounts', [
      { externalId: 'live', name: 'x' },
      { externalId: 'gone', name: 'x', traits: { churnedAt: '2026-01-01' } },
    ]);
  test.each([
    { query: '', found: ['live'] },
    { query: '?status=active', found: ['live'] },
    { query: '?status=churned', found: ['gone'] },
    { query: '?status=activeOrChurned', found: ['gone', 'live'] },
  ])('"$query" lists $found', ({ query, found }) =>
    withSandbox({}, async (api, sandbox) => {
      seedChurned(sandbox);
      expect(externalIds((await api.get(`/accounts${query}`)).body)).toEqual(found);
      expect((await api.get('/accounts/gone')).status).toBe(200);
    }),
  );
});

describe('read-only lists', () => {
  test('admins and their search', () =>
    withSandbox({}, async (api, sandbox) => {
      const admin = { id: 'x', name: 'Ada', email: 'Ada@vendor.test', licenseStatus: 'active' };
      sandbox.seed('admins', [admin]);
      expect((await api.get('/admins')).body).toEqual({ results: [admin], next: null, atEnd: true });
      expect((await api.get('/admins/search?email=ada%40vendor.test')).body).toEqual(admin);
      expect((await api.get('/admins/search?email=bob%40vendor.test')).status).toBe(404);
      expect((await api.get('/admins/search')).status).toBe(400);
    }));

  test('customFields are a bare array', () =>
    withSandbox({}, async (api, sandbox) => {
      expect((await api.get('/customFields')).body).toEqual([]);
      const trait = { label: 'Plan', path: 'vitally.custom.plan', type: 'text', model: 'accounts' };
      sandbox.seed('customFields', [trait]);
      expect((await api.get('/customFields?model=accounts')).body).toMatchObject([{ label: 'Plan' }]);
      expect((await api.get('/customFields?model=users')).body).toEqual([]);
    }));
});
