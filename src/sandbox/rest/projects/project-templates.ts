import { reference, text } from '../items/fields.ts';
import { itemResource } from '../items/resource.ts';

export const projectCategories = itemResource({
  path: 'projectCategories',
  title: 'Project category',
  table: (world) => world.items('projectCategories'),
  fields: { name: text },
  required: ['name'],
  writes: 'read-only',
  shows: 'fields',
});

export const projectTemplates = itemResource({
  path: 'projectTemplates',
  title: 'Project template',
  table: (world) => world.items('projectTemplates'),
  fields: {
    name: text,
    projectName: text,
    description: text,
    projectCategoryId: reference((world) => world.items('projectCategories'), 'a project category'),
  },
  required: ['name'],
  writes: 'read-only',
  shows: 'fields',
  seedReferences: { projectCategoryId: 'projectCategories' },
  show: (_context, item) => ({ traits: Object.fromEntries(item.traits) }),
  listed(_context, item, query) {
    const categoryId = query.get('categoryId');
    return categoryId === null || item.fields.get('projectCategoryId') === categoryId;
  },
});
