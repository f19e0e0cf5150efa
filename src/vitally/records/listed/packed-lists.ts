import { isJsonObject } from '../../../json/guards.ts';
import type { JsonValue } from '../../../json/json.ts';
import type { Collection } from '../collection.ts';
import type { ListedRecords } from '../listing/listed.ts';
import type { Comparison, ListedRecord } from '../listing/listed-record.ts';
import type { LookupBy, RecordNames } from '../record-names.ts';
import { randomKey } from './keyed-hash.ts';
import type { CanonicalValues, ListedName, PackedAnswer, PackedFinding } from './packed.ts';
import { PackedCollection, type PackedRoom } from './packed-collection.ts';

/** How the values of one object's records are compared. */
export interface ListedRule {
  readonly valuesOf: CanonicalValues;
  compare(listed: PackedFinding, name: string, value: JsonValue): Comparison;
  holdsEach(listed: PackedFinding, name: string, values: readonly JsonValue[]): boolean;
}

/** A collection and its rule; there is none where no object declares it. */
interface Kept {
  readonly rule: ListedRule;
  readonly records: PackedCollection;
}

/** What lists showed of all collections, packed, in room that they share. */
export class PackedLists implements ListedRecords {
  readonly #ruleOf: (collection: Collection) => ListedRule | undefined;
  readonly #room: PackedRoom;
  readonly #key = randomKey();
  readonly #kept = new Map<string, Kept>();

  constructor(ruleOf: (collection: Collection) => ListedRule | undefined, room: Readonly<PackedRoom>) {
    this.#ruleOf = ruleOf;
    this.#room = { ...room };
  }

  keep(collection: Collection, body: JsonValue): boolean {
    if (!isJsonObject(body)) return true;
    return this.#open(collection)?.records.put(body) ?? false;
  }

  get(collection: Collection, by: LookupBy, value: string): ListedRecord | undefined {
    const kept = this.#kept.get(collection.path);
    const found = kept === undefined ? undefined : answer(kept.records, by, value);
    if (kept === undefined || !isTelling(found)) return undefined;
    const { id, externalId, updatedAt } = found;
    return {
      id,
      externalId,
      updatedAt,
      compare: (name, other) => kept.rule.compare(found, name, other),
      holdsEach: (name, values) => kept.rule.holdsEach(found, name, values),
    };
  }

  isUnsure(collection: Collection, by: LookupBy, value: string): boolean {
    const kept = this.#kept.get(collection.path);
    const found = kept === undefined ? undefined : answer(kept.records, by, value);
    return found !== undefined && !isTelling(found);
  }

  drop(collection: Collection, names: RecordNames): void {
    this.#kept.get(collection.path)?.records.delete(names);
  }

  #open(collection: Collection): Kept | undefined {
    const kept = this.#kept.get(collection.path);
    if (kept !== undefined) return kept;
    const rule = this.#ruleOf(collection);
    if (rule === undefined) return undefined;
    const opened = { rule, records: new PackedCollection(rule.valuesOf, this.#room, this.#key) };
    this.#kept.set(collection.path, opened);
    return opened;
  }
}

/** Under `either` your own id is tried first, as `KnownRecords.peek` does. */
function answer(records: PackedCollection, by: LookupBy, value: string): PackedAnswer {
  const spaces: readonly ListedName[] = by === 'either' ? ['externalId', 'id'] : [by];
  for (const space of spaces) {
    const found = records.get(space, value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** An archived record counts as not there for some objects, which its body alone tells. */
function isTelling(found: PackedAnswer): found is PackedFinding {
  return typeof found === 'object' && !found.archived && found.hasValues;
}
