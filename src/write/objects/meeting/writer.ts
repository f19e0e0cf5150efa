import type { JsonValue } from '../../../json/json.ts';
import type { Write } from '../../../mapping/route.ts';
import { isArchived, type KnownRecord } from '../../../vitally/records/known-record.ts';
import type { Attendee } from '../../associations/attendee.ts';
import type { Target, WriteContext } from '../../rest/context.ts';
import { deleteById } from '../../rest/delete.ts';
import { findUnique, unknownKey } from '../../rest/find.ts';
import { putRecord } from '../../rest/put.ts';
import { writeRecord } from '../../rest/write-record.ts';
import { isGone, type Result, type Sent, skipped, updated } from '../../result.ts';
import { peopleOf } from '../people-of.ts';
import { rejectArchived, unlessArchived } from './archived.ts';
import { writeParticipants } from './participants.ts';
import { holds, postTranscript, readTranscript } from './transcript.ts';

/** An existing meeting takes these by requests of their own: no PUT takes them. */
const WRITTEN_APART = ['participants', 'transcript'];

/**
 * Writes meetings the usual way, and beside it what Vitally takes of an existing one through endpoints of their own:
 * who takes part and the transcript (vitally-api.md, "Meetings").
 */
export async function writeMeeting(context: WriteContext, target: Target): Promise<Result> {
  const { route, collection, key } = target;
  if (route.mode === 'delete') return await deleteMeeting(context, target);
  // A list leaves archived meetings out: only a read of this one tells whether it is there.
  const finding = await context.recordCache.find(collection, route.matchOn, key, 'fields');
  if (finding.kind !== 'found') {
    if (route.mode === 'update') return await writeRecord(context, target);
    return await createMeeting(context, target, await attendeesOf(context, target, true));
  }
  if (route.mode === 'append') return skipped('record there', { id: finding.record.id });
  const { record } = finding;
  rejectArchived(record);
  return await unlessArchived(context, record, () => updateMeeting(context, target, record));
}

async function updateMeeting(context: WriteContext, target: Target, record: KnownRecord): Promise<Result> {
  const { route, write } = target;
  const attendees = await attendeesOf(context, target, false);
  const body = await context.associations.restBody(route, withoutParts(write));
  const settled = await putRecord(context, target, body, record);
  if (isGone(settled)) {
    return route.mode === 'update'
      ? unknownKey(route, settled.gone)
      : await createMeeting(context, target, attendees);
  }
  const sent = [
    ...(await writeParticipants(context, target, record, attendees ?? [])),
    ...(await transcribe(context, target, record)),
  ];
  const [first] = sent;
  if (first === undefined || settled.outcome.kind === 'updated') return settled;
  return updated(first.request, { httpStatus: first.httpStatus, id: record.id });
}

async function createMeeting(
  context: WriteContext,
  target: Target,
  attendees: readonly Attendee[] | undefined,
): Promise<Result> {
  return await writeRecord(context, { ...target, write: withAttendees(target.write, attendees) });
}

/** A meeting that a DELETE archived is still found by its key, and a second DELETE would pass for one that removed it. */
async function deleteMeeting(context: WriteContext, target: Target): Promise<Result> {
  const finding = await findUnique(context, target, 'fields');
  if (finding.kind !== 'found' || isArchived(finding.record.fields)) return unknownKey(target.route);
  return await deleteById(context, target, finding.record.id);
}

async function transcribe(
  context: WriteContext,
  { route, write }: Target,
  record: KnownRecord,
): Promise<Sent[]> {
  const transcript = write.fields.get('transcript') ?? null;
  if (transcript === null) return [];
  const held = await readTranscript(context, record.id);
  if (held !== undefined && route.ifEmpty.includes('transcript')) return [];
  if (context.skipUnchanged && holds(held, transcript)) return [];
  return [await postTranscript(context, route, write, record.id, transcript)];
}

async function attendeesOf(
  context: WriteContext,
  { route, write }: Target,
  creates: boolean,
): Promise<Attendee[] | undefined> {
  const given = write.fields.get('participants');
  return Array.isArray(given)
    ? await peopleOf(context).attendees({ route, write, creates }, given)
    : undefined;
}

function withAttendees(write: Write, attendees: readonly Attendee[] | undefined): Write {
  if (attendees === undefined) return write;
  const bodies: JsonValue[] = attendees.map(({ body }) => body);
  return { ...write, fields: new Map([...write.fields, ['participants', bodies]]) };
}

function withoutParts(write: Write): Write {
  return { ...write, fields: new Map([...write.fields].filter(([name]) => !WRITTEN_APART.includes(name))) };
}
