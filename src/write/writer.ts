import { RecordError } from '../errors/record-error.ts';
import { isValueNestedWithin } from '../json/nesting.ts';
import { sufficesToCreate } from '../mapping/merge-writes.ts';
import type { Route, Write } from '../mapping/route.ts';
import { nameOf } from '../report/summary.ts';
import { countingReads, readingFor } from '../vitally/http/read-scope.ts';
import { isArchived } from '../vitally/records/known-record.ts';
import type { Collection } from '../vitally/records/record-cache.ts';
import { isExpressible, requireExpressible } from './analytics/inexpressible.ts';
import { type Emptied, isHeld, needsRest, nullsOf, withoutNulls } from './analytics/needs-rest.ts';
import type { AnalyticsWriter } from './analytics/writer.ts';
import type { Firewall } from './firewall.ts';
import { groupWriterOf, twoApiWriterOf, writeByRest } from './objects/index.ts';
import type { Apis } from './objects/object-writer.ts';
import { changesNothing } from './rest/changes.ts';
import { collectionOf, customObjectId, restOf } from './rest/find.ts';
import { outcomeOf, type Result, rejected } from './result.ts';
import { StreamUse } from './stream-use.ts';

/** Deeper values can be read but not written: writing JSON is recursive, and overflows the stack at thousands of levels. */
const MAX_SENT_LEVELS = 1_000;

/** What a message is made with beside its row. */
interface PlainMessage {
  /** Where the row's record is, for those that REST can show. */
  readonly collection: Collection | undefined;
  readonly customObject: string | undefined;
}

const NOWHERE: PlainMessage = { collection: undefined, customObject: undefined };

export interface WriterOptions {
  readonly apis: Apis;
  readonly analytics: AnalyticsWriter | undefined;
  readonly warn: (message: string) => Promise<void>;
  /** Called for each row that REST wrote. */
  readonly firewall?: Firewall;
  /** Told what rows read, and which API carries them. */
  readonly use?: StreamUse;
}

