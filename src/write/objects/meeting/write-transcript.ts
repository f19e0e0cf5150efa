import { RecordError } from '../../../errors/record-error.ts';
import type { KnownRecord } from '../../../vitally/records/known-record.ts';
import { collectionNamed } from '../../collection-named.ts';
import { requireForCreate } from '../../rest/body.ts';
import type { Target, WriteContext } from '../../rest/context.ts';
import { findUnique, unknownKey } from '../../rest/find.ts';
import { type Result, skipped, unchanged, written } from '../../result.ts';
import { rejectArchived, unlessArchived } from './archived.ts';
import { holds, postTranscript, readTranscript } from './transcript.ts';

/**
 * Writes the one transcript of a meeting, whose id is the key. It is looked at first: a POST replaces it whole
 * (vitally-api.md, "Transcripts").
 */
export async function writeTranscript(context: WriteContext, target: Target): Promise<Result> {
  const { route, write, key } = target;
  const meeting = await meetingOf(context, target);
  if (meeting === undefined) {
    if (route.mode === 'update') return unknownKey(route);
    throw unknownMeeting(key);
  }
  const held = await readTranscript(context, meeting.id);
  if (held === undefined && route.mode === 'update') return unknownKey(route);
  if (held !== undefined && route.mode === 'append') return skipped('record there', { id: meeting.id });
  const transcript = write.fields.get('transcript') ?? null;
  if (held === undefined) requireForCreate(route, write.fields);
  else if (transcript === null || route.ifEmpty.includes('transcript')) return unchanged(meeting.id);
  if (context.skipUnchanged && holds(held, transcript)) return unchanged(meeting.id);
  rejectArchived(meeting);
  const { request, httpStatus } = await unlessArchived(context, meeting, () =>
    postTranscript(context, route, write, meeting.id, transcript),
  );
  return written(held === undefined, request, { httpStatus, id: meeting.id });
}

async function meetingOf(context: WriteContext, { route, key }: Target): Promise<KnownRecord | undefined> {
  if (route.matchOn === 'externalId') return await context.associations.lookUp('meeting', key);
  const collection = collectionNamed('meeting');
  const finding = await findUnique(context, { route, collection, key }, 'id');
  return finding.kind === 'found' ? finding.record : undefined;
}

function unknownMeeting(id: string): RecordError {
  return new RecordError({
    code: 'unknown_association',
    field: 'meetingId',
    message: "the key names a meeting that Vitally does not have, by your own id or by Vitally's",
    fix: 'Send the meeting first, or correct the id.',
    detail: `looked for meeting ${JSON.stringify(id)}`,
    missing: { object: 'meeting', id },
  });
}
