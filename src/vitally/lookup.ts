import { bodyOf, hitsOf, type KnownRecord, knownRecord } from './known-record.ts';
import type { Send } from './listing.ts';
import { LruMap } from './lru.ts';
import { collidesWithRoute, fitsInPath, isUuid, recordPath } from './paths.ts';
import type { Kind } from './records/kind.ts';
import type { RecordCache } from './records/record-cache.ts';
import type { LookupBy } from './records/record-names.ts';
import { WholeList } from './whole-list.ts';

/** Lists of single accounts that were read; an older one is read again when it is asked for. */
const MAX_REMEMBERED_LISTS = 10_000;

export type Finding =
  | { readonly kind: 'found'; readonly record: KnownRecord }
  | { readonly kind: 'absent' }
  | { readonly kind: 'several'; readonly ids: readonly string[] };

export const ABSENT: Finding = { kind: 'absent' };

/** The record was written while the question was on its way: what the answer says of it no longer counts. */
export const OUTDATED = { kind: 'outdated' } as const;

export type LookupAnswer = Finding | typeof OUTDATED;

/** Your own id of such a record is found by reading lists; Vitally's id still leads to it by its path. */
export function isListed(kind: Kind, by: LookupBy): boolean {
  return (kind.lookup === 'list' || kind.lookup === 'path or list') && by !== 'id' && by !== 'email';
}

/** Asks Vitally for records: at their path, by search, or by reading lists, as their kind wants it. */
export class Lookup {
  readonly #send: Send;
  readonly #cache: RecordCache;
  readonly #lists = new LruMap<string, WholeList>(MAX_REMEMBERED_LISTS);

  constructor(send: Send, cache: RecordCache) {
    this.#send = send;
    this.#cache = cache;
  }

  /** One question, over as many requests as it takes; what the answers show goes to the cache as far as it counts. */
  async ask(kind: Kind, by: LookupBy, value: string): Promise<LookupAnswer> {
    const askedAt = this.#cache.now;
    const finding = await this.#ask(kind, by, value);
    if (finding.kind !== 'absent') return finding;
    return this.#cache.isCurrent(kind, by, value, askedAt) ? ABSENT : OUTDATED;
  }

  async #ask(kind: Kind, by: LookupBy, value: string): Promise<LookupAnswer> {
    if (by === 'email') return await this.#search(kind, 'email', value);
    if (kind.lookup === 'instances') return await this.#searchInstances(kind, by, value);
    const listed = isListed(kind, by);
    if (!listed || kind.lookup === 'path or list' || (by === 'either' && isUuid(value))) {
      const finding = await this.#atPath(kind, by, value);
      if (!listed || finding.kind !== 'absent') return finding;
    }
    return await this.#inList(kind, value);
  }

  /** The lists that a record of this kind may be in are read anew when they are asked for. */
  forgetLists(kind: Kind): void {
    for (const path of [kind.within, kind.path]) if (path !== undefined) this.#lists.delete(path);
  }

  async #atPath(kind: Kind, by: Exclude<LookupBy, 'email'>, value: string): Promise<LookupAnswer> {
    if (kind.search !== undefined && collidesWithRoute(value)) {
      return await this.#search(kind, 'externalId', value);
    }
    if (!fitsInPath(value)) return ABSENT;
    const askedAt = this.#cache.now;
    const answer = await this.#send({ method: 'GET', path: recordPath(kind.path, value) });
    if (answer.kind === 'not_found') return ABSENT;
    const body = bodyOf(answer);
    const record = knownRecord(body);
    if (record === undefined) return ABSENT;
    if (this.#cache.observe(kind, body, askedAt) === undefined) return OUTDATED;
    // A path resolves Vitally's ids before yours: what came back may be another record than the one meant.
    return matches(record, by, value) ? { kind: 'found', record } : ABSENT;
  }

  async #search(kind: Kind, by: 'email' | 'externalId', value: string): Promise<LookupAnswer> {
    if (kind.search === undefined) return ABSENT;
    return await this.#hits(kind, by, value, `${kind.search}?${by}=${encodeURIComponent(value)}`);
  }

  /** One criterion a search, and no limit: Vitally REST reference, Custom object instances. */
  async #searchInstances(
    kind: Kind,
    by: 'externalId' | 'id' | 'either',
    value: string,
  ): Promise<LookupAnswer> {
    for (const criterion of by === 'either' ? (['externalId', 'id'] as const) : [by]) {
      const query = `${criterion}=${encodeURIComponent(value)}`;
      const finding = await this.#hits(kind, criterion, value, `${kind.path}/search?${query}`);
      if (finding.kind !== 'absent') return finding;
    }
    return ABSENT;
  }

  async #hits(
    kind: Kind,
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
      if (this.#cache.observe(kind, body, askedAt) === undefined) return OUTDATED;
      if (matches(hit, by, value)) hits.push(hit);
    }
    const [first] = hits;
    if (first === undefined) return ABSENT;
    return hits.length > 1
      ? { kind: 'several', ids: hits.map((hit) => hit.id) }
      : { kind: 'found', record: first };
  }

  /** Reads a list until the record shows up; an account's own list where the record must be in it. */
  async #inList(kind: Kind, value: string): Promise<LookupAnswer> {
    const path = kind.within ?? kind.path;
    let list = this.#lists.get(path);
    // A list that was begun before the record was written may have missed it: it is read anew.
    if (list === undefined || !this.#cache.isCurrent(kind, 'externalId', value, list.begunAt)) {
      list = new WholeList(this.#send, kind, path, this.#cache);
      this.#lists.set(path, list);
    }
    const { begunAt } = list;
    const record = await list.seek(value);
    if (!this.#cache.isCurrent(kind, 'externalId', value, begunAt)) return OUTDATED;
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
