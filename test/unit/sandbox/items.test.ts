import { describe, expect, test } from 'vitest';
import { itemId, NOBODY } from '../../support/sandbox/activity.ts';
import { at } from '../../support/sandbox/client.ts';
import { idsOf, seedPipeline } from '../../support/sandbox/pipeline.ts';
import { withSandbox } from '../../support/sandboxes.ts';

describe('the snapshot', () => {
  test('holds what was written, by labels in place of ids, and no reference data', () =>
    withSandbox({}, async (_api, sandbox) => {
      seedPipeline(sandbox);
      sandbox.seed('projects', [
        {
          templateId: 'Onboarding',
          accountId: 'a1',
          ownedByVitallyUserId: 'ada@vendor.test',
          traits: { b: 1, a: 2 },
        },
      ]);
      const { organizations, accounts, users, events, ...others } = sandbox.snapshot();
      expect(Object.keys({ organizations, accounts, users, events })).toHaveLength(4);
      expect(others).toEqual({
        projects: {
          'a1 / Onboarding / Onboard': {
            accountId: 'a1',
            name: 'Onboard',
            ownedByVitallyUserId: 'ada@vendor.test',
            projectCategoryId: 'Launch',
            projectStatusId: 'Not started',
            templateId: 'Onboarding',
            traits: { a: 2, b: 1 },
            archived: false,
          },
        },
        meetings: {
          m1: {
            title: 'Kick-off',
            participants: [
              {
                userId: 'u1',
                vitallyUserId: null,
                email: null,
                type: 'attendee',
                responseStatus: 'needsAction',
              },
            ],
            traits: {},
            archived: false,
          },
        },
        customObjects: {
          subscription: {
            name: 'subscription',
            label: 'Subscription',
            writeMode: 'writable',
            traits: {},
            archived: false,
          },
        },
        instances: {
          subscription: { i1: { name: 'First', customerId: 'a1', traits: { seats: 5 }, archived: false } },
        },
      });
    }));

  test('shows every copy, whatever order they came in', async () => {
    const seen: unknown[] = [];
    for (const names of [
      ['x', 'y'],
      ['y', 'x'],
    ])
      await withSandbox({ profile: ['activity-post-duplicates'] }, async (api, sandbox) => {
        seedPipeline(sandbox);
        const { customObject, account } = idsOf(sandbox);
        for (const name of names)
          await api.post(`/customObjects/${customObject}/instances`, {
            externalId: 'd',
            name,
            customerId: account,
          });
        seen.push(sandbox.snapshot().instances);
        const path = `/customObjects/${customObject}/instances/search?externalId=d`;
        expect(at((await api.get(path)).body, 'length')).toBe(2);
        expect(sandbox.items('instances').byExternalId('d')).toMatchObject({ name: names[0] });
      });
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]).toMatchObject({ subscription: { d: { name: 'x' }, 'd #2': { name: 'y' } } });
  });
});

describe('seed', () => {
  test('takes id, archivedAt and source as given, and the same externalId once', () =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      const meeting = { externalId: 'm2', title: 'One', participants: [{ userId: 'u1', type: 'attendee' }] };
      sandbox.seed('meetings', [
        { ...meeting, id: NOBODY, archivedAt: '2026-01-01T00:00:00Z', source: 'zoom' },
        { ...meeting, title: 'Two' },
      ]);
      expect((await api.get(`/meetings/${NOBODY}`)).body).toMatchObject({
        externalId: 'm2',
        title: 'Two',
        archivedAt: '2026-01-01T00:00:00.000Z',
        source: 'zoom',
      });
      expect(sandbox.items('meetings').size).toBe(2);
    }));

  test.each([
    { kind: 'projects', object: { accountId: 'a1' }, error: 'templateId is required' },
    {
      kind: 'projects',
      object: { accountId: 'a1', templateId: 'None' },
      error: 'templateId is not the id of',
    },
    { kind: 'projectTemplates', object: {}, error: 'name is required' },
    { kind: 'instances', object: { name: 'x', customerId: 'a1' }, error: 'customObjectId is required' },
    { kind: 'instances', object: { customObjectId: 'none' }, error: 'customObjectId is not a custom object' },
    { kind: 'planets', object: {}, error: 'nothing of the kind planets' },
  ])('of $kind is refused: $error', ({ kind, object, error }) =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      expect(() => sandbox.seed(kind, [object])).toThrow(error);
      const reply = await api.control('POST', 'seed', { kind, objects: [object] });
      expect([reply.status, at(reply.body, 'error')]).toEqual([400, expect.stringContaining(error)]);
    }),
  );
});

