import { itemContent, itemKey, labelsOf } from '../control/snapshot-items.ts';
import { ITEM_KINDS, type Item } from '../store/records.ts';
import type { Table } from '../store/table.ts';
import type { World } from '../store/world.ts';
import type { Html } from './html.ts';
import { listing } from './listing.ts';
import type { View } from './view.ts';

/** Kinds of which there are records, with their number. */
export function itemCounts(world: World): (readonly [string, number])[] {
  return filled(world).map(([title, { size }]) => [title, size]);
}

/** A table of each of these kinds: key and content of its records. */
export function itemTables(world: World, view: View): Html[] {
  const found = filled(world);
  if (found.length === 0) return [];
  const labels = labelsOf(world);
  const shown = (item: Item) => {
    const { traits = null, archived = null, ...fields } = itemContent(item, labels);
    return { key: itemKey(item, labels), fields, traits, archived: archived === true ? 'yes' : null };
  };
  const names = ['key', 'fields', 'traits', 'archived'];
  return found.map(([title, items]) =>
    listing({ title, names, size: items.size, records: () => items.all().map(shown) }, view),
  );
}

function filled(world: World): (readonly [string, Table<Item>])[] {
  const kinds = ITEM_KINDS.map((kind) => [spaced(kind), world.items(kind)] as const);
  const instances = [...world.instances].map(([id, items]) => [instancesTitle(world, id), items] as const);
  return [...kinds, ...instances].filter(([, { size }]) => size > 0);
}

function instancesTitle(world: World, customObjectId: string): string {
  const name = world.items('customObjects').byId(customObjectId)?.fields.get('name');
  return `instances of ${typeof name === 'string' ? name : customObjectId}`;
}

/** `noteCategories` as `note categories`. */
function spaced(kind: string): string {
  return kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
