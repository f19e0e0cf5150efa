import type { ItemKind } from '../../store/records.ts';
import { text } from '../items/fields.ts';
import { itemResource } from '../items/resource.ts';
import type { RestResource } from '../resource.ts';

/** Names to choose from. They are made in Vitally's app, so the API lists and never writes them. */
function categories(path: ItemKind, title: string): RestResource {
  return itemResource({
    path,
    title,
    table: (world) => world.items(path),
    fields: { name: text },
    required: ['name'],
    writes: 'read-only',
    lacks: ['GET'],
    shows: 'fields',
  });
}

export const noteCategories = categories('noteCategories', 'Note category');
export const taskCategories = categories('taskCategories', 'Task category');
