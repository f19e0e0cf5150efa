import { describe, expect, test } from 'vitest';
import { at } from '../../support/sandbox/client.ts';
import { withSandbox } from '../../support/sandboxes.ts';

const ADA = { id: 'x', name: 'Ada', email: 'Ada@vendor.test', licenseStatus: 'deactivated' };

describe('admins', () => {
  test.each([
    { email: 'Ada@vendor.test', status: 200, body: ADA },
    { email: 'ADA@VENDOR.TEST', status: 200, body: ADA },
    { email: 'bob@vendor.test', status: 404, body: { error: 'Admin not found' } },
    { email: '', status: 404, body: { error: 'Admin not found' } },
  ])('search for "$email": $status', ({ email, status, body }) =>
    withSandbox({}, async (api, sandbox) => {
      sandbox.seed('admins', [ADA]);
      const reply = await api.get(`/admins/search?email=${encodeURIComponent(email)}`);
      expect([reply.status, reply.body]).toEqual([status, body]);
    }),
  );

  test('are listed in pages, with a UUID and a licence where the seed has none', () =>
    withSandbox({}, async (api, sandbox) => {
      sandbox.seed(
        'admins',
        [1, 2, 3].map((n) => ({ name: `Admin ${n}`, email: `${n}@vendor.test` })),
      );
      const first = await api.get('/admins?limit=2');
      expect(at(first.body, 'results')).toEqual([
        {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          name: 'Admin 3',
          email: '3@vendor.test',
          licenseStatus: 'active',
        },
        expect.objectContaining({ name: 'Admin 2' }),
      ]);
      const next = encodeURIComponent(String(at(first.body, 'next')));
      const second = await api.get(`/admins?limit=2&from=${next}`);
      expect(second.body).toMatchObject({ results: [{ name: 'Admin 1' }], next: null, atEnd: true });
    }));

  test.each([
    { seed: { name: 'x' }, error: 'email is required' },
    { seed: { email: 'x@y.test', licenseStatus: 'gone' }, error: 'licenseStatus must be one of' },
  ])('are not seeded as $seed', ({ seed, error }) =>
    withSandbox({}, async (_api, sandbox) => {
      expect(() => sandbox.seed('admins', [seed])).toThrow(error);
    }),
  );
});

describe('categories', () => {
  test.each(['noteCategories', 'taskCategories'])('%s are listed', (kind) =>
    withSandbox({ now: () => 0 }, async (api, sandbox) => {
      sandbox.seed(kind, [{ name: 'One' }, { id: 'c2', name: 'Two' }]);
      const at0 = '1970-01-01T00:00:00.000Z';
      expect((await api.get(`/${kind}`)).body).toEqual({
        results: [
          { id: 'c2', name: 'Two', createdAt: at0, updatedAt: at0 },
          { id: expect.stringMatching(/^[0-9a-f-]{36}$/), name: 'One', createdAt: at0, updatedAt: at0 },
        ],
        next: null,
        atEnd: true,
      });
    }),
  );
});

test.each([
  ['get', '/admins/x'],
  ['get', '/admins/x/y'],
  ['delete', '/admins/x'],
  ['get', '/noteCategories/x'],
  ['delete', '/taskCategories/x'],
  ['get', '/accounts/a1/admins'],
  ['get', '/accounts/a1/noteCategories'],
] as const)('%s %s is no endpoint', (method, path) =>
  withSandbox({}, async (api, sandbox) => {
    sandbox.seed('admins', [ADA]);
    for (const kind of ['noteCategories', 'taskCategories']) sandbox.seed(kind, [{ id: 'x', name: 'x' }]);
    expect(await api[method](path)).toMatchObject({ status: 404, body: { error: 'no such endpoint' } });
  }),
);

test.each(['/admins', '/noteCategories', '/taskCategories'])('nothing is written to %s', (path) =>
  withSandbox({}, async (api) => {
    const body = { name: 'x', email: 'x@y.test' };
    expect((await api.post(path, body)).status).toBe(404);
    expect((await api.put(`${path}/x`, body)).status).toBe(404);
  }),
);
