import { describe, expect, test } from 'vitest';
import { TransientError } from '../../../../src/errors/transient-error.ts';
import type { JsonValue } from '../../../../src/json/json.ts';
import type { Route, Write } from '../../../../src/mapping/route.ts';
import { OBJECTS } from '../../../../src/objects/index.ts';
import type { ObjectName } from '../../../../src/objects/object.ts';
import type { FaultKind, SwitchName } from '../../../../src/sandbox/index.ts';
import { routeOf } from '../../../support/routes.ts';
import { JumpingClock } from '../../../support/virtual-clock.ts';
import { openWorkspace, type Workspace, writeOf } from '../../../support/workspace.ts';

interface Case {
  readonly object: ObjectName;
  readonly kind: string;
  /** Where it is made. */
  readonly post: RegExp;
  readonly fields: Record<string, JsonValue>;
  /** What the next row of its key says beside. */
  readonly next: Record<string, JsonValue>;
}

const CASES: readonly Case[] = [
  {
    object: 'organization',
    kind: 'organizations',
    post: /^\/resources\/organizations$/,
    fields: { name: 'A' },
    next: { name: 'B' },
  },
  {
    object: 'account',
    kind: 'accounts',
    post: /^\/resources\/accounts$/,
    fields: { name: 'A' },
    next: { name: 'B' },
  },
  {
    object: 'user',
    kind: 'users',
    post: /^\/resources\/users$/,
    fields: { accountIds: ['a-1'], name: 'A' },
    next: { name: 'B' },
  },
  {
    object: 'note',
    kind: 'notes',
    post: /^\/resources\/notes$/,
    fields: { accountId: 'a-1', note: '<p>A</p>', noteDate: '2026-01-31T00:00:00.000Z' },
    next: { note: '<p>B</p>' },
  },
  {
    object: 'task',
    kind: 'tasks',
    post: /^\/resources\/tasks$/,
    fields: { accountId: 'a-1', name: 'A' },
    next: { name: 'B' },
  },
  {
    object: 'nps_response',
    kind: 'npsResponses',
    post: /^\/resources\/npsResponses$/,
    fields: { userId: 'u-1', respondedAt: '2026-01-31T00:00:00.000Z', score: 9 },
    next: { score: 3 },
  },
  {
    object: 'conversation',
    kind: 'conversations',
    post: /^\/resources\/conversations$/,
    fields: { subject: 'A' },
    next: { subject: 'B' },
  },
  {
    object: 'message',
    kind: 'messages',
    post: /^\/resources\/conversations\/[^/?]+$/,
    fields: { conversationId: 'c-1', message: '<p>A</p>', from: { id: 'u-1' }, to: [{ id: 'u-1' }] },
    next: { message: '<p>B</p>' },
  },
  {
    object: 'meeting',
    kind: 'meetings',
    post: /^\/resources\/meetings$/,
    fields: {
      title: 'A',
      participants: [{ id: 'u-1', type: 'attendee' }],
      startDateTime: '2026-01-31T10:00:00.000Z',
      endDateTime: '2026-01-31T11:00:00.000Z',
    },
    next: { title: 'B' },
  },
  {
    object: 'meeting_transcript',
    kind: 'meetings',
    post: /\/transcript$/,
    fields: {
      transcript: [{ speaker: { externalId: 's' }, sentences: [{ text: 'A', startTime: 0, endTime: 9 }] }],
    },
    next: {
      transcript: [{ speaker: { externalId: 's' }, sentences: [{ text: 'B', startTime: 0, endTime: 9 }] }],
    },
  },
  {
    object: 'custom_object',
    kind: 'instances',
    post: /\/instances$/,
    fields: { accountId: 'a-1', name: 'A' },
    next: { name: 'B' },
  },
  {
    object: 'project',
    kind: 'projects',
    post: /^\/resources\/projects$/,
    fields: { templateId: 'Onboarding', accountId: 'a-1', name: 'A' },
    next: { targetStartDate: '2026-05-01' },
  },
];

const FAULTS = [
  'reset-before',
  'reset-after',
  'truncated',
  '502',
  '502-after',
  '504-late',
  'html-500-after',
] as const;
/** Of these nothing is ever applied. */
const LOST_FOR_GOOD: readonly FaultKind[] = ['reset-before', '502'];

const READINGS: readonly (readonly SwitchName[])[] = [
  [],
  ['activity-post-duplicates'],
  ['post-refuses-duplicate', 'activity-post-refuses-duplicate'],
];

function routeFor(object: ObjectName, more: Partial<Route> = {}): Route {
  return routeOf(object, {
    ...(object === 'custom_object' && { customObject: 'site' }),
    ...(object === 'project' && { keyColumns: [], matchOn: 'id' }),
    ...more,
  });
}

async function openLossy(
  kinds: readonly FaultKind[],
  post: RegExp,
  profile: readonly SwitchName[] = [],
  limit = 1,
) {
  const clock = new JumpingClock(Date.now());
  const workspace = await openWorkspace({ clock, profile });
  const { seed, sandbox } = workspace;
  seed(
    'accounts',
    { externalId: 'a-1', name: 'Acme' },
    { externalId: 'a-2', name: 'Acme' },
    { externalId: 'a-3', name: 'Acme' },
  );
  seed('users', { externalId: 'u-1', accountIds: ['a-1'] });
  sandbox.seed('projectTemplates', [{ name: 'Onboarding', projectName: 'Onboard' }]);
  sandbox.seed('customObjects', [{ name: 'site', label: 'Site', writeMode: 'writable' }]);
  sandbox.seed('conversations', [{ externalId: 'c-1', subject: 'Talk', messages: [] }]);
  sandbox.seed('meetings', [
    { externalId: 't-1', title: 'Talk', participants: [{ userId: 'u-1', type: 'attendee' }] },
  ]);
  sandbox.setFaults({ rate: 1, kinds, seed: 1, paths: post, limit });
  return { ...workspace, clock };
}

