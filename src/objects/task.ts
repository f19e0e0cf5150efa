import type { VitallyObject } from './object.ts';
import { parents, tags } from './parents.ts';

/** A DELETE archives the task (vitally-api.md, "Notes and tasks"). */
export const task: VitallyObject = {
  name: 'task',
  plural: 'tasks',
  title: 'Task',
  streamNames: ['task', 'tasks'],
  keys: ['externalId', 'id'],
  modes: ['upsert', 'update', 'append', 'delete'],
  fields: {
    name: {
      type: 'text',
      title: 'Name',
      description: 'What is to be done.',
      aliases: ['title'],
      otherNames: ['subject'],
      neverNull: true,
    },
    ...parents,
    description: {
      type: 'html',
      title: 'Description',
      otherNames: ['body', 'content'],
      description: 'The details, in the HTML that Vitally keeps.',
    },
    dueDate: {
      type: 'date',
      title: 'Due date',
      description: 'When it is due: a date or a date-time.',
      otherNames: ['dueAt', 'dueOn'],
    },
    completedAt: {
      type: 'datetime',
      title: 'Completed at',
      description: 'When it was done; null opens it again.',
    },
    assignedToId: {
      type: 'id',
      title: 'Assignee',
      description: "The team member who is to do it: an e-mail or Vitally's id.",
      association: 'admin',
      aliases: ['assignee', 'assignedTo'],
    },
    completedById: {
      type: 'id',
      title: 'Completed by',
      description: "The team member who did it: an e-mail or Vitally's id.",
      association: 'admin',
      aliases: ['completedBy'],
    },
    categoryId: {
      type: 'id',
      title: 'Category',
      description: "The task category: its name or Vitally's id.",
      association: 'taskCategory',
      aliases: ['category'],
    },
    tags,
  },
  requiredToCreate: ['name', ['accountId', 'organizationId']],
  others: 'traits',
  traitModel: 'tasks',
  hints: {
    status:
      'a task has no status in Vitally: it is done from its completedAt on. Map the time when it was done to completedAt in "fields", null for an open task; the column stays a trait.',
  },
  derivesKey: true,
  rest: {
    path: '/resources/tasks',
    lookup: 'list',
    looksFirst: true,
    listFilter: 'archived=false',
    deletesByIdOnly: true,
  },
};
