import type { VitallyObject } from './object.ts';
import { parents, tags } from './parents.ts';

/** A DELETE archives the note (vitally-api.md, "Notes and tasks"). */
export const note: VitallyObject = {
  name: 'note',
  plural: 'notes',
  title: 'Note',
  streamNames: ['note', 'notes'],
  keys: ['externalId', 'id'],
  modes: ['upsert', 'update', 'append', 'delete'],
  fields: {
    ...parents,
    note: {
      type: 'html',
      title: 'Note',
      description: 'The text, in the HTML that Vitally keeps.',
      aliases: ['content', 'body'],
      neverNull: true,
    },
    noteDate: {
      type: 'datetime',
      title: 'Note date',
      description: 'When it was noted.',
      neverNull: true,
    },
    subject: { type: 'text', title: 'Subject', description: 'The headline.', aliases: ['title'] },
    authorId: {
      type: 'id',
      title: 'Author',
      description: "The team member who wrote it: an e-mail or Vitally's id.",
      association: 'admin',
      aliases: ['author', 'authorEmail'],
    },
    categoryId: {
      type: 'id',
      title: 'Category',
      description: "The note category: its name or Vitally's id.",
      association: 'noteCategory',
      aliases: ['category'],
    },
    tags,
  },
  requiredToCreate: ['note', 'noteDate', ['accountId', 'organizationId']],
  others: 'traits',
  traitModel: 'notes',
  derivesKey: true,
  rest: {
    path: '/resources/notes',
    lookup: 'list',
    looksFirst: true,
    listFilter: 'archived=false',
    deletesByIdOnly: true,
  },
};
