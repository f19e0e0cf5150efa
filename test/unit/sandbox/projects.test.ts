import { describe, expect, test } from 'vitest';
import { itemId, NOBODY } from '../../support/sandbox/activity.ts';
import { at, idOf } from '../../support/sandbox/client.ts';
import { idsOf, type Pipeline, seedPipeline } from '../../support/sandbox/pipeline.ts';
import { withSandbox } from '../../support/sandboxes.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('create', () => {
  test('a project has the name, category and status that its template and the service give', () =>
    withSandbox({ now: () => Date.parse('2026-03-01T10:00:00Z') }, async (api, sandbox) => {
      seedPipeline(sandbox);
      const { account, template, category } = idsOf(sandbox);
      const reply = await api.post('/projects', { templateId: template, accountId: account });
      expect([reply.status, reply.body]).toEqual([
        200,
        {
          id: expect.stringMatching(UUID),
          createdAt: '2026-03-01T10:00:00.000Z',
          updatedAt: '2026-03-01T10:00:00.000Z',
          name: 'Onboard',
          templateId: template,
          accountId: account,
          organizationId: null,
          targetStartDate: null,
          targetCompletionDate: null,
          projectStatusId: expect.stringMatching(UUID),
          projectCategoryId: category,
          ownedByVitallyUserId: null,
          traits: {},
          archivedAt: null,
          source: null,
          durationInDays: null,
          actualStartDate: null,
          actualCompletionDate: null,
          projectStatus: {
            id: at(reply.body, 'projectStatusId'),
            createdAt: '2026-03-01T10:00:00.000Z',
            type: 'inactive',
            name: 'Not started',
          },
        },
      ]);
      expect((await api.get(`/projects/${idOf(reply)}`)).body).toEqual(reply.body);
    }));

  test('what is given stands', () =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      sandbox.seed('projectCategories', [{ name: 'Other' }]);
      sandbox.seed('projectStatuses', [
        { name: 'Planned', type: 'inactive' },
        { id: NOBODY, name: 'Going', type: 'active' },
      ]);
      const { organization, template, admin } = idsOf(sandbox);
      const given = {
        templateId: template,
        organizationId: organization,
        name: 'Mine',
        targetStartDate: '2026-01-01',
        targetCompletionDate: '2026-02-01T00:00:00Z',
        projectStatusId: NOBODY,
        projectCategoryId: at(sandbox.items('projectCategories').all(), 1, 'id'),
        ownedByVitallyUserId: admin,
        traits: { a: 1, b: null },
      };
      const reply = await api.post('/projects', { ...given, unknown: 'ignored' });
      expect(reply.body).toMatchObject({
        ...given,
        accountId: null,
        traits: { a: 1 },
        projectStatus: { id: NOBODY, name: 'Going', type: 'active' },
      });
      expect(reply.text).not.toContain('ignored');
    }));

  test('every POST makes a new one, an externalId or not', () =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      const { account, template } = idsOf(sandbox);
      const body = { templateId: template, customerId: account, externalId: 'p1' };
      await api.post('/projects', body);
      const second = await api.post('/projects', body);
      expect(Reflect.has(Object(second.body), 'externalId')).toBe(false);
      expect((await api.get('/projects/p1')).status).toBe(404);
      expect(Object.keys(sandbox.snapshot().projects ?? {})).toEqual([
        'a1 / Onboarding / Onboard',
        'a1 / Onboarding / Onboard #2',
      ]);
    }));

  test.each<{ body(ids: Pipeline): object; error: string }>([
    { body: ({ account }) => ({ accountId: account }), error: 'templateId is required' },
    {
      body: ({ account }) => ({ accountId: account, templateId: 'Onboarding' }),
      error: 'templateId is not the id of a project template',
    },
    { body: ({ template }) => ({ templateId: template }), error: 'accountId or organizationId is required' },
    {
      body: ({ template }) => ({ templateId: template, accountId: 'a1' }),
      error: 'accountId is not the id of an account',
    },
    {
      body: ({ template }) => ({ templateId: template, customerId: 'a1' }),
      error: 'customerId is not the id of an account',
    },
    {
      body: ({ template }) => ({ templateId: template, organizationId: NOBODY }),
      error: 'organizationId is not the id of an organization',
    },
    {
      body: ({ template, account, organization }) => ({
        templateId: template,
        accountId: account,
        organizationId: organization,
      }),
      error: 'only one of accountId and organizationId can be given',
    },
    {
      body: ({ template, account }) => ({
        templateId: template,
        accountId: account,
        targetStartDate: 'soon',
      }),
      error: 'targetStartDate must be an ISO 8601 date',
    },
    {
      body: ({ template, account }) => ({ templateId: template, accountId: account, name: 7 }),
      error: 'name must be a string',
    },
    {
      body: ({ template, account }) => ({
        templateId: template,
        accountId: account,
        projectStatusId: NOBODY,
      }),
      error: 'projectStatusId is not the id of a project status',
    },
    {
      body: ({ template, account }) => ({
        templateId: template,
        accountId: account,
        ownedByVitallyUserId: 'ada@vendor.test',
      }),
      error: 'ownedByVitallyUserId is not the id of an admin',
    },
  ])('is refused: $error', ({ body, error }) =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      const reply = await api.post('/projects', body(idsOf(sandbox)));
      expect([reply.status, reply.body]).toEqual([400, { error }]);
      expect(sandbox.items('projects').size).toBe(0);
    }),
  );
});

