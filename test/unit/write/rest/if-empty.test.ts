import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../../src/json/json.ts';
import type { Route } from '../../../../src/mapping/route.ts';
import type { ObjectName } from '../../../../src/objects/object.ts';
import type { Sandbox } from '../../../../src/sandbox/index.ts';
import { routeOf } from '../../../support/routes.ts';
import { openWorkspace, type Workspace, writeOf } from '../../../support/workspace.ts';

const STEP = 'vitally.custom.nextStep';

function isTop(kind: string): kind is 'organizations' | 'accounts' | 'users' {
  return kind === 'organizations' || kind === 'accounts' || kind === 'users';
}

interface Case {
  readonly object: ObjectName;
  readonly kind: string;
  /** What the record holds beside its external id. */
  readonly held: JsonObject;
  readonly ifEmpty: readonly string[];
  readonly fields?: Record<string, JsonValue>;
  readonly traits?: Record<string, JsonValue>;
  /** What it holds in the end. */
  readonly shown: JsonObject;
  readonly outcome: string;
}

function shownIn(sandbox: Sandbox, kind: string): JsonObject {
  const records = isTop(kind) ? sandbox[kind] : sandbox.items(kind);
  const record = records.byExternalId('x-1');
  if (record === undefined) throw new Error(`no ${kind}`);
  return record;
}

function seedParents({ seed, sandbox }: Workspace): void {
  seed('accounts', { externalId: 'a-1', name: 'Acme' }, { externalId: 'a-2', name: 'Acme' });
  seed('users', { externalId: 'u-1', accountIds: ['a-1'] }, { externalId: 'u-2', accountIds: ['a-1'] });
  sandbox.seed('customObjects', [{ name: 'deal', label: 'Deal', writeMode: 'writable' }]);
}

function routeFor(object: ObjectName, ifEmpty: readonly string[]): Route {
  return routeOf(object, { ifEmpty, ...(object === 'custom_object' && { customObject: 'deal' }) });
}

const NOTE = { accountId: 'a-1', note: '<p>a</p>', noteDate: '2026-01-31T00:00:00Z' };

const TASK = { accountId: 'a-1', name: 'Call' };
const NPS = { userId: 'u-1', respondedAt: '2026-01-31T00:00:00.000Z', score: 9 };
const MEETING = { title: 'Start', participants: [{ userId: 'u-1', type: 'attendee' }] };

/** One field of each kind that a record holds and a row brings another value for. */
const FILLED: readonly Pick<Case, 'object' | 'kind' | 'held' | 'ifEmpty' | 'fields' | 'traits'>[] = [
  {
    object: 'account',
    kind: 'accounts',
    held: { name: 'Mine' },
    ifEmpty: ['name'],
    fields: { name: 'Theirs' },
  },
  {
    object: 'account',
    kind: 'accounts',
    held: { name: 'Mine', traits: { [STEP]: 'Mine' } },
    ifEmpty: [`traits.${STEP}`],
    fields: { name: 'Mine' },
    traits: { [STEP]: 'Theirs' },
  },
  {
    object: 'organization',
    kind: 'organizations',
    held: { name: 'Mine' },
    ifEmpty: ['name'],
    fields: { name: 'Theirs' },
  },
  {
    object: 'user',
    kind: 'users',
    held: { accountIds: ['a-1'], name: 'Mine' },
    ifEmpty: ['name'],
    fields: { accountIds: ['a-1'], name: 'Theirs' },
  },
  {
    object: 'user',
    kind: 'users',
    held: { accountIds: ['a-1'] },
    ifEmpty: ['accountIds'],
    fields: { accountIds: ['a-2'] },
  },
  {
    object: 'note',
    kind: 'notes',
    held: { ...NOTE, tags: ['mine'] },
    ifEmpty: ['tags'],
    fields: { ...NOTE, tags: ['theirs'] },
  },
  {
    object: 'note',
    kind: 'notes',
    held: { ...NOTE, subject: 'Mine' },
    ifEmpty: ['subject'],
    fields: { ...NOTE, subject: 'Theirs' },
  },
  {
    object: 'task',
    kind: 'tasks',
    held: { ...TASK, description: '<p>Mine</p>' },
    ifEmpty: ['description'],
    fields: { ...TASK, description: '<p>Theirs</p>' },
  },
  {
    object: 'nps_response',
    kind: 'npsResponses',
    held: NPS,
    ifEmpty: ['score', 'userId'],
    fields: { ...NPS, score: 3, userId: 'u-2' },
  },
  {
    object: 'conversation',
    kind: 'conversations',
    held: { subject: 'Mine', messages: [] },
    ifEmpty: ['subject'],
    fields: { subject: 'Theirs' },
  },
  {
    object: 'meeting',
    kind: 'meetings',
    held: { ...MEETING, location: 'Here' },
    ifEmpty: ['location'],
    fields: { title: 'Start', participants: [{ id: 'u-1', type: 'attendee' }], location: 'There' },
  },
  {
    object: 'custom_object',
    kind: 'instances',
    held: { customObjectId: 'deal', customerId: 'a-1', name: 'Mine' },
    ifEmpty: ['name'],
    fields: { accountId: 'a-1', name: 'Theirs' },
  },
];

