import { expect, test } from 'vitest';
import type { Sandbox, SwitchName } from '../../../src/sandbox/index.ts';
import { record } from '../../support/messages.ts';
import { idOf, namedIdOf, seedPlaces } from '../../support/objects/places.ts';
import { refusal, refusedBy, type Sync, syncTwice } from '../../support/objects/syncs.ts';
import { KEPT, NOBODY, TESS } from '../../support/objects/talks.ts';
import { countsOf } from '../../support/output.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const OLD = ['upsert', 'update', 'append', 'delete', 'same'];
const UPSERT: Sync['streams'] = [{ stream: 'upsert', object: 'project', mode: 'upsert', keyless: true }];

/** For each mode a project `<mode> old` of Acme, and templates, statuses and a category to choose from. */
function seedProjects(sandbox: Sandbox): void {
  seedPlaces(sandbox);
  sandbox.seed('projectStatuses', [
    { name: 'Planned', type: 'inactive' },
    { name: 'Running', type: 'active' },
  ]);
  sandbox.seed('projectCategories', [{ name: 'Launch' }]);
  sandbox.seed('projectTemplates', [
    { name: 'Onboarding', projectName: 'Onboard' },
    { name: 'Renewal', projectName: 'Renew' },
  ]);
  sandbox.seed('projects', [
    ...OLD.map((name) => ({
      templateId: 'Onboarding',
      accountId: 'acme',
      name: `${name} old`,
      targetStartDate: '2026-03-01',
      traits: KEPT,
    })),
    { templateId: 'Renewal', accountId: 'globex', name: 'Another', projectStatusId: 'Running' },
  ]);
}

function everyMode(sandbox: Sandbox): Sync {
  const acme = { template: 'Onboarding', accountId: 'acme' };
  return {
    streams: [
      { stream: 'upsert', object: 'project', mode: 'upsert', sync_key: ['template', 'accountId', 'name'] },
      { stream: 'append', object: 'project', mode: 'append', keyless: true },
      ...['update', 'delete'].map((mode) => ({ stream: mode, object: 'project', mode })),
    ],
    rows: [
      record('upsert', { ...acme, name: 'upsert old', targetStartDate: '2026-04-01', gone: null, stage: 2 }),
      record('upsert', {
        templateId: namedIdOf(sandbox, 'projectTemplates', 'Renewal'),
        accountId: idOf(sandbox, 'accounts', 'globex'),
        name: 'upsert new',
        status: 'Running',
        category: 'Launch',
        owner: TESS,
        budget: 7,
      }),
      record('upsert', { template: 'renewal', organizationId: 'holding' }),
      record('upsert', { ...acme, name: 'same old', kept: true }),
      record('update', { id: namedIdOf(sandbox, 'projects', 'update old'), owner: TESS }),
      record('update', { id: NOBODY, ...acme, name: 'update new' }),
      record('append', { ...acme, name: 'append old', stage: 2 }),
      record('append', { ...acme, name: 'append new' }),
      record('append', { ...acme, name: 'append new', stage: 3 }),
      record('delete', { id: namedIdOf(sandbox, 'projects', 'delete old') }),
      record('delete', { id: NOBODY }),
    ],
  };
}

const BEFORE = { targetStartDate: '2026-03-01', traits: KEPT };
const LEFT = {
  'acme / Onboarding / upsert old': { targetStartDate: '2026-04-01', traits: { kept: true, stage: 2 } },
  'globex / Renewal / upsert new': {
    projectStatusId: 'Running',
    projectCategoryId: 'Launch',
    ownedByVitallyUserId: TESS,
    traits: { budget: 7 },
  },
  'holding / Renewal / Renew': { projectStatusId: 'Planned' },
  'acme / Onboarding / same old': BEFORE,
  'acme / Onboarding / update old': { ...BEFORE, ownedByVitallyUserId: TESS },
  'acme / Onboarding / append old': BEFORE,
  'acme / Onboarding / append new': { traits: {} },
  'globex / Renewal / Another': {},
};

