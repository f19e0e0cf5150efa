import type { JsonObject, JsonValue } from '../../json/json.ts';
import { namesGiven } from '../../mapping/names-given.ts';
import type { Route, Write } from '../../mapping/route.ts';
import type { VitallyRequest } from '../../vitally/http/answer.ts';
import { isUuid } from '../../vitally/records/paths.ts';
import type { Collection, RecordCache } from '../../vitally/records/record-cache.ts';
import type { AssociationResolver } from '../associations/resolver.ts';
import { partlyTaken, refusal } from '../refusal.ts';
import { accepted, type Result, rejected } from '../result.ts';
import type { Batcher, Taken } from './batcher.ts';
import { type Message, messagesOf } from './message.ts';
import { hasMessageNeeds, requireMessageFields } from './message-needs.ts';
import type { PendingMessages } from './pending-messages.ts';
import type { AcceptedRows } from './verify/accepted-rows.ts';

const BATCH_PATH = '/analytics/v1/batch';
const NO_ASSOCIATIONS: ReadonlyMap<string, readonly string[]> = new Map();

/** A row, and where its record is if REST can show it. */
interface MessageRow {
  readonly route: Route;
  readonly write: Write;
  readonly collection: Collection | undefined;
}

export interface AnalyticsWriterOptions {
  readonly batcher: Batcher;
  /** What REST knows of records; `undefined` without a REST token. */
  readonly recordCache: RecordCache | undefined;
  /** Where what was taken in is kept until it shows; `undefined` where nothing is read: without a REST token, in a dry run. */
  readonly pending: PendingMessages | undefined;
  readonly associations: AssociationResolver | undefined;
  /** What is read back after the last row; `undefined` where nothing is. */
  readonly acceptedRows?: AcceptedRows | undefined;
  /** In a dry run, what REST shows that a message would do; `undefined` where the message is to be sent. */
  readonly foretell?: ((route: Route, write: Write) => Promise<Result>) | undefined;
}

/** Writes rows through the Analytics API: as messages that are taken in now and applied later. */
export class AnalyticsWriter {
  readonly #options: AnalyticsWriterOptions;

  constructor(options: AnalyticsWriterOptions) {
    this.#options = options;
  }

  /**
   * @param kind where the row's record is, for those that REST can show
   * @param customObjectId Vitally's id of the custom object whose instance the row is
   * @throws RecordError for a row that is refused
   */
  async write(
    route: Route,
    write: Write,
    collection: Collection | undefined,
    customObjectId: string | undefined,
  ): Promise<Result> {
    requireMessageFields(route, write);
    const associations = this.#idsAtOnce(route, write) ?? (await this.#ownIds(route, write));
    const messages = messagesOf(route, write, associations, customObjectId);
    const { foretell } = this.#options;
    if (foretell !== undefined && collection !== undefined && write.key !== undefined) {
      const foretold = await foretell(route, write);
      if (foretold.request === undefined) return foretold;
      return { ...foretold, request: requestOf(messages) };
    }
    const { outcome, ...result } = await new Promise<Result>((end, crash) => {
      this.#send({ route, write, collection }, messages, end, crash);
    });
    if (outcome.kind === 'rejected') throw outcome.error;
    return { outcome, ...result };
  }

