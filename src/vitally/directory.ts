import type { JsonObject, JsonValue } from '../json/json.ts';
import { bodyOf, hitsOf, type KnownRecord, knownRecord } from './known-record.ts';
import type { Send } from './listing.ts';
import { LruMap } from './lru.ts';
import { collidesWithRoute, fitsInPath, recordPath } from './paths.ts';
import { Survey } from './survey.ts';

const MAX_KNOWN_IDS = 100_000;
/** JSON text of the records kept for comparing; the ids of far more are kept. */
const MAX_KNOWN_CHARACTERS = 8 * 1024 * 1024;
const MAX_KNOWN_ABSENT = 100_000;
const MAX_ACCEPTED = 200_000;

/** Where records of one kind live: `/resources/accounts`. */
export interface Kind {
  readonly path: string;
  /** Their search endpoint, where there is one. */
  readonly search?: string;
  /** Query without which their list hides some of them. */
  readonly listFilter?: string;
}

/** How a record is looked up: by your own id, by Vitally's, by either, or by e-mail. */
export type LookupBy = 'externalId' | 'id' | 'either' | 'email';

export type Finding =
  | { readonly kind: 'found'; readonly record: KnownRecord }
  | { readonly kind: 'absent' }
  | { readonly kind: 'several'; readonly ids: readonly string[] };

const ABSENT: Finding = { kind: 'absent' };

/**
 * What this run knows of the records in Vitally: your id → Vitally's id, what a record held when it was last seen,
 * and which ids are known to be missing. Look-ups of the same id at the same time share one request. What is
 * missing is remembered until this run creates it.
 */
