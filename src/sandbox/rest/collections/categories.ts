import type { ItemKind } from '../../store/records.ts';
import { text } from '../items/fields.ts';
import { itemResource } from '../items/resource.ts';
import type { RestResource } from '../resource.ts';

/** Names to choose from, made in the app: listed, never written. */
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
