import { isGivenField } from '../../mapping/merge-writes.ts';
import { namesGiven } from '../../mapping/names-given.ts';
import type { Route, Write } from '../../mapping/route.ts';
import { isUuid } from '../../vitally/records/paths.ts';
import type { Collection, RecordCache } from '../../vitally/records/record-cache.ts';
import type { AssociationResolver } from '../associations/resolver.ts';
import { partlyTaken, refusal } from '../refusal.ts';
import { requireGroups } from '../rest/body.ts';
import { accepted, type Result } from '../result.ts';
import type { Batcher } from './batcher.ts';
import { messagesOf } from './message.ts';
import type { PendingMessages } from './pending-messages.ts';
import type { AcceptedRows } from './verify/accepted-rows.ts';

const BATCH_PATH = '/analytics/v1/batch';

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
    const { object } = route;
    if (object.analytics === undefined) throw new Error(`${object.name} has no Analytics message`);
    requireMessageFields(route, write);
    const associations = await this.#ownIds(route, write);
    const messages = messagesOf(route, write, associations, customObjectId);
    const body = `[${messages.map((message) => message.text)}]`;
    const request = { method: 'POST', path: BATCH_PATH, body } as const;
    const { foretell } = this.#options;
    if (foretell !== undefined && collection !== undefined && write.key !== undefined) {
      const foretold = await foretell(route, write);
      return foretold.request === undefined ? foretold : { ...foretold, request };
    }
    const recordId = this.#idOf(route, write, collection);
    // What is seen once the message is sent may be its doing already.
    const heldBefore = collection && this.#options.pending?.held(collection, write);
    const taken = await this.#options.batcher.write(object.analytics.type, messages);
    const isTaken = taken.kind === 'accepted' || taken.taken.includes(true);
    // Of a row that becomes several messages some may be taken in: they are applied, whatever becomes of the row.
    if (collection !== undefined && isTaken) {
      // In this order: what was seen of the record until now is forgotten by the second.
      this.#options.pending?.add(collection, route, write, taken.sentAtMs, heldBefore);
      this.#options.recordCache?.markAccepted(collection, namesGiven(route, write));
    }
    if (taken.kind === 'refused') {
      if (collection !== undefined && isTaken)
        this.#options.acceptedRows?.forget(collection, write.key ?? '');
      const { answer, alone } = taken;
      throw partlyTaken(refusal(object, write, answer, { alone, recordId }), taken.taken);
    }
    if (collection !== undefined) this.#options.acceptedRows?.add(collection, route, write, taken.sentAtMs);
    return accepted(request, { httpStatus: taken.httpStatus, id: recordId });
  }

  /** Vitally's id of a record that REST showed in this run. */
  #idOf({ matchOn }: Route, { key }: Write, collection: Collection | undefined): string | undefined {
    if (collection === undefined || key === undefined) return undefined;
    const known = this.#options.recordCache?.peek(collection, matchOn, key);
    return known?.kind === 'found' ? known.record.id : undefined;
  }

  /** The row's associations as the Analytics API takes them: the user's own ids, by message field. */
  async #ownIds(route: Route, write: Write): Promise<Map<string, readonly string[]>> {
    const { associations } = this.#options;
    const own = new Map<string, readonly string[]>();
    for (const [name, value] of write.fields) {
      const field = route.object.fields[name];
      if (field?.analyticsField === undefined) continue;
      if (field.type !== 'ids' && field.association === undefined) continue;
      const given = (Array.isArray(value) ? value : [value]).filter((id) => id !== null).map(String);
      const ids = await Promise.all(
        given.map((id) => associations?.ownId(route, name, field, id, isUuid(id)) ?? id),
      );
      if (ids.length > 0) own.set(field.analyticsField, [...new Set(ids)]);
    }
    return own;
  }
}

/** The required fields that every message needs: all of an event's; of a record, which may exist already, its parents. */
export function messageNeeds({ object }: Route): (readonly string[])[] {
  const groups = object.requiredToCreate.map((group) => (typeof group === 'string' ? [group] : group));
  if (object.rest === undefined) return groups;
  return groups.filter((group) => group.some((name) => object.fields[name]?.association !== undefined));
}

export function hasMessageNeeds(route: Route, write: Write): boolean {
  return messageNeeds(route).every((group) => group.some((name) => isGivenField(write.fields.get(name))));
}

function requireMessageFields(route: Route, write: Write): void {
  requireGroups(route, messageNeeds(route), write.fields);
}
