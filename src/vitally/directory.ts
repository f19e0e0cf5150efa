import type { JsonObject, JsonValue } from '../json/json.ts';
import { type KnownRecord, knownRecord } from './known-record.ts';
import type { Send } from './listing.ts';
import { ABSENT, type Finding, isListed, type Kind, Lookup, type LookupBy } from './lookup.ts';
import { LruMap } from './lru.ts';
import { Survey } from './survey.ts';

const MAX_KNOWN_IDS = 100_000;
/** JSON text of the records kept for comparing; the ids of far more are kept. */
const MAX_KNOWN_CHARACTERS = 8 * 1024 * 1024;
const MAX_KNOWN_ABSENT = 100_000;
const MAX_ACCEPTED = 200_000;

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
  readonly #lookup: Lookup;

  constructor(send: Send) {
    this.#send = send;
    this.#lookup = new Lookup(send, (kind, body) => this.learn(kind, body));
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

  /** Remembers that this run saw a record go. */
  gone(kind: Kind, record: { readonly id?: string; readonly externalId?: string | undefined }): void {
    const id = record.id === undefined ? undefined : this.#ids.get(cacheKey(kind, 'id', record.id));
    const externalId = record.externalId ?? id?.externalId;
    this.forget(kind, record);
    if (externalId === undefined) return;
    for (const by of ['externalId', 'either'] as const)
      this.#absent.set(cacheKey(kind, by, externalId), true);
  }

  /** Drops what is known of a record: it is asked for again. */
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

  /** Forgets that records of this kind were missing, so that they are asked for again. */
  doubt(kind: Kind, externalId: string): void {
    for (const by of ['externalId', 'either'] as const) this.#absent.delete(cacheKey(kind, by, externalId));
    this.#lookup.forgetLists(kind);
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
    if (by !== 'email' && !isListed(kind, by) && (await this.#surveyOf(kind).advance())) {
      const known = this.#remembered(kind, by, value, need, trust);
      if (known !== undefined) return known;
    }
    const finding = await this.#whole(kind, await this.#lookup.ask(kind, by, value), need);
    // What a list doesn't show is not remembered: the list is, and it may be one account's.
    if (finding.kind === 'absent' && !isListed(kind, by)) this.#absent.set(cacheKey(kind, by, value), true);
    return finding;
  }

  /** A record out of a list that was read earlier may have lost its fields since: they are read again. */
  async #whole(kind: Kind, finding: Finding, need: 'id' | 'fields'): Promise<Finding> {
    if (finding.kind !== 'found' || finding.record.fields !== undefined || need === 'id') return finding;
    const { id } = finding.record;
    return this.#remembered(kind, 'id', id, need, 'record') ?? (await this.#lookup.ask(kind, 'id', id));
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
}

function spaces(by: LookupBy): readonly ('externalId' | 'id')[] {
  // E-mails are never answered from memory: two users may bear the same one.
  return by === 'either' ? ['externalId', 'id'] : by === 'email' ? [] : [by];
}

function cacheKey(kind: Kind, space: LookupBy, value: string): string {
  return `${kind.path} ${space} ${space === 'email' ? value.toLowerCase() : value}`;
}

export type { Finding, Kind, LookupBy } from './lookup.ts';
