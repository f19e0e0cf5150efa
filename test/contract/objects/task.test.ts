import { expect, test } from 'vitest';
import type { Sandbox, SwitchName } from '../../../src/sandbox/index.ts';
import { record } from '../../support/messages.ts';
import { ITEM_READINGS } from '../../support/objects/item-readings.ts';
import { idOf, itemIdOf, namedIdOf, seedPlaces } from '../../support/objects/places.ts';
import { refusal, refusedBy, type Sync, syncTwice } from '../../support/objects/syncs.ts';
import { countsOf } from '../../support/output.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const DONE = '2026-01-31T09:30:00.000Z';

/** For each mode a task that is there before, assigned, done and tagged. */
const OLD = ['upsert-old', 'update-old', 'by-id-old', 'append-old', 'delete-old', 'same', 'same-too'];

function seedTasks(sandbox: Sandbox): void {
  seedPlaces(sandbox);
  sandbox.seed(
    'tasks',
    OLD.map((externalId) => ({
      externalId,
      accountId: 'acme',
      name: 'Before',
      description: '<p>Before</p>',
      dueDate: '2026-03-01',
      completedAt: DONE,
      completedById: 'theo@team.test',
      assignedToId: 'tess@team.test',
      tags: ['kept'],
      traits: { kept: true, gone: 1 },
    })),
  );
}

/** Every mode, on tasks that are there and on others; parents and people in every way they can be named. */
function everyMode(sandbox: Sandbox): Sync {
  return {
    streams: [
      ...['upsert', 'update', 'append', 'delete'].map((mode) => ({ stream: mode, object: 'task', mode })),
      { stream: 'delete_by_id', object: 'task', mode: 'delete', match_on: 'id' },
      { stream: 'log', object: 'task', mode: 'append', keyless: true },
    ],
    rows: [
      record('upsert', {
        id: 'upsert-old',
        account_id: 'acme',
        title: 'After',
        completedAt: null,
        gone: null,
      }),
      record('upsert', {
        id: 'upsert-new',
        accountId: idOf(sandbox, 'accounts', 'globex'),
        name: 'After',
        description: '<h1>Call</h1><b>now</b>',
        dueDate: '2026-04-01',
        assignee: 'TESS@team.test',
        category: 'renewal',
        tags: '["a","b"]',
        stage: 'won',
      }),
      record('upsert', {
        id: 'of-organization',
        organizationId: 'holding',
        name: 'After',
        completedAt: DONE,
        completedBy: namedIdOf(sandbox, 'admins', 'theo@team.test'),
        categoryId: namedIdOf(sandbox, 'taskCategories', 'Visit'),
      }),
      record('upsert', {
        id: 'same',
        accountId: 'acme',
        name: 'Before',
        dueDate: '2026-03-01',
        completedAt: '2026-01-31T10:30:00+01:00',
        assignee: 'tess@team.test',
        tags: 'kept',
      }),
      record('update', { id: 'update-old', description: '<p>After</p>', assignee: 'theo@team.test' }),
      record('update', { id: 'none', accountId: 'acme', name: 'After' }),
      record('update', { id: 'same-too', name: 'Before', kept: true }),
      record('append', { id: 'append-old', accountId: 'acme', name: 'After' }),
      record('append', { id: 'append-new', accountId: 'acme', name: 'After' }),
      record('log', { accountId: 'acme', name: 'First' }),
      record('log', { accountId: 'acme', name: 'Second' }),
      record('delete', { id: 'delete-old' }),
      record('delete', { id: 'none' }),
      record('delete_by_id', { id: itemIdOf(sandbox, 'tasks', 'by-id-old') }),
      record('delete_by_id', { id: '0b7b41f4-15d2-4c7c-9d3f-2f1c4e6a8b90' }),
    ],
  };
}

const BEFORE = {
  accountId: 'acme',
  name: 'Before',
  description: '<p>Before</p>',
  dueDate: '2026-03-01',
  completedAt: DONE,
  completedById: 'theo@team.test',
  assignedToId: 'tess@team.test',
  tags: ['kept'],
  traits: { kept: true, gone: 1 },
  archived: false,
};
const { completedAt: _done, ...OPEN } = BEFORE;
const NEW = { name: 'After', traits: {}, archived: false };

