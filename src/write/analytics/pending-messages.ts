import { RecordError } from '../../errors/record-error.ts';
import { own } from '../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../json/json.ts';
import type { Route, Write } from '../../mapping/route.ts';
import type { KnownRecord } from '../../vitally/records/known-record.ts';
import { LruMap } from '../../vitally/records/lru.ts';
import type { Collection, Finding, LookupBy, RecordCache } from '../../vitally/records/record-cache.ts';
import { nameKey } from '../../vitally/records/record-names.ts';
import { MAX_VISIBILITY_MS, waitsUntil } from '../memberships/visibility.ts';
import { type Said, showsMessage } from './shows-message.ts';

/** Records whose messages are remembered. */
const MAX_PENDING = 100_000;
/** Characters of what messages said. Where that is forgotten, REST must show that the record was changed since. */
const MAX_PENDING_CHARACTERS = 4 * 1024 * 1024;

/** How far what is known of Vitally's clock may be off: its answers name whole seconds. */
const CLOCK_ERROR_MS = 1_000;

/** Times of a record's messages that REST was not seen to show. */
interface Times {
  /** On Vitally's clock: when the last of them was sent. */
  readonly sentAtMs: number;
  /** Between the first of them and the last. */
  readonly spanMs: number;
  /** On the own clock: when the last of them was taken in. */
  readonly acceptedAtMs: number;
  /** `updatedAt` before the first of them, where it was known. */
  readonly updatedBefore: JsonValue | undefined;
  /** What it held before the first of them, where that was known. */
  readonly heldBefore: JsonObject | undefined;
}

export interface PendingMessagesOptions {
  readonly recordCache: RecordCache;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Waits; rejects when the run is stopped. */
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * Messages that the Analytics API took in and that REST may not show yet. A REST write of the same record waits until they
 * show (Contract 8): else they would overwrite it, or it would be decided by values that they are about to change, or
 * they would bring back a record that it deleted.
 *
 * Only the row in a record's lane adds to what is kept of that record, or removes it: so nothing changes while that row
 * waits.
 */
export class PendingMessages {
  readonly #options: PendingMessagesOptions;
  readonly #times = new LruMap<string, Times>(MAX_PENDING);
  readonly #said = new LruMap<string, Said>(
    MAX_PENDING_CHARACTERS,
    ({ fields, traits }) => JSON.stringify([...fields, ...traits]).length,
  );
  /** Paths of the collections that have messages pending: rows of others need not ask for their record. */
  readonly #paths = new Set<string>();

  constructor(options: PendingMessagesOptions) {
    this.#options = options;
  }

  /** What the record of a row is known to hold before its message is sent; `undefined` where nothing is known. */
  held(collection: Collection, { key }: Write): JsonObject | undefined {
    const known =
      key === undefined ? undefined : this.#options.recordCache.peek(collection, 'externalId', key);
    return known?.kind === 'found' ? known.record.fields : undefined;
  }

