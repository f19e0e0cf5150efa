import { itemContent, itemKey, labelsOf } from '../control/snapshot-items.ts';
import { ITEM_KINDS, type Item } from '../store/records.ts';
import type { Table } from '../store/table.ts';
import type { World } from '../store/world.ts';
import type { Html } from './html.ts';
import { fieldCells, table } from './tables.ts';

const SHOWN_RECORDS = 20;

/** Kinds of which there are records, with their number. */
export function itemCounts(world: World): (readonly [string, number])[] {
  return filled(world).map(([title, { size }]) => [title, size]);
}

/** A table of each of these kinds: key and content of its first records. */
export function itemTables(world: World): Html[] {
  const found = filled(world);
  if (found.length === 0) return [];
  const labels = labelsOf(world);
  return found.map(([title, items]) => {
    const rows = items
      .all()
      .take(SHOWN_RECORDS)
      .map((item) => {
        const { traits = null, archived = null, ...fields } = itemContent(item, labels);
        const shown = {
          key: itemKey(item, labels),
          fields,
          traits,
          archived: archived === true ? 'yes' : null,
        };
        return fieldCells(shown, Object.keys(shown));
      });
    const note = items.size > SHOWN_RECORDS ? `first ${SHOWN_RECORDS} of ${items.size}` : '';
    return table(title, note, ['key', 'fields', 'traits', 'archived'], [...rows]);
  });
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
