import { RecordError } from '../errors/record-error.ts';
import { own } from '../json/guards.ts';
import type { JsonObject } from '../json/json.ts';
import type { Route, Write } from '../routing/route.ts';
import type { VitallyRequest } from '../vitally/answer.ts';
import type { KnownRecord } from '../vitally/known-record.ts';
import { recordPath } from '../vitally/paths.ts';
import type { Changes } from './compare.ts';
import {
  changedMessage,
  type Conversation,
  forgetMessage,
  kindNamed,
  messageIn,
  newMessage,
  readConversation,
  rememberMessages,
} from './conversation-messages.ts';
import { type Bundle, bundlesOf, isRefused, outcomesOf } from './message-bundles.ts';
import type { Participants } from './participants.ts';
import { refusal } from './refusal.ts';
import { requireForCreate } from './rest-body.ts';
import type { RestContext } from './rest-context.ts';
import { deleteRecord } from './rest-delete.ts';
import { findUnique, unknownKey } from './rest-existence.ts';
import type { Settlement } from './settlement.ts';

/** Messages a PUT of their conversation carries; Vitally documents no limit. */
const MAX_MESSAGES_PER_PUT = 100;

interface Draft {
  readonly bundle: Bundle;
  readonly kind: 'created' | 'updated';
  readonly body: JsonObject;
  readonly changes: Changes | undefined;
}

/**
 * Writes messages through their conversation: those of one that wait together take one read of it and one PUT, a
 * single new one is POSTed below it. There is no PUT of a message (Vitally REST reference, Messages).
 */
export class MessageWriter {
  readonly #context: RestContext;
  readonly #participants: Participants;

  constructor(context: RestContext, participants: Participants) {
    this.#context = context;
    this.#participants = participants;
  }

  async write(route: Route, write: Write): Promise<Settlement> {
    const [settlement] = await this.writeGroup(route, [write]);
    if (settlement === undefined) throw new Error('a message was left without an outcome');
    return settlement;
  }

  /** A refused row is an outcome here. Rows that wait for the same user or conversation are refused together. */
  async writeGroup(route: Route, writes: readonly Write[]): Promise<Settlement[]> {
    const bundles = bundlesOf(route, writes);
    if (route.mode === 'delete') {
      for (const bundle of bundles) await this.#settle(route, bundle, () => this.#delete(route, bundle));
      return outcomesOf(route, bundles, writes);
    }
    const byConversation = new Map<string, { record: KnownRecord; bundles: Bundle[] }>();
    for (const bundle of bundles) {
      await this.#settle(route, bundle, async () => {
        const record = await this.#locate(route, bundle.write);
        if (record === undefined) return unknownKey(route);
        const group = byConversation.get(record.id) ?? { record, bundles: [] };
        group.bundles.push(bundle);
        byConversation.set(record.id, group);
        return undefined;
      });
    }
    for (const { record, bundles } of byConversation.values()) await this.#writeAll(route, record, bundles);
    return outcomesOf(route, bundles, writes);
  }

  /** The row's conversation, or that of the message where the row names none; `undefined`: an update finds nothing. */
  async #locate(route: Route, write: Write): Promise<KnownRecord | undefined> {
    const { relations, directory } = this.#context;
    const given = write.fields.get('conversationId');
    if (typeof given === 'string') {
      const conversation = await relations.lookUp('conversation', given);
      if (conversation !== undefined) return conversation;
      if (route.mode === 'update') return undefined;
      throw unknownConversation(given);
    }
    const kind = kindNamed('message');
    const finding = await findUnique(this.#context, { route, kind, key: write.key ?? '' });
    const id = finding.kind === 'found' && finding.record.fields && own(finding.record.fields, 'conversationId');
    if (typeof id === 'string') {
      const conversation = await directory.find(kindNamed('conversation'), 'id', id);
      if (conversation.kind === 'found') return conversation.record;
    }
    if (route.mode === 'update') return undefined;
    requireForCreate(route, write.fields);
    throw new Error('a message without a conversation passed as complete');
  }

  async #writeAll(route: Route, record: KnownRecord, bundles: readonly Bundle[]): Promise<void> {
    let conversation: Conversation | undefined;
    const drafts: Draft[] = [];
    for (const bundle of bundles) {
      await this.#settle(route, bundle, async () => {
        conversation ??= await readConversation(this.#context, record);
        if (conversation === undefined) return gone(route, bundle, record);
        const draft = await this.#draft(route, bundle, conversation);
        if ('outcome' in draft) return draft;
        drafts.push(draft);
        return undefined;
      });
    }
    for (let from = 0; conversation !== undefined && from < drafts.length; from += MAX_MESSAGES_PER_PUT) {
      await this.#send(route, record, drafts.slice(from, from + MAX_MESSAGES_PER_PUT));
    }
  }

  /** What a row wants written, or what became of it where nothing is to be written. */
  async #draft(route: Route, bundle: Bundle, conversation: Conversation): Promise<Draft | Settlement> {
    const { write } = bundle;
    const by = route.matchOn === 'id' ? 'id' : 'externalId';
    const shown = messageIn(conversation, bundle.key, by);
    if (shown === undefined) {
      if (route.mode === 'update') return unknownKey(route);
      if (by === 'id') throw notCreatedById();
      requireForCreate(route, write.fields);
      const body = newMessage(bundle.key, await this.#participants.inMessage(write.fields));
      return { bundle, kind: 'created', body, changes: undefined };
    }
    if (route.mode === 'append') return { outcome: { kind: 'skipped' } };
    const given = new Map([...write.fields].filter(([name]) => !isHeld(route, name, shown)));
    const changed = changedMessage(
      externalIdOf(shown),
      await this.#participants.inMessage(given),
      shown,
    );
    if (changed === undefined || (changed.changes.size === 0 && this.#context.skipUnchanged)) {
      return { outcome: { kind: 'unchanged' } };
    }
    return { bundle, kind: 'updated', ...changed };
  }
}
