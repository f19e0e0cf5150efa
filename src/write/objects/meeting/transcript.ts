import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, own } from '../../../json/guards.ts';
import type { JsonValue } from '../../../json/json.ts';
import type { Route, Write } from '../../../mapping/route.ts';
import { objectByName } from '../../../objects/index.ts';
import type { VitallyRequest } from '../../../vitally/http/answer.ts';
import { bodyOf } from '../../../vitally/records/known-record.ts';
import { refusal } from '../../refusal.ts';
import type { WriteContext } from '../../rest/context.ts';
import type { Sent } from '../../result.ts';

/** What a meeting's transcript says; `undefined` where it has none, or an empty one. */
export async function readTranscript(
  { read }: WriteContext,
  meetingId: string,
): Promise<JsonValue | undefined> {
  const answer = await read({ method: 'GET', path: transcriptPath(meetingId) });
  if (answer.kind === 'not_found') return undefined;
  const body = bodyOf(answer);
  const said = isJsonObject(body) ? own(body, 'transcript') : body;
  return said === null || (Array.isArray(said) && said.length === 0) ? undefined : said;
}

/**
 * Gives a meeting a transcript, in the place of the one it has (vitally-api.md, "Transcripts"). Throws
 * `RecordError`.
 */
export async function postTranscript(
  context: WriteContext,
  route: Route,
  write: Write,
  meetingId: string,
  transcript: JsonValue,
): Promise<Sent> {
  const path = transcriptPath(meetingId);
  const request: VitallyRequest = { method: 'POST', path, body: JSON.stringify({ transcript }) };
  const subject = { route, collection: { path }, key: write.key ?? meetingId, record: undefined };
  const answer = await context.commit(request, subject);
  if (answer.kind !== 'ok') throw refusal(route.object, write, answer, { recordId: meetingId });
  return { request, httpStatus: answer.status };
}

/** Whether what Vitally shows says everything that a row says; what it shows beside is no difference. */
export function holds(shown: JsonValue | undefined, wanted: JsonValue): boolean {
  if (wanted === null) return shown === null || shown === undefined;
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(shown) &&
      shown.length === wanted.length &&
      wanted.every((value, index) => holds(shown[index], value))
    );
  }
  if (isJsonObject(wanted)) {
    return (
      isJsonObject(shown) && Object.entries(wanted).every(([name, value]) => holds(own(shown, name), value))
    );
  }
  return isDeepStrictEqual(shown, wanted);
}

function transcriptPath(meetingId: string): string {
  const path = objectByName('meeting_transcript').rest?.path ?? '';
  return path.replace(':meeting', encodeURIComponent(meetingId));
}
