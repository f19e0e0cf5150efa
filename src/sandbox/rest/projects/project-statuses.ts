import { changeItem, createItem } from '../../store/item.ts';
import type { Item } from '../../store/records.ts';
import type { Table } from '../../store/table.ts';
import type { World } from '../../store/world.ts';
import { seedOnly } from '../collections/seed-only.ts';
import { oneOf, text } from '../items/fields.ts';
import { itemResource } from '../items/resource.ts';

/** The statuses where none are seeded: the reference gives only their types, so the names are made up. */
const DEFAULT_STATUSES = [
  { name: 'Not started', type: 'inactive' },
  { name: 'In progress', type: 'active' },
  { name: 'Complete', type: 'complete' },
] as const;

/** Only projects show statuses: no endpoint lists them. */
export const projectStatuses = seedOnly(
  itemResource({
    path: 'projectStatuses',
    title: 'Project status',
    table: (world) => world.items('projectStatuses'),
    fields: { name: text, type: oneOf(['inactive', 'active', 'complete']) },
    required: ['name', 'type'],
    writes: 'read-only',
    shows: 'fields',
  }),
);

/** The statuses there are, at least one. */
export function statusesOf(world: World): Table<Item> {
  const table = world.items('projectStatuses');
  if (table.size === 0)
    for (const fields of DEFAULT_STATUSES)
      changeItem(world, createItem(table, null), { fields: { ...fields } });
  return table;
}

/** The status of a new project that asks for none. */
export function defaultStatus(world: World): Item {
  const [first] = statusesOf(world).all();
  if (first === undefined) throw new Error('there is always a project status');
  return first;
}
