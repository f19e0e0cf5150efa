import { html } from '../items/clean-html.ts';
import { adminReference, date, reference, text, texts } from '../items/fields.ts';
import { itemResource } from '../items/resource.ts';
import { shownAdmin, shownCategory } from '../people/shown-relations.ts';
import { ownedItems, ownerFields, shownOwners } from './owned-items.ts';

/** POST is a documented upsert (vitally-api.md, "Notes and tasks"). */
export const tasks = itemResource({
  ...ownedItems('tasks'),
  title: 'Task',
  fields: {
    ...ownerFields,
    name: text,
    description: html,
    dueDate: date,
    completedAt: date,
    assignedToId: adminReference,
    completedById: adminReference,
    categoryId: reference((world) => world.items('taskCategories'), 'a task category'),
    tags: texts,
  },
  required: ['name'],
  writes: 'upsert',
  show: (context, task) => ({
    ...shownOwners(context, task),
    meetingId: null,
    createdById: null,
    assignedTo: shownAdmin(context, task.fields.get('assignedToId')),
    completedBy: shownAdmin(context, task.fields.get('completedById')),
    category: shownCategory(context, 'taskCategories', task.fields.get('categoryId')),
    projects: [],
  }),
  seedReferences: { categoryId: 'taskCategories' },
});
