import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../../../src/json/json.ts';
import { writeByRest } from '../../../../../src/write/objects/index.ts';
import { holds, readTranscript } from '../../../../../src/write/objects/meeting/transcript.ts';
import { routeOf } from '../../../../support/routes.ts';
import { no, ok, Script } from '../../../../support/scripted.ts';
import { contextOver, openTalks, READINGS, type Talks } from '../../../../support/talks.ts';
import { writeOf } from '../../../../support/workspace.ts';

const transcripts = routeOf('meeting_transcript');

function speech(text: string, more: JsonObject = {}): JsonObject {
  return { speaker: { externalId: 'u-1', ...more }, sentences: [{ text, startTime: 0, endTime: 5000 }] };
}

/** A meeting `k-1` without a transcript and a meeting `k-2` with one. */
async function openMeetings(options: Parameters<typeof openTalks>[0] = {}): Promise<Talks> {
  const talks = await openTalks(options);
  const participants = [{ userId: 'u-1', type: 'organizer' }];
  talks.seed(
    'meetings',
    { externalId: 'k-1', title: 'Kickoff', participants },
    { externalId: 'k-2', title: 'Review', participants, transcript: [speech('Hi', { name: 'Ann' })] },
    { externalId: 'k-3', title: 'Old', participants, archivedAt: '2026-01-01T00:00:00.000Z' },
  );
  return talks;
}

describe.each(READINGS)('Vitally read as: $name', ({ profile }) => {
  test.each([
    { mode: 'upsert', key: 'k-1', says: 'Hello', outcome: 'created' },
    { mode: 'upsert', key: 'k-2', says: 'Hi', outcome: 'unchanged' },
    { mode: 'upsert', key: 'k-2', says: 'Hello', outcome: 'updated' },
    { mode: 'append', key: 'k-1', says: 'Hello', outcome: 'created' },
    { mode: 'append', key: 'k-2', says: 'Hello', outcome: 'skipped' },
    { mode: 'update', key: 'k-1', says: 'Hello', outcome: 'skipped' },
    { mode: 'update', key: 'k-2', says: 'Hello', outcome: 'updated' },
    { mode: 'update', key: 'k-9', says: 'Hello', outcome: 'skipped' },
    { mode: 'upsert', key: 'k-9', says: 'Hello', outcome: 'unknown_association' },
    { mode: 'append', key: 'k-9', says: 'Hello', outcome: 'unknown_association' },
    { mode: 'upsert', key: 'k-3', says: 'Hello', outcome: 'refused' },
  ] as const)(
    'mode $mode, meeting $key says $says: $outcome',
    async ({ mode, key, says, outcome: expected }) => {
      const { outcome, asked, sandbox } = await openMeetings({ profile });
      const route = routeOf('meeting_transcript', { mode });
      const row = writeOf(key, { transcript: [speech(says)] });
      const before = sandbox.snapshot();
      expect(await outcome(route, row)).toBe(expected);
      const written = expected === 'created' || expected === 'updated';
      expect(asked().filter((request) => request.startsWith('POST'))).toHaveLength(written ? 1 : 0);
      if (!written) return expect(sandbox.snapshot()).toEqual(before);
      const after = sandbox.snapshot();
      expect(await outcome({ ...route, mode: 'upsert' }, row)).toBe('unchanged');
      expect(await outcome({ ...route, mode: 'append' }, row)).toBe('skipped');
      return expect(sandbox.snapshot()).toEqual(after);
    },
  );

  test('the key may be the id of Vitally', async () => {
    const { outcome, vitallyId, sandbox } = await openMeetings({ profile });
    const id = vitallyId('meetings', 'k-1');
    const row = writeOf(id, { transcript: [speech('Hello')] });
    expect(await outcome(transcripts, row)).toBe('created');
    expect(await outcome(routeOf('meeting_transcript', { matchOn: 'id' }), row)).toBe('unchanged');
    expect(await outcome(routeOf('meeting_transcript', { matchOn: 'id' }), { ...row, key: 'k-1' })).toBe(
      'unknown_association',
    );
    expect(sandbox.items('meetingTranscripts').size).toBe(2);
  });
});

test('a row waits for its meeting', async () => {
  const { refusal, outcome } = await openMeetings();
  const row = writeOf('k-9', { transcript: [speech('Hello')] });
  expect(await refusal(transcripts, row)).toMatchObject({
    code: 'unknown_association',
    missing: { object: 'meeting', id: 'k-9' },
    message: expect.not.stringContaining('k-9'),
  });
  const meeting = writeOf('k-9', { title: 'New', participants: [{ id: 'u-1', type: 'attendee' }] });
  expect(await outcome(routeOf('meeting'), meeting)).toBe('created');
  expect(await outcome(transcripts, row)).toBe('created');
});

