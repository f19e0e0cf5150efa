import { isJsonObject, own } from '../../../json/guards.ts';
import type { JsonObject } from '../../../json/json.ts';
import type { VitallyRequest } from '../../../vitally/http/answer.ts';
import type { KnownRecord } from '../../../vitally/records/known-record.ts';
import { recordPath } from '../../../vitally/records/paths.ts';
import { type Attendee, isShownAs } from '../../associations/attendee.ts';
import { collectionNamed } from '../../collection-named.ts';
import { refusal } from '../../refusal.ts';
import type { Target, WriteContext } from '../../rest/context.ts';
import { postOnce } from '../../rest/post-once.ts';
import type { Sent } from '../../result.ts';

/**
 * Brings in those who are missing; with `relations` replace, takes out those whom the row doesn't name. Gives the
 * requests that it took. Throws `RecordError`.
 */
export async function writeParticipants(
  context: WriteContext,
  target: Target,
  record: KnownRecord,
  attendees: readonly Attendee[],
): Promise<Sent[]> {
  const { route, collection } = target;
  if (attendees.length === 0) return [];
  // A list, where the meeting may have been seen, may leave them out.
  const shown = participantsOf(record.fields) ?? (await readParticipants(context, record));
  if (shown === undefined || (shown.length > 0 && route.ifEmpty.includes('participants'))) return [];
  const added = attendees.filter((one) => !shown.some((other) => isShownAs(one, other)));
  const left =
    route.relations === 'replace'
      ? shown.filter((other) => !attendees.some((one) => isShownAs(one, other)))
      : [];
  const path = `${recordPath(collection.path, record.id)}/participants`;
  const { sent, come } = await add(context, target, record, path, added);
  sent.push(...(await takeOut(context, target, record, path, left)));
  if (sent.length === 0) return [];
  const stay = shown.filter((other) => !left.includes(other));
  // A later row may take out who came just now, which takes the id that Vitally gave.
  if (come.length === added.length) remember(context, record, [...stay, ...come]);
  else context.recordCache.forget(collection, { id: record.id, externalId: record.externalId });
  return sent;
}

/** `come`: those whom Vitally shows with their ids after it. */
async function add(
  context: WriteContext,
  { route, write, key }: Target,
  record: KnownRecord,
  path: string,
  added: readonly Attendee[],
): Promise<{ readonly sent: Sent[]; readonly come: readonly JsonObject[] }> {
  const subject = { route, collection: { path }, key, record: undefined };
  const sent: Sent[] = [];
  const come: JsonObject[] = [];
  for (const one of added) {
    const request: VitallyRequest = { method: 'POST', path, body: JSON.stringify(one.body) };
    const posted = await postOnce(context, request, subject, 'participant', async () =>
      (await readParticipants(context, record))?.find((other) => isShownAs(one, other)),
    );
    if (posted.kind === 'answered' && posted.answer.kind !== 'ok') {
      throw refusal(route.object, write, posted.answer, { recordId: record.id });
    }
    sent.push({ request, httpStatus: posted.kind === 'answered' ? posted.answer.status : undefined });
    const shownNow =
      posted.kind === 'appeared' ? posted.found : posted.answer.kind === 'ok' && posted.answer.body;
    if (isJsonObject(shownNow) && typeof own(shownNow, 'id') === 'string') come.push(shownNow);
  }
  return { sent, come };
}

async function takeOut(
  context: WriteContext,
  { route, write, key }: Target,
  record: KnownRecord,
  path: string,
  left: readonly JsonObject[],
): Promise<Sent[]> {
  const subject = { route, collection: { path }, key, record: undefined };
  const sent: Sent[] = [];
  for (const id of left.map((other) => own(other, 'id')).filter((id) => typeof id === 'string')) {
    const request: VitallyRequest = { method: 'DELETE', path: recordPath(path, id) };
    const answer = await context.commit(request, subject);
    if (answer.kind !== 'ok' && answer.kind !== 'not_found')
      throw refusal(route.object, write, answer, { recordId: record.id });
    sent.push({ request, httpStatus: answer.status });
  }
  return sent;
}

async function readParticipants(
  { recordCache }: WriteContext,
  { id }: KnownRecord,
): Promise<JsonObject[] | undefined> {
  const finding = await recordCache.ask(collectionNamed('meeting'), 'id', id);
  return finding.kind === 'found' ? participantsOf(finding.record.fields) : undefined;
}

function remember(
  { recordCache }: WriteContext,
  { id, fields }: KnownRecord,
  participants: JsonObject[],
): void {
  const known = recordCache.peek(collectionNamed('meeting'), 'id', id);
  const latest = known?.kind === 'found' ? known.record.fields : undefined;
  recordCache.remember(collectionNamed('meeting'), { ...(latest ?? fields), id, participants });
}

/** Who takes part as far as Vitally shows it; `undefined` where it doesn't. */
function participantsOf(fields: JsonObject | undefined): JsonObject[] | undefined {
  const participants = fields && own(fields, 'participants');
  return Array.isArray(participants) ? participants.filter(isJsonObject) : undefined;
}