  /**
   * Hands a row to its batch where nothing needs to be asked first. Row after row goes this way in most runs: a promise for
   * each step of each would take more time and memory than the rows themselves.
   *
   * @param end told what became of the row, after this has returned
   * @param crash told what ends the run
   * @returns false where something needs to be asked, or the row is to be refused: {@link write} it
   */
  post(
    route: Route,
    write: Write,
    collection: Collection | undefined,
    customObjectId: string | undefined,
    end: (result: Result) => void,
    crash: (error: unknown) => void,
  ): boolean {
    if (this.#options.foretell !== undefined || !hasMessageNeeds(route, write)) return false;
    const associations = this.#idsAtOnce(route, write);
    if (associations === undefined) return false;
    const messages = messagesOf(route, write, associations, customObjectId);
    this.#send({ route, write, collection }, messages, end, crash);
    return true;
  }

  #send(
    row: MessageRow,
    messages: readonly Message[],
    end: (result: Result) => void,
    crash: (error: unknown) => void,
  ): void {
    const { route, write, collection } = row;
    const { batcher, pending } = this.#options;
    const { object } = route;
    if (object.analytics === undefined) throw new Error(`${object.name} has no Analytics message`);
    const recordId = this.#idOf(route, write, collection);
    // What is seen once the message is sent may be its doing already.
    const heldBefore = collection && pending?.held(collection, write);
    batcher.add(object.analytics.type, {
      messages,
      since: batcher.now(),
      settle: (taken) => end(this.#resultOf(row, messages, taken, recordId, heldBefore)),
      crash,
    });
  }

  #resultOf(
    { route, write, collection }: MessageRow,
    messages: readonly Message[],
    taken: Taken,
    recordId: string | undefined,
    heldBefore: JsonObject | undefined,
  ): Result {
    const { pending, recordCache, acceptedRows } = this.#options;
    const isTaken = taken.kind === 'accepted' || taken.taken.includes(true);
    // Of a row that becomes several messages some may be taken in: they are applied, whatever becomes of the row.
    if (collection !== undefined && isTaken) {
      // In this order: what was seen of the record until now is forgotten by the second.
      pending?.add(collection, route, write, taken.sentAtMs, heldBefore);
      recordCache?.markAccepted(collection, namesGiven(route, write));
    }
    if (taken.kind === 'refused') {
      if (collection !== undefined && isTaken) acceptedRows?.forget(collection, write.key ?? '');
      const { answer, alone } = taken;
      return rejected(partlyTaken(refusal(route.object, write, answer, { alone, recordId }), taken.taken));
    }
    if (collection !== undefined) acceptedRows?.add(collection, route, write, taken.sentAtMs);
    return accepted(requestOf(messages), { httpStatus: taken.httpStatus, id: recordId });
  }

  /** Vitally's id of a record that REST showed in this run. */
  #idOf({ matchOn }: Route, { key }: Write, collection: Collection | undefined): string | undefined {
    if (collection === undefined || key === undefined) return undefined;
    const known = this.#options.recordCache?.peek(collection, matchOn, key);
    return known?.kind === 'found' ? known.record.id : undefined;
  }

  /** The row's associations as {@link #ownIds} gives them; `undefined` where they must be looked up. */
  #idsAtOnce(route: Route, write: Write): ReadonlyMap<string, readonly string[]> | undefined {
    let own: Map<string, readonly string[]> | undefined;
    for (const [name, value] of write.fields) {
      const ids = associatedIds(route, name, value);
      if (ids === undefined || ids.given.length === 0) continue;
      if (this.#options.associations !== undefined) return undefined;
      own ??= new Map();
      own.set(ids.field, ids.given.length === 1 ? ids.given : [...new Set(ids.given)]);
    }
    return own ?? NO_ASSOCIATIONS;
  }

  /** The row's associations as the Analytics API takes them: the user's own ids, by message field. */
  async #ownIds(route: Route, write: Write): Promise<ReadonlyMap<string, readonly string[]>> {
    const { associations } = this.#options;
    const own = new Map<string, readonly string[]>();
    for (const [name, value] of write.fields) {
      const field = route.object.fields[name];
      const associated = associatedIds(route, name, value);
      if (field === undefined || associated === undefined) continue;
      const ids = await Promise.all(
        associated.given.map((id) => associations?.ownId(route, name, field, id, isUuid(id)) ?? id),
      );
      if (ids.length > 0) own.set(associated.field, [...new Set(ids)]);
    }
    return own;
  }
}

/** The ids that a field of a row gives and the message's field for them; `undefined` where it is no association. */
function associatedIds(
  { object }: Route,
  name: string,
  value: JsonValue,
): { readonly field: string; readonly given: readonly string[] } | undefined {
  const field = object.fields[name];
  if (field?.analyticsField === undefined) return undefined;
  if (field.type !== 'ids' && field.association === undefined) return undefined;
  const given =
    typeof value === 'string'
      ? [value]
      : [value]
          .flat()
          .filter((id) => id !== null)
          .map(String);
  return { field: field.analyticsField, given };
}

/** The request of one row, made when its fate is known: before, it would be a second text of the row that is held. */
function requestOf(messages: readonly Message[]): VitallyRequest {
  return { method: 'POST', path: BATCH_PATH, body: `[${messages.map((message) => message.text).join(',')}]` };
}