/** A row; a transcript's key is its meeting. */
function rowFor({ object }: Pick<Case, 'object'>, fields: Record<string, JsonValue>): Write {
  return writeOf(object === 'meeting_transcript' ? 't-1' : 'x-1', fields);
}

function count({ sandbox }: Workspace, { object, kind }: Case): number {
  if (kind === 'organizations' || kind === 'accounts' || kind === 'users') {
    return sandbox[kind].all().filter(({ externalId }) => externalId === 'x-1').length;
  }
  const all = sandbox.items(kind).all();
  if (object === 'project') return all.length;
  return all.filter(({ externalId }) => externalId === (object === 'meeting_transcript' ? 't-1' : 'x-1'))
    .length;
}

describe.each(READINGS.map((profile) => ({ profile, reading: profile.join(' + ') || 'as documented' })))(
  'the answer to a creation is lost, $reading',
  ({ profile }) => {
    describe.each(FAULTS)('%s', (fault) => {
      test.each(CASES)('$object: made once, and the next row changes it', async (given) => {
        const { object, fields, next, post } = given;
        const workspace = await openLossy([fault], post, profile);
        workspace.connection.endOfInput();
        // What bears no id of its own is never sent twice.
        const isUnsure = object === 'project' && LOST_FOR_GOOD.includes(fault);
        const route = routeFor(object);
        expect(await workspace.outcome(route, rowFor(given, fields))).toBe(isUnsure ? 'unsure' : 'created');
        expect(count(workspace, given)).toBe(isUnsure ? 0 : 1);
        workspace.clock.pass(10_000);
        const later = rowFor(given, { ...fields, ...next });
        expect(await workspace.outcome(route, later)).toBe(isUnsure ? 'created' : 'updated');
        expect(await workspace.outcome(route, later)).toBe('unchanged');
        expect(count(workspace, given)).toBe(1);
        expect(workspace.sandbox.requests().some((request) => request.fault === fault)).toBe(true);
      });
    });
  },
);

test('every object that is created is among them', () => {
  const made = OBJECTS.filter(
    ({ name, rest, byPath }) => rest !== undefined && name !== 'user_account' && byPath !== true,
  );
  expect(CASES.map(({ object }) => object).sort()).toEqual(made.map(({ name }) => name).sort());
});

test('a user that was looked for by e-mail, and whose creation lost its answer, is there for the next row', async () => {
  const workspace = await openLossy(['reset-after'], /^\/resources\/users$/);
  const route = routeOf('user', { matchOn: 'email' });
  const row = (name: string) =>
    writeOf('x@acme.com', { externalId: 'x-1', email: 'x@acme.com', accountIds: ['a-1'], name });
  expect(await workspace.outcome(route, row('A'))).toBe('created');
  expect(await workspace.outcome(route, row('B'))).toBe('updated');
});

describe('rows whose fate nothing tells', () => {
  const projects = routeFor('project');
  const row = (account: string) =>
    writeOf(account, { templateId: 'Onboarding', accountId: account, name: 'A' });
  const POST = /^\/resources\/projects$/;

  test('one is held until a write is answered well', async () => {
    const { outcome } = await openLossy(['reset-before'], POST);
    const lost = outcome(projects, row('a-1'));
    await expect(
      Promise.race([lost, new Promise((resolve) => setTimeout(resolve, 200, 'held'))]),
    ).resolves.toBe('held');
    expect(await outcome(routeOf('account'), writeOf('b-1', { name: 'B' }))).toBe('created');
    expect(await lost).toBe('unsure');
  });

  test('two are rejected at the end of input', async () => {
    const { outcome, connection } = await openLossy(['reset-before'], POST, [], 2);
    const lost = ['a-1', 'a-2'].map((account) => outcome(projects, row(account)));
    connection.endOfInput();
    expect(await Promise.all(lost)).toEqual(['unsure', 'unsure']);
  });

  test('three in a row are an outage: none of them is settled', async () => {
    const { write, connection, sandbox } = await openLossy(['502'], POST, [], 3);
    const lost = ['a-1', 'a-2', 'a-3'].map((account) => write(projects, row(account)));
    connection.endOfInput();
    for (const { status, reason } of (await Promise.allSettled(lost)) as PromiseRejectedResult[]) {
      expect(status).toBe('rejected');
      expect(reason).toBeInstanceOf(TransientError);
    }
    expect(sandbox.requests().filter(({ method }) => method === 'POST')).toHaveLength(3);
  });

  test('looks that fail too are an outage', async () => {
    const { write, outcome, sandbox } = await openLossy(['502'], /nothing/);
    expect(
      await outcome(projects, writeOf('B', { templateId: 'Onboarding', accountId: 'a-1', name: 'B' })),
    ).toBe('created');
    sandbox.setFaults({ rate: 1, kinds: ['502'], seed: 1, paths: /projects/ });
    await expect(write(projects, row('a-1'))).rejects.toBeInstanceOf(TransientError);
  });
});
