import type { JsonValue } from '../../json/json.ts';
import type { Send } from '../http/answer.ts';
import type { Collection } from './collection.ts';
import type { KnownRecord } from './known-record.ts';
import { KnownRecords } from './known-records.ts';
import type { Hold } from './listing/background-listing.ts';
import type { ListedRecords } from './listing/listed.ts';
import { Listings } from './listing/listings.ts';
import { ABSENT, type Finding, isListed, Lookup } from './lookup.ts';
import { type LookupBy, nameKey, type RecordNames } from './record-names.ts';
import { Searches } from './remembered/searches.ts';

/**
 * What a finding is to tell: the record's id, its fields, or `values`: whether it holds a value, which lists may tell that
 * its fields are forgotten of.
 */
export type Need = 'id' | 'values' | 'fields';

export interface RecordCacheOptions {
  /** Keeps what the background listing shows; without it, that is kept like what single reads show. */
  readonly listed?: ListedRecords;
  /** Lets rows wait for others that would pay for a page with them; without it, none does. */
  readonly hold?: Hold | undefined;
  /** Called with your own id of each record that this run wrote or deleted by REST, or may have. */
  readonly onWritten?: ((collection: Collection, externalId: string) => void) | undefined;
}

/**
 * Finds records in Vitally: from memory, else by asking. Look-ups of the same key at the same time share one request.
 *
 * A look-up ends with an answer to a question that was sent after this run's last write of the record; an earlier one
 * does not count. Only the holder of a record's lane writes it, so a finding stays true until the holder writes.
 */
export class RecordCache {
  readonly #cache: KnownRecords;
  readonly #lookups = new Map<string, Promise<Finding>>();
  readonly #searches: Searches;
  readonly #lookup: Lookup;
  readonly #onWritten: ((collection: Collection, externalId: string) => void) | undefined;
  /** The lists that rows wait for. */
  readonly listings: Listings;

