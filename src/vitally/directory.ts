import { RecordError } from '../errors/record-error.ts';
import { isJsonObject } from '../json/guards.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import type { Answer, VitallyRequest } from './answer.ts';
import { LruMap } from './lru.ts';
import { collidesWithRoute, fitsInPath, recordPath } from './paths.ts';

const MAX_KNOWN_IDS = 100_000;
/** Full records kept for comparing; the ids of far more are kept. */
const MAX_KNOWN_RECORDS = 2_000;
const MAX_KNOWN_ABSENT = 100_000;
const MAX_ACCEPTED = 200_000;

/** Where records of one kind live: `/resources/accounts`, and their search endpoint where there is one. */
export interface Kind {
  readonly path: string;
  readonly search?: string;
}

/** A record that Vitally showed. `fields` is what was last seen of it; `undefined` where only its id is remembered. */
export interface KnownRecord {
  readonly id: string;
  readonly externalId: string | undefined;
  readonly fields: JsonObject | undefined;
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
  readonly #send: (request: VitallyRequest) => Promise<Answer>;
  readonly #ids = new LruMap<string, KnownRecord>(MAX_KNOWN_IDS);
  readonly #fields = new LruMap<string, JsonObject>(MAX_KNOWN_RECORDS);
  readonly #absent = new LruMap<string, true>(MAX_KNOWN_ABSENT);
  readonly #accepted = new LruMap<string, true>(MAX_ACCEPTED);
  readonly #lookups = new Map<string, Promise<Finding>>();

  constructor(send: (request: VitallyRequest) => Promise<Answer>) {
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
   * The record with this key: from memory, else by one read. With `fresh`, a remembered record without its fields
   * is read again. Throws {@link RecordError} `refused` where Vitally refuses the question itself.
   */
  async find(kind: Kind, by: LookupBy, value: string, need: 'id' | 'fields' = 'id'): Promise<Finding> {
    const known = this.peek(kind, by, value);
    if (
      known !== undefined &&
      !(known.kind === 'found' && need === 'fields' && known.record.fields === undefined)
    ) {
      return known;
    }
    const key = cacheKey(kind, by, value);
    const running = this.#lookups.get(key);
    if (running !== undefined) return await running;
    const lookup = this.#read(kind, by, value).finally(() => this.#lookups.delete(key));
    this.#lookups.set(key, lookup);
    return await lookup;
  }

  /** Remembers a record that an answer showed; anything without an id is ignored. */
  learn(kind: Kind, body: JsonValue | undefined): KnownRecord | undefined {
    const record = knownRecord(body);
    if (record === undefined) return undefined;
    const { id, externalId, fields } = record;
    const bare = { id, externalId, fields: undefined };
    this.#ids.set(cacheKey(kind, 'id', id), bare);
    this.#absent.delete(cacheKey(kind, 'id', id));
    this.#absent.delete(cacheKey(kind, 'either', id));
    if (externalId !== undefined) {
      this.#ids.set(cacheKey(kind, 'externalId', externalId), bare);
      this.#absent.delete(cacheKey(kind, 'externalId', externalId));
      this.#absent.delete(cacheKey(kind, 'either', externalId));
    }
    const email = fields?.email;
    if (typeof email === 'string') this.#absent.delete(cacheKey(kind, 'email', email));
    if (fields !== undefined) this.#fields.set(cacheKey(kind, 'id', id), fields);
    return record;
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

  async #read(kind: Kind, by: LookupBy, value: string): Promise<Finding> {
    const finding = await this.#ask(kind, by, value);
    if (finding.kind === 'absent') this.#absent.set(cacheKey(kind, by, value), true);
    return finding;
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

function bodyOf(answer: Answer): JsonValue | undefined {
  if (answer.kind === 'ok') return answer.body;
  throw new RecordError({
    code: 'refused',
    message: `Vitally refused to look the record up (HTTP ${answer.status})`,
    fix: 'check that the key is an id that Vitally can hold',
    httpStatus: answer.status,
    ...('text' in answer && { detail: answer.text }),
  });
}

/** Search answers come as `{results: [...]}`, as a bare array or as one object, by endpoint and age of the docs. */
function hitsOf(body: JsonValue | undefined): readonly JsonValue[] {
  if (Array.isArray(body)) return body;
  if (!isJsonObject(body)) return [];
  const results = body.results;
  if (Array.isArray(results)) return results;
  return 'id' in body ? [body] : [];
}

function knownRecord(body: JsonValue | undefined): KnownRecord | undefined {
  if (!isJsonObject(body)) return undefined;
  const id = body.id;
  if (typeof id !== 'string') return undefined;
  const { accounts: _accounts, organizations: _organizations, segments: _segments, ...fields } = body;
  const externalId = body.externalId;
  const text = typeof externalId === 'number' ? String(externalId) : externalId;
  return { id, externalId: typeof text === 'string' ? text : undefined, fields };
}
