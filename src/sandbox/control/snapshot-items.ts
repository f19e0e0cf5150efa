import { canonical, isObject, type JsonObject, type JsonValue, sortedObject } from '../json.ts';
import { itemText } from '../store/item.ts';
import { ITEM_KINDS, type Item, type ItemKind, REFERENCE_KINDS } from '../store/records.ts';
import type { World } from '../store/world.ts';

/** A text in the place of Vitally's id of a record: its external id, else its name or e-mail. */
export type Labels = Pick<ReadonlyMap<string, string>, 'get' | 'has'>;

/** Fields that tell records without an external id apart. */
const NAMING_FIELDS = [
  'email',
  'accountId',
  'customerId',
  'organizationId',
  'meetingId',
  'conversationId',
  'templateId',
  'name',
  'subject',
  'title',
];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Records by kind, instances by the name of their custom object; without empty kinds and those that can't be written. */
export type ItemsSnapshot = { readonly [K in ItemKind | 'instances']?: JsonObject };

export function itemsSnapshot(world: World): ItemsSnapshot {
  const kinds = ITEM_KINDS.filter((kind) => !REFERENCE_KINDS.has(kind) && world.items(kind).size > 0);
  const definitions = [...world.instances].filter(([, table]) => table.size > 0);
  if (kinds.length + definitions.length === 0) return {};
  const labels = labelsOf(world);
  const instances = definitions.map(
    ([id, table]) => [labels.get(id) ?? id, contents(table.all(), labels)] as const,
  );
  return {
    ...Object.fromEntries(kinds.map((kind) => [kind, contents(world.items(kind).all(), labels)])),
    ...(instances.length === 0 ? {} : { instances: sortedObject(instances) }),
  };
}

/** The labels of all records. */
export function labelsOf(world: World): Labels {
  const labels = new Map<string, string>();
  for (const table of [world.organizations, world.accounts, world.users])
    for (const { id, externalId } of table.all()) labels.set(id, externalId);
  for (const kind of ITEM_KINDS)
    for (const item of world.items(kind).all()) labels.set(item.id, ownLabel(item) ?? item.id);
  return labels;
}

function ownLabel(item: Item): string | undefined {
  return item.externalId ?? itemText(item, 'email') ?? itemText(item, 'name');
}

/** A record without Vitally's ids and times: empty fields are left out, associations are labels. */
export function itemContent(item: Item, labels: Labels): JsonObject {
  const fields = [...item.fields].filter(([, value]) => value !== null);
  return {
    ...sortedObject(fields.map(([name, value]) => [name, labelled(value, labels)])),
    traits: canonical(Object.fromEntries(item.traits)),
    archived: item.archivedAtMs !== null,
  };
}

export function itemKey(item: Item, labels: Labels): string {
  if (item.externalId !== null) return item.externalId;
  const named = NAMING_FIELDS.map((name) => item.fields.get(name)).filter(
    (value) => typeof value === 'string',
  );
  return named.length === 0 ? '(none)' : named.map((value) => labels.get(value) ?? value).join(' / ');
}

/** Several records of one key are all kept, each with a number in the order of their content. */
function contents(items: Iterable<Item>, labels: Labels): JsonObject {
  const byKey = new Map<string, JsonObject[]>();
  for (const item of items) {
    const key = itemKey(item, labels);
    byKey.set(key, [...(byKey.get(key) ?? []), itemContent(item, labels)]);
  }
  const entries = [...byKey].flatMap(([key, found]) =>
    found
      .map((content) => ({ content, text: JSON.stringify(content) }))
      .sort((left, right) => (left.text < right.text ? -1 : 1))
      .map(({ content }, index) => [index === 0 ? key : `${key} #${index + 1}`, content] as const),
  );
  return sortedObject(entries);
}

/** Ids within a value by their labels; ids that the service made for a part of the record are left out. */
function labelled(value: JsonValue, labels: Labels): JsonValue {
  if (typeof value === 'string') return labels.get(value) ?? value;
  if (Array.isArray(value)) return value.map((inner) => labelled(inner, labels));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([name, inner]) => name !== 'id' || typeof inner !== 'string' || labels.has(inner) || !UUID.test(inner),
  );
  return sortedObject(kept.map(([name, inner]) => [name, labelled(inner, labels)]));
}
