import type { JsonObject, JsonValue } from '../../json/json.ts';
import type { Collection } from './collection.ts';
import { type KnownRecord, knownRecord } from './known-record.ts';
import { LruMap } from './lru.ts';
import { askedNames, type LookupBy, nameKey, nameKeys, namesOf, type RecordNames } from './record-names.ts';
import { RecordVersions } from './record-versions.ts';

const MAX_KNOWN_IDS = 100_000;
/** JSON text of the records whose fields are kept for comparing; far more ids are kept. */
const MAX_KNOWN_CHARACTERS = 8 * 1024 * 1024;
const MAX_KNOWN_ABSENT = 100_000;
const MAX_ACCEPTED_NAMES = 300_000;

/** What is known by a name. */
export type Known =
  | { readonly kind: 'found'; readonly record: KnownRecord }
  | { readonly kind: 'absent' }
  | undefined;

/**
 * What this run knows of the records in Vitally. There are two sources, and they must not be mixed up:
 *
 * - What the run did (`remember`, `markAccepted`, `markDeleted`, `forget`) always counts, and answers to earlier
 *   questions no longer count.
 * - What an answer showed (`observe`, `observeAbsent`) counts only where the run has done nothing to that record, by
 *   any of its names, since the question was sent.
 *
 * Every method is one synchronous step, so that nothing can happen between its parts.
 */
