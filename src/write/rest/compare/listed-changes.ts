import { getHeapStatistics } from 'node:v8';
import { isJsonObject, own } from '../../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../../json/json.ts';
import { OBJECTS } from '../../../objects/index.ts';
import type { VitallyObject } from '../../../objects/object.ts';
import type { Collection } from '../../../vitally/records/collection.ts';
import type { CanonicalValue, PackedFinding } from '../../../vitally/records/listed/packed.ts';
import { type ListedRule, PackedLists } from '../../../vitally/records/listed/packed-lists.ts';
import { packedRoom } from '../../../vitally/records/listed/packed-room.ts';
import type { Comparison } from '../../../vitally/records/listing/listed-record.ts';
import { listOf } from '../body.ts';
import { shown, shownIds, shownTrait } from '../shown-value.ts';
import { canonical, comparedField, comparedTrait } from './canonical.ts';

const TRAIT = 'traits.';

/** Every value of a record as Vitally shows it, by what it is compared with; empty ones are left out. */
export function* valuesShown(object: VitallyObject, record: JsonObject): Generator<CanonicalValue> {
  for (const name of Object.keys(object.fields)) {
    const text = canonical(comparedField(object, name), shown(object, record, name) ?? null, 'shown');
    if (text !== undefined) yield [name, text];
    const ids = shownIds(object, record, name);
    // Of several, a row may name any one: then there is nothing to write.
    if (ids.length > 1) for (const id of ids) yield [oneOf(name), String(id)];
    const members = isSet(object, name) ? listOf(shown(object, record, name)) : [];
    // A row may add one that is there.
    for (const member of members) yield [memberOf(name), JSON.stringify(member)];
  }
  for (const name of traitNames(object, record)) {
    const value = shownTrait(object, record, name) ?? null;
    const text = canonical(comparedTrait(object, name), value, 'shown');
    if (text !== undefined) yield [TRAIT + name, text];
  }
}

/**
 * How a value of a row stands to a record that a list showed, as `changesOf` tells it from the record's body. A caller
 * that needs what the record holds reads it: for a PUT that merges with it, or a plan that says `from`.
 */
export function comparison(
  object: VitallyObject,
  listed: PackedFinding,
  name: string,
  value: JsonValue,
): Comparison {
  const trait = name.startsWith(TRAIT) ? name.slice(TRAIT.length) : undefined;
  // What other names are shown as is not kept.
  if (trait === undefined && !Object.hasOwn(object.fields, name)) return 'different';
  if (typeof value === 'string' && listed.holds(oneOf(name), value) === true) return 'same';
  const field = trait === undefined ? comparedField(object, name) : comparedTrait(object, trait);
  if (listed.holds(name, canonical(field, value, 'written')) === true) return 'same';
  return listed.holds(name, undefined) === true ? 'empty' : 'different';
}

/** Whether a record's list has each of these, as far as is kept: as `forExisting` adds a row's list to the record's. */
export function holdsEach(listed: PackedFinding, name: string, values: readonly JsonValue[]): boolean {
  return values.every((value) => listed.holds(memberOf(name), JSON.stringify(value)) === true);
}

/** What lists will show, in as much room as the process may take. */
export function listedRecords(): PackedLists {
  const { heap_size_limit: heapLimit } = getHeapStatistics();
  return new PackedLists(listedRule, packedRoom(heapLimit));
}

/** The rule for the records of a collection; `undefined` where it is none that an object declares. */
export function listedRule({ path }: Collection): ListedRule | undefined {
  const object = OBJECTS.find(({ rest }) => rest !== undefined && isPathOf(rest.path, path));
  if (object === undefined) return undefined;
  return {
    valuesOf: (record) => valuesShown(object, record),
    compare: (listed, name, value) => comparison(object, listed, name, value),
    holdsEach,
  };
}

/** Whether a path is the template with its places filled. */
function isPathOf(template: string, path: string): boolean {
  const [places, steps] = [template.split('/'), path.split('/')];
  return (
    places.length === steps.length && places.every((each, at) => each.startsWith(':') || each === steps[at])
  );
}

/** Whether a row's list may add to what the record holds. */
function isSet(object: VitallyObject, name: string): boolean {
  const field = object.fields[name];
  return field?.type === 'ids' || (field?.type === 'texts' && field.keptOnPut === true);
}

function memberOf(name: string): string {
  return `member of ${name}`;
}

function oneOf(name: string): string {
  return `one of ${name}`;
}

function traitNames(object: VitallyObject, record: JsonObject): ReadonlySet<string> {
  const traits = own(record, 'traits');
  const standard = Object.keys(object.fields).filter((name) => object.fields[name]?.in === 'traits');
  return new Set([...standard, ...(isJsonObject(traits) ? Object.keys(traits) : [])]);
}
