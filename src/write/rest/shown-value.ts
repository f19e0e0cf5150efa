import { isJsonObject, own } from '../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../json/json.ts';
import type { VitallyObject } from '../../objects/object.ts';

/**
 * What a record, as Vitally shows it, holds in a field; `undefined` where Vitally doesn't show it. What an id points at
 * may be shown as an object: `authorId` as `author: {id, …}`, `assignedToId` as `assignedTo` (vitally-api.md, "Notes
 * and tasks"), and tags as texts or as objects with a name.
 */
export function shown(object: VitallyObject, record: JsonObject, name: string): JsonValue | undefined {
  const field = object.fields[name];
  const restName = field?.restName ?? name;
  const value = own(record, restName) ?? own(record, name);
  if (field?.type === 'texts' && Array.isArray(value)) return value.map(nameOfTag);
  if (value !== undefined || !restName.endsWith('Id')) return value;
  const pointedAt = own(record, restName.slice(0, -'Id'.length));
  if (pointedAt === null) return null;
  return isJsonObject(pointedAt) ? own(pointedAt, 'id') : undefined;
}

/** The ids of all that Vitally shows the record to belong to, where a field takes one of them. */
export function shownIds(object: VitallyObject, record: JsonObject, name: string): readonly JsonValue[] {
  const { listedIn } = object.fields[name] ?? {};
  const listed = listedIn === undefined ? undefined : own(record, listedIn);
  const ids = Array.isArray(listed) ? listed.map((one) => isJsonObject(one) && own(one, 'id')) : [];
  return ids.filter((id) => typeof id === 'string');
}

/**
 * Whether a record belongs to several, the one that the row names among them. Then there is nothing to write: a PUT that
 * names one of them might take the record from the others.
 */
export function isOneOfSeveral(
  object: VitallyObject,
  record: JsonObject,
  name: string,
  given: JsonValue,
): boolean {
  const ids = shownIds(object, record, name);
  return ids.length > 1 && ids.includes(given);
}

/** What a record holds in a trait. A standard field may be shown among the traits, where it is written, or beside the name. */
export function shownTrait(object: VitallyObject, record: JsonObject, name: string): JsonValue | undefined {
  const traits = own(record, 'traits');
  const held = isJsonObject(traits) ? own(traits, name) : undefined;
  return held ?? (object.fields[name]?.in === 'traits' ? own(record, name) : undefined);
}

function nameOfTag(tag: JsonValue): JsonValue {
  return isJsonObject(tag) ? (own(tag, 'name') ?? tag) : tag;
}
