import type { JsonObject, JsonValue } from '../../json/json.ts';
import { type KnownRecord, knownRecord } from './known-record.ts';
import { LruMap } from './lru.ts';
import { askedNames, type LookupBy, nameKey, nameKeys, namesOf, type RecordNames } from './record-names.ts';
import { RecordVersions } from './record-versions.ts';

const MAX_KNOWN_IDS = 100_000;
/** JSON text of the records kept for comparing; the ids of far more are kept. */
const MAX_KNOWN_CHARACTERS = 8 * 1024 * 1024;
const MAX_KNOWN_ABSENT = 100_000;
const MAX_ACCEPTED_NAMES = 300_000;

/** Where records of one kind live. */
interface Place {
  readonly path: string;
}

/** What memory says of a name. */
export type Known =
  | { readonly kind: 'found'; readonly record: KnownRecord }
  | { readonly kind: 'absent' }
  | undefined;

/**
 * What this run knows of the records in Vitally. There are two sources, and they must not be mixed up:
 *
 * - what the run did (`remember`, `markAccepted`, `markDeleted`, `forget`) always counts, and makes answers to
 *   earlier questions count no more;
 * - what an answer showed (`observe`, `observeAbsent`) counts only where the run has done nothing to that record, by
 *   any of its names, since the question was sent.
 *
 * Every method is one synchronous step, so that nothing can come between its parts.
 */
