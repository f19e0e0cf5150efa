import type { JsonValue } from '../json/json.ts';
import { bodyOf, hitsOf, type KnownRecord } from './known-record.ts';
import type { Send } from './listing.ts';
import { LruMap } from './lru.ts';
import { collidesWithRoute, fitsInPath, isUuid, recordPath } from './paths.ts';
import { WholeList } from './whole-list.ts';

/** Lists of single accounts that were read; an older one is read again when it is asked for. */
const MAX_REMEMBERED_LISTS = 10_000;

/** Where records of one kind live: `/resources/accounts`. */
export interface Kind {
  readonly path: string;
  /** Their search endpoint, where there is one. */
  readonly search?: string;
  /** Query without which their list hides some of them, or shows archived ones. */
  readonly listFilter?: string;
  /** How a record is found by your own id; at its path unless said otherwise. */
  readonly lookup?: 'path' | 'list' | 'path or list' | 'instances';
  /** The list of one account's or organization's records of this kind, where the one sought must be in it. */
  readonly within?: string;
}

/** How a record is looked up: by your own id, by Vitally's, by either, or by e-mail. */
export type LookupBy = 'externalId' | 'id' | 'either' | 'email';

export type Finding =
  | { readonly kind: 'found'; readonly record: KnownRecord }
  | { readonly kind: 'absent' }
  | { readonly kind: 'several'; readonly ids: readonly string[] };

export const ABSENT: Finding = { kind: 'absent' };

/** Your own id of such a record is found by reading lists; Vitally's id still leads to it by its path. */
export function isListed(kind: Kind, by: LookupBy): boolean {
  return (kind.lookup === 'list' || kind.lookup === 'path or list') && by !== 'id' && by !== 'email';
}

/** Asks Vitally for records: at their path, by search, or by reading lists, as their kind wants it. */
export class Lookup {
  readonly #send: Send;
  readonly #learn: (kind: Kind, body: JsonValue) => KnownRecord | undefined;
  readonly #lists = new LruMap<string, WholeList>(MAX_REMEMBERED_LISTS);

  constructor(send: Send, learn: (kind: Kind, body: JsonValue) => KnownRecord | undefined) {
    this.#send = send;
    this.#learn = learn;
  }

  async ask(kind: Kind, by: LookupBy, value: string): Promise<Finding> {
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

  async #atPath(kind: Kind, by: Exclude<LookupBy, 'email'>, value: string): Promise<Finding> {
    if (kind.search !== undefined && collidesWithRoute(value)) {
      return await this.#search(kind, 'externalId', value);
    }
    if (!fitsInPath(value)) return ABSENT;
    const answer = await this.#send({ method: 'GET', path: recordPath(kind.path, value) });
    if (answer.kind === 'not_found') return ABSENT;
    const body = bodyOf(answer);
    const record = body === undefined ? undefined : this.#learn(kind, body);
    // A path resolves Vitally's ids before yours: what came back may be another record than the one meant.
    return record !== undefined && matches(record, by, value) ? { kind: 'found', record } : ABSENT;
  }

  async #search(kind: Kind, by: 'email' | 'externalId', value: string): Promise<Finding> {
    if (kind.search === undefined) return ABSENT;
    return await this.#hits(kind, by, value, `${kind.search}?${by}=${encodeURIComponent(value)}`);
  }

  /** One criterion a search, and no limit: Vitally REST reference, Custom object instances. */
  async #searchInstances(kind: Kind, by: 'externalId' | 'id' | 'either', value: string): Promise<Finding> {
    for (const criterion of by === 'either' ? (['externalId', 'id'] as const) : [by]) {
      const query = `${criterion}=${encodeURIComponent(value)}`;
      const finding = await this.#hits(kind, criterion, value, `${kind.path}/search?${query}`);
      if (finding.kind !== 'absent') return finding;
    }
    return ABSENT;
  }

  async #hits(kind: Kind, by: 'email' | 'externalId' | 'id', value: string, path: string): Promise<Finding> {
    const answer = await this.#send({ method: 'GET', path });
    if (answer.kind === 'not_found') return ABSENT;
    const hits = hitsOf(bodyOf(answer))
      .map((hit) => this.#learn(kind, hit))
      .filter((hit) => hit !== undefined)
      .filter((hit) => matches(hit, by, value));
    const [first] = hits;
    if (first === undefined) return ABSENT;
    return hits.length > 1
      ? { kind: 'several', ids: hits.map((hit) => hit.id) }
      : { kind: 'found', record: first };
  }

  /** Reads a list until the record shows up; an account's own list where the record must be in it. */
  async #inList(kind: Kind, value: string): Promise<Finding> {
    const path = kind.within ?? kind.path;
    let list = this.#lists.get(path);
    if (list === undefined) {
      list = new WholeList(this.#send, path, kind.listFilter, (body) => this.#learn(kind, body));
      this.#lists.set(path, list);
    }
    const record = await list.seek(value);
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