  /** Vitally took the row's message in; `sentAtMs` is on Vitally's clock. Call this before the record cache is told. */
  add(collection: Collection, route: Route, write: Write, sentAtMs: number, heldBefore?: JsonObject): void {
    const { now } = this.#options;
    if (write.key === undefined) return;
    const name = nameKey(collection, 'externalId', write.key);
    const before = this.#times.get(name);
    this.#paths.add(collection.path);
    this.#times.set(name, {
      sentAtMs,
      spanMs: before === undefined ? 0 : before.spanMs + Math.max(0, sentAtMs - before.sentAtMs),
      acceptedAtMs: now(),
      updatedBefore: before === undefined ? heldBefore && own(heldBefore, 'updatedAt') : before.updatedBefore,
      heldBefore: before === undefined ? heldBefore : before.heldBefore,
    });
    const said = this.#said.get(name);
    // Part of what was said would not do: it must all show.
    if (before !== undefined && said === undefined) return;
    this.#said.set(name, {
      object: route.object,
      fields: new Map([...(said?.fields ?? []), ...write.fields]),
      traits: new Map([...(said?.traits ?? []), ...write.traits]),
    });
  }

  /** Whether messages that REST may not show yet fill any of what a row of the same record empties. */
  fillsAny(collection: Collection, externalId: string, emptied: Pick<Write, 'fields' | 'traits'>): boolean {
    const name = nameKey(collection, 'externalId', externalId);
    const said = this.#said.get(name);
    if (said === undefined) return this.#times.get(name) !== undefined;
    const fills = (given: ReadonlyMap<string, JsonValue>, names: Iterable<string>): boolean =>
      [...names].some((each) => (given.get(each) ?? null) !== null);
    return fills(said.fields, emptied.fields.keys()) || fills(said.traits, emptied.traits.keys());
  }

  /** Until when, on the own clock, a record of this key may still appear; `undefined` where no message for it was taken in. */
  deadlineOf(collection: Collection, by: LookupBy, value: string): number | undefined {
    const externalId = this.#options.recordCache.acceptedAs(collection, by, value) ?? value;
    const times = this.#times.get(nameKey(collection, 'externalId', externalId));
    return times && times.acceptedAtMs + MAX_VISIBILITY_MS;
  }

  /** The record of this id for which a message was taken in, once REST shows it; `undefined` where it never does. */
  async untilThere(collection: Collection, id: string): Promise<KnownRecord | undefined> {
    const { recordCache, now, sleep } = this.#options;
    const deadlineMs = this.deadlineOf(collection, 'either', id);
    if (deadlineMs === undefined) return undefined;
    const externalId = recordCache.acceptedAs(collection, 'either', id) ?? id;
    // It was not there under this id a moment ago; under its other name it may be.
    if (externalId !== id) {
      const finding = await recordCache.find(collection, 'externalId', externalId);
      if (finding.kind === 'found') return finding.record;
    }
    for (const waitMs of waitsUntil(deadlineMs, now)) {
      await sleep(waitMs);
      const finding = await recordCache.ask(collection, 'externalId', externalId);
      if (finding.kind === 'found') return finding.record;
    }
    return undefined;
  }

  /**
   * Resolves when REST shows what the messages of this record said, or a change of it after them. Throws
   * {@link RecordError} `unsure` where it doesn't within five minutes of the last of them.
   */
  async untilShown(collection: Collection, by: LookupBy, value: string): Promise<void> {
    const { recordCache, now, sleep } = this.#options;
    if (!this.#paths.has(collection.path)) return;
    const externalId = await this.#externalIdOf(collection, by, value);
    if (externalId === undefined) return;
    const name = nameKey(collection, 'externalId', externalId);
    const times = this.#times.get(name);
    if (times === undefined) return;
    const sight = new Sight(times, now);
    // What the cache holds was seen after the last message: a message makes the cache forget the record.
    let finding = await recordCache.find(collection, 'externalId', externalId, 'fields');
    const waits = waitsUntil(times.acceptedAtMs + MAX_VISIBILITY_MS, now);
    for (;;) {
      const shown = await this.#isShown(name, times, finding, sight);
      if (shown === 'yes') break;
      const { value: waitMs } = waits.next();
      // Then the messages were applied long ago, or Vitally doesn't touch a record that they would not change.
      if (waitMs === undefined && shown === 'as it may have been') break;
      if (waitMs === undefined) throw notShown();
      await sleep(waitMs);
      finding = await recordCache.ask(collection, 'externalId', externalId);
    }
    this.#times.delete(name);
    this.#said.delete(name);
  }

  /**
   * That the record holds the values proves nothing where it held them before the messages: these may still be to come,
   * and would undo what is written meanwhile.
   */
  async #isShown(name: string, { heldBefore }: Times, finding: Finding, sight: Sight): Promise<Shown> {
    if (finding.kind !== 'found' || finding.record.fields === undefined) return sight.sawOtherwise();
    const { fields } = finding.record;
    if (sight.changedSince(fields)) return 'yes';
    const said = this.#said.get(name);
    if (said === undefined) return 'no';
    const { recordCache } = this.#options;
    if (!(await showsMessage(recordCache, said, fields))) return sight.sawOtherwise();
    if (heldBefore === undefined) return sight.mayHaveHeldBefore(fields) ? 'as it may have been' : 'yes';
    return (await showsMessage(recordCache, said, heldBefore)) ? 'no' : 'yes';
  }

  async #externalIdOf(collection: Collection, by: LookupBy, value: string): Promise<string | undefined> {
    if (by === 'externalId') return value;
    const { recordCache } = this.#options;
    const accepted = recordCache.acceptedAs(collection, by, value);
    if (accepted !== undefined) return accepted;
    const finding = await recordCache.find(collection, by, value);
    return finding.kind === 'found' ? finding.record.externalId : by === 'either' ? value : undefined;
  }
}

/** Whether REST shows that messages were applied; or only that the record is as they say, which it may have been before. */
type Shown = 'yes' | 'no' | 'as it may have been';

/**
 * Watches a record's `updatedAt`. Where it is later than the last message was sent, that message was applied, or one
 * before it. All are applied with the same delay: so the last one is applied when nothing has changed for as long as the
 * first and the last are apart.
 */
class Sight {
  readonly #times: Times;
  readonly #now: () => number;
  #seen: JsonValue | undefined;
  #seenAtMs = 0;
  #sawOtherwise = false;

  constructor(times: Times, now: () => number) {
    this.#times = times;
    this.#now = now;
  }

  changedSince(fields: JsonObject): boolean {
    const { sentAtMs, spanMs, updatedBefore } = this.#times;
    const updatedAt = own(fields, 'updatedAt');
    if (updatedAt !== this.#seen) {
      this.#seen = updatedAt;
      this.#seenAtMs = this.#now();
    }
    if (typeof updatedAt !== 'string' || updatedAt === updatedBefore) return false;
    // Of a record that was known, any later time is a change: what this run writes is known.
    const sinceMs = updatedBefore === undefined ? sentAtMs : sentAtMs - CLOCK_ERROR_MS;
    return Date.parse(updatedAt) > sinceMs && this.#now() - this.#seenAtMs >= spanMs;
  }

  /** The record was looked at after the last message, and did not hold what they say: once it does, they were applied. */
  sawOtherwise(): 'no' {
    this.#sawOtherwise = true;
    return 'no';
  }

  /**
   * Whether a record that holds what the messages say, and of which nothing was known before, may have held it before them.
   * What this run writes is known: so a change within a second of the message is the message's.
   */
  mayHaveHeldBefore(fields: JsonObject): boolean {
    const updatedAt = own(fields, 'updatedAt');
    if (this.#sawOtherwise || typeof updatedAt !== 'string') return false;
    return Date.parse(updatedAt) < this.#times.sentAtMs - CLOCK_ERROR_MS;
  }
}

function notShown(): RecordError {
  return new RecordError({
    code: 'unsure',
    message:
      'an earlier row of this record went to the Analytics API, and after five minutes REST does not show that Vitally applied it: written now, this row might be undone by it',
    fix: 'Send the row again later. Should the record stay as it is, Vitally dropped the earlier row: send that again too.',
  });
}