test.each<{ readonly profile: readonly SwitchName[] }>([
  { profile: [] },
  { profile: ['project-needs-customer-id'] },
  { profile: ['project-needs-account-id', 'message-envelope', 'not-found-400'] },
  { profile: ['scoped-lists-need-uuid', 'lists-show-archived', 'not-found-200'] },
  { profile: ['empty-page', 'no-at-end', 'page-limit-400'] },
  { profile: ['admin-search-results', 'post-answers-201', 'no-created-at'] },
])(
  'projects come out the same under every reading, and once however often they are sent: $profile',
  async ({ profile }) => {
    const sandbox = await openSandbox();
    seedProjects(sandbox);
    sandbox.setProfile(profile);
    const { counts, content } = await syncTwice(sandbox, everyMode(sandbox));
    expect(counts[0]).toEqual({
      upsert: { received: 4, created: 2, updated: 1, unchanged: 1 },
      update: { received: 2, updated: 1, skipped: 1 },
      append: { received: 3, created: 1, skipped: 2 },
      delete: { received: 2, deleted: 1, skipped: 1 },
    });
    expect(counts[1]).toEqual({
      upsert: { received: 4, unchanged: 4 },
      update: { received: 2, unchanged: 1, skipped: 1 },
      append: { received: 3, skipped: 3 },
      delete: { received: 2, skipped: 2 },
    });
    expect(content.projects).toMatchObject(LEFT);
    expect(Object.keys(content.projects ?? {}).sort()).toEqual(Object.keys(LEFT).sort());
  },
);

test("no project is created under an id of Vitally's, and one that has it is updated", async () => {
  const sandbox = await openSandbox();
  seedProjects(sandbox);
  const streams = [{ stream: 'upsert', object: 'project', mode: 'upsert' }];
  const rows = [
    record('upsert', { id: namedIdOf(sandbox, 'projects', 'upsert old'), targetStartDate: '2026-05-01' }),
    record('upsert', { id: NOBODY, template: 'Onboarding', accountId: 'acme', name: 'Nowhere' }),
  ];
  const { refused, program } = await refusedBy(sandbox, { streams, rows });
  expect([...refused]).toMatchObject([[NOBODY, { code: 'unknown_key' }]]);
  expect(countsOf(program.summary, 'upsert')).toEqual({ received: 2, updated: 1, rejected: 1 });
  expect(sandbox.snapshot().projects).toMatchObject({
    'acme / Onboarding / upsert old': { targetStartDate: '2026-05-01' },
  });
  expect(sandbox.items('projects').size).toBe(OLD.length + 1);
});

test('a project that names what is not there is refused by the name', async () => {
  const sandbox = await openSandbox();
  seedProjects(sandbox);
  const wrong = [
    { column: 'template', value: 'Farewell', field: 'templateId', sought: 'project template "Farewell"' },
    { column: 'accountId', value: 'umbrella', field: 'accountId', sought: 'account "umbrella"' },
    { column: 'status', value: 'Lost', field: 'projectStatusId', sought: 'project status "Lost"' },
    { column: 'category', value: 'Lost', field: 'projectCategoryId', sought: 'project category "Lost"' },
    { column: 'owner', value: 'zoe@team.test', field: 'ownedByVitallyUserId', sought: 'team member "zoe@' },
  ];
  const rows = wrong.map(({ column, value }) =>
    record('upsert', { template: 'Onboarding', accountId: 'acme', name: column, [column]: value }),
  );
  const { refused } = await refusedBy(sandbox, { streams: UPSERT, rows });
  const byColumn = [...refused].map(([key, said]) => [String(key).split(':').at(-1), said]);
  expect(Object.fromEntries(byColumn)).toEqual(
    Object.fromEntries(
      wrong.map(({ column, field, sought }) => [column, refusal('unknown_association', field, sought)]),
    ),
  );
  expect(sandbox.items('projects').size).toBe(OLD.length + 1);
});

test('two projects of one template, account and name are both named, and neither is written', async () => {
  const sandbox = await openSandbox();
  seedProjects(sandbox);
  sandbox.seed('projects', [{ templateId: 'Onboarding', accountId: 'acme', name: 'same old' }]);
  const row = { template: 'Onboarding', accountId: 'acme', name: 'same old', stage: 9 };
  const { refused } = await refusedBy(sandbox, { streams: UPSERT, rows: [record('upsert', row)] });
  const ids = sandbox
    .items('projects')
    .all()
    .filter((one) => at(one, 'name') === 'same old')
    .map(({ id }) => String(id));
  const [said] = refused.values();
  expect(said?.code).toBe('ambiguous_key');
  for (const id of ids) expect(said?.message).toContain(id);
});
