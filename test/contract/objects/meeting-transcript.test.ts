import { expect, test } from 'vitest';
import type { Sandbox, SwitchName } from '../../../src/sandbox/index.ts';
import { record } from '../../support/messages.ts';
import { itemIdOf, seedPlaces } from '../../support/objects/places.ts';
import { refusal, refusedBy, type Sync, syncTwice } from '../../support/objects/syncs.ts';
import { NOBODY } from '../../support/objects/talks.ts';
import { countsOf } from '../../support/output.ts';
import { Api, at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const MODES = ['upsert', 'update', 'append'];
const UPSERT: Sync['streams'] = [{ stream: 'upsert', object: 'meeting_transcript', mode: 'upsert' }];

function spoken(...texts: readonly string[]): object[] {
  const sentences = texts.map((text, index) => ({
    text,
    startTime: index * 1000,
    endTime: index * 1000 + 900,
  }));
  return [{ speaker: { externalId: 'ann', name: 'Ann' }, sentences }];
}

/** For each mode a meeting with a transcript and one without. */
function seedMeetings(sandbox: Sandbox): void {
  seedPlaces(sandbox);
  const participants = [{ userId: 'ann', type: 'organizer' }];
  const names = [...MODES, 'same'];
  sandbox.seed('meetings', [
    ...names.map((name) => ({
      externalId: `${name}-old`,
      title: 'Talk',
      participants,
      transcript: spoken('Before'),
    })),
    ...MODES.map((name) => ({ externalId: `${name}-bare`, title: 'Talk', participants })),
  ]);
}

const EVERY_MODE: Sync = {
  streams: MODES.map((mode) => ({ stream: mode, object: 'meeting_transcript', mode })),
  rows: [
    record('upsert', { id: 'upsert-old', transcript: spoken('After', 'all') }),
    record('upsert', { id: 'upsert-bare', transcript: JSON.stringify(spoken('New')) }),
    record('upsert', { id: 'same-old', transcript: spoken('Before') }),
    record('update', { id: 'update-old', transcript: spoken('After') }),
    record('update', { id: 'update-bare', transcript: spoken('New') }),
    record('update', { id: 'no-meeting', transcript: spoken('New') }),
    record('append', { id: 'append-old', transcript: spoken('After') }),
    record('append', { id: 'append-bare', transcript: spoken('New') }),
  ],
};

const LEFT = {
  'upsert-old': { transcript: spoken('After', 'all') },
  'upsert-bare': { transcript: spoken('New') },
  'same-old': { transcript: spoken('Before') },
  'update-old': { transcript: spoken('After') },
  'append-old': { transcript: spoken('Before') },
  'append-bare': { transcript: spoken('New') },
};

test.each<{ readonly profile: readonly SwitchName[] }>([
  { profile: [] },
  { profile: ['activity-post-refuses-duplicate', 'message-envelope', 'not-found-400'] },
  { profile: ['activity-post-duplicates', 'not-found-200'] },
  { profile: ['meeting-accounts-empty', 'no-created-at', 'post-answers-201'] },
])(
  'transcripts come out the same under every reading, and once however often they are sent: $profile',
  async ({ profile }) => {
    const sandbox = await openSandbox({ profile });
    seedMeetings(sandbox);
    const { counts, content } = await syncTwice(sandbox, EVERY_MODE);
    expect(counts[0]).toEqual({
      upsert: { received: 3, created: 1, updated: 1, unchanged: 1 },
      update: { received: 3, updated: 1, skipped: 2 },
      append: { received: 2, created: 1, skipped: 1 },
    });
    expect(counts[1]).toEqual({
      upsert: { received: 3, unchanged: 3 },
      update: { received: 3, unchanged: 1, skipped: 2 },
      append: { received: 2, skipped: 2 },
    });
    expect(content.meetingTranscripts).toMatchObject(LEFT);
    expect(Object.keys(content.meetingTranscripts ?? {}).sort()).toEqual(Object.keys(LEFT).sort());
    // Replaced only where its content differs.
    const posts = sandbox.requests().filter(({ method }) => method === 'POST');
    expect(posts).toHaveLength(4);
  },
);

test("a transcript is known by its meeting's own id, or by that of Vitally", async () => {
  const sandbox = await openSandbox();
  seedMeetings(sandbox);
  const streams = [
    ...UPSERT,
    { stream: 'by_id', object: 'meeting_transcript', mode: 'update', match_on: 'id' },
    { stream: 'by_name', object: 'meeting_transcript', mode: 'upsert', sync_key: ['meetingId'] },
  ];
  const rows = [
    record('upsert', { id: itemIdOf(sandbox, 'meetings', 'upsert-old'), transcript: spoken('After') }),
    record('by_id', { id: itemIdOf(sandbox, 'meetings', 'update-old'), transcript: spoken('After') }),
    record('by_id', { id: NOBODY, transcript: spoken('Nowhere') }),
    record('by_name', { meetingId: 'append-bare', transcript: spoken('New') }),
  ];
  const { content, counts } = await syncTwice(sandbox, { streams, rows });
  expect(counts[0].by_id).toEqual({ received: 2, updated: 1, skipped: 1 });
  expect(content.meetingTranscripts).toMatchObject({
    'upsert-old': { transcript: spoken('After') },
    'update-old': { transcript: spoken('After') },
    'append-bare': { transcript: spoken('New') },
  });
});

test('a transcript of no meeting, or of one that is archived, is refused by its name', async () => {
  const sandbox = await openSandbox();
  seedMeetings(sandbox);
  await new Api(sandbox.url).delete('/meetings/upsert-old');
  const rows = ['upsert-old', 'm404'].map((id) => record('upsert', { id, transcript: spoken('After') }));
  const { refused, program } = await refusedBy(sandbox, { streams: UPSERT, rows });
  expect(Object.fromEntries(refused)).toEqual({
    m404: refusal('unknown_association', 'meetingId', 'meeting "m404"'),
    'upsert-old': { code: 'refused', field: null, message: expect.stringContaining('archived') },
  });
  expect(countsOf(program.summary, 'upsert')).toEqual({ received: 2, rejected: 2 });
  expect(at(sandbox.snapshot().meetingTranscripts, 'upsert-old')).toMatchObject({
    transcript: spoken('Before'),
  });
});
