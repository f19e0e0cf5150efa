import type { Send } from '../http/answer.ts';
import type { Collection } from './collection.ts';
import { bodyOf, hitsOf, type KnownRecord, knownRecord } from './known-record.ts';
import type { KnownRecords } from './known-records.ts';
import { ListLookup } from './list-lookup.ts';
import { LruMap } from './lru.ts';
import { collidesWithRoute, fitsInPath, isUuid, recordPath } from './paths.ts';
import type { LookupBy } from './record-names.ts';

/** Lists of single accounts that are remembered; one that was forgotten is read again. */
const MAX_REMEMBERED_LISTS = 10_000;

export type Finding =
  | { readonly kind: 'found'; readonly record: KnownRecord }
  | { readonly kind: 'absent' }
  | { readonly kind: 'several'; readonly ids: readonly string[] };

export const ABSENT: Finding = { kind: 'absent' };

/** The record was written while the question was on its way, so the answer no longer counts. */
export const OUTDATED = { kind: 'outdated' } as const;

export type LookupAnswer = Finding | typeof OUTDATED;

/** Whether only a list leads from this name to the record. Vitally's id leads to every record by its path. */
export function isListed(collection: Collection, by: LookupBy): boolean {
  return collection.lookup === 'list' && by !== 'id' && by !== 'email';
}

/** Asks Vitally for records: at their path, by search, or by reading lists, as their collection needs it. */
export class Lookup {
  readonly #send: Send;
  readonly #cache: KnownRecords;
  readonly #lists = new LruMap<string, ListLookup>(MAX_REMEMBERED_LISTS);

  constructor(send: Send, cache: KnownRecords) {
    this.#send = send;
    this.#cache = cache;
  }

  /** One question, in as many requests as it takes. Records that answers show are remembered if they still count. */
  async ask(collection: Collection, by: LookupBy, value: string): Promise<LookupAnswer> {
    const askedAt = this.#cache.now;
    const finding = await this.#ask(collection, by, value);
    if (finding.kind !== 'absent') return finding;
    return this.#cache.isCurrent(collection, by, value, askedAt) ? ABSENT : OUTDATED;
  }

  async #ask(collection: Collection, by: LookupBy, value: string): Promise<LookupAnswer> {
    if (by === 'email') return await this.#search(collection, 'email', value);
    if (collection.lookup === 'instances') return await this.#searchInstances(collection, by, value);
    const listed = isListed(collection, by);
    if (!listed || (by === 'either' && isUuid(value))) {
      const finding = await this.#atPath(collection, by, value);
      if (!listed || finding.kind !== 'absent') return finding;
    }
    return await this.#inList(collection, value);
  }

  /** Whether this list was begun. */
  hasRead(path: string): boolean {
    return this.#lists.get(path) !== undefined;
  }

  /** The next look-up reads the lists of this collection anew. */
  forgetLists(collection: Collection): void {
    for (const path of [collection.within, collection.path]) if (path !== undefined) this.#lists.delete(path);
  }

  async #atPath(
    collection: Collection,
    by: Exclude<LookupBy, 'email'>,
    value: string,
  ): Promise<LookupAnswer> {
    if (collection.search !== undefined && collidesWithRoute(value)) {
      return await this.#search(collection, 'externalId', value);
    }
    if (!fitsInPath(value)) return ABSENT;
    const askedAt = this.#cache.now;
    const answer = await this.#send({ method: 'GET', path: recordPath(collection.path, value) });
    if (answer.kind === 'not_found') return ABSENT;
    const body = bodyOf(answer);
    const record = knownRecord(body);
    if (record === undefined) return ABSENT;
    if (this.#cache.observe(collection, body, askedAt) === undefined) return OUTDATED;
    // A path resolves Vitally's ids before yours, so the answer may show another record than the one meant.
    return matches(record, by, value) ? { kind: 'found', record } : ABSENT;
  }

  async #search(collection: Collection, by: 'email' | 'externalId', value: string): Promise<LookupAnswer> {
    if (collection.search === undefined) return ABSENT;
    return await this.#hits(collection, by, value, `${collection.search}?${by}=${encodeURIComponent(value)}`);
  }

  /** One criterion a search, and no limit (vitally-api.md, "Custom objects"). */
  async #searchInstances(
    collection: Collection,
    by: 'externalId' | 'id' | 'either',
    value: string,
  ): Promise<LookupAnswer> {
    for (const criterion of by === 'either' ? (['externalId', 'id'] as const) : [by]) {
      const query = `${criterion}=${encodeURIComponent(value)}`;
      const finding = await this.#hits(collection, criterion, value, `${collection.path}/search?${query}`);
      if (finding.kind !== 'absent') return finding;
    }
    return ABSENT;
  }

  async #hits(
    collection: Collection,
    by: 'email' | 'externalId' | 'id',
    value: string,
    path: string,
  ): Promise<LookupAnswer> {
    const askedAt = this.#cache.now;
    const answer = await this.#send({ method: 'GET', path });
    if (answer.kind === 'not_found') return ABSENT;
    const hits: KnownRecord[] = [];
    for (const body of hitsOf(bodyOf(answer))) {
      const hit = knownRecord(body);
      if (hit === undefined) continue;
      if (this.#cache.observe(collection, body, askedAt) === undefined) return OUTDATED;
      if (matches(hit, by, value)) hits.push(hit);
    }
    const [first] = hits;
    if (first === undefined) return ABSENT;
    return hits.length > 1
      ? { kind: 'several', ids: hits.map((hit) => hit.id) }
      : { kind: 'found', record: first };
  }

  /** Reads a list until the record shows up; an account's own list where the record must be in it. */
  async #inList(collection: Collection, value: string): Promise<LookupAnswer> {
    const path = collection.within ?? collection.path;
    let list = this.#lists.get(path);
    // A list that was begun before the record was written may lack it, so it is read anew.
    if (list === undefined || !this.#cache.isCurrent(collection, 'externalId', value, list.begunAt)) {
      list = new ListLookup(this.#send, collection, path, this.#cache);
      this.#lists.set(path, list);
    }
    const { begunAt } = list;
    const record = await list.seek(value);
    if (!this.#cache.isCurrent(collection, 'externalId', value, begunAt)) return OUTDATED;
    return record === undefined ? ABSENT : { kind: 'found', record };
  }
}

function matches(record: KnownRecord, by: LookupBy, value: string): boolean {
  switch (by) {
    case 'externalId':
      return record.externalId === value;
    case 'id':
      return record.id === value;
    case 'either':
      return true;
    case 'email': {
      const email = record.fields?.email;
      return typeof email === 'string' && email.toLowerCase() === value.toLowerCase();
    }
  }
}