/** Writes a row by the API that suits it, and gives what became of it. */
export class Writer {
  readonly #options: WriterOptions;
  readonly #use: StreamUse;
  readonly #said = new Set<string>();

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#use = options.use ?? new StreamUse();
  }

  /** A rejection is an outcome. Anything that this throws ends the run. */
  async write(route: Route, write: Write): Promise<Result> {
    if (isTooDeep(write)) return rejected(tooDeep());
    const { reads } = this.#use.of(route);
    const result = await countingReads(reads, 'known', () =>
      outcomeOf(() => this.#byTransport(route, write)),
    );
    this.#noteDone(result);
    return this.#options.apis.rest?.associations.leftOut.toldBy(result, write) ?? result;
  }

  /**
   * Hands a row to its batch where it is a plain message about which nothing needs to be asked, as most rows of Analytics
   * routes are.
   *
   * @param end told what became of the row, after this has returned
   * @param crash told what ends the run
   * @returns false for any other row: {@link write} it
   */
  post(route: Route, write: Write, end: (result: Result) => void, crash: (error: unknown) => void): boolean {
    const { analytics } = this.#options;
    const message = analytics && this.#plainMessage(route, write);
    if (message === undefined) return false;
    const { collection, customObject } = message;
    if (!analytics?.post(route, write, collection, customObject, end, crash)) return false;
    this.#use.of(route).carriers.add('analytics');
    return true;
  }

  /** What a row's message is made with; `undefined` where that must be asked for, or the row is none or is refused. */
  #plainMessage(route: Route, write: Write): PlainMessage | undefined {
    const { rest } = this.#options.apis;
    if (route.transport !== 'analytics' || twoApiWriterOf(route.object.name) !== undefined) return undefined;
    if (isTooDeep(write) || nullsOf(write) !== undefined) return undefined;
    if (rest === undefined) {
      const { customObject } = route;
      return isExpressible(route, write) ? { collection: undefined, customObject } : undefined;
    }
    if (route.customObject !== undefined) return undefined;
    if (route.object.rest === undefined || write.key === undefined) return NOWHERE;
    const collection = restOf(route);
    const isThere = rest.recordCache.wasAccepted(collection, route.matchOn, write.key);
    if (needsRest(route, write, isThere)) return undefined;
    if (isHeld(rest.recordCache, collection, route, write)) return undefined;
    return { collection, customObject: undefined };
  }

  /** Writes rows together; each has an outcome of its own. */
  async writeGroup(route: Route, writes: readonly Write[]): Promise<Result[]> {
    const { rest } = this.#options.apis;
    const writeTogether = groupWriterOf(route.object.name);
    if (route.transport === 'rest' && rest !== undefined && writeTogether !== undefined) {
      const { reads, carriers } = this.#use.of(route);
      carriers.add('rest');
      const together = await countingReads(reads, 'known', () => writeTogether(rest, route, writes));
      for (const result of together) this.#noteDone(result);
      return together;
    }
    const results: Result[] = [];
    for (const write of writes) results.push(await this.write(route, write));
    return results;
  }

  #noteDone({ outcome }: Result): void {
    // That the Analytics API took a row in says nothing about REST.
    if (outcome.kind !== 'rejected' && outcome.kind !== 'accepted') this.#options.firewall?.rowDone();
  }

  async #byTransport(route: Route, write: Write): Promise<Result> {
    const { apis } = this.#options;
    const { rest } = apis;
    const writeByTwo = twoApiWriterOf(route.object.name);
    if (writeByTwo !== undefined) {
      this.#use.of(route).carriers.add(route.transport);
      return await writeByTwo(apis, route, write);
    }
    if (route.transport === 'rest') {
      return await this.#byRest(route, write);
    }
    if (rest === undefined) {
      requireExpressible(route, write);
      await this.#warnOfNulls(route, write);
      return await this.#byMessage(route, write, undefined, route.customObject);
    }
    const { recordCache, named, pending } = rest;
    const customObject =
      route.customObject === undefined ? undefined : await customObjectId(route, route.customObject, named);
    if (route.object.rest === undefined || write.key === undefined) {
      return await this.#byMessage(route, write, undefined, customObject);
    }
    const collection = await collectionOf(route, named);
    // A record that this run wrote by messages goes on by messages: a REST write would wait until they show.
    const handedOver = recordCache.wasAccepted(collection, route.matchOn, write.key);
    const isThere = handedOver || (await this.#isThere(collection, route, write));
    if (needsRest(route, write, isThere)) return await this.#byRest(route, write);
    if (isHeld(recordCache, collection, route, write)) return await this.#byRest(route, write);
    const emptied = nullsOf(write);
    if (emptied === undefined) return await this.#byMessage(route, write, collection, customObject);
    // Only REST documents that null removes a trait.
    const isToCome = pending.fillsAny(collection, write.key, emptied);
    if (isToCome || (await this.#holdsAny(collection, route, write.key, emptied)))
      return await this.#byRest(route, write);
    return await this.#byMessage(route, withoutNulls(write), collection, customObject);
  }

  /**
   * Whether the record is there of a row that lacks what creation needs, and that could be a message if it is. Lists tell
   * where many rows ask.
   */
  async #isThere(collection: Collection, route: Route, write: Write): Promise<boolean> {
    const { rest } = this.#options.apis;
    if (rest === undefined || write.key === undefined) return false;
    if (sufficesToCreate(route, write) || needsRest(route, write, true)) return false;
    const finding = await rest.recordCache.find(collection, 'externalId', write.key, 'values', 'list');
    return finding.kind === 'found' && !isArchived(finding.record.fields);
  }

  /** Messages are applied later: so a REST write of the same record waits until they show. */
  async #byRest(route: Route, write: Write): Promise<Result> {
    const { rest } = this.#options.apis;
    if (rest === undefined) throw new Error(`${route.stream} goes by REST, and there is no REST writer`);
    this.#use.of(route).carriers.add('rest');
    if (route.object.analytics !== undefined && write.key !== undefined) {
      await rest.pending.untilShown(await collectionOf(route, rest.named), route.matchOn, write.key);
    }
    return await writeByRest(rest, route, write);
  }

  async #byMessage(
    route: Route,
    write: Write,
    collection: Collection | undefined,
    customObject: string | undefined,
  ): Promise<Result> {
    const { analytics } = this.#options;
    if (analytics === undefined)
      throw new Error(`${route.stream} goes by Analytics, and there is no Analytics writer`);
    this.#use.of(route).carriers.add('analytics');
    return await analytics.write(route, write, collection, customObject);
  }

  /** Whether the record holds anything that the row empties. */
  async #holdsAny(collection: Collection, route: Route, key: string, emptied: Emptied): Promise<boolean> {
    const finding = await readingFor('nulls', async () =>
      this.#options.apis.rest?.recordCache.find(collection, 'externalId', key, 'values', 'list'),
    );
    return finding?.kind === 'found' && changesNothing(route.object, finding.record, emptied) === false;
  }

  /**
   * Warns once a stream: without a REST token it is not sure that a null empties what Vitally holds, and sure that it
   * doesn't where no message can have it.
   */
  async #warnOfNulls(route: Route, write: Write): Promise<void> {
    const emptied = nullsOf(write);
    if (emptied === undefined) return;
    const unsent = [...emptied.fields.keys()].filter((name) => route.object.fields[name]?.onlyNull === true);
    if (unsent.length > 0) {
      await this.#warnOnce(
        `stream ${nameOf(route)} has rows with null in ${unsent.join(', ')}, which the Analytics API does not take: ` +
          `what Vitally holds there stays; add a rest_api_token to have it emptied`,
      );
    }
    if (unsent.length === emptied.fields.size + emptied.traits.size) return;
    await this.#warnOnce(
      `stream ${nameOf(route)} has rows with null columns: whether the Analytics API empties what Vitally holds is not ` +
        'documented; add a rest_api_token to have it emptied for sure, or set nulls to keep',
    );
  }

  async #warnOnce(message: string): Promise<void> {
    if (this.#said.has(message)) return;
    this.#said.add(message);
    await this.#options.warn(message);
  }
}

function isTooDeep({ fields, traits }: Write): boolean {
  for (const values of [fields, traits]) {
    for (const value of values.values()) if (!isValueNestedWithin(value, MAX_SENT_LEVELS)) return true;
  }
  return false;
}

function tooDeep(): RecordError {
  return new RecordError({
    code: 'too_large',
    message: 'a value is nested too deeply to be sent',
    fix: `Flatten or leave out the column that is nested more than ${MAX_SENT_LEVELS} levels deep.`,
  });
}
