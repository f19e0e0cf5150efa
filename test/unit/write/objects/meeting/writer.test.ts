import { describe, expect, test } from 'vitest';
import type { RecordError } from '../../../../../src/errors/record-error.ts';
import { isJsonObject } from '../../../../../src/json/guards.ts';
import type { JsonObject, JsonValue } from '../../../../../src/json/json.ts';
import { MaybeApplied } from '../../../../../src/vitally/http/retry/maybe-applied.ts';
import { writeByRest } from '../../../../../src/write/objects/index.ts';
import { routeOf } from '../../../../support/routes.ts';
import { no, ok, Script } from '../../../../support/scripted.ts';
import { CSM, contextOver, openTalks, READINGS, type Talks } from '../../../../support/talks.ts';
import { writeOf } from '../../../../support/workspace.ts';

const meetings = routeOf('meeting');
const SPEECH = [{ speaker: { externalId: 'u-1' }, sentences: [{ text: 'Hi', startTime: 0, endTime: 5 }] }];
const ann = { id: 'u-1', type: 'organizer' };
const ben = { id: 'ben@acme.com', type: 'attendee' };
const csm = { id: CSM.email, type: 'attendee' };

/** A meeting `k-1` with Ann and a guest. */
async function openMeeting(
  options: Parameters<typeof openTalks>[0] = {},
  more: JsonObject = {},
): Promise<Talks> {
  const talks = await openTalks(options);
  talks.seed('meetings', {
    externalId: 'k-1',
    title: 'Kickoff',
    participants: [
      { userId: 'u-1', type: 'organizer' },
      { email: 'guest@else.com', type: 'attendee' },
    ],
    ...more,
  });
  return talks;
}

function people(talks: Talks, externalId = 'k-1'): JsonValue[] {
  const { participants } = talks.shown('meetings', externalId);
  return [participants ?? []].flat().map((one) => {
    const { userId, vitallyUserId, email } = isJsonObject(one) ? one : {};
    return userId ?? email ?? (vitallyUserId === talks.csm ? 'csm' : null);
  });
}

