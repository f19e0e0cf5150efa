import { RecordError } from '../errors/record-error.ts';
import { own } from '../json/guards.ts';
import type { Route, Write } from '../routing/route.ts';
import type { KnownRecord } from '../vitally/known-record.ts';
import { forgetMessage, readConversation } from './conversation-messages.ts';
import { kindNamed } from './kind-named.ts';
import { type Bundle, roundsOf, settlementsOf, waits } from './message-bundle.ts';
import { draftMessage, type MessageDraft, putMessages } from './message-put.ts';
import type { Participants } from './participants.ts';
import { refusal } from './refusal.ts';
import { requireForCreate } from './rest-body.ts';
import type { RestContext, Target } from './rest-context.ts';
import { deleteRecord } from './rest-delete.ts';
import { findUnique, unknownKey } from './rest-existence.ts';
import type { Settlement } from './settlement.ts';

/** Messages that a PUT of their conversation carries; Vitally documents no limit. */
const MAX_MESSAGES_PER_PUT = 100;

interface Draft {
  readonly bundle: Bundle;
  readonly message: MessageDraft;
}

/**
 * Writes messages through their conversation: those of one conversation that wait together take one read of it and
 * one PUT. There is no PUT of a message, and a POST that is repeated because its answer was lost might make a second
 * one (Vitally REST reference, Messages).
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

  /**
   * Writes rows to an outcome each, a refusal among them. Rows of one key that want for the same user or conversation
   * are refused together, so that they wait together.
   */
  async writeGroup(route: Route, writes: readonly Write[]): Promise<Settlement[]> {
    const rounds = roundsOf(route, writes);
    const waiting = new Map<string, Settlement>();
    for (const round of rounds) {
      // A row must not overtake one of its key that waits.
      for (const bundle of round) {
        const before = waiting.get(bundle.key);
        if (before !== undefined) bundle.settle(before);
      }
      await this.#writeRound(
        route,
        round.filter(({ key }) => !waiting.has(key)),
      );
      for (const bundle of round) if (bundle.waiting !== undefined) waiting.set(bundle.key, bundle.waiting);
    }
    return settlementsOf(rounds.flat(), writes);
  }

  async #writeRound(route: Route, bundles: readonly Bundle[]): Promise<void> {
    if (route.mode === 'delete') {
      for (const bundle of bundles) await this.#attempt(route, bundle, () => this.#delete(route, bundle));
      return;
    }
    for (const { record, bundles: together } of await this.#byConversation(route, bundles)) {
      await this.#writeInto(route, record, together);
    }
  }

  async #byConversation(
    route: Route,
    bundles: readonly Bundle[],
  ): Promise<readonly { readonly record: KnownRecord; readonly bundles: readonly Bundle[] }[]> {
    const groups = new Map<string, { record: KnownRecord; bundles: Bundle[] }>();
    const lookups = new Map<string, Promise<KnownRecord | undefined>>();
    for (const bundle of bundles) {
      await this.#attempt(route, bundle, async () => {
        const record = await this.#locate(route, bundle.write, lookups);
        if (record === undefined) return unknownKey(route);
        const group = groups.get(record.id);
        if (group === undefined) groups.set(record.id, { record, bundles: [bundle] });
        else group.bundles.push(bundle);
        return undefined;
      });
    }
    return [...groups.values()];
  }

  /** The row's conversation, or that of its message where the row names none; `undefined`: there is nothing to update. */
  async #locate(
    route: Route,
    write: Write,
    lookups: Map<string, Promise<KnownRecord | undefined>>,
  ): Promise<KnownRecord | undefined> {
    const { relations, directory } = this.#context;
    const given = write.fields.get('conversationId');
    if (typeof given === 'string') {
      const lookup = lookups.get(given) ?? relations.lookUp('conversation', given);
      lookups.set(given, lookup);
      const record = await lookup;
      if (record === undefined && route.mode !== 'update') throw unknownConversation(given);
      return record;
    }
    const kind = kindNamed('message');
    const finding = await findUnique(this.#context, { route, kind, key: write.key ?? '' });
    const message = finding.kind === 'found' ? finding.record.fields : undefined;
    const id = message && own(message, 'conversationId');
    const conversation =
      typeof id === 'string' ? await directory.find(kindNamed('conversation'), 'id', id) : undefined;
    if (conversation?.kind === 'found') return conversation.record;
    if (route.mode !== 'update') requireForCreate(route, write.fields);
    return undefined;
  }

  async #writeInto(route: Route, record: KnownRecord, bundles: readonly Bundle[]): Promise<void> {
    const conversation = await readConversation(this.#context, record);
    const drafts: Draft[] = [];
    for (const bundle of bundles) {
      await this.#attempt(route, bundle, async () => {
        if (conversation === undefined) return gone(route, bundle.write);
        const target = { route, key: bundle.key, write: bundle.write };
        const message = await draftMessage(this.#context, this.#participants, target, conversation);
        if ('outcome' in message) return message;
        drafts.push({ bundle, message });
        return undefined;
      });
    }
    for (let from = 0; from < drafts.length; from += MAX_MESSAGES_PER_PUT) {
      await this.#send(route, record, drafts.slice(from, from + MAX_MESSAGES_PER_PUT));
    }
  }

  async #send(route: Route, record: KnownRecord, drafts: readonly Draft[]): Promise<void> {
    const conversation = await readConversation(this.#context, record);
    const messages = drafts.map(({ message }) => message);
    const put = conversation && (await putMessages(this.#context, route, conversation, messages));
    for (const { bundle, message } of drafts) {
      await this.#attempt(route, bundle, async () => {
        if (put === undefined || put === 'gone') return gone(route, bundle.write);
        const { request, answer } = put;
        const { kind, changes } = message;
        if (answer.kind === 'ok') return { outcome: { kind }, request, ...(changes && { changes }) };
        if (drafts.length === 1) throw refusal(route.object, bundle.write, answer);
        // One message that Vitally refuses must not take those down that were sent along with it.
        return await this.write(route, bundle.write);
      });
    }
  }

  async #delete(route: Route, { key, write }: Bundle): Promise<Settlement> {
    const target: Target = { route, write, key, kind: kindNamed('message') };
    const finding = await findUnique(this.#context, target);
    const settled = await deleteRecord(this.#context, target);
    if (settled.outcome.kind === 'deleted' && finding.kind === 'found') {
      forgetMessage(this.#context, finding.record);
    }
    return settled;
  }

  /** Settles a bundle by what `act` returns or refuses; `undefined` leaves it for later. */
  async #attempt(route: Route, bundle: Bundle, act: () => Promise<Settlement | undefined>): Promise<void> {
    const settlement = await act().catch((error: unknown): Settlement => {
      if (error instanceof RecordError) return { outcome: { kind: 'rejected', error } };
      throw error;
    });
    if (settlement === undefined) return;
    const isOne = bundle.writes.length === 1;
    if (settlement.outcome.kind !== 'rejected' || waits(settlement) || isOne)
      return bundle.settle(settlement);
    // One bad row must not take the rows down that were folded together with it, nor overtake one that waits.
    const settlements: Settlement[] = [];
    for (const write of bundle.writes)
      settlements.push(settlements.find(waits) ?? (await this.write(route, write)));
    bundle.settleEach(settlements);
  }
}

/** What becomes of a row whose conversation vanished in the midst. */
function gone(route: Route, write: Write): Settlement {
  const given = write.fields.get('conversationId');
  if (route.mode === 'update') return unknownKey(route);
  throw unknownConversation(typeof given === 'string' ? given : (write.key ?? ''));
}

function unknownConversation(id: string): RecordError {
  return new RecordError({
    code: 'unknown_association',
    field: 'conversationId',
    message: "conversationId names a conversation that Vitally does not have, by your own id or by Vitally's",
    fix: 'Send the conversation first, or correct the id.',
    detail: `looked for conversation ${JSON.stringify(id)}`,
    missing: { object: 'conversation', id },
  });
}
