import { own } from '../../../json/guards.ts';
import type { JsonObject } from '../../../json/json.ts';
import { isArchived } from '../known-record.ts';
import type { RecordNames } from '../record-names.ts';
import { FieldNumbers } from './field-numbers.ts';
import { keyedHash } from './keyed-hash.ts';
import { NameTable } from './name-table.ts';
import type { CanonicalValues, ListedName, PackedAnswer, PackedFinding } from './packed.ts';
import {
  type Fingerprints,
  isPackable,
  type Names,
  namesOf,
  packed,
  valueIn,
  wordsOf,
} from './packed-record.ts';
import { RecordColumns } from './record-columns.ts';
import { MAX_BLOCK_WORDS, Words } from './words.ts';

/** What is left for all collections that share it. */
export interface PackedRoom {
  records: number;
  /** For values and names; the tables take about 40 bytes a record more. */
  bytes: number;
}

/** Records found by one name; of more, none is found by it any longer. */
const MAX_SHARING = 16;

const NO_VALUES: Fingerprints = { hashes: [], fields: [] };

const SPACES: readonly ListedName[] = ['id', 'externalId', 'email'];

/**
 * What lists showed of one collection's records, packed: names whole, so that no two are ever mixed up, and of each value
 * that is not empty a keyed hash of 64 bits beside its field's number. A changed value is taken for the same once in 2^64
 * (about 5 in 10^20) comparisons, whatever values a row's author chooses. No object is kept for a record.
 *
 * What the run did always counts: a record that it wrote is no longer answered for until a list shows it changed since.
 * Every method is one synchronous step.
 */
export class PackedCollection {
  readonly #valuesOf: CanonicalValues;
  readonly #room: PackedRoom;
  readonly #hash: ReturnType<typeof keyedHash>;
  readonly #words: Words;
  readonly #columns = new RecordColumns();
  readonly #fields = new FieldNumbers();
  /** Names that very many records share, which would make each search for one look at all of them. */
  readonly #crowded = { id: new Set<string>(), externalId: new Set<string>(), email: new Set<string>() };
  readonly #tables = { id: new NameTable(), externalId: new NameTable(), email: new NameTable() };

  constructor(valuesOf: CanonicalValues, room: PackedRoom, key: readonly [number, number]) {
    this.#valuesOf = valuesOf;
    this.#room = room;
    this.#words = new Words(room);
    this.#hash = keyedHash(key);
  }

  get size(): number {
    return this.#columns.size;
  }

