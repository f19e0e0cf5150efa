import { describe, expect, test } from 'vitest';
import { isJsonObject } from '../../../../src/json/guards.ts';
import { routeOf } from '../../../support/routes.ts';
import { Api } from '../../../support/sandbox/client.ts';
import { openWorkspace, type Workspace, writeOf } from '../../../support/workspace.ts';

const sites = routeOf('custom_object', { customObject: 'site' });
const INSTANCE = { accountId: 'a-1', name: 'North' };

async function openArchive(profile: readonly string[]): Promise<Workspace> {
  const workspace = await openWorkspace({ profile: ['deletes-archive', ...profile] });
  const { seed, sandbox } = workspace;
  seed('accounts', { externalId: 'a-1', name: 'Acme' });
  sandbox.seed('customObjects', [{ name: 'site', label: 'Site', writeMode: 'writable' }]);
  sandbox.seed('projectTemplates', [{ name: 'Onboarding', projectName: 'Onboard' }]);
  sandbox.seed('instances', [
    {
      externalId: 's-1',
      customObjectId: 'site',
      customerId: 'a-1',
      name: 'Gone',
      archivedAt: '2026-01-01T00:00:00.000Z',
    },
  ]);
  sandbox.seed('projects', [
    { templateId: 'Onboarding', accountId: 'a-1', name: 'Gone', archivedAt: '2026-01-01T00:00:00.000Z' },
  ]);
  return workspace;
}

function only({ sandbox }: Workspace, kind: string): string {
  const [record] = sandbox.items(kind).all();
  return isJsonObject(record) ? String(record.id) : '';
}

describe.each([
  { profile: [] },
  { profile: ['activity-post-refuses-duplicate'] },
  { profile: ['activity-post-duplicates'] },
])('what a DELETE archived is not there, though it is shown: $profile', ({ profile }) => {
  test('an instance: update and delete skip it, upsert makes it anew or brings it up to date', async () => {
    const workspace = await openArchive(profile);
    const { outcome, sandbox } = workspace;
    const gone = only(workspace, 'instances');
    for (const [route, key] of [
      [sites, 's-1'],
      [{ ...sites, matchOn: 'id' }, gone],
    ] as const) {
      expect(await outcome({ ...route, mode: 'update' }, writeOf(key, INSTANCE))).toBe('skipped');
      expect(await outcome({ ...route, mode: 'delete' }, writeOf(key))).toBe('skipped');
      const refused = { ...route, mode: 'update', unknownKey: 'reject' } as const;
      expect(await outcome(refused, writeOf(key, INSTANCE))).toBe('unknown_key');
    }
    expect(sandbox.requests().filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(await outcome(sites, writeOf('s-1', INSTANCE))).toMatch(/created|updated/);
    expect(
      sandbox
        .items('instances')
        .all()
        .some((one) => one.name === 'North'),
    ).toBe(true);
  });

  test('an instance that this run deletes is not there for its next rows', async () => {
    const { outcome } = await openArchive(profile);
    expect(await outcome(sites, writeOf('s-2', INSTANCE))).toBe('created');
    expect(await outcome({ ...sites, mode: 'delete' }, writeOf('s-2'))).toBe('deleted');
    expect(await outcome({ ...sites, mode: 'delete' }, writeOf('s-2'))).toBe('skipped');
    expect(await outcome({ ...sites, mode: 'update' }, writeOf('s-2', INSTANCE))).toBe('skipped');
  });

  test('a project, by its id and by its fields', async () => {
    const workspace = await openArchive(profile);
    const { outcome, sandbox } = workspace;
    const byId = routeOf('project', { matchOn: 'id' });
    const gone = only(workspace, 'projects');
    expect(await outcome({ ...byId, mode: 'update' }, writeOf(gone, { name: 'Back' }))).toBe('skipped');
    expect(await outcome({ ...byId, mode: 'delete' }, writeOf(gone))).toBe('skipped');
    const byFields = routeOf('project', { matchOn: 'id', keyColumns: [] });
    const row = writeOf('k', { templateId: 'Onboarding', accountId: 'a-1', name: 'Gone' });
    expect(await outcome(byFields, row)).toBe('created');
    const live = (await new Api(sandbox.url).get('/projects?archived=false')).body;
    expect(live).toMatchObject({ results: [{ name: 'Gone' }] });
  });
});