describe('inspection', () => {
  test('shows a kind as its own GET does', () =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      const meetings = sandbox.items('meetings');
      expect([meetings.size, meetings.all()]).toEqual([1, [(await api.get('/meetings/m1')).body]]);
      expect(meetings.byExternalId('m1')).toEqual(meetings.all()[0]);
      expect(meetings.byExternalId('m2')).toBeUndefined();
      expect(sandbox.items('instances').byExternalId('nothing')).toBeUndefined();
      expect(() => sandbox.items('planets')).toThrow('there is nothing of the kind planets');
    }));

  test('stats count the kinds of which there is something', () =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      expect((await api.control('GET', 'stats')).body).toMatchObject({
        meetings: 1,
        projectTemplates: 1,
        customObjects: 1,
        instances: 1,
        collectionDeletes: 0,
      });
      expect((await api.control('GET', 'stats')).body).not.toHaveProperty('projects');
    }));

  test('the page shows them, a hostile row as text', () =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      sandbox.seed('meetings', [
        {
          externalId: '<script>',
          title: '<img src=x>',
          participants: [{ userId: 'u1', type: 'attendee' }],
          archivedAt: '2026-01-01',
          traits: { mood: 'good' },
        },
      ]);
      const { text } = await api.raw('/');
      for (const shown of [
        '<b>2</b>meetings',
        '<h2>Instances of subscription',
        'archived</span> true',
        '&lt;script&gt;',
      ])
        expect(text).toContain(shown);
      expect(text).toContain('<h2>Project templates');
      expect(text).not.toMatch(/<script|<img/);
    }));
});

describe('common behaviour', () => {
  test.each([
    { profile: 'not-found-400', status: 400, body: { error: 'Project not found' } },
    { profile: 'not-found-200', status: 200, body: { error: 'Project not found' } },
    { profile: 'put-creates', status: 404, body: { error: 'Project not found' } },
  ])('$profile: PUT on an unknown id', ({ profile, status, body }) =>
    withSandbox({ profile: [profile] }, async (api) => {
      const reply = await api.put(`/projects/${NOBODY}`, { name: 'x' });
      expect([reply.status, reply.body]).toEqual([status, body]);
    }),
  );

  test('post-answers-201 and unknown-parent-accepted hold here too', () =>
    withSandbox({ profile: ['post-answers-201', 'unknown-parent-accepted'] }, async (api, sandbox) => {
      seedPipeline(sandbox);
      const { account, customObject } = idsOf(sandbox);
      const body = { externalId: 'i2', name: 'x', customerId: account, organizationId: NOBODY };
      const path = `/customObjects/${customObject}/instances`;
      const first = await api.post(path, body);
      expect([first.status, at(first.body, 'organizationId')]).toEqual([201, null]);
      expect((await api.post(path, body)).status).toBe(200);
    }));

  test.each([
    { path: '/projects?archived=yes', error: 'archived must be true or false' },
    { path: '/meetings?sortBy=title', error: 'sortBy must be updatedAt or createdAt' },
    { path: '/accounts/a1/meetings?limit=0', error: 'limit must be a positive integer' },
  ])('GET $path is refused', ({ path, error }) =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      expect((await api.get(path)).body).toEqual({ error });
    }),
  );

  test('pages walk a list once through, either order', () =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      const names = Array.from({ length: 7 }, (_, index) => `P${index}`);
      sandbox.seed(
        'projects',
        names.map((name) => ({ name, templateId: 'Onboarding', accountId: 'a1' })),
      );
      await api.put(`/projects/${itemId(sandbox, 'projects')}`, { traits: { touched: true } });
      for (const base of ['/projects', '/accounts/a1/projects'])
        for (const [sortBy, first] of [
          ['createdAt', 'P6'],
          ['updatedAt', 'P0'],
        ]) {
          const seen = [];
          for (let from = ''; from !== 'null'; ) {
            const { body } = await api.get(`${base}?limit=3&sortBy=${sortBy}${from}`);
            const results = at(body, 'results');
            seen.push(...(Array.isArray(results) ? results.map((project) => at(project, 'name')) : []));
            const next = at(body, 'next');
            from = next === null ? 'null' : `&from=${encodeURIComponent(String(next))}`;
          }
          expect(seen[0]).toBe(first);
          expect(seen.toSorted()).toEqual(names);
        }
    }));
});
