import { isJsonObject, own } from '../../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../../json/json.ts';
import type { Route, Write } from '../../../mapping/route.ts';
import type { VitallyRequest } from '../../../vitally/http/answer.ts';
import type { KnownRecord } from '../../../vitally/records/known-record.ts';
import { recordPath } from '../../../vitally/records/paths.ts';
import { type Attendee, isShownAs, type People } from '../../associations/people.ts';
import { collectionNamed } from '../../collection-named.ts';
import { refusal } from '../../refusal.ts';
import type { RestContext, Target } from '../../rest/context.ts';
import { postOnce } from '../../rest/post-once.ts';
import { type Result, skipped, updated } from '../../result.ts';
import { explained, rejectArchived } from './archived.ts';
import { holds, postTranscript, readTranscript } from './transcript.ts';

/**
 * Writes meetings the usual way, and beside it what Vitally takes of an existing one through endpoints of their own:
 * who takes part and the transcript (vitally-api.md, "Meetings").
 */
export class MeetingWriter {
  readonly #context: RestContext;
  readonly #participants: People;

  constructor(context: RestContext, participants: People) {
    this.#context = context;
    this.#participants = participants;
  }

  async write(route: Route, write: Write, plain: (write: Write) => Promise<Result>): Promise<Result> {
    if (route.mode === 'delete') return await plain(write);
    const target: Target = { route, write, key: write.key ?? '', collection: collectionNamed('meeting') };
    try {
      return await this.#write(target, plain);
    } catch (error) {
      throw explained(error);
    }
  }

  async #write(target: Target, plain: (write: Write) => Promise<Result>): Promise<Result> {
    const { route, write, collection, key } = target;
    // A list leaves archived meetings out: only a read of this one tells whether it is there.
    const finding = await this.#context.recordCache.find(collection, route.matchOn, key, 'fields');
    if (finding.kind !== 'found') {
      if (route.mode === 'update') return await plain(write);
      return await plain(withAttendees(write, await this.#attendees(write)));
    }
    if (route.mode === 'append') return skipped();
    const { record } = finding;
    rejectArchived(record);
    const attendees = await this.#attendees(write);
    const settled = await plain(withAttendees(write, attendees));
    const { kind: outcome } = settled.outcome;
    if (outcome !== 'updated' && outcome !== 'unchanged') return settled;
    const requests = [
      ...(await this.#meet(target, record, attendees ?? [])),
      ...(await this.#transcribe(target, record)),
    ];
    const [request] = requests;
    if (request === undefined || outcome === 'updated') return settled;
    return updated(request);
  }

  async #attendees(write: Write): Promise<Attendee[] | undefined> {
    const given = write.fields.get('participants');
    return Array.isArray(given) ? await this.#participants.attendees(given) : undefined;
  }

  /** Brings in those who are missing; with `relations` replace, takes out those whom the row doesn't name. */
  async #meet(
    { route, write, key, collection }: Target,
    record: KnownRecord,
    attendees: readonly Attendee[],
  ): Promise<VitallyRequest[]> {
    if (attendees.length === 0) return [];
    const shown = await this.#shown(record);
    if (shown === undefined || (shown.length > 0 && route.ifEmpty.includes('participants'))) return [];
    const path = `${recordPath(collection.path, record.id)}/participants`;
    const added = attendees.filter((one) => !shown.some((other) => isShownAs(one, other)));
    const left =
      route.relations === 'replace'
        ? shown.filter((other) => !attendees.some((one) => isShownAs(one, other)))
        : [];
    const subject = { route, collection: { path }, key, record: undefined };
    const requests: VitallyRequest[] = [];
    const come: JsonObject[] = [];
    for (const one of added) {
      const request: VitallyRequest = { method: 'POST', path, body: JSON.stringify(one.body) };
      requests.push(request);
      const posted = await postOnce(this.#context, request, subject, 'participant', async () =>
        (await this.#read(record))?.find((other) => isShownAs(one, other)),
      );
      if (posted.kind === 'answered' && posted.answer.kind !== 'ok') {
        throw refusal(route.object, write, posted.answer);
      }
      const shownNow =
        posted.kind === 'appeared' ? posted.found : posted.answer.kind === 'ok' && posted.answer.body;
      if (isJsonObject(shownNow) && typeof own(shownNow, 'id') === 'string') come.push(shownNow);
    }
    for (const id of left.map((other) => own(other, 'id')).filter((id) => typeof id === 'string')) {
      const request: VitallyRequest = { method: 'DELETE', path: recordPath(path, id) };
      requests.push(request);
      const answer = await this.#context.commit(request, subject);
      if (answer.kind !== 'ok' && answer.kind !== 'not_found') throw refusal(route.object, write, answer);
    }
    if (requests.length === 0) return [];
    const stay = shown.filter((other) => !left.includes(other));
    // A later row may take out who came just now, which takes the id that Vitally gave.
    if (come.length === added.length) this.#remember(record, [...stay, ...come]);
    else this.#context.recordCache.forget(collection, { id: record.id, externalId: record.externalId });
    return requests;
  }

  /** Who takes part as far as Vitally shows it; `undefined` where it doesn't. */
  async #shown(record: KnownRecord): Promise<JsonObject[] | undefined> {
    // A list, where the meeting may have been seen, may leave them out.
    return participantsOf(record.fields) ?? (await this.#read(record));
  }

  async #read({ id }: KnownRecord): Promise<JsonObject[] | undefined> {
    const finding = await this.#context.recordCache.ask(collectionNamed('meeting'), 'id', id);
    return finding.kind === 'found' ? participantsOf(finding.record.fields) : undefined;
  }

  #remember({ id, fields }: KnownRecord, participants: JsonObject[]): void {
    const { recordCache } = this.#context;
    const known = recordCache.peek(collectionNamed('meeting'), 'id', id);
    const latest = known?.kind === 'found' ? known.record.fields : undefined;
    recordCache.remember(collectionNamed('meeting'), { ...(latest ?? fields), id, participants });
  }

  async #transcribe({ route, write }: Target, record: KnownRecord): Promise<VitallyRequest[]> {
    const transcript = write.fields.get('transcript') ?? null;
    if (transcript === null) return [];
    const held = await readTranscript(this.#context, record.id);
    if (held !== undefined && route.ifEmpty.includes('transcript')) return [];
    if (this.#context.skipUnchanged && holds(held, transcript)) return [];
    return [await postTranscript(this.#context, route, write, record.id, transcript)];
  }
}

function participantsOf(fields: JsonObject | undefined): JsonObject[] | undefined {
  const participants = fields && own(fields, 'participants');
  return Array.isArray(participants) ? participants.filter(isJsonObject) : undefined;
}

function withAttendees(write: Write, attendees: readonly Attendee[] | undefined): Write {
  if (attendees === undefined) return write;
  const bodies: JsonValue[] = attendees.map(({ body }) => body);
  return { ...write, fields: new Map([...write.fields, ['participants', bodies]]) };
}
