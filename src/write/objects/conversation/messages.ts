import { isJsonObject, own } from '../../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../../json/json.ts';
import { objectByName } from '../../../objects/index.ts';
import type { KnownRecord } from '../../../vitally/records/known-record.ts';
import { ROLES } from '../../associations/people.ts';
import { collectionNamed } from '../../collection-named.ts';
import { type Changes, changesOf } from '../../rest/changes.ts';
import type { WriteContext } from '../../rest/context.ts';

const MESSAGE = objectByName('message');
const CONTENT = ['message', ...ROLES, 'timestamp'];

/** A conversation as a read by Vitally's id shows it. */
export interface Conversation {
  readonly record: KnownRecord & { readonly fields: JsonObject };
  /** `undefined` where the read didn't show them. */
  readonly messages: readonly JsonObject[] | undefined;
}

/** A message that is there as a PUT of its conversation takes it, and what that would change. */
export interface ChangedMessage {
  readonly body: JsonObject;
  readonly changes: Changes;
}

/**
 * A conversation with its messages, which lists leave out (vitally-api.md, "Conversations"): from memory where
 * they were seen, else by one read. `undefined` when Vitally no longer has it.
 */
export async function readConversation(
  { recordCache }: WriteContext,
  known: KnownRecord,
): Promise<Conversation | undefined> {
  const collection = collectionNamed('conversation');
  const latest = recordCache.peek(collection, 'id', known.id);
  const seen = conversationOf(latest?.kind === 'found' ? latest.record : known);
  if (seen?.messages !== undefined) return seen;
  const finding = await recordCache.ask(collection, 'id', known.id);
  if (finding.kind !== 'found') {
    recordCache.forget(collection, { id: known.id, externalId: known.externalId });
    return undefined;
  }
  return conversationOf(finding.record) ?? { record: { ...known, fields: {} }, messages: undefined };
}

function conversationOf(record: KnownRecord): Conversation | undefined {
  const { fields } = record;
  if (fields === undefined) return undefined;
  const messages = own(fields, 'messages');
  return {
    record: { ...record, fields },
    messages: Array.isArray(messages) ? messages.filter(isJsonObject) : undefined,
  };
}

/** The message of this external id, or with `by` id of that id of Vitally's. */
export function messageIn(
  { messages }: Conversation,
  key: string,
  by: 'externalId' | 'id' = 'externalId',
): JsonObject | undefined {
  return messages?.find((message) => String(own(message, by)) === key);
}

/** A message that isn't there yet; what is empty is left out. */
export function newMessage(externalId: string, fields: ReadonlyMap<string, JsonValue>): JsonObject {
  return { externalId, ...Object.fromEntries([...contentOf(fields)].filter(([, value]) => value !== null)) };
}

/**
 * What a row makes of a message that is there: whole, since a PUT of the conversation takes a message like a new
 * one. `undefined` where the row brings nothing.
 */
export function changedMessage(
  externalId: string,
  fields: ReadonlyMap<string, JsonValue>,
  shown: JsonObject,
): ChangedMessage | undefined {
  const given = contentOf(fields);
  if (given.size === 0) return undefined;
  const held = contentOf(new Map(Object.entries(shown)));
  const changes = changesOf(MESSAGE, comparable(held), {
    fields: new Map(Object.entries(comparable(given))),
    traits: new Map(),
  });
  const kept = [...held].filter(([name, value]) => value !== null && !given.has(name));
  return { body: { externalId, ...Object.fromEntries(kept), ...Object.fromEntries(given) }, changes };
}

function contentOf(fields: ReadonlyMap<string, JsonValue>): Map<string, JsonValue> {
  return new Map(
    [...fields]
      .filter(([name]) => CONTENT.includes(name))
      .map(([name, value]) => [name, isRole(name) ? peopleOf(value, name) : value]),
  );
}

function isRole(name: string): boolean {
  return ROLES.some((role) => role === name);
}

/** `{type, id}` of each person, without what else Vitally shows; an empty list where there is none. */
function peopleOf(value: JsonValue, role: string): JsonValue {
  if (Array.isArray(value)) return value.map((one) => peopleOf(one, 'from'));
  if (value === null && role !== 'from') return [];
  return isJsonObject(value) ? { type: own(value, 'type') ?? null, id: own(value, 'id') ?? null } : value;
}

/** Lists of people in an order of their own: who is in a message is a set. */
function comparable(content: ReadonlyMap<string, JsonValue>): JsonObject {
  const order = (value: JsonValue): string => JSON.stringify(value);
  return Object.fromEntries(
    [...content].map(([name, value]) => [
      name,
      Array.isArray(value) ? value.toSorted((a, b) => order(a).localeCompare(order(b))) : value,
    ]),
  );
}

/**
 * Remembers messages that were written through their conversation; `answer` is what Vitally said to it: the
 * conversation, or the one message that was made.
 */
export function rememberMessages(
  { recordCache }: WriteContext,
  { record, messages }: Conversation,
  written: readonly JsonObject[],
  answer: JsonValue | undefined,
): void {
  const said = isJsonObject(answer) ? answer : {};
  const isConversation = own(said, 'id') === record.id;
  const held = new Map((messages ?? []).map((message) => [own(message, 'externalId') ?? message, message]));
  const listed = isConversation ? own(said, 'messages') : [said];
  for (const body of written) {
    const externalId = String(body.externalId);
    const shown = (Array.isArray(listed) ? listed : [])
      .filter(isJsonObject)
      .find((message) => own(message, 'externalId') === externalId);
    held.set(externalId, { ...held.get(externalId), ...body, ...shown });
    // Not shown, and yet there: that it was missing a moment ago says nothing.
    if (recordCache.remember(collectionNamed('message'), shown) === undefined) {
      recordCache.markAccepted(collectionNamed('message'), { externalId });
    }
  }
  const { messages: _before, ...fields } = isConversation ? said : record.fields;
  const { id, externalId } = record;
  recordCache.remember(collectionNamed('conversation'), {
    ...fields,
    id,
    ...(externalId !== undefined && { externalId }),
    ...(messages !== undefined && { messages: [...held.values()] }),
  });
}

/** Remembers that a message went. */
export function forgetMessage({ recordCache }: WriteContext, { id, fields }: KnownRecord): void {
  const collection = collectionNamed('conversation');
  const conversationId = fields && own(fields, 'conversationId');
  const known =
    typeof conversationId === 'string' ? recordCache.peek(collection, 'id', conversationId) : undefined;
  const conversation = known?.kind === 'found' ? conversationOf(known.record) : undefined;
  if (conversation?.messages === undefined) return;
  const messages = conversation.messages.filter((message) => own(message, 'id') !== id);
  recordCache.remember(collection, { ...conversation.record.fields, messages });
}