export class Directory {
  readonly #send: Send;
  readonly #ids = new LruMap<string, KnownRecord>(MAX_KNOWN_IDS);
  readonly #fields = new LruMap<string, JsonObject>(
    MAX_KNOWN_CHARACTERS,
    (fields) => JSON.stringify(fields).length,
  );
  readonly #absent = new LruMap<string, true>(MAX_KNOWN_ABSENT);
  readonly #accepted = new LruMap<string, true>(MAX_ACCEPTED);
  readonly #lookups = new Map<string, Promise<Finding>>();
  readonly #surveys = new Map<string, Survey>();

  constructor(send: Send) {
    this.#send = send;
  }

  /** What is known without asking; `undefined` when nothing is. */
  peek(kind: Kind, by: LookupBy, value: string): Finding | undefined {
    for (const space of spaces(by)) {
      const known = this.#ids.get(cacheKey(kind, space, value));
      if (known === undefined) continue;
      return {
        kind: 'found',
        record: { ...known, fields: this.#fields.get(cacheKey(kind, 'id', known.id)) },
      };
    }
    return this.#absent.get(cacheKey(kind, by, value)) === true ? ABSENT : undefined;
  }

  /**
   * The record with this key: from memory, else by one read. With `need` fields, a remembered record whose fields are
   * forgotten is read again. `trust` says whether a record that Vitally's whole list doesn't show may count as
   * absent: only where being wrong is found out later. Throws {@link RecordError} `refused` where Vitally refuses
   * the question itself.
   */
  async find(
    kind: Kind,
    by: LookupBy,
    value: string,
    need: 'id' | 'fields' = 'id',
    trust: 'record' | 'list' = 'record',
  ): Promise<Finding> {
    const known = this.#remembered(kind, by, value, need, trust);
    if (known !== undefined) return known;
    const key = cacheKey(kind, by, value);
    const running = this.#lookups.get(key);
    if (running !== undefined) return await running;
    const lookup = this.#read(kind, by, value, need, trust).finally(() => this.#lookups.delete(key));
    this.#lookups.set(key, lookup);
    return await lookup;
  }

  /** Remembers a record that an answer showed; anything without an id is ignored. */
  learn(kind: Kind, body: JsonValue | undefined): KnownRecord | undefined {
    const record = knownRecord(body);
    if (record !== undefined) this.#remember(kind, record);
    return record;
  }

  #remember(kind: Kind, { id, externalId, fields }: KnownRecord): boolean {
    const bare = { id, externalId, fields: undefined };
    this.#ids.set(cacheKey(kind, 'id', id), bare);
    for (const by of ['id', 'either'] as const) this.#absent.delete(cacheKey(kind, by, id));
    if (externalId !== undefined) {
      this.#ids.set(cacheKey(kind, 'externalId', externalId), bare);
      for (const by of ['externalId', 'either'] as const) this.#absent.delete(cacheKey(kind, by, externalId));
    }
    const email = fields?.email;
    if (typeof email === 'string') this.#absent.delete(cacheKey(kind, 'email', email));
    return fields === undefined || this.#fields.set(cacheKey(kind, 'id', id), fields);
  }

  /** Remembers that a record is gone. */
  forget(kind: Kind, record: { readonly id?: string; readonly externalId?: string | undefined }): void {
    if (record.id !== undefined) {
      const known = this.#ids.get(cacheKey(kind, 'id', record.id));
      this.#fields.delete(cacheKey(kind, 'id', record.id));
      this.#ids.delete(cacheKey(kind, 'id', record.id));
      if (known?.externalId !== undefined) this.#ids.delete(cacheKey(kind, 'externalId', known.externalId));
    }
    if (record.externalId !== undefined) {
      const known = this.#ids.get(cacheKey(kind, 'externalId', record.externalId));
      this.#ids.delete(cacheKey(kind, 'externalId', record.externalId));
      this.#accepted.delete(cacheKey(kind, 'externalId', record.externalId));
      if (known !== undefined) this.forget(kind, { id: known.id });
    }
  }

  /** Vitally took a message for this record in: it will be there, but may not be readable yet. */
  accept(kind: Kind, externalId: string): void {
    const key = cacheKey(kind, 'externalId', externalId);
    this.#accepted.set(key, true);
    this.#absent.delete(key);
    this.#absent.delete(cacheKey(kind, 'either', externalId));
    // What was seen of it is no longer what it holds.
    const known = this.#ids.get(key);
    if (known !== undefined) this.#fields.delete(cacheKey(kind, 'id', known.id));
  }

  wasAccepted(kind: Kind, externalId: string): boolean {
    return this.#accepted.get(cacheKey(kind, 'externalId', externalId)) === true;
  }

  async #read(
    kind: Kind,
    by: LookupBy,
    value: string,
    need: 'id' | 'fields',
    trust: 'record' | 'list',
  ): Promise<Finding> {
    if (by !== 'email' && (await this.#surveyOf(kind).advance())) {
      const known = this.#remembered(kind, by, value, need, trust);
      if (known !== undefined) return known;
    }
    const finding = await this.#ask(kind, by, value);
    if (finding.kind === 'absent') this.#absent.set(cacheKey(kind, by, value), true);
    return finding;
  }

  #remembered(
    kind: Kind,
    by: LookupBy,
    value: string,
    need: 'id' | 'fields',
    trust: 'record' | 'list',
  ): Finding | undefined {
    const known = this.peek(kind, by, value);
    if (known?.kind === 'found' && need === 'fields' && known.record.fields === undefined) return undefined;
    if (known !== undefined || trust === 'record' || by === 'email') return known;
    return this.#surveyOf(kind).isComplete ? ABSENT : undefined;
  }

  #surveyOf(kind: Kind): Survey {
    const known = this.#surveys.get(kind.path);
    if (known !== undefined) return known;
    const survey = new Survey(this.#send, kind.path, kind.listFilter, (record) => this.#keep(kind, record));
    this.#surveys.set(kind.path, survey);
    return survey;
  }

  /** Takes in a record that a list showed, unless this run knows it better; false when memory is full. */
  #keep(kind: Kind, body: JsonValue): boolean {
    const record = knownRecord(body);
    if (record === undefined) return true;
    if (this.#fields.get(cacheKey(kind, 'id', record.id)) !== undefined) return true;
    if (record.externalId !== undefined && this.wasAccepted(kind, record.externalId)) return true;
    return this.#remember(kind, record);
  }

  async #ask(kind: Kind, by: LookupBy, value: string): Promise<Finding> {
    if (by === 'email') return await this.#search(kind, 'email', value);
    if (kind.search !== undefined && collidesWithRoute(value)) {
      return await this.#search(kind, 'externalId', value);
    }
    if (!fitsInPath(value)) return ABSENT;
    const answer = await this.#send({ method: 'GET', path: recordPath(kind.path, value) });
    if (answer.kind === 'not_found') return ABSENT;
    const record = this.learn(kind, bodyOf(answer));
    if (record === undefined) return ABSENT;
    // A path resolves Vitally's ids before yours: what came back may be another record than the one meant.
    const matches = {
      externalId: record.externalId === value,
      id: record.id === value,
      either: true,
    }[by];
    return matches ? { kind: 'found', record } : ABSENT;
  }

  async #search(kind: Kind, by: 'email' | 'externalId', value: string): Promise<Finding> {
    if (kind.search === undefined) return ABSENT;
    const answer = await this.#send({
      method: 'GET',
      path: `${kind.search}?${by}=${encodeURIComponent(value)}`,
    });
    if (answer.kind === 'not_found') return ABSENT;
    const hits = hitsOf(bodyOf(answer))
      .map((hit) => this.learn(kind, hit))
      .filter((hit) => hit !== undefined)
      .filter((hit) => sameKey(hit, by, value));
    const [first] = hits;
    if (first === undefined) return ABSENT;
    if (hits.length > 1) return { kind: 'several', ids: hits.map((hit) => hit.id) };
    return { kind: 'found', record: first };
  }
}

function spaces(by: LookupBy): readonly ('externalId' | 'id')[] {
  // E-mails are never answered from memory: two users may bear the same one.
  return by === 'either' ? ['externalId', 'id'] : by === 'email' ? [] : [by];
}

function cacheKey(kind: Kind, space: LookupBy, value: string): string {
  return `${kind.path} ${space} ${space === 'email' ? value.toLowerCase() : value}`;
}

function sameKey(hit: KnownRecord, by: 'email' | 'externalId', value: string): boolean {
  if (by === 'externalId') return hit.externalId === value;
  const email = hit.fields?.email;
  return typeof email === 'string' && email.toLowerCase() === value.toLowerCase();
}