  constructor(send: Send, { listed, hold, onWritten }: RecordCacheOptions = {}) {
    this.#onWritten = onWritten;
    this.#cache = new KnownRecords(listed);
    this.#searches = new Searches(this.#cache);
    this.listings = new Listings({ send, cache: this.#cache, hold });
    this.#lookup = new Lookup(send, this.#cache);
  }

  /** What is known without asking; `undefined` where nothing is known. */
  peek(collection: Collection, by: LookupBy, value: string): Finding | undefined {
    return (
      (by === 'email' ? this.#searches.get(collection, value) : undefined) ??
      this.#cache.peek(collection, by, value)
    );
  }

  /**
   * The record with this key: from memory, else by one read. A remembered record that doesn't tell what is needed is read
   * again. With `trust` list, a record that the background listing did not show counts as absent;
   * use it only where a later step finds out that this was wrong. Throws {@link RecordError} `refused` where Vitally refuses
   * the question itself.
   */
  async find(
    collection: Collection,
    by: LookupBy,
    value: string,
    need: Need = 'id',
    trust: 'record' | 'list' = 'record',
  ): Promise<Finding> {
    const known = this.#remembered(collection, by, value, need, trust);
    if (known !== undefined) {
      this.listings.of(collection).answered(known, { use: 'look', name: value });
      return known;
    }
    const key = `${trust} ${nameKey(collection, by, value)}`;
    const running = this.#lookups.get(key);
    if (running !== undefined) return await this.#whole(collection, await running, need);
    const lookup = this.#read(collection, by, value, need, trust).finally(() => this.#lookups.delete(key));
    this.#lookups.set(key, lookup);
    return await lookup;
  }

  /**
   * The record of your own id, as far as memory or a list tells: waits for the list where that pays. `undefined` where
   * nothing tells of one, so that the row's write has to find out; tell the listing what is decided then.
   */
  async learn(collection: Collection, value: string): Promise<KnownRecord | undefined> {
    const look = (): Finding | undefined =>
      this.#remembered(collection, 'externalId', value, 'values', 'list');
    const seeker = { use: 'write', name: value, look } as const;
    const listing = this.listings.of(collection);
    const known = look();
    if (known === undefined) await listing.seek(seeker);
    else listing.answered(known, seeker);
    const finding = look() ?? this.#cache.peek(collection, 'externalId', value);
    return finding?.kind === 'found' ? finding.record : undefined;
  }

  /** The record of this key, always asked for anew. */
  async ask(collection: Collection, by: LookupBy, value: string): Promise<Finding> {
    for (;;) {
      const finding = await this.#lookup.ask(collection, by, value);
      if (finding.kind !== 'outdated') return finding;
    }
  }

  /** The moment at which a question of another module is sent: give it back to {@link observe} with the answer. */
  get now(): number {
    return this.#cache.now;
  }

  /** Remembers what the answer to another module's question showed, as far as it still counts. */
  observe(collection: Collection, body: JsonValue, askedAt: number): void {
    this.#cache.observe(collection, body, askedAt);
  }

  /** Remembers the record that the answer to a write of this run showed; an answer without an id is ignored. */
  remember(collection: Collection, body: JsonValue | undefined): KnownRecord | undefined {
    const record = this.#cache.remember(collection, body);
    if (record !== undefined) this.#tellWritten(collection, record);
    return record;
  }

  /** Remembers that this run deleted a record, or saw that it is gone. */
  markDeleted(collection: Collection, names: RecordNames): void {
    this.#tellWritten(collection, names);
    this.#cache.markDeleted(collection, names);
  }

  /** Drops what is known of a record that was changed, or may have been: the next look-up asks again. */
  forget(collection: Collection, names: RecordNames): void {
    this.#tellWritten(collection, names);
    this.#cache.forget(collection, names);
  }

  /** Drops that a record of these names was missing, from lists too: the next look-up asks again. */
  forgetAbsence(collection: Collection, names: RecordNames): void {
    this.#cache.forgetAbsence(collection, names);
    this.#lookup.forgetLists(collection);
  }

  /** Vitally took a message for this record in: the record will be there, but REST may not show it yet. */
  markAccepted(collection: Collection, names: RecordNames): void {
    this.#cache.markAccepted(collection, names);
  }

  /** Whether Vitally took a message in for the record of this key. */
  wasAccepted(collection: Collection, by: LookupBy, value: string): boolean {
    return this.#cache.wasAccepted(collection, asNames(by, value));
  }

  /** Your own id of the record of this key for which Vitally took a message in, whether REST shows it yet or not. */
  acceptedAs(collection: Collection, by: LookupBy, value: string): string | undefined {
    return this.#cache.acceptedAs(collection, asNames(by, value));
  }

  async #read(
    collection: Collection,
    by: LookupBy,
    value: string,
    need: Need,
    trust: 'record' | 'list',
  ): Promise<Finding> {
    if (this.#mayBeShown(collection, by, value)) {
      const { within } = collection;
      const look = (): Finding | undefined => this.#remembered(collection, by, value, need, trust);
      await this.listings.of(collection).seek({ use: 'look', name: value, look, within });
      const known = look();
      if (known !== undefined) return known;
    }
    // A further round happens only where this run wrote the record meanwhile, so the rounds end with its writes.
    for (;;) {
      const askedAt = this.#cache.now;
      const finding = await this.#lookup.ask(collection, by, value);
      if (finding.kind !== 'outdated') {
        this.#keepFinding(collection, by, value, finding, askedAt);
        return await this.#whole(collection, finding, need);
      }
      const known = this.#remembered(collection, by, value, need, trust);
      if (known !== undefined) return known;
    }
  }

  /** Whether a page of the background listing may spare the record a read of its own, or one of a list that wasn't read. */
  #mayBeShown(collection: Collection, by: LookupBy, value: string): boolean {
    if (by === 'email' || this.#cache.peek(collection, by, value)?.kind === 'found') return false;
    if (!isListed(collection, by)) return true;
    return collection.within !== undefined && !this.#lookup.hasRead(collection.within);
  }

  /** To be called before memory drops the record: it knows your own id of one that is named by Vitally's. */
  #tellWritten(collection: Collection, { id, externalId }: RecordNames): void {
    if (this.#onWritten === undefined) return;
    const known = id === undefined ? undefined : this.#cache.peek(collection, 'id', id);
    const own = externalId ?? (known?.kind === 'found' ? known.record.externalId : undefined);
    if (own !== undefined) this.#onWritten(collection, own);
  }

  #keepFinding(collection: Collection, by: LookupBy, value: string, finding: Finding, askedAt: number): void {
    if (by === 'email') this.#searches.keep(collection, value, finding, askedAt);
    // The list itself is remembered, and it may be that of one account: so absence from it is not remembered here.
    if (finding.kind === 'absent' && !isListed(collection, by)) {
      this.#cache.observeAbsent(collection, by, value, askedAt);
    }
  }

  /** A list keeps no fields of its records: where they are needed and forgotten, the record is read again. */
  async #whole(collection: Collection, finding: Finding, need: Need): Promise<Finding> {
    if (finding.kind !== 'found' || tells(finding.record, need)) return finding;
    const { id } = finding.record;
    return this.#remembered(collection, 'id', id, need, 'record') ?? (await this.ask(collection, 'id', id));
  }

  #remembered(
    collection: Collection,
    by: LookupBy,
    value: string,
    need: Need,
    trust: 'record' | 'list',
  ): Finding | undefined {
    const known = this.peek(collection, by, value);
    if (known?.kind === 'found' && !tells(known.record, need)) return undefined;
    if (known !== undefined || by === 'email') return known;
    // Where only lists lead to a record, this one tells as much as any.
    if (trust === 'record' && !isListed(collection, by)) return undefined;
    if (this.#cache.isUnsure(collection, by, value)) return undefined;
    return this.listings.of(collection).wouldHaveShown(by, value) ? ABSENT : undefined;
  }
}

function tells({ fields, listed }: KnownRecord, need: Need): boolean {
  return need === 'id' || fields !== undefined || (need === 'values' && listed !== undefined);
}

/** A row may give an e-mail in the place of a user's id. */
function asNames(by: LookupBy, value: string): RecordNames {
  return by === 'either' ? { id: value, externalId: value, email: value } : { [by]: value };
}

export type { Collection } from './collection.ts';
export type { Finding } from './lookup.ts';
export type { LookupBy } from './record-names.ts';
