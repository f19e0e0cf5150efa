import { expect, test } from 'vitest';
import type { Sandbox, SwitchName } from '../../../src/sandbox/index.ts';
import { record } from '../../support/messages.ts';
import { idOf, itemIdOf, namedIdOf, seedPlaces } from '../../support/objects/places.ts';
import { refusedBy, type Sync, syncTwice } from '../../support/objects/syncs.ts';
import { KEPT, NOBODY, TESS } from '../../support/objects/talks.ts';
import { countsOf } from '../../support/output.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const OLD = ['upsert', 'update', 'append', 'delete', 'same'];
const UPSERT: Sync['streams'] = [{ stream: 'upsert', object: 'meeting', mode: 'upsert' }];
const SPEECH = [{ speaker: 'ann', sentences: [{ text: 'Hello', startTime: 0, endTime: 900 }] }];

function seedMeetings(sandbox: Sandbox): void {
  seedPlaces(sandbox);
  sandbox.seed(
    'meetings',
    OLD.map((name) => ({
      externalId: `${name}-old`,
      title: 'Before',
      participants: [{ userId: 'ann', type: 'organizer' }],
      traits: KEPT,
    })),
  );
}

const EVERY_MODE: Sync = {
  streams: [
    ...['upsert', 'update', 'append', 'delete'].map((mode) => ({ stream: mode, object: 'meeting', mode })),
    { stream: 'log', object: 'meeting', mode: 'append', keyless: true },
  ],
  rows: [
    record('upsert', {
      id: 'upsert-old',
      title: 'After',
      gone: null,
      participants: ['ann', TESS],
      transcript: SPEECH,
    }),
    record('upsert', {
      id: 'upsert-new',
      title: 'New',
      start_date_time: '2026-03-02 09:00:00',
      key_points: ['one', 'two'],
      source: 'calendar',
      participants: ['bob', 'guest@elsewhere.test'],
      transcript: JSON.stringify(SPEECH),
      room: 4,
    }),
    record('update', { id: 'update-old', summary: 'Short', participants: 'bob' }),
    record('update', { id: 'update-new', title: 'Nowhere' }),
    record('update', { id: 'same-old', title: 'Before', participants: ['Ann@acme.test'], kept: true }),
    record('append', { id: 'append-old', title: 'After', participants: ['ann'] }),
    record('append', { id: 'append-new', title: 'New', participants: ['ann'] }),
    record('log', { title: 'Logged', participants: ['ann'] }),
    record('log', { title: 'Logged', participants: ['ann'] }),
    record('delete', { id: 'delete-old' }),
    record('delete', { id: 'delete-new' }),
  ],
};

const ANN = { userId: 'ann', type: 'organizer' };
const BEFORE = { title: 'Before', participants: [ANN], traits: KEPT, archived: false };
const LEFT = {
  'upsert-old': {
    title: 'After',
    participants: [ANN, { vitallyUserId: TESS, type: 'attendee' }],
    traits: { kept: true },
  },
  'upsert-new': {
    title: 'New',
    startDateTime: '2026-03-02T09:00:00Z',
    keyPoints: ['one', 'two'],
    source: 'calendar',
    participants: [{ userId: 'bob' }, { email: 'guest@elsewhere.test' }],
    traits: { room: 4 },
  },
  'update-old': { title: 'Before', summary: 'Short', participants: [ANN, { userId: 'bob' }], traits: KEPT },
  'append-old': BEFORE,
  'append-new': { title: 'New', participants: [{ userId: 'ann', type: 'attendee' }] },
  'delete-old': { ...BEFORE, archived: true },
  'same-old': BEFORE,
};

test.each<{ readonly profile: readonly SwitchName[] }>([
  { profile: [] },
  { profile: ['activity-post-refuses-duplicate', 'admin-search-results'] },
  { profile: ['activity-post-duplicates', 'no-created-at'] },
  { profile: ['lists-show-archived', 'meeting-accounts-empty'] },
  { profile: ['not-found-400', 'message-envelope'] },
  { profile: ['not-found-200', 'post-answers-201'] },
  { profile: ['empty-page', 'no-at-end', 'page-limit-400', 'unknown-parent-accepted'] },
])(
  'meetings come out the same under every reading, and once however often they are sent: $profile',
  async ({ profile }) => {
    const sandbox = await openSandbox({ profile });
    seedMeetings(sandbox);
    const { counts, content } = await syncTwice(sandbox, EVERY_MODE);
    expect(counts[0]).toEqual({
      upsert: { received: 2, created: 1, updated: 1 },
      update: { received: 3, updated: 1, unchanged: 1, skipped: 1 },
      append: { received: 2, created: 1, skipped: 1 },
      log: { received: 2, created: 1, skipped: 1 },
      delete: { received: 2, deleted: 1, skipped: 1 },
    });
    expect(counts[1]).toEqual({
      upsert: { received: 2, unchanged: 2 },
      update: { received: 3, unchanged: 2, skipped: 1 },
      append: { received: 2, skipped: 2 },
      log: { received: 2, skipped: 2 },
      delete: { received: 2, skipped: 2 },
    });
    const { meetings = {}, meetingTranscripts = {} } = content;
    expect(meetings).toMatchObject(LEFT);
    const others = Object.entries(meetings).filter(([key]) => !Object.hasOwn(LEFT, key));
    expect(others.map(([, meeting]) => at(meeting, 'title'))).toEqual(['Logged']);
    expect(Object.keys(meetingTranscripts)).toEqual(['upsert-new', 'upsert-old']);
  },
);

