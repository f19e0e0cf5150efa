import { expect, test } from 'vitest';
import { itemId } from '../../support/sandbox/activity.ts';
import { at } from '../../support/sandbox/client.ts';
import { idsOf, seedPipeline } from '../../support/sandbox/pipeline.ts';
import { withSandbox } from '../../support/sandboxes.ts';

test('templates by category, and each by its id', () =>
  withSandbox({}, async (api, sandbox) => {
    seedPipeline(sandbox);
    sandbox.seed('projectTemplates', [{ name: 'Bare' }]);
    const { category, template } = idsOf(sandbox);
    const names = async (path: string) => at((await api.get(path)).body, 'results');
    expect(await names('/projectTemplates')).toMatchObject([{ name: 'Bare' }, { name: 'Onboarding' }]);
    expect(await names(`/projectTemplates?categoryId=${category}`)).toMatchObject([{ id: template }]);
    expect((await api.get(`/projectTemplates/${template}`)).body).toEqual({
      id: template,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
      name: 'Onboarding',
      projectName: 'Onboard',
      description: null,
      projectCategoryId: category,
      traits: { tier: 1 },
    });
    expect(await names('/projectCategories')).toEqual([
      (await api.get(`/projectCategories/${category}`)).body,
    ]);
  }));

test.each(['/projectTemplates', '/projectCategories', '/projectStatuses'])('%s takes no writes', (path) =>
  withSandbox({}, async (api, sandbox) => {
    seedPipeline(sandbox);
    expect((await api.post(path, { name: 'x' })).status).toBe(404);
    const id = itemId(sandbox, 'projectTemplates');
    expect((await api.put(`${path}/${id}`, { name: 'x' })).status).toBe(404);
    expect((await api.delete(`${path}/${id}`)).status).toBe(404);
  }),
);