describe('if_empty', () => {
  test.each<Case>([
    {
      object: 'account',
      kind: 'accounts',
      held: { name: 'Mine', traits: { [STEP]: 'By hand' } },
      ifEmpty: [`traits.${STEP}`],
      traits: { [STEP]: 'Synced', plan: 'pro' },
      shown: { name: 'Mine', traits: { [STEP]: 'By hand', plan: 'pro' } },
      outcome: 'updated',
    },
    {
      object: 'account',
      kind: 'accounts',
      held: { name: 'Mine' },
      ifEmpty: [`traits.${STEP}`],
      traits: { [STEP]: 'Synced' },
      shown: { traits: { [STEP]: 'Synced' } },
      outcome: 'updated',
    },
    {
      object: 'account',
      kind: 'accounts',
      held: { name: 'Mine', traits: { [STEP]: '' } },
      ifEmpty: ['name', `traits.${STEP}`],
      fields: { name: 'Theirs' },
      traits: { [STEP]: 'Synced' },
      shown: { name: 'Mine', traits: { [STEP]: 'Synced' } },
      outcome: 'updated',
    },
    {
      object: 'account',
      kind: 'accounts',
      held: { name: 'Mine', traits: { [STEP]: 0, done: false } },
      ifEmpty: [`traits.${STEP}`, 'traits.done'],
      traits: { [STEP]: 5, done: true },
      shown: { traits: { [STEP]: 0, done: false } },
      outcome: 'unchanged',
    },
    {
      object: 'account',
      kind: 'accounts',
      held: { name: 'Mine', traits: { mrr: 5 } },
      ifEmpty: ['traits.mrr'],
      traits: { mrr: 9 },
      shown: { mrr: 5 },
      outcome: 'unchanged',
    },
    {
      object: 'account',
      kind: 'accounts',
      held: { name: 'Mine', traits: { [STEP]: 'By hand' } },
      ifEmpty: [`traits.${STEP}`],
      traits: { [STEP]: null },
      shown: { traits: { [STEP]: 'By hand' } },
      outcome: 'unchanged',
    },
    {
      object: 'note',
      kind: 'notes',
      held: { ...NOTE, subject: 'By hand', traits: { [STEP]: 'By hand' } },
      ifEmpty: ['subject', `traits.${STEP}`],
      fields: { subject: 'Synced', note: '<p>b</p>' },
      traits: { [STEP]: 'Synced' },
      shown: { subject: 'By hand', note: '<p>b</p>', traits: { [STEP]: 'By hand' } },
      outcome: 'updated',
    },
    {
      object: 'task',
      kind: 'tasks',
      held: { accountId: 'a-1', name: 'Call' },
      ifEmpty: ['description', 'dueDate'],
      fields: { name: 'Call back', description: '<p>b</p>', dueDate: '2026-01-31' },
      shown: { name: 'Call back', description: '<p>b</p>' },
      outcome: 'updated',
    },
    {
      object: 'nps_response',
      kind: 'npsResponses',
      held: { userId: 'u-1', respondedAt: '2026-01-31T00:00:00.000Z', score: 9, feedback: 'By hand' },
      ifEmpty: ['feedback'],
      fields: { userId: 'u-1', respondedAt: '2026-01-31T00:00:00.000Z', score: 8, feedback: 'Synced' },
      shown: { score: 8, feedback: 'By hand' },
      outcome: 'updated',
    },
    {
      object: 'custom_object',
      kind: 'instances',
      held: { customObjectId: 'deal', customerId: 'a-1', name: 'Mine', traits: { [STEP]: 'By hand' } },
      ifEmpty: ['name', `traits.${STEP}`],
      fields: { name: 'Theirs' },
      traits: { [STEP]: 'Synced', stage: 'won' },
      shown: { name: 'Mine', traits: { [STEP]: 'By hand', stage: 'won' } },
      outcome: 'updated',
    },
  ])('$object that holds $held, if_empty $ifEmpty: $outcome', async (given) => {
    const { object, kind, held, ifEmpty, fields = {}, traits = {}, shown, outcome } = given;
    const workspace = await openWorkspace();
    seedParents(workspace);
    workspace.sandbox.seed(kind, [{ externalId: 'x-1', ...held }]);
    const route = routeFor(object, ifEmpty);
    expect(await workspace.outcome(route, writeOf('x-1', fields, traits))).toBe(outcome);
    expect(shownIn(workspace.sandbox, kind)).toMatchObject(shown);
  });

  describe.each([
    { when: 'whatever differs is written', there: 'before' },
    { when: 'it came after it was looked for, and the POST says so', there: 'meanwhile' },
  ])('a filled field stays filled where $when', ({ there }) => {
    test.each(FILLED)(
      '$object.$ifEmpty',
      async ({ object, kind, held, ifEmpty, fields = {}, traits = {} }) => {
        const workspace = await openWorkspace({
          settings: { skipUnchanged: false },
          profile: ['post-refuses-duplicate', 'activity-post-refuses-duplicate'],
        });
        seedParents(workspace);
        const route = routeFor(object, ifEmpty);
        if (there === 'meanwhile') {
          expect(await workspace.outcome({ ...route, mode: 'update' }, writeOf('x-1', fields, traits))).toBe(
            'skipped',
          );
        }
        workspace.sandbox.seed(kind, [{ externalId: 'x-1', ...held }]);
        const before = shownIn(workspace.sandbox, kind);
        // Two of them: the second goes by what the first one's answer told.
        for (const turn of [1, 2]) {
          const outcome = await workspace.outcome(route, writeOf('x-1', fields, traits));
          expect({ turn, outcome }).toMatchObject({ outcome: expect.stringMatching(/updated|unchanged/) });
        }
        const { updatedAt: _was, ...kept } = before;
        expect(shownIn(workspace.sandbox, kind)).toMatchObject(kept);
      },
    );
  });

  test.each<{ object: ObjectName; kind: string; fields: Record<string, JsonValue> }>([
    { object: 'account', kind: 'accounts', fields: { name: 'New' } },
    { object: 'note', kind: 'notes', fields: NOTE },
    { object: 'task', kind: 'tasks', fields: { accountId: 'a-1', name: 'Call' } },
  ])('writes all of it to a $object that is new', async ({ object, kind, fields }) => {
    const { sandbox, seed, outcome } = await openWorkspace();
    seed('accounts', { externalId: 'a-1', name: 'Acme' });
    const route = routeOf(object, { ifEmpty: [`traits.${STEP}`, ...Object.keys(fields)] });
    expect(await outcome(route, writeOf('x-1', fields, { [STEP]: 'Synced' }))).toBe('created');
    expect(shownIn(sandbox, kind)).toMatchObject({ traits: { [STEP]: 'Synced' } });
  });
});
