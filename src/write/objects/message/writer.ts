import { RecordError } from '../../../errors/record-error.ts';
import { own } from '../../../json/guards.ts';
import type { Route, Write } from '../../../mapping/route.ts';
import type { KnownRecord } from '../../../vitally/records/known-record.ts';
import type { People } from '../../associations/people.ts';
import { collectionNamed } from '../../collection-named.ts';
import { refusal } from '../../refusal.ts';
import { requireForCreate } from '../../rest/body.ts';
import type { RestContext, Target } from '../../rest/context.ts';
import { deleteRecord } from '../../rest/delete.ts';
import { findUnique, unknownKey } from '../../rest/find.ts';
import { outcomeOf, type Result, written } from '../../result.ts';
import { forgetMessage, readConversation } from '../conversation/messages.ts';
import { draftMessage, type MessageDraft, putMessages } from './put.ts';
import { type Bundle, resultsOf, roundsOf, waits } from './same-key-rows.ts';

/** Messages that a PUT of their conversation carries; Vitally documents no limit. */
const MAX_MESSAGES_PER_PUT = 100;

interface Draft {
  readonly bundle: Bundle;
  readonly message: MessageDraft;
}

/**
 * Writes messages through their conversation: those of one conversation that wait together take one read of it and
 * one PUT. There is no PUT of a message, and a POST that is repeated because its answer was lost might make a second
 * one (vitally-api.md, "Messages").
 */
export class MessageWriter {
  readonly #context: RestContext;
  readonly #participants: People;

  constructor(context: RestContext, participants: People) {
    this.#context = context;
    this.#participants = participants;
  }

  async write(route: Route, write: Write): Promise<Result> {
    const [result] = await this.writeGroup(route, [write]);
    if (result === undefined) throw new Error('a message was left without an outcome');
    return result;
  }

  /**
   * Writes rows to an outcome each, a refusal among them. Rows of one key that want for the same user or conversation
   * are refused together, so that they wait together.
   */
  async writeGroup(route: Route, writes: readonly Write[]): Promise<Result[]> {
    const rounds = roundsOf(route, writes);
    const waiting = new Map<string, Result>();
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
    return resultsOf(rounds.flat(), writes);
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
    const { relations, recordCache } = this.#context;
    const given = write.fields.get('conversationId');
    if (typeof given === 'string') {
      const lookup = lookups.get(given) ?? relations.lookUp('conversation', given);
      lookups.set(given, lookup);
      const record = await lookup;
      if (record === undefined && route.mode !== 'update') throw unknownConversation(given);
      return record;
    }
    const collection = collectionNamed('message');
    const finding = await findUnique(this.#context, { route, collection, key: write.key ?? '' });
    const message = finding.kind === 'found' ? finding.record.fields : undefined;
    const id = message && own(message, 'conversationId');
    const conversation =
      typeof id === 'string' ? await recordCache.find(collectionNamed('conversation'), 'id', id) : undefined;
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
        if (answer.kind === 'ok') return written(kind === 'created', request, changes);
        if (drafts.length === 1) throw refusal(route.object, bundle.write, answer);
        // One message that Vitally refuses must not take those down that were sent along with it.
        return await this.write(route, bundle.write);
      });
    }
  }

  async #delete(route: Route, { key, write }: Bundle): Promise<Result> {
    const target: Target = { route, write, key, collection: collectionNamed('message') };
    const finding = await findUnique(this.#context, target);
    const settled = await deleteRecord(this.#context, target);
    if (settled.outcome.kind === 'deleted' && finding.kind === 'found') {
      forgetMessage(this.#context, finding.record);
    }
    return settled;
  }

  /** Settles a bundle by what `act` returns or refuses; `undefined` leaves it for later. */
  async #attempt(route: Route, bundle: Bundle, act: () => Promise<Result | undefined>): Promise<void> {
    const result = await outcomeOf(act);
    if (result === undefined) return;
    const isOne = bundle.writes.length === 1;
    if (result.outcome.kind !== 'rejected' || waits(result) || isOne) return bundle.settle(result);
    // One bad row must not take the rows down that were folded together with it, nor overtake one that waits.
    const results: Result[] = [];
    for (const write of bundle.writes) results.push(results.find(waits) ?? (await this.write(route, write)));
    bundle.settleEach(results);
  }
}

/** What becomes of a row whose conversation vanished in the midst. */
function gone(route: Route, write: Write): Result {
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