export class KnownRecords {
  readonly #ids = new LruMap<string, KnownRecord>(MAX_KNOWN_IDS);
  readonly #fields = new LruMap<string, JsonObject>(
    MAX_KNOWN_CHARACTERS,
    (fields) => JSON.stringify(fields).length,
  );
  readonly #absent = new LruMap<string, true>(MAX_KNOWN_ABSENT);
  /** By name: your own id of the record that a message was taken in for. */
  readonly #accepted = new LruMap<string, string>(MAX_ACCEPTED_NAMES);
  readonly #versions: RecordVersions;

  constructor(versions: RecordVersions = new RecordVersions()) {
    this.#versions = versions;
  }

  /** The moment at which a question is sent: to be taken directly before it is, and given back with its answer. */
  get now(): number {
    return this.#versions.now;
  }

  /** Whether an answer about this key, to a question sent at this moment, still counts. */
  isCurrent(place: Place, by: LookupBy, value: string, askedAt: number): boolean {
    return this.#versions.unchangedSince(askedAt, askedNames(place, by, value));
  }

  /** Whether an answer that showed this record, to a question sent at this moment, still counts. */
  isCurrentRecord(place: Place, record: KnownRecord, askedAt: number): boolean {
    return this.#versions.unchangedSince(askedAt, this.#allKeys(place, namesOf(record)));
  }

  /** What is known without asking; `undefined` when nothing is. */
  peek(place: Place, by: LookupBy, value: string): Known {
    for (const space of spaces(by)) {
      const known = this.#ids.get(nameKey(place, space, value));
      if (known === undefined) continue;
      return {
        kind: 'found',
        record: { ...known, fields: this.#fields.get(nameKey(place, 'id', known.id)) },
      };
    }
    return this.#absent.get(nameKey(place, by, value)) === true ? { kind: 'absent' } : undefined;
  }

  /** Takes in what the answer to a write showed; anything without an id is ignored. */
  remember(place: Place, body: JsonValue | undefined): KnownRecord | undefined {
    const record = knownRecord(body);
    if (record === undefined) return undefined;
    this.#change(place, namesOf(record));
    this.#keep(place, record);
    return record;
  }

  /**
   * Takes in what the answer to a question showed. `undefined` where it shows no record or is outdated: then it must be
   * asked again, unless {@link KnownRecords.peek} knows by now.
   */
  observe(place: Place, body: JsonValue | undefined, askedAt: number): KnownRecord | undefined {
    const record = knownRecord(body);
    if (record === undefined || !this.isCurrentRecord(place, record, askedAt)) return undefined;
    this.#keep(place, record);
    return record;
  }

  /** Takes in a record of a list that was read in passing; false when memory is full. */
  observeInPassing(place: Place, body: JsonValue, askedAt: number): boolean {
    const record = knownRecord(body);
    if (record === undefined || !this.isCurrentRecord(place, record, askedAt)) return true;
    if (this.#fields.get(nameKey(place, 'id', record.id)) !== undefined) return true;
    // What is taken in and not yet applied is about to make this untrue.
    if (this.wasAccepted(place, namesOf(record))) return true;
    return this.#keep(place, record);
  }

  /** Takes in that an answer showed nothing under this key; an outdated one is ignored. */
  observeAbsent(place: Place, by: LookupBy, value: string, askedAt: number): void {
    if (this.isCurrent(place, by, value, askedAt)) this.#absent.set(nameKey(place, by, value), true);
  }

  /** Vitally took a message for this record in: it will be there, but may not be readable yet. */
  markAccepted(place: Place, names: RecordNames): void {
    this.#change(place, names);
    for (const name of nameKeys(place, names)) this.#accepted.set(name, names.externalId ?? '');
    this.#nowThere(place, names);
    // What was seen of it is no longer what it holds.
    for (const { id } of this.#known(place, names)) this.#fields.delete(nameKey(place, 'id', id));
  }

  /** Whether a message for the record of one of these names was taken in. */
  wasAccepted(place: Place, names: RecordNames): boolean {
    return nameKeys(place, names).some((name) => this.#accepted.get(name) !== undefined);
  }

  /** Your own id of the record of one of these names that a message was taken in for. */
  acceptedAs(place: Place, names: RecordNames): string | undefined {
    const ids = nameKeys(place, names).map((name) => this.#accepted.get(name));
    return ids.find((id) => id !== undefined && id !== '');
  }

  /** Remembers that this run saw a record go. */
  markDeleted(place: Place, names: RecordNames): void {
    const bore = [names, ...this.#known(place, names)].flatMap(({ id, externalId }) => [
      { by: 'id', name: id } as const,
      { by: 'externalId', name: externalId } as const,
    ]);
    for (const name of this.#allKeys(place, names)) this.#accepted.delete(name);
    this.forget(place, names);
    for (const { by, name } of bore) {
      if (name === undefined) continue;
      for (const space of [by, 'either'] as const) this.#absent.set(nameKey(place, space, name), true);
    }
  }

  /** Drops what is known of a record, for a write made it untrue or may have: it is asked for again. */
  forget(place: Place, names: RecordNames): void {
    const known = this.#known(place, names);
    this.#change(place, names);
    for (const { id, externalId } of [names, ...known]) {
      if (id !== undefined) this.#fields.delete(nameKey(place, 'id', id));
      for (const name of nameKeys(place, { id, externalId })) this.#ids.delete(name);
    }
  }

  /** Drops that a record was missing: it is asked for again. */
  forgetAbsence(place: Place, names: RecordNames): void {
    this.#change(place, names);
    this.#nowThere(place, names);
  }

  #keep(place: Place, record: KnownRecord): boolean {
    const { id, externalId, fields } = record;
    const bare = { id, externalId, fields: undefined };
    this.#ids.set(nameKey(place, 'id', id), bare);
    if (externalId !== undefined) this.#ids.set(nameKey(place, 'externalId', externalId), bare);
    this.#nowThere(place, namesOf(record));
    return fields === undefined || this.#keepFields(nameKey(place, 'id', id), fields);
  }

  /** Whether the fields of every other record could be kept too. */
  #keepFields(name: string, fields: JsonObject): boolean {
    const held = this.#fields.size + (this.#fields.has(name) ? 0 : 1);
    this.#fields.set(name, fields);
    return this.#fields.size === held;
  }

  #nowThere(place: Place, { id, externalId, email }: RecordNames): void {
    for (const by of ['id', 'either'] as const)
      if (id !== undefined) this.#absent.delete(nameKey(place, by, id));
    for (const by of ['externalId', 'either'] as const)
      if (externalId !== undefined) this.#absent.delete(nameKey(place, by, externalId));
    if (email !== undefined) this.#absent.delete(nameKey(place, 'email', email));
  }

  /** A change of a record is one of all its names, those among them that it bore until now. */
  #change(place: Place, names: RecordNames): void {
    this.#versions.changed(this.#allKeys(place, names));
  }

  #allKeys(place: Place, names: RecordNames): string[] {
    const known = this.#known(place, names).map(namesOf);
    return [names, ...known].flatMap((each) => nameKeys(place, each));
  }

  /** The records that memory knows by one of these names. */
  #known(place: Place, { id, externalId }: RecordNames): KnownRecord[] {
    return nameKeys(place, { id, externalId })
      .map((name) => this.#ids.get(name))
      .filter((record) => record !== undefined)
      .map((record) => ({ ...record, fields: this.#fields.get(nameKey(place, 'id', record.id)) }));
  }
}

function spaces(by: LookupBy): readonly ('externalId' | 'id')[] {
  // E-mails are never answered from memory of records: two users may bear the same one.
  return by === 'either' ? ['externalId', 'id'] : by === 'email' ? [] : [by];
}