test('who takes part is named by own id, by that of Vitally, by e-mail, or in the terms of Vitally', async () => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  const tess = namedIdOf(sandbox, 'admins', TESS);
  const ways = [
    { given: 'ann', shown: { userId: 'ann', type: 'attendee' } },
    { given: idOf(sandbox, 'users', 'ann'), shown: { userId: 'ann' } },
    { given: 'ANN@acme.test', shown: { userId: 'ann' } },
    { given: { userId: 'ann', type: 'organizer' }, shown: { userId: 'ann', type: 'organizer' } },
    { given: { email: 'ann@acme.test', responseStatus: 'accepted' }, shown: { responseStatus: 'accepted' } },
    { given: { vitallyUserId: tess }, shown: { vitallyUserId: TESS } },
    { given: { id: TESS, type: 'organizer' }, shown: { vitallyUserId: TESS, type: 'organizer' } },
    { given: 'guest@elsewhere.test', shown: { email: 'guest@elsewhere.test' } },
  ];
  const rows = ways.map(({ given }, way) =>
    record('upsert', { id: `m${way}`, title: 'Talk', participants: ['bob', given] }),
  );
  const { content } = await syncTwice(sandbox, { streams: UPSERT, rows });
  const shown = Object.values(content.meetings ?? {}).map((meeting) => at(meeting, 'participants', 1));
  expect(shown).toMatchObject(ways.map((way) => way.shown));
});

test('a meeting of nobody that is there, of strangers alone, or of no one is refused', async () => {
  const sandbox = await openSandbox();
  seedPlaces(sandbox);
  const wrong = [
    { participants: ['ann', 'zoe'], code: 'unknown_association', says: 'user "zoe"' },
    { participants: ['guest@elsewhere.test'], code: 'refused', says: 'account or organization' },
    { participants: [], code: 'missing_field', says: 'participants' },
  ];
  const rows = wrong.map(({ code, participants }) =>
    record('upsert', { id: code, title: 'Talk', participants }),
  );
  const { refused } = await refusedBy(sandbox, { streams: UPSERT, rows });
  for (const { code, says } of wrong) {
    expect(refused.get(code)).toMatchObject({ code, message: expect.stringContaining(says) });
  }
  expect(sandbox.items('meetings').size).toBe(0);
});

test('with relations replace whom the row leaves out takes part no more', async () => {
  const sandbox = await openSandbox();
  seedMeetings(sandbox);
  const streams = [{ stream: 'upsert', object: 'meeting', relations: 'replace' }];
  const rows = [record('upsert', { id: 'upsert-old', participants: ['bob'] })];
  const { counts, content } = await syncTwice(sandbox, { streams, rows });
  expect(counts.map((count) => count.upsert)).toEqual([
    { received: 1, updated: 1 },
    { received: 1, unchanged: 1 },
  ]);
  const participants = at(content.meetings, 'upsert-old', 'participants');
  expect(participants).toHaveLength(1);
  expect(participants).toMatchObject([{ userId: 'bob' }]);
});

test("meetings are matched on Vitally's id; an archived one is left as it is", async () => {
  const sandbox = await openSandbox();
  seedMeetings(sandbox);
  sandbox.seed('meetings', [
    { externalId: 'archived', title: 'Old', participants: [ANN], archivedAt: '2026-01-01T00:00:00Z' },
  ]);
  const modes = ['upsert', 'update', 'delete'];
  const streams = modes.map((mode) => ({ stream: mode, object: 'meeting', mode, match_on: 'id' }));
  const archived = itemIdOf(sandbox, 'meetings', 'archived');
  const rows = modes.flatMap((mode) => [
    record(mode, { id: itemIdOf(sandbox, 'meetings', `${mode}-old`), title: 'After' }),
    record(mode, { id: NOBODY, title: 'Nowhere', participants: ['ann'] }),
  ]);
  const { refused, program } = await refusedBy(sandbox, {
    streams,
    rows: [...rows, record('update', { id: archived, title: 'After' })],
  });
  expect(countsOf(program.summary, 'update')).toEqual({ received: 3, updated: 1, skipped: 1, rejected: 1 });
  expect(countsOf(program.summary, 'delete')).toEqual({ received: 2, deleted: 1, skipped: 1 });
  expect(Object.fromEntries(refused)).toMatchObject({
    [NOBODY]: { code: 'unknown_key' },
    [archived]: { code: 'refused', message: expect.stringContaining('archived') },
  });
  expect(sandbox.snapshot().meetings).toMatchObject({
    'upsert-old': { title: 'After' },
    'update-old': { title: 'After' },
    'delete-old': { archived: true },
    archived: { title: 'Old' },
  });
});
