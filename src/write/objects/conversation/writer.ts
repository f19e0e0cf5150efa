import { isJsonObject, own } from '../../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../../json/json.ts';
import type { Route } from '../../../mapping/route.ts';
import type { Target, WriteContext } from '../../rest/context.ts';
import { findUnique, unknownKey } from '../../rest/find.ts';
import { putRecord } from '../../rest/put.ts';
import { writeRecord } from '../../rest/write-record.ts';
import { type Gone, isGone, type Result, skipped } from '../../result.ts';
import { peopleOf } from '../people-of.ts';
import {
  type Conversation,
  changedMessage,
  messageIn,
  newMessage,
  readConversation,
  rememberMessages,
} from './messages.ts';

/**
 * Writes conversations with their messages. One that is there gets a PUT of the messages that are new or differ, for
 * Vitally matches messages by external id and takes none away (vitally-api.md, "Conversations").
 */
export async function writeConversation(context: WriteContext, target: Target): Promise<Result> {
  const { route } = target;
  if (route.mode === 'delete') return await writeRecord(context, target);
  const finding = await findUnique(context, target, 'id');
  if (finding.kind === 'found') {
    if (route.mode === 'append') return skipped('record there', { id: finding.record.id });
    const conversation = await readConversation(context, finding.record);
    const settled = conversation && (await putConversation(context, target, conversation));
    if (settled !== undefined && !isGone(settled)) return settled;
    if (route.mode === 'update') return unknownKey(route, settled?.gone);
  }
  if (route.mode === 'update') return unknownKey(route);
  return await createConversation(context, target);
}

async function createConversation(context: WriteContext, target: Target): Promise<Result> {
  const { write } = target;
  const messages = await messagesOf(context, target, () => true);
  const bodies = [...messages].map(([externalId, fields]) => newMessage(externalId, fields));
  // Vitally wants the list even where it is empty.
  const fields = new Map<string, JsonValue>([...write.fields, ['messages', bodies]]);
  return await writeRecord(context, { ...target, write: { ...write, fields } });
}

/** `Gone` when Vitally no longer has the conversation. */
async function putConversation(
  context: WriteContext,
  target: Target,
  conversation: Conversation,
): Promise<Result | Gone> {
  const { route, write } = target;
  const bodies = isKept(route, conversation) ? [] : await differing(context, target, conversation);
  const fields = new Map(write.fields);
  fields.delete('messages');
  if (bodies.length > 0) fields.set('messages', bodies);
  const ifEmpty = route.ifEmpty.filter((name) => name !== 'messages');
  const body = { fields, traits: write.traits };
  const { record } = conversation;
  const settled = await putRecord(context, { ...target, route: { ...route, ifEmpty } }, body, record);
  if (isGone(settled)) return settled;
  if (settled.outcome.kind === 'updated') {
    const seen = context.recordCache.peek(target.collection, 'id', record.id);
    const answer = seen?.kind === 'found' ? seen.record.fields : undefined;
    rememberMessages(context, conversation, bodies, answer);
  }
  return settled;
}

/** The row's messages that are new or differ from what the conversation holds. */
async function differing(
  context: WriteContext,
  target: Target,
  conversation: Conversation,
): Promise<JsonObject[]> {
  const bodies: JsonObject[] = [];
  const isNew = (externalId: string): boolean => messageIn(conversation, externalId) === undefined;
  for (const [externalId, fields] of await messagesOf(context, target, isNew)) {
    const shown = messageIn(conversation, externalId);
    const changed = shown && changedMessage(externalId, fields, shown);
    if (shown === undefined) bodies.push(newMessage(externalId, fields));
    else if (changed !== undefined && (changed.changes.size > 0 || !context.skipUnchanged)) {
      bodies.push(changed.body);
    }
  }
  return bodies;
}

/** The row's messages by external id, of several with the same one what the last says. */
async function messagesOf(
  context: WriteContext,
  { route, write }: Target,
  isNew: (externalId: string) => boolean,
): Promise<Map<string, ReadonlyMap<string, JsonValue>>> {
  const given = write.fields.get('messages');
  const messages = new Map<string, ReadonlyMap<string, JsonValue>>();
  for (const item of Array.isArray(given) ? given.filter(isJsonObject) : []) {
    const externalId = String(own(item, 'externalId'));
    const naming = { route, write, field: 'messages', creates: isNew(externalId) };
    const fields = await peopleOf(context).inMessage(naming, new Map(Object.entries(item)));
    messages.set(externalId, new Map([...(messages.get(externalId) ?? []), ...fields]));
  }
  return messages;
}

/** The row's messages count only where the conversation has none. */
function isKept(route: Route, { messages }: Conversation): boolean {
  return route.ifEmpty.includes('messages') && messages !== undefined && messages.length > 0;
}