describe.each(READINGS)('Vitally read as: $name', ({ profile }) => {
  test('a meeting is created with who takes part and its transcript; a second run writes nothing', async () => {
    const talks = await openTalks({ profile });
    const row = writeOf('k-1', { title: 'Kickoff', participants: [ann, ben, csm], transcript: SPEECH });
    expect(await talks.outcome(meetings, row)).toBe('created');
    expect(people(talks)).toEqual(['u-1', 'u-2', 'csm']);
    expect(talks.sandbox.items('meetingTranscripts').all()).toMatchObject([{ transcript: SPEECH }]);
    const before = talks.sandbox.snapshot();
    talks.asked();
    expect(await talks.outcome(meetings, row)).toBe('unchanged');
    expect(await talks.outcome({ ...meetings, mode: 'append' }, row)).toBe('skipped');
    expect(talks.sandbox.snapshot()).toEqual(before);
    expect(talks.asked().filter((request) => !request.startsWith('GET'))).toEqual([]);
  });

  test.each(['upsert', 'update'] as const)(
    'mode %s: an existing one gets whoever is missing',
    async (mode) => {
      const talks = await openMeeting({ profile });
      const id = talks.vitallyId('meetings', 'k-1');
      const row = writeOf('k-1', { title: 'Kickoff 2', participants: [ann, ben, csm] });
      expect(await talks.outcome({ ...meetings, mode }, row)).toBe('updated');
      expect(talks.asked().filter((request) => request.includes('meetings'))).toEqual([
        'GET /meetings/k-1',
        `PUT /meetings/${id}`,
        `POST /meetings/${id}/participants`,
        `POST /meetings/${id}/participants`,
      ]);
      expect(people(talks)).toEqual(['u-1', 'guest@else.com', 'u-2', 'csm']);
      expect(talks.shown('meetings', 'k-1')).toMatchObject({ title: 'Kickoff 2' });
      expect(await talks.outcome({ ...meetings, mode }, row)).toBe('unchanged');
      expect(talks.asked()).toEqual([]);
    },
  );

  test('with relations replace those go whom the row does not name', async () => {
    const talks = await openMeeting({ profile });
    const route = routeOf('meeting', { relations: 'replace' });
    expect(await talks.outcome(route, writeOf('k-1', { participants: [] }))).toBe('unchanged');
    expect(await talks.outcome(route, writeOf('k-1', { participants: [ann, csm] }))).toBe('updated');
    expect(people(talks)).toEqual(['u-1', 'csm']);
    expect(await talks.outcome(route, writeOf('k-1', { participants: [ann, csm] }))).toBe('unchanged');
  });

  test('mode update creates none, mode append changes none', async () => {
    const talks = await openMeeting({ profile });
    const row = writeOf('k-1', { title: 'Other', participants: [ben] });
    const unknown = { ...row, key: 'k-9' };
    expect(await talks.outcome(routeOf('meeting', { mode: 'update' }), unknown)).toBe('skipped');
    expect(await talks.outcome(routeOf('meeting', { mode: 'append' }), row)).toBe('skipped');
    expect(await talks.outcome(routeOf('meeting', { mode: 'append' }), unknown)).toBe('created');
    expect(people(talks)).toEqual(['u-1', 'guest@else.com']);
    expect(people(talks, 'k-9')).toEqual(['u-2']);
  });

  test('an archived meeting takes no changes, and is made no second time', async () => {
    const talks = await openMeeting({ profile }, { archivedAt: '2026-01-01T00:00:00.000Z' });
    const row = writeOf('k-1', { title: 'Other', participants: [ann], transcript: SPEECH });
    for (const mode of ['upsert', 'update'] as const) {
      expect(await talks.refusal({ ...meetings, mode }, row)).toMatchObject({
        code: 'refused',
        message: expect.stringContaining('archived'),
      });
    }
    expect(await talks.outcome({ ...meetings, mode: 'append' }, row)).toBe('skipped');
    expect(talks.asked().filter((request) => !request.startsWith('GET'))).toEqual([]);
    expect(talks.sandbox.items('meetings').size).toBe(1);
  });

  test('mode delete archives', async () => {
    const talks = await openMeeting({ profile });
    const remove = routeOf('meeting', { mode: 'delete' });
    expect(await talks.outcome(remove, writeOf('k-1'))).toBe('deleted');
    expect(await talks.outcome(remove, writeOf('k-9'))).toBe('skipped');
    expect(talks.shown('meetings', 'k-1').archivedAt).toBeTypeOf('string');
  });
});

test.each([
  { held: undefined, given: SPEECH, outcome: 'updated', ifEmpty: [] },
  { held: SPEECH, given: SPEECH, outcome: 'unchanged', ifEmpty: [] },
  { held: SPEECH, given: [...SPEECH, ...SPEECH], outcome: 'updated', ifEmpty: [] },
  { held: SPEECH, given: [...SPEECH, ...SPEECH], outcome: 'unchanged', ifEmpty: ['transcript'] },
  { held: SPEECH, given: null, outcome: 'unchanged', ifEmpty: [] },
])('the transcript of an existing meeting, case %#: $outcome', async ({ held, given, outcome, ifEmpty }) => {
  const talks = await openMeeting({}, held === undefined ? {} : { transcript: held });
  const row = writeOf('k-1', { title: 'Kickoff', transcript: given });
  expect(await talks.outcome(routeOf('meeting', { ifEmpty }), row)).toBe(outcome);
  expect(talks.asked().filter((request) => request.endsWith('/transcript'))).toHaveLength(
    given === null ? 0 : outcome === 'updated' ? 2 : 1,
  );
  expect(talks.sandbox.items('meetingTranscripts').all()).toMatchObject([
    { transcript: outcome === 'updated' ? given : held },
  ]);
});

test('if_empty participants: those who are there stay alone', async () => {
  const talks = await openMeeting();
  const row = writeOf('k-1', { participants: [ben] });
  expect(await talks.outcome(routeOf('meeting', { ifEmpty: ['participants'] }), row)).toBe('unchanged');
  expect(people(talks)).toEqual(['u-1', 'guest@else.com']);
});

