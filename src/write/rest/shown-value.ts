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

/** What a record holds in a trait. A standard field may be shown among the traits, where it is written, or beside the name. */
export function shownTrait(object: VitallyObject, record: JsonObject, name: string): JsonValue | undefined {
  const traits = own(record, 'traits');
  const held = isJsonObject(traits) ? own(traits, name) : undefined;
  return held ?? (object.fields[name]?.in === 'traits' ? own(record, name) : undefined);
}

function nameOfTag(tag: JsonValue): JsonValue {
  return isJsonObject(tag) ? (own(tag, 'name') ?? tag) : tag;
}
