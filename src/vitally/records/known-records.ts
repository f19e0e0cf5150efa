import type { JsonObject, JsonValue } from '../../json/json.ts';
import type { Collection } from './collection.ts';
import { isNewer, type KnownRecord, knownRecord } from './known-record.ts';
import type { ListedRecords } from './listing/listed.ts';
import { LruMap } from './lru.ts';
import {
  askedNames,
  type LookupBy,
  nameKey,
  nameKeys,
  namesOf,
  type RecordNames,
  spaces,
} from './record-names.ts';
import { RecordVersions } from './record-versions.ts';
import { AbsentNames } from './remembered/absent-names.ts';
import { AcceptedNames } from './remembered/accepted-names.ts';

const MAX_KNOWN_IDS = 100_000;
/** JSON text of the records whose fields are kept for comparing; far more ids are kept. */
const MAX_KNOWN_CHARACTERS = 8 * 1024 * 1024;

export type Known =
  | { readonly kind: 'found'; readonly record: KnownRecord }
  | { readonly kind: 'absent' }
  | undefined;

/**
 * What this run knows of the records in Vitally. There are two sources, and they must not be mixed up:
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
  readonly #absent = new AbsentNames();
  readonly #accepted = new AcceptedNames();
  readonly #versions: RecordVersions;
  readonly #listed: ListedRecords | undefined;

  /** @param listed keeps what the background listing shows; without it, that is kept like what single reads show */
  constructor(listed?: ListedRecords, versions: RecordVersions = new RecordVersions()) {
    this.#listed = listed;
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
      return { kind: 'found', record: this.#whole(collection, known) };
    }
    if (this.#absent.has(collection, by, value)) return { kind: 'absent' };
    const listed = by === 'email' ? undefined : this.#listed?.get(collection, by, value);
    return listed === undefined ? undefined : { kind: 'found', record: this.#whole(collection, listed) };
  }

  /** A list showed this name, but nothing tells any longer what record has it: never take it for absent. */
  isUnsure(collection: Collection, by: LookupBy, value: string): boolean {
    return this.#listed?.isUnsure(collection, by, value) === true;
  }

  /** What is kept of a record whose names are known. */
  #whole(collection: Collection, { id, externalId }: Pick<KnownRecord, 'id' | 'externalId'>): KnownRecord {
    const fields = this.#fields.get(nameKey(collection, 'id', id));
    if (fields !== undefined) return { id, externalId, fields };
    return { id, externalId, fields, listed: this.#listed?.get(collection, 'id', id) };
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
    // What a list showed of it is older.
    if (this.#listed?.get(collection, 'id', record.id) !== undefined)
      this.#listed.keep(collection, record.fields ?? {});
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
    if (known !== undefined && !isNewer(fields, known))
      return this.#listed?.keep(collection, known) === false ? 'full' : undefined;
    // A message that Vitally took in and has not applied yet is about to change this record: it is there, and no more.
    if (this.wasAccepted(collection, namesOf(record))) return this.#keepUnsure(collection, record);
    // Of two records of one external id the older one counts, which the list shows first.
    const other =
      externalId === undefined ? undefined : this.#ids.get(nameKey(collection, 'externalId', externalId));
    if (other !== undefined && other.id !== id) return undefined;
    return this.#keepListed(collection, record) ? id : 'full';
  }

  #keepUnsure(collection: Collection, { id, fields = {} }: KnownRecord): 'full' | undefined {
    if (this.#listed?.keep(collection, fields) === false) return 'full';
    this.#listed?.drop(collection, { id });
    return undefined;
  }

  /** Whether there was room for it. Its fields stay at hand too while there is room for those. */
  #keepListed(collection: Collection, record: KnownRecord): boolean {
    if (this.#listed === undefined) return this.#keep(collection, record);
    const { id, fields = {} } = record;
    const hasRoom = this.#listed.keep(collection, fields);
    if (this.#listed.get(collection, 'id', id) === undefined) this.#keep(collection, record);
    else this.#fields.set(nameKey(collection, 'id', id), fields);
    this.#absent.delete(collection, namesOf(record));
    return hasRoom;
  }

  /** Remembers that an answer showed no record of this key; an outdated one is ignored. */
  observeAbsent(collection: Collection, by: LookupBy, value: string, askedAt: number): void {
    if (this.isCurrent(collection, by, value, askedAt)) this.#absent.add(collection, by, value);
  }

  /** Vitally took a message for this record in: the record will be there, but REST may not show it yet. */
  markAccepted(collection: Collection, names: RecordNames): void {
    const known = this.#known(collection, names);
    this.#change(collection, names);
    this.#accepted.add(collection, names);
    this.#absent.delete(collection, names);
    // The message changes the record, so the fields seen earlier no longer count.
    for (const { id } of known) this.#fields.delete(nameKey(collection, 'id', id));
  }

  /** Whether Vitally took a message in for the record of one of these names. */
  wasAccepted(collection: Collection, names: RecordNames): boolean {
    return this.#accepted.has(collection, names);
  }

  /** Your own id of the record of one of these names for which Vitally took a message in. */
  acceptedAs(collection: Collection, names: RecordNames): string | undefined {
    return this.#accepted.externalIdOf(collection, names);
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
      for (const space of [by, 'either'] as const) this.#absent.add(collection, space, name);
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
    this.#absent.delete(collection, names);
  }

  #keep(collection: Collection, record: KnownRecord): boolean {
    const { id, externalId, fields } = record;
    const bare = { id, externalId, fields: undefined };
    this.#ids.set(nameKey(collection, 'id', id), bare);
    if (externalId !== undefined) this.#ids.set(nameKey(collection, 'externalId', externalId), bare);
    this.#absent.delete(collection, namesOf(record));
    return fields === undefined || this.#keepFields(nameKey(collection, 'id', id), fields);
  }

  /** Whether the fields of every other record could be kept too. */
  #keepFields(name: string, fields: JsonObject): boolean {
    const held = this.#fields.size + (this.#fields.has(name) ? 0 : 1);
    this.#fields.set(name, fields);
    return this.#fields.size === held;
  }

  /** A change of a record counts for all its names, former ones too. */
  #change(collection: Collection, names: RecordNames): void {
    this.#versions.changed(this.#allKeys(collection, names));
    this.#listed?.drop(collection, names);
  }

  #allKeys(collection: Collection, names: RecordNames): string[] {
    const known = this.#known(collection, names).map(namesOf);
    return [names, ...known].flatMap((each) => nameKeys(collection, each));
  }

  /** The records that memory knows by one of these names. */
  #known(collection: Collection, { id, externalId }: RecordNames): KnownRecord[] {
    return [this.#named(collection, 'id', id), this.#named(collection, 'externalId', externalId)]
      .filter((record) => record !== undefined)
      .map((record) => this.#whole(collection, record));
  }

  #named(
    collection: Collection,
    by: 'id' | 'externalId',
    name: string | undefined,
  ): Pick<KnownRecord, 'id' | 'externalId'> | undefined {
    if (name === undefined) return undefined;
    return this.#ids.get(nameKey(collection, by, name)) ?? this.#listed?.get(collection, by, name);
  }
}
