import type { Context } from '../../context.ts';
import type { JsonObject } from '../../json.ts';
import type { Item } from '../../store/records.ts';
import { shownIdentity } from '../../store/show.ts';
import type { ItemDefinition } from './definition.ts';

/** A record as REST shows it; fields that were never written are shown empty. */
export function showItem(
  definition: ItemDefinition,
  context: Context,
  item: Item,
  single: boolean,
): JsonObject {
  const { id, externalId, ...times } = shownIdentity(item, context.switches);
  const hasExternalId = definition.writes === 'upsert' || definition.writes === 'undocumented';
  return {
    id: id ?? null,
    ...times,
    ...(hasExternalId ? { externalId: externalId ?? null } : {}),
    ...Object.fromEntries(
      Object.keys(definition.fields).map((name) => [
        name,
        item.fields.get(name) ?? definition.empty?.[name] ?? null,
      ]),
    ),
    ...(definition.shows === 'fields' ? {} : shownState(item)),
    ...definition.show?.(context, item, single),
  };
}

function shownState(item: Item): JsonObject {
  return {
    traits: Object.fromEntries(item.traits),
    archivedAt: item.archivedAtMs === null ? null : new Date(item.archivedAtMs).toISOString(),
    source: item.fields.get('source') ?? null,
  };
}