  /** All that it takes in memory. */
  get bytes(): number {
    const tables = SPACES.reduce((sum, space) => sum + this.#tables[space].bytes, 0);
    return this.#words.bytes + this.#columns.bytes + tables;
  }

  /**
   * Keeps a record of a page. Of two pages the one with the newer `updatedAt` counts, and of a record that this run wrote
   * only a page with a newer one than was seen before. False where there is no room: what is kept stays.
   */
  put(record: JsonObject): boolean {
    const names = shownNames(record);
    // What can't be packed is read singly.
    if (names === undefined) return true;
    const updatedAt = momentOf(own(record, 'updatedAt'));
    const known = this.#numberOf(names.id);
    if (known !== undefined && !this.#columns.isNewer(known, updatedAt)) return true;
    if (known === undefined && this.#room.records <= 0) return false;
    return this.#write(known, names, record, updatedAt);
  }

  get(by: ListedName, value: string): PackedAnswer {
    const name = by === 'email' ? foldedEmail(value) : value;
    if (this.#crowded[by].has(name)) return 'unsure';
    const found = this.#search(by, name);
    const [number] = found;
    if (number === undefined) return undefined;
    if (found.length > 1 || this.#columns.isSpent(number)) return 'unsure';
    return this.#listed(number);
  }

  /**
   * This run writes the record: no entry with one of these names answers any longer. Give its id where it is known: a name
   * that very many records share leads to some of them.
   */
  delete(names: RecordNames): void {
    const email = names.email === undefined ? undefined : foldedEmail(names.email);
    for (const space of SPACES) {
      const name = space === 'email' ? email : names[space];
      if (name === undefined) continue;
      for (const number of this.#search(space, name)) this.#columns.spend(number);
    }
  }

  #write(
    known: number | undefined,
    names: Names,
    record: JsonObject,
    updatedAt: number | undefined,
  ): boolean {
    const values = this.#fingerprints(record);
    const block = packed(names, values ?? NO_VALUES);
    const address = this.#words.add(block);
    if (address === undefined) {
      // What is kept of it is outdated.
      if (known !== undefined) this.#columns.spend(known);
      return false;
    }
    const before = known === undefined ? undefined : this.#namesOf(known);
    if (known === undefined) this.#room.records--;
    else this.#free(known);
    const shown = { address, updatedAt, archived: isArchived(record), hasValues: values !== undefined };
    const number = this.#columns.set(known, shown);
    this.#rename(number, before, names);
    return true;
  }

  #rename(number: number, before: Names | undefined, after: Names): void {
    for (const space of SPACES) {
      const [old, name] = [before?.[space], after[space]];
      if (old === name) continue;
      if (old !== undefined) this.#tables[space].remove(this.#hash(old).low, number);
      if (name !== undefined) this.#enter(space, name, number);
    }
  }

  #enter(space: ListedName, name: string, number: number): void {
    const crowded = this.#crowded[space];
    if (crowded.has(name)) return;
    if (this.#search(space, name).length < MAX_SHARING) this.#tables[space].add(this.#hash(name).low, number);
    else crowded.add(name);
  }

  #free(number: number): void {
    const address = this.#columns.address(number);
    this.#words.free(address, wordsOf(this.#words.at(address)));
  }

  /** `undefined` where there are more fields or values than can be kept. */
  #fingerprints(record: JsonObject): Fingerprints | undefined {
    const hashes: number[] = [];
    const fields: number[] = [];
    for (const [name, text] of this.#valuesOf(record)) {
      const field = this.#fields.give(name);
      if (field === undefined || hashes.length >= MAX_BLOCK_WORDS * 0.75) return undefined;
      const { low, high } = this.#hash(text);
      hashes.push(low, high);
      fields.push(field);
    }
    return { hashes, fields };
  }

  #listed(number: number): PackedFinding {
    const { id, externalId } = this.#namesOf(number);
    return {
      id,
      externalId,
      updatedAt: this.#columns.updatedAt(number),
      archived: this.#columns.isArchived(number),
      hasValues: this.#columns.hasValues(number),
      holds: (name, text) => this.#holds(number, name, text),
    };
  }

  #holds(number: number, name: string, text: string | undefined): boolean | undefined {
    if (this.#columns.isSpent(number) || !this.#columns.hasValues(number)) return undefined;
    const field = this.#fields.get(name);
    // No record has a value in this field.
    if (field === undefined) return text === undefined;
    const { low, high } = this.#hash(text ?? '');
    const held = valueIn(this.#words.at(this.#columns.address(number)), field, low, high);
    return text === undefined ? held === 'none' : held === 'same';
  }

  #numberOf(id: string): number | undefined {
    return this.#search('id', id)[0];
  }

  #search(space: ListedName, name: string): number[] {
    const found: number[] = [];
    for (const number of this.#tables[space].search(this.#hash(name).low))
      if (this.#namesOf(number)[space] === name) found.push(number);
    return found;
  }

  #namesOf(number: number): Names {
    return namesOf(this.#words.at(this.#columns.address(number)));
  }
}

/** The names that a page shows; `undefined` where the record has no id, or one that can't be packed. */
function shownNames(record: JsonObject): Names | undefined {
  const [id, shownExternalId, shownEmail] = [
    own(record, 'id'),
    own(record, 'externalId'),
    own(record, 'email'),
  ];
  if (typeof id !== 'string') return undefined;
  const externalId = typeof shownExternalId === 'number' ? String(shownExternalId) : shownExternalId;
  const names = {
    id,
    externalId: typeof externalId === 'string' ? externalId : undefined,
    email: typeof shownEmail === 'string' ? foldedEmail(shownEmail) : undefined,
  };
  return SPACES.every((space) => isPackable(names[space])) ? names : undefined;
}

function foldedEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** Milliseconds, with the digits below as a fraction; a double tells microseconds apart. */
function momentOf(shown: unknown): number | undefined {
  if (typeof shown !== 'string') return undefined;
  const whole = Date.parse(shown);
  if (Number.isNaN(whole)) return undefined;
  return whole + Number(`0.${/\.\d{3}(\d{1,9})/.exec(shown)?.[1] ?? '0'}`);
}