export class KnownRecords {
  readonly #ids = new LruMap<string, KnownRecord>(MAX_KNOWN_IDS);
  readonly #fields = new LruMap<string, JsonObject>(
    MAX_KNOWN_CHARACTERS,
    (fields) => JSON.stringify(fields).length,
  );
  readonly #absent = new LruMap<string, true>(MAX_KNOWN_ABSENT);
  /** By name: your own id of the record for which Vitally took a message in. */
  readonly #accepted = new LruMap<string, string>(MAX_ACCEPTED_NAMES);
  readonly #versions: RecordVersions;

  constructor(versions: RecordVersions = new RecordVersions()) {
    this.#versions = versions;
  }

  /** The moment at which a question is sent: take it directly before sending, and give it back with the answer. */
  get now(): number {
    return this.#versions.now;
  }

  /** Whether an answer about this key, to a question sent at this moment, still counts. */
  isCurrent(collection: Collection, by: LookupBy, value: string, askedAt: number): boolean {
    return this.#versions.unchangedSince(askedAt, askedNames(collection, by, value));
  }

  /** Whether an answer that showed this record, to a question sent at this moment, still counts. */
  isCurrentRecord(collection: Collection, record: KnownRecord, askedAt: number): boolean {
    return this.#versions.unchangedSince(askedAt, this.#allKeys(collection, namesOf(record)));
  }

  /** What is known without asking; `undefined` when nothing is. */
  peek(collection: Collection, by: LookupBy, value: string): Known {
    for (const space of spaces(by)) {
      const known = this.#ids.get(nameKey(collection, space, value));
      if (known === undefined) continue;
      return {
        kind: 'found',
        record: { ...known, fields: this.#fields.get(nameKey(collection, 'id', known.id)) },
      };
    }
    return this.#absent.get(nameKey(collection, by, value)) === true ? { kind: 'absent' } : undefined;
  }

  /** Remembers the record that the answer to a write showed; an answer without an id is ignored. */
  remember(collection: Collection, body: JsonValue | undefined): KnownRecord | undefined {
    const record = knownRecord(body);
    if (record === undefined) return undefined;
    this.#change(collection, namesOf(record));
    this.#keep(collection, record);
    return record;
  }

  /**
   * Remembers the record that the answer to a question showed. `undefined` where it shows none or is outdated: then ask
   * again, unless {@link KnownRecords.peek} knows the record by now.
   */
  observe(collection: Collection, body: JsonValue | undefined, askedAt: number): KnownRecord | undefined {
    const record = knownRecord(body);
    if (record === undefined || !this.isCurrentRecord(collection, record, askedAt)) return undefined;
    this.#keep(collection, record);
    return record;
  }

  /**
   * Remembers a record that the background listing showed, and gives its id; `undefined` where what it showed does not
   * count, `full` where there is no room to remember it beside all others.
   */
  observeInPassing(collection: Collection, body: JsonValue, askedAt: number): string | 'full' | undefined {
    const record = knownRecord(body);
    if (record === undefined || !this.isCurrentRecord(collection, record, askedAt)) return undefined;
    const { id, externalId, fields } = record;
    const known = this.#fields.get(nameKey(collection, 'id', id));
    if (known !== undefined && !isNewer(fields, known)) return undefined;
    // A message that Vitally took in and has not applied yet is about to change this record.
    if (this.wasAccepted(collection, namesOf(record))) return undefined;
    // Of two records of one external id the older one counts, which the list shows first.
    const other =
      externalId === undefined ? undefined : this.#ids.get(nameKey(collection, 'externalId', externalId));
    if (other !== undefined && other.id !== id) return undefined;
    return this.#keep(collection, record) ? id : 'full';
  }

  /** Remembers that an answer showed no record of this key; an outdated one is ignored. */
  observeAbsent(collection: Collection, by: LookupBy, value: string, askedAt: number): void {
    if (this.isCurrent(collection, by, value, askedAt))
      this.#absent.set(nameKey(collection, by, value), true);
  }

  /** Vitally took a message for this record in: the record will be there, but REST may not show it yet. */
  markAccepted(collection: Collection, names: RecordNames): void {
    this.#change(collection, names);
    for (const name of nameKeys(collection, names)) this.#accepted.set(name, names.externalId ?? '');
    this.#nowThere(collection, names);
    // The message changes the record, so the fields seen earlier no longer count.
    for (const { id } of this.#known(collection, names)) this.#fields.delete(nameKey(collection, 'id', id));
  }

  /** Whether Vitally took a message in for the record of one of these names. */
  wasAccepted(collection: Collection, names: RecordNames): boolean {
    return nameKeys(collection, names).some((name) => this.#accepted.get(name) !== undefined);
  }

  /** Your own id of the record of one of these names for which Vitally took a message in. */
  acceptedAs(collection: Collection, names: RecordNames): string | undefined {
    const ids = nameKeys(collection, names).map((name) => this.#accepted.get(name));
    return ids.find((id) => id !== undefined && id !== '');
  }

  /** Remembers that this run deleted a record, or saw that it is gone. */
  markDeleted(collection: Collection, names: RecordNames): void {
    const former = [names, ...this.#known(collection, names)].flatMap(({ id, externalId }) => [
      { by: 'id', name: id } as const,
      { by: 'externalId', name: externalId } as const,
    ]);
    for (const name of this.#allKeys(collection, names)) this.#accepted.delete(name);
    this.forget(collection, names);
    for (const { by, name } of former) {
      if (name === undefined) continue;
      for (const space of [by, 'either'] as const) this.#absent.set(nameKey(collection, space, name), true);
    }
  }

  /** A write has changed a record or may have: what is known of it is dropped, and the next look-up asks again. */
  forget(collection: Collection, names: RecordNames): void {
    const known = this.#known(collection, names);
    this.#change(collection, names);
    for (const { id, externalId } of [names, ...known]) {
      if (id !== undefined) this.#fields.delete(nameKey(collection, 'id', id));
      for (const name of nameKeys(collection, { id, externalId })) this.#ids.delete(name);
    }
  }

  /** Drops that a record was missing: the next look-up asks again. */
  forgetAbsence(collection: Collection, names: RecordNames): void {
    this.#change(collection, names);
    this.#nowThere(collection, names);
  }

  #keep(collection: Collection, record: KnownRecord): boolean {
    const { id, externalId, fields } = record;
    const bare = { id, externalId, fields: undefined };
    this.#ids.set(nameKey(collection, 'id', id), bare);
    if (externalId !== undefined) this.#ids.set(nameKey(collection, 'externalId', externalId), bare);
    this.#nowThere(collection, namesOf(record));
    return fields === undefined || this.#keepFields(nameKey(collection, 'id', id), fields);
  }

  /** Whether the fields of every other record could be kept too. */
  #keepFields(name: string, fields: JsonObject): boolean {
    const held = this.#fields.size + (this.#fields.has(name) ? 0 : 1);
    this.#fields.set(name, fields);
    return this.#fields.size === held;
  }

  #nowThere(collection: Collection, { id, externalId, email }: RecordNames): void {
    for (const by of ['id', 'either'] as const)
      if (id !== undefined) this.#absent.delete(nameKey(collection, by, id));
    for (const by of ['externalId', 'either'] as const)
      if (externalId !== undefined) this.#absent.delete(nameKey(collection, by, externalId));
    if (email !== undefined) this.#absent.delete(nameKey(collection, 'email', email));
  }

  /** A change of a record counts for all its names, former ones too. */
  #change(collection: Collection, names: RecordNames): void {
    this.#versions.changed(this.#allKeys(collection, names));
  }

  #allKeys(collection: Collection, names: RecordNames): string[] {
    const known = this.#known(collection, names).map(namesOf);
    return [names, ...known].flatMap((each) => nameKeys(collection, each));
  }

  /** The records that memory knows by one of these names. */
  #known(collection: Collection, { id, externalId }: RecordNames): KnownRecord[] {
    return nameKeys(collection, { id, externalId })
      .map((name) => this.#ids.get(name))
      .filter((record) => record !== undefined)
      .map((record) => ({ ...record, fields: this.#fields.get(nameKey(collection, 'id', record.id)) }));
  }
}

/** Whether Vitally changed a record after it was shown before. */
function isNewer(shown: JsonObject | undefined, before: JsonObject): boolean {
  const [now, then] = [shown?.updatedAt, before.updatedAt];
  return typeof now === 'string' && typeof then === 'string' && Date.parse(now) > Date.parse(then);
}

function spaces(by: LookupBy): readonly ('externalId' | 'id')[] {
  // Two users may have the same e-mail, so a known record never answers a look-up by e-mail.
  return by === 'either' ? ['externalId', 'id'] : by === 'email' ? [] : [by];
}
