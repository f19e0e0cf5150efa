import { RecordError } from '../../../errors/record-error.ts';
import { own } from '../../../json/guards.ts';
import type { Route, Write } from '../../../mapping/route.ts';
import type { KnownRecord } from '../../../vitally/records/known-record.ts';
import { collectionNamed } from '../../collection-named.ts';
import { refusal } from '../../refusal.ts';
import { requireForCreate } from '../../rest/body.ts';
import type { Target, WriteContext } from '../../rest/context.ts';
import { deleteRecord } from '../../rest/delete.ts';
import { findUnique, unknownKey } from '../../rest/find.ts';
import { outcomeOf, type Result, type Sent, written } from '../../result.ts';
import { forgetMessage, readConversation } from '../conversation/messages.ts';
import { type CoalescedRows, resultsOf, roundsOf, waits } from './coalesced-rows.ts';
import { draftMessage, type MessageDraft, putMessages } from './put.ts';

/** Messages that a PUT of their conversation carries; Vitally documents no limit. */
const MAX_MESSAGES_PER_PUT = 100;

interface Draft {
  readonly rows: CoalescedRows;
  readonly message: MessageDraft;
}

/**
 * Writes messages through their conversation: those of one conversation that wait together take one read of it and
 * one PUT. There is no PUT of a message, and a POST that is repeated because its answer was lost might make a second
 * one (vitally-api.md, "Messages").
 *
 * Rows of one key that lack the same user or conversation are rejected together, so that they wait together.
 */
export async function writeMessages(
  context: WriteContext,
  route: Route,
  writes: readonly Write[],
): Promise<Result[]> {
  return await new MessageWriter(context, route).write(writes);
}

/** Writes a message on its own. */
export async function writeMessage(context: WriteContext, { route, write }: Target): Promise<Result> {
  return await new MessageWriter(context, route).writeOne(write);
}

/** Writes messages of one stream. */
class MessageWriter {
  readonly #context: WriteContext;
  readonly #route: Route;

  constructor(context: WriteContext, route: Route) {
    this.#context = context;
    this.#route = route;
  }

  async write(writes: readonly Write[]): Promise<Result[]> {
    const rounds = roundsOf(this.#route, writes);
    const waiting = new Map<string, Result>();
    for (const round of rounds) {
      // A row must not overtake one of its key that waits.
      for (const rows of round) {
        const before = waiting.get(rows.key);
        if (before !== undefined) rows.settle(before);
      }
      await this.#writeRound(round.filter(({ key }) => !waiting.has(key)));
      for (const rows of round) if (rows.waiting !== undefined) waiting.set(rows.key, rows.waiting);
    }
    return resultsOf(rounds.flat(), writes);
  }

  async writeOne(write: Write): Promise<Result> {
    const [result] = await this.write([write]);
    if (result === undefined) throw new Error('a message was left without an outcome');
    return result;
  }

  async #writeRound(round: readonly CoalescedRows[]): Promise<void> {
    if (this.#route.mode === 'delete') {
      for (const rows of round) await this.#attempt(rows, () => this.#delete(rows));
      return;
    }
    for (const { record, together } of await this.#byConversation(round)) {
      await this.#writeInto(record, together);
    }
  }