test('a row waits for a user who takes part, whether or not the meeting is there', async () => {
  const talks = await openMeeting();
  for (const key of ['k-1', 'k-2']) {
    const row = writeOf(key, { title: 'x', participants: [ann, { id: 'u-9', type: 'attendee' }] });
    expect(await talks.refusal(meetings, row)).toMatchObject({
      code: 'unknown_association',
      field: 'participants',
      missing: { object: 'user', id: 'u-9' },
    });
  }
  expect(talks.asked().filter((request) => !request.startsWith('GET'))).toEqual([]);
});

test('a dry run tells what would become of meetings and writes nothing', async () => {
  const talks = await openMeeting({ dryRun: true });
  const before = talks.sandbox.snapshot();
  expect(await talks.outcome(meetings, writeOf('k-1', { participants: [ben] }))).toBe('updated');
  expect(await talks.outcome(meetings, writeOf('k-1', { participants: [ben] }))).toBe('unchanged');
  expect(await talks.outcome(meetings, writeOf('k-2', { title: 'x', participants: [ben] }))).toBe('created');
  expect(await talks.outcome(meetings, writeOf('k-2', { participants: [ann, ben] }))).toBe('updated');
  expect(talks.sandbox.snapshot()).toEqual(before);
});

describe('where Vitally answers in another way', () => {
  const MEETING = { id: 'v-1', externalId: 'k-1', title: 'Kickoff' };
  const ANN = { 'GET /users/u-1': ok({ id: 'v-ann', externalId: 'u-1' }) };
  const path = 'POST /meetings/v-1/participants';
  const row = writeOf('k-1', { participants: [ann] });

  function contextWith(answers: ConstructorParameters<typeof Script>[0]) {
    const script = new Script({ ...ANN, ...answers });
    return { context: contextOver(script), script };
  }

  test('who takes part is read anew where it was not shown, and left alone where it never is', async () => {
    const { context, script } = contextWith({
      'GET /meetings/k-1': ok(MEETING),
      'GET /meetings/v-1': ok(MEETING),
    });
    expect(await writeByRest(context, meetings, row)).toMatchObject({ outcome: { kind: 'unchanged' } });
    expect(script.asked()).toEqual(['GET /meetings/k-1', 'GET /users/u-1', 'GET /meetings/v-1']);
  });

  test.each([
    { now: { archivedAt: '2026-01-01T00:00:00.000Z' }, message: 'the meeting is archived' },
    { now: {}, message: 'responseStatus is required' },
  ])('a participant is refused: $message', async ({ now, message }) => {
    const { context } = contextWith({
      'GET /meetings/k-1': ok({ ...MEETING, participants: [] }),
      'GET /meetings/v-1': ok({ ...MEETING, ...now }),
      [path]: no('refused', 'responseStatus is required'),
    });
    await expect(writeByRest(context, meetings, row)).rejects.toMatchObject({
      code: 'refused',
      httpStatus: 400,
      message: expect.stringContaining(message),
    });
  });

  test.each([
    { there: [], becomes: 'unsure' },
    { there: [{ id: 'p-1', userId: 'u-1' }], becomes: 'updated' },
  ])(
    'the answer to a POST is lost, $there.length take part then: it is not repeated, the row is $becomes',
    async ({ there, becomes }) => {
      const script = new Script({
        ...ANN,
        'GET /meetings/k-1': ok({ ...MEETING, participants: [] }),
        'GET /meetings/v-1': ok({ ...MEETING, participants: there }),
        [path]: ok({ id: 'p-1' }),
      });
      const context = contextOver(script);
      let lost = 0;
      const commit: typeof context.commit = async (request) => {
        const answer = await script.send(request);
        lost += 1;
        if (lost === 1) throw new MaybeApplied({ sentAtMs: 0, triedForMs: 0 });
        return answer;
      };
      context.lostAnswers.endOfInput();
      const outcome = await writeByRest({ ...context, commit }, meetings, row).then(
        (settled) => settled.outcome.kind,
        (error: RecordError) => error.code,
      );
      expect(outcome).toBe(becomes);
      expect(script.asked().filter((request) => request === path)).toHaveLength(1);
    },
  );
});
