import { RecordError } from '../../../errors/record-error.ts';
import { own } from '../../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../../json/json.ts';
import type { Route } from '../../../mapping/route.ts';
import type { Answer, VitallyRequest } from '../../../vitally/http/answer.ts';
import { recordPath } from '../../../vitally/records/paths.ts';
import { collectionNamed } from '../../collection-named.ts';
import { requireForCreate } from '../../rest/body.ts';
import type { Changes } from '../../rest/changes.ts';
import type { Target, WriteContext } from '../../rest/context.ts';
import { unknownKey } from '../../rest/find.ts';
import { type Gone, type Result, skipped, unchanged } from '../../result.ts';
import {
  type Conversation,
  changedMessage,
  messageIn,
  newMessage,
  rememberMessages,
} from '../conversation/messages.ts';
import { peopleOf } from '../people-of.ts';

/** A message as a PUT of its conversation takes it, and what that does to it. */
export interface MessageDraft {
  readonly kind: 'created' | 'updated';
  readonly body: JsonObject;
  readonly changes: Changes | undefined;
  /** Vitally's id of one that is there. */
  readonly id: string | undefined;
}

/** What a row wants written, or what becomes of it where nothing is to be written. Throws {@link RecordError}. */
export async function draftMessage(
  context: WriteContext,
  { route, key, write }: Omit<Target, 'collection'>,
  conversation: Conversation,
): Promise<MessageDraft | Result> {
  const people = peopleOf(context);
  const by = route.matchOn === 'id' ? 'id' : 'externalId';
  const shown = messageIn(conversation, key, by);
  if (shown === undefined) {
    if (route.mode === 'update') return unknownKey(route);
    if (by === 'id') throw notCreatedById();
    requireForCreate(route, write.fields);
    const body = newMessage(key, await people.inMessage({ route, write, creates: true }, write.fields));
    return { kind: 'created', body, changes: undefined, id: undefined };
  }
  const held = own(shown, 'id');
  const id = typeof held === 'string' ? held : undefined;
  if (route.mode === 'append') return skipped('record there', { id });
  const given = new Map([...write.fields].filter(([name]) => !keepsHeld(route, name, shown)));
  const named = await people.inMessage({ route, write, creates: false }, given);
  const changed = changedMessage(externalIdOf(shown), named, shown);
  if (changed === undefined || (changed.changes.size === 0 && context.skipUnchanged)) {
    return unchanged(id);
  }
  return { kind: 'updated', ...changed, id };
}

/**
 * Writes messages by a PUT of their conversation, which keeps its subject. `Gone` when Vitally no longer has the
 * conversation.
 */
export async function putMessages(
  context: WriteContext,
  route: Route,
  conversation: Conversation,
  messages: readonly MessageDraft[],
): Promise<{ readonly request: VitallyRequest; readonly answer: Answer } | Gone> {
  const { record } = conversation;
  const collection = collectionNamed('conversation');
  const bodies = messages.map(({ body }) => body);
  const subject: JsonValue = own(record.fields, 'subject') ?? null;
  const request: VitallyRequest = {
    method: 'PUT',
    path: recordPath(collection.path, record.id),
    body: JSON.stringify({ ...(subject !== null && { subject }), messages: bodies }),
  };
  const answer = await context.commit(request, {
    route,
    collection,
    key: record.externalId ?? record.id,
    record,
  });
  if (answer.kind === 'ok') {
    rememberMessages(context, conversation, bodies, answer.body);
    return { request, answer };
  }
  context.recordCache.forget(collection, { id: record.id, externalId: record.externalId });
  // "Not found" may be said of a person whom a message names: the conversation itself is asked for.
  const isGone =
    answer.kind === 'not_found' &&
    (await context.recordCache.find(collection, 'id', record.id)).kind !== 'found';
  return isGone ? { gone: { request, httpStatus: answer.status } } : { request, answer };
}

/** The row's value counts only where the message has none. */
function keepsHeld(route: Route, name: string, shown: JsonObject): boolean {
  const held = own(shown, name) ?? '';
  return route.ifEmpty.includes(name) && held !== '' && !(Array.isArray(held) && held.length === 0);
}

function externalIdOf(shown: JsonObject): string {
  const externalId = own(shown, 'externalId') ?? '';
  if (externalId !== '') return String(externalId);
  throw new RecordError({
    code: 'refused',
    message: 'the message has no external id, by which alone Vitally changes a message',
    fix: 'Delete it and send it anew under an id of your own, or leave the row out.',
  });
}

function notCreatedById(): RecordError {
  return new RecordError({
    code: 'unknown_key',
    message: "the conversation has no message of this id of Vitally's, and one can't be created under it",
    fix: 'Correct the id, or match on externalId to create messages.',
  });
}