  async #byConversation(
    round: readonly CoalescedRows[],
  ): Promise<readonly { readonly record: KnownRecord; readonly together: readonly CoalescedRows[] }[]> {
    const conversations = new Map<string, { record: KnownRecord; together: CoalescedRows[] }>();
    const lookups = new Map<string, Promise<KnownRecord | undefined>>();
    for (const rows of round) {
      await this.#attempt(rows, async () => {
        const record = await this.#locate(rows.write, lookups);
        if (record === undefined) return unknownKey(this.#route);
        const known = conversations.get(record.id);
        if (known === undefined) conversations.set(record.id, { record, together: [rows] });
        else known.together.push(rows);
        return undefined;
      });
    }
    return [...conversations.values()];
  }

  /** The row's conversation, or that of its message where the row names none; `undefined`: there is nothing to update. */
  async #locate(
    write: Write,
    lookups: Map<string, Promise<KnownRecord | undefined>>,
  ): Promise<KnownRecord | undefined> {
    const route = this.#route;
    const { associations, recordCache } = this.#context;
    const given = write.fields.get('conversationId');
    if (typeof given === 'string') {
      const lookup = lookups.get(given) ?? associations.lookUp('conversation', given);
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

  async #writeInto(record: KnownRecord, together: readonly CoalescedRows[]): Promise<void> {
    const conversation = await readConversation(this.#context, record);
    const drafts: Draft[] = [];
    for (const rows of together) {
      await this.#attempt(rows, async () => {
        if (conversation === undefined) return gone(this.#route, rows.write);
        const target = { route: this.#route, key: rows.key, write: rows.write };
        const message = await draftMessage(this.#context, target, conversation);
        if ('outcome' in message) return message;
        drafts.push({ rows, message });
        return undefined;
      });
    }
    for (let from = 0; from < drafts.length; from += MAX_MESSAGES_PER_PUT) {
      await this.#send(record, drafts.slice(from, from + MAX_MESSAGES_PER_PUT));
    }
  }

  async #send(record: KnownRecord, drafts: readonly Draft[]): Promise<void> {
    const conversation = await readConversation(this.#context, record);
    const messages = drafts.map(({ message }) => message);
    const put = conversation && (await putMessages(this.#context, this.#route, conversation, messages));
    for (const { rows, message } of drafts) {
      await this.#attempt(rows, async () => {
        if (put === undefined) return gone(this.#route, rows.write);
        if ('gone' in put) return gone(this.#route, rows.write, put.gone);
        const { request, answer } = put;
        const { kind, changes, id = this.#idOf(rows.key) } = message;
        if (answer.kind === 'ok')
          return written(kind === 'created', request, { httpStatus: answer.status, id, changes });
        if (drafts.length === 1) throw refusal(this.#route.object, rows.write, answer, { recordId: id });
        // One message that Vitally refuses must not take those down that were sent along with it.
        return await this.writeOne(rows.write);
      });
    }
  }

  /** Vitally's id of a message that was made a moment ago. */
  #idOf(externalId: string): string | undefined {
    const known = this.#context.recordCache.peek(collectionNamed('message'), 'externalId', externalId);
    return known?.kind === 'found' ? known.record.id : undefined;
  }

  async #delete({ key, write }: CoalescedRows): Promise<Result> {
    const target: Target = { route: this.#route, write, key, collection: collectionNamed('message') };
    const finding = await findUnique(this.#context, target);
    const settled = await deleteRecord(this.#context, target);
    if (settled.outcome.kind === 'deleted' && finding.kind === 'found') {
      forgetMessage(this.#context, finding.record);
    }
    return settled;
  }

  /** Settles rows by what `act` returns, or throws as their rejection; `undefined` leaves them for later. */
  async #attempt(rows: CoalescedRows, act: () => Promise<Result | undefined>): Promise<void> {
    const done = await outcomeOf(act);
    if (done === undefined) return;
    const result = this.#context.associations.leftOut.toldBy(done, rows.write);
    const isOne = rows.writes.length === 1;
    if (result.outcome.kind !== 'rejected' || waits(result) || isOne) return rows.settle(result);
    // One bad row must not take the rows down that were coalesced with it, nor overtake one that waits.
    const results: Result[] = [];
    for (const write of rows.writes) results.push(results.find(waits) ?? (await this.writeOne(write)));
    rows.settleEach(results);
  }
}

/** What becomes of a row whose conversation vanished in the midst. */
function gone(route: Route, write: Write, told?: Sent): Result {
  const given = write.fields.get('conversationId');
  if (route.mode === 'update') return unknownKey(route, told);
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
