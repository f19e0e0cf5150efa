import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../../../src/json/json.ts';
import { routeOf } from '../../../../support/routes.ts';
import {
  openWorkspace,
  type Workspace,
  type WorkspaceOptions,
  writeOf,
} from '../../../../support/workspace.ts';

const upserts = routeOf('project', { matchOn: 'id', keyColumns: [] });
const appends = routeOf('project', { matchOn: 'id', keyColumns: [], mode: 'append' });

async function openProjects(options: WorkspaceOptions = {}): Promise<Workspace> {
  const workspace = await openWorkspace(options);
  workspace.seed('organizations', { externalId: 'group', name: 'Group' });
  workspace.seed('accounts', { externalId: 'acme', name: 'Acme' });
  workspace.sandbox.seed('projectTemplates', [{ name: 'Onboarding', projectName: 'Onboard' }]);
  return workspace;
}

function projectOf(fields: Readonly<Record<string, JsonValue>> = {}) {
  return writeOf('made of the fields', { templateId: 'Onboarding', accountId: 'acme', ...fields });
}

function names({ sandbox }: Workspace): unknown[] {
  return sandbox
    .items('projects')
    .all()
    .map(({ name }) => name);
}

describe('a project of this template, account and name', () => {
  test.each([
    { route: upserts, first: 'created', again: 'unchanged', changed: 'updated' },
    { route: appends, first: 'created', again: 'skipped', changed: 'skipped' },
  ])('counts as existing in mode $route.mode', async ({ route, first, again, changed }) => {
    const workspace = await openProjects();
    expect(await workspace.outcome(route, projectOf({ name: 'Roll-out' }))).toBe(first);
    expect(await workspace.outcome(route, projectOf({ name: 'Roll-out' }))).toBe(again);
    const later = projectOf({ name: 'Roll-out', targetStartDate: '2026-05-01' });
    expect(await workspace.outcome(route, later)).toBe(changed);
    expect(names(workspace)).toEqual(['Roll-out']);
  });

  test('is called as its template has it where the row says nothing', async () => {
    const workspace = await openProjects();
    expect(await workspace.outcome(upserts, projectOf())).toBe('created');
    expect(await workspace.outcome(upserts, projectOf({ name: 'Onboard' }))).toBe('unchanged');
    expect(names(workspace)).toEqual(['Onboard']);
  });

  test('may belong to an organization', async () => {
    const workspace = await openProjects();
    const row = writeOf('k', { templateId: 'Onboarding', organizationId: 'group', name: 'Across' });
    expect(await workspace.outcome(upserts, row)).toBe('created');
    expect(await workspace.outcome(upserts, row)).toBe('unchanged');
  });

  test('is read once for an account, however many rows ask', async () => {
    const workspace = await openProjects();
    for (const name of ['a', 'b', 'c']) await workspace.outcome(upserts, projectOf({ name }));
    const reads = workspace.asked().filter((request) => /^GET \/accounts\/[^/]+\/projects/.test(request));
    expect(reads).toHaveLength(1);
  });

  test('that is there twice is no guess', async () => {
    const workspace = await openProjects();
    const double = { templateId: 'Onboarding', accountId: 'acme', name: 'Twice' };
    workspace.sandbox.seed('projects', [double, double]);
    expect(await workspace.outcome(upserts, projectOf({ name: 'Twice' }))).toBe('ambiguous_key');
    expect(await workspace.outcome(appends, projectOf({ name: 'Twice' }))).toBe('skipped');
  });
});

test.each(['project-needs-customer-id', 'project-needs-account-id'])(
  'the account goes by either name: %s',
  async (profile) => {
    const workspace = await openProjects({ profile: [profile] });
    expect(await workspace.outcome(upserts, projectOf({ name: 'Roll-out' }))).toBe('created');
    expect(await workspace.outcome(upserts, projectOf({ name: 'Roll-out' }))).toBe('unchanged');
  },
);

test.each([
  { fields: { templateId: 'Nobody knows' }, code: 'unknown_association' },
  { fields: { accountId: 'nobody' }, code: 'unknown_association' },
  { fields: { projectStatusId: 'No such status' }, code: 'unknown_association' },
])('what cannot be found is refused: $fields', async ({ fields, code }) => {
  const workspace = await openProjects();
  expect(await workspace.outcome(upserts, projectOf({ name: 'x', ...fields }))).toBe(code);
  expect(names(workspace)).toEqual([]);
});

test.each(['reset-after', 'truncated'] as const)(
  'a POST whose answer is lost is not repeated: %s',
  async (kind) => {
    const workspace = await openProjects();
    await workspace.outcome(upserts, projectOf({ name: 'before' }));
    workspace.sandbox.setFaults({ rate: 0, kinds: [], seed: 1, paths: /\/projects$/, sequence: [kind] });
    expect(await workspace.outcome(upserts, projectOf({ name: 'after' }))).toBe('created');
    expect(names(workspace).sort()).toEqual(['after', 'before']);
  },
);

test('mode update without an id never comes this far', async () => {
  const workspace = await openProjects();
  const route = routeOf('project', { matchOn: 'id', keyColumns: [], mode: 'update' });
  await expect(workspace.write(route, projectOf({ name: 'x' }))).rejects.toThrow('update');
});

test('a project that is no longer in the source is deleted by what makes it one', async () => {
  const workspace = await openProjects();
  const deletes = { ...upserts, mode: 'delete' as const };
  await workspace.outcome(upserts, projectOf({ name: 'x' }));
  expect(await workspace.outcome(deletes, projectOf({ name: 'y' }))).toBe('skipped');
  expect(await workspace.outcome(deletes, projectOf({ name: 'x', accountId: 'nobody' }))).toBe('skipped');
  expect(await workspace.outcome(deletes, projectOf({ name: 'x' }))).toBe('deleted');
  expect(await workspace.outcome(deletes, projectOf({ name: 'x' }))).toBe('skipped');
});