const LEFT = {
  'upsert-old': { ...OPEN, name: 'After', traits: { kept: true } },
  'upsert-new': {
    ...NEW,
    accountId: 'globex',
    description: '<div>Call</div><b>now</b>',
    dueDate: '2026-04-01',
    assignedToId: 'tess@team.test',
    categoryId: 'Renewal',
    tags: ['a', 'b'],
    traits: { stage: 'won' },
  },
  'of-organization': {
    ...NEW,
    organizationId: 'holding',
    completedAt: DONE,
    completedById: 'theo@team.test',
    categoryId: 'Visit',
  },
  'update-old': { ...BEFORE, description: '<p>After</p>', assignedToId: 'theo@team.test' },
  'by-id-old': { ...BEFORE, archived: true },
  'append-old': BEFORE,
  'append-new': { ...NEW, accountId: 'acme' },
  'delete-old': { ...BEFORE, archived: true },
  same: BEFORE,
  'same-too': BEFORE,
};

test.each(ITEM_READINGS)(
  'tasks come out the same under every reading, and once however often they are sent: $profile',
  async ({ profile }) => {
    const sandbox = await openSandbox({ profile });
    seedTasks(sandbox);
    const { counts, content } = await syncTwice(sandbox, everyMode(sandbox));
    expect(counts[0]).toEqual({
      upsert: { received: 4, created: 2, updated: 1, unchanged: 1 },
      update: { received: 3, updated: 1, unchanged: 1, skipped: 1 },
      append: { received: 2, created: 1, skipped: 1 },
      log: { received: 2, created: 2 },
      delete: { received: 2, deleted: 1, skipped: 1 },
      delete_by_id: { received: 2, deleted: 1, skipped: 1 },
    });
    expect(counts[1]).toEqual({
      upsert: { received: 4, unchanged: 4 },
      update: { received: 3, unchanged: 2, skipped: 1 },
      append: { received: 2, skipped: 2 },
      log: { received: 2, skipped: 2 },
      delete: { received: 2, skipped: 2 },
      delete_by_id: { received: 2, skipped: 2 },
    });
    expect(content.tasks).toMatchObject(LEFT);
    expect(at(content, 'tasks', 'upsert-old')).not.toHaveProperty('completedAt');
    const logged = Object.values(content.tasks ?? {}).filter((task) =>
      /First|Second/.test(String(at(task, 'name'))),
    );
    expect(Object.keys(content.tasks ?? {})).toHaveLength(Object.keys(LEFT).length + 2);
    expect(logged).toHaveLength(2);
  },
);

test.each<{ readonly profile: readonly SwitchName[] }>([
  { profile: ['not-found-400', 'message-envelope'] },
  { profile: ['not-found-200', 'admin-search-results'] },
])(
  'a task that names what is not there is refused and says what was sought: $profile',
  async ({ profile }) => {
    const sandbox = await openSandbox({ profile });
    seedPlaces(sandbox);
    const whole = { accountId: 'acme', name: 'Call' };
    const { program, refused } = await refusedBy(sandbox, {
      streams: [{ stream: 'tasks', object: 'task' }],
      rows: [
        record('tasks', { ...whole, id: 'account', accountId: 'nowhere' }),
        record('tasks', { ...whole, id: 'organization', organizationId: 'nowhere' }),
        record('tasks', { ...whole, id: 'assignee', assignee: 'ann@acme.test' }),
        record('tasks', { ...whole, id: 'done-by', completedBy: 'nobody@team.test' }),
        // A category of notes, not of tasks.
        record('tasks', { ...whole, id: 'category', category: 'Call' }),
        record('tasks', { id: 'homeless', name: 'Call' }),
        record('tasks', { id: 'nameless', accountId: 'acme' }),
        record('tasks', { ...whole, id: 'undated', dueDate: 'soon' }),
        record('tasks', { ...whole, id: 'good' }),
      ],
    });
    expect(countsOf(program.summary, 'tasks')).toEqual({ received: 9, created: 1, rejected: 8 });
    const unknown = 'unknown_association';
    expect(Object.fromEntries(refused)).toEqual({
      account: refusal(unknown, 'accountId', 'account "nowhere"'),
      organization: refusal(unknown, 'organizationId', 'organization "nowhere"'),
      assignee: refusal(unknown, 'assignedToId', 'team member "ann@acme.test"'),
      'done-by': refusal(unknown, 'completedById', 'team member "nobody@team.test"'),
      category: refusal(unknown, 'categoryId', 'task category "Call"'),
      homeless: refusal('missing_field', 'accountId', 'accountId or organizationId'),
      nameless: refusal('missing_field', 'name', 'name'),
      undated: refusal('bad_value', 'dueDate', 'date'),
    });
    expect(
      sandbox
        .items('tasks')
        .all()
        .map((task) => at(task, 'externalId')),
    ).toEqual(['good']);
  },
);
