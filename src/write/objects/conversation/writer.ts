import { isJsonObject, own } from '../../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../../json/json.ts';
import type { Route, Write } from '../../../mapping/route.ts';
import type { People } from '../../associations/people.ts';
import { collectionNamed } from '../../collection-named.ts';
import type { RestContext, Target } from '../../rest/context.ts';
import { findUnique, unknownKey } from '../../rest/find.ts';
import { putRecord } from '../../rest/put.ts';
import { type Result, skipped } from '../../result.ts';
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
export class ConversationWriter {
  readonly #context: RestContext;
  readonly #participants: People;

  constructor(context: RestContext, participants: People) {
    this.#context = context;
    this.#participants = participants;
  }

  async write(route: Route, write: Write, plain: (write: Write) => Promise<Result>): Promise<Result> {
    if (route.mode === 'delete') return await plain(write);
    const target: Target = {
      route,
      write,
      key: write.key ?? '',
      collection: collectionNamed('conversation'),
    };
    const finding = await findUnique(this.#context, target, 'id');
    if (finding.kind === 'found') {
      if (route.mode === 'append') return skipped();
      const conversation = await readConversation(this.#context, finding.record);
      const settled = conversation && (await this.#put(target, conversation));
      if (settled !== undefined) return settled;
    }
    if (route.mode === 'update') return unknownKey(route);
    return await this.#create(write, plain);
  }

  async #create(write: Write, plain: (write: Write) => Promise<Result>): Promise<Result> {
    const messages = await this.#messagesOf(write);
    const bodies = [...messages].map(([externalId, fields]) => newMessage(externalId, fields));
    // Vitally wants the list even where it is empty.
    return await plain({ ...write, fields: new Map([...write.fields, ['messages', bodies]]) });
  }

  /** `undefined` when Vitally no longer has the conversation. */
  async #put(target: Target, conversation: Conversation): Promise<Result | undefined> {
    const { route, write } = target;
    const bodies = isKept(route, conversation) ? [] : await this.#differing(write, conversation);
    const fields = new Map(write.fields);
    fields.delete('messages');
    if (bodies.length > 0) fields.set('messages', bodies);
    const ifEmpty = route.ifEmpty.filter((name) => name !== 'messages');
    const body = { fields, traits: write.traits };
    const { record } = conversation;
    const settled = await putRecord(this.#context, { ...target, route: { ...route, ifEmpty } }, body, record);
    if (settled === 'gone') return undefined;
    if (settled.outcome.kind === 'updated') {
      const seen = this.#context.recordCache.peek(target.collection, 'id', record.id);
      const answer = seen?.kind === 'found' ? seen.record.fields : undefined;
      rememberMessages(this.#context, conversation, bodies, answer);
    }
    return settled;
  }

  /** The row's messages that are new or differ from what the conversation holds. */
  async #differing(write: Write, conversation: Conversation): Promise<JsonObject[]> {
    const bodies: JsonObject[] = [];
    for (const [externalId, fields] of await this.#messagesOf(write)) {
      const shown = messageIn(conversation, externalId);
      const changed = shown && changedMessage(externalId, fields, shown);
      if (shown === undefined) bodies.push(newMessage(externalId, fields));
      else if (changed !== undefined && (changed.changes.size > 0 || !this.#context.skipUnchanged)) {
        bodies.push(changed.body);
      }
    }
    return bodies;
  }

  /** The row's messages by external id, of several with the same one what the last says. */
  async #messagesOf(write: Write): Promise<Map<string, ReadonlyMap<string, JsonValue>>> {
    const given = write.fields.get('messages');
    const messages = new Map<string, ReadonlyMap<string, JsonValue>>();
    for (const item of Array.isArray(given) ? given.filter(isJsonObject) : []) {
      const externalId = String(own(item, 'externalId'));
      const fields = await this.#participants.inMessage(new Map(Object.entries(item)), 'messages');
      messages.set(externalId, new Map([...(messages.get(externalId) ?? []), ...fields]));
    }
    return messages;
  }
}

/** The row's messages count only where the conversation has none. */
function isKept(route: Route, { messages }: Conversation): boolean {
  return route.ifEmpty.includes('messages') && messages !== undefined && messages.length > 0;
}