test('an archived meeting is refused in words of its own', async () => {
  const { refusal } = await openMeetings();
  expect(await refusal(transcripts, writeOf('k-3', { transcript: [speech('Hello')] }))).toMatchObject({
    code: 'refused',
    message: expect.stringContaining('archived'),
  });
});

test.each([
  { now: { archivedAt: '2026-01-01T00:00:00.000Z' }, message: 'the meeting is archived' },
  { now: {}, message: 'startTime is required' },
])('a POST is refused: $message', async ({ now, message }) => {
  const script = new Script({
    'GET /meetings/k-1': ok({ id: 'v-1', externalId: 'k-1' }),
    'GET /meetings/v-1': ok({ id: 'v-1', externalId: 'k-1', ...now }),
    'POST /meetings/v-1/transcript': no('refused', 'startTime is required'),
  });
  const row = writeOf('k-1', { transcript: [speech('Hello')] });
  await expect(writeByRest(contextOver(script), transcripts, row)).rejects.toMatchObject({
    code: 'refused',
    httpStatus: 400,
    message: expect.stringContaining(message),
  });
});

test.each([
  { key: 'k-1', transcript: undefined, outcome: 'missing_field' },
  { key: 'k-1', transcript: [], outcome: 'missing_field' },
  { key: 'k-2', transcript: undefined, outcome: 'unchanged' },
])('meeting $key and $transcript: $outcome', async ({ key, transcript, outcome: expected }) => {
  const { outcome } = await openMeetings();
  const row = writeOf(key, transcript === undefined ? {} : { transcript });
  expect(await outcome(transcripts, row)).toBe(expected);
});

test('if_empty and skip_unchanged hold for a transcript too', async () => {
  const { outcome } = await openMeetings({ settings: { skipUnchanged: false } });
  const same = writeOf('k-2', { transcript: [speech('Hi')] });
  const other = writeOf('k-2', { transcript: [speech('Hello')] });
  expect(await outcome(routeOf('meeting_transcript', { ifEmpty: ['transcript'] }), other)).toBe('unchanged');
  expect(await outcome(transcripts, same)).toBe('updated');
});

test('a dry run writes nothing', async () => {
  const { outcome, asked, sandbox } = await openMeetings({ dryRun: true });
  const before = sandbox.snapshot();
  expect(await outcome(transcripts, writeOf('k-1', { transcript: [speech('Hello')] }))).toBe('created');
  expect(await outcome(transcripts, writeOf('k-2', { transcript: [speech('Hello')] }))).toBe('updated');
  expect(asked().every((request) => request.startsWith('GET'))).toBe(true);
  expect(sandbox.snapshot()).toEqual(before);
});

test.each([
  { answer: ok({ id: 't-1', transcript: [speech('Hi')] }), is: [speech('Hi')] },
  { answer: ok([speech('Hi')]), is: [speech('Hi')] },
  { answer: ok({ transcript: [] }), is: undefined },
  { answer: ok({ transcript: null }), is: undefined },
  { answer: ok(), is: undefined },
  { answer: no('not_found'), is: undefined },
])('a read answered by $answer.kind $answer.body gives $is', async ({ answer, is }) => {
  const script = new Script({ 'GET /meetings/v-1/transcript': answer });
  expect(await readTranscript(contextOver(script), 'v-1')).toEqual(is);
});

describe('what Vitally shows says what a row says', () => {
  test.each<{ shown: JsonValue | undefined; wanted: JsonValue; same: boolean }>([
    { shown: [speech('Hi', { name: null, email: null })], wanted: [speech('Hi')], same: true },
    { shown: [speech('Hi', { name: 'Ann' })], wanted: [speech('Hi')], same: true },
    { shown: [speech('Hi')], wanted: [speech('Hi', { name: 'Ann' })], same: false },
    { shown: [speech('Hi')], wanted: [speech('Ho')], same: false },
    { shown: [speech('Hi'), speech('Ho')], wanted: [speech('Hi')], same: false },
    { shown: [speech('Ho'), speech('Hi')], wanted: [speech('Hi'), speech('Ho')], same: false },
    { shown: undefined, wanted: [speech('Hi')], same: false },
    { shown: undefined, wanted: null, same: true },
    { shown: {}, wanted: { name: null }, same: true },
    { shown: 'x', wanted: {}, same: false },
  ])('case %#: $same', ({ shown, wanted, same }) => {
    expect(holds(shown, wanted)).toBe(same);
  });

  test('everything holds itself, and what an object has beside', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        const [shown, wanted]: JsonValue[] = [JSON.parse(text), JSON.parse(text)];
        if (shown === undefined || wanted === undefined) return;
        expect(holds(shown, wanted)).toBe(true);
        expect(holds({ more: 1, value: shown }, { value: wanted })).toBe(true);
        expect(holds([shown, 1], [wanted])).toBe(false);
      }),
    );
  });
});