describe('change', () => {
  const seeded = { templateId: 'Onboarding', accountId: 'a1', name: 'P', traits: { kept: 1, gone: 1 } };

  test('PUT changes what it names; template and owner stay; traits merge', () =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      sandbox.seed('projects', [{ ...seeded, targetStartDate: '2026-01-01' }]);
      const { account, organization, template } = idsOf(sandbox);
      const reply = await api.put(`/projects/${itemId(sandbox, 'projects')}`, {
        targetStartDate: null,
        templateId: NOBODY,
        accountId: NOBODY,
        organizationId: organization,
        traits: { gone: null, added: 'x' },
      });
      expect(reply.body).toMatchObject({
        name: 'P',
        templateId: template,
        accountId: account,
        organizationId: null,
        targetStartDate: null,
        traits: { kept: 1, added: 'x' },
      });
    }));

  test.each([{ name: '' }, { name: null }, { projectStatusId: null }, { projectCategoryId: NOBODY }])(
    'PUT %j is refused',
    (body) =>
      withSandbox({}, async (api, sandbox) => {
        seedPipeline(sandbox);
        sandbox.seed('projects', [seeded]);
        const before = sandbox.snapshot();
        expect((await api.put(`/projects/${itemId(sandbox, 'projects')}`, body)).status).toBe(400);
        expect(sandbox.snapshot()).toEqual(before);
      }),
  );

  test('DELETE takes it away, as does that of its account', () =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      sandbox.seed('projects', [seeded, { ...seeded, name: 'Q' }]);
      const path = `/projects/${itemId(sandbox, 'projects')}`;
      const reply = await api.delete(path);
      expect([reply.status, reply.text]).toEqual([204, '']);
      expect((await api.get(path)).status).toBe(404);
      expect(Object.keys(sandbox.snapshot().projects ?? {})).toEqual(['a1 / Onboarding / Q']);
      await api.delete('/accounts/a1');
      expect(sandbox.items('projects').size).toBe(0);
    }));
});

describe('lists', () => {
  test.each([
    { path: '/projects', found: ['C', 'B', 'A'] },
    { path: '/accounts/a1/projects', found: ['A'] },
    { path: '/organizations/o1/projects', found: ['B'] },
    { path: '/projects?archived=true', found: ['D'] },
    { path: '/projects?limit=2&sortBy=createdAt', found: ['C', 'B'] },
  ])('GET $path', ({ path, found }) =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      sandbox.seed('accounts', [{ externalId: 'a2', name: 'Two' }]);
      sandbox.seed('projects', [
        { templateId: 'Onboarding', accountId: 'a1', name: 'A' },
        { templateId: 'Onboarding', organizationId: 'o1', name: 'B' },
        { templateId: 'Onboarding', accountId: 'a2', name: 'C' },
        { templateId: 'Onboarding', accountId: 'a1', name: 'D', archivedAt: '2026-01-01' },
      ]);
      expect((await api.get(path)).body).toMatchObject({ results: found.map((name) => ({ name })) });
    }),
  );
});
