import { html } from '../items/clean-html.ts';
import { adminReference, date, reference, text, texts } from '../items/fields.ts';
import { itemResource } from '../items/resource.ts';
import { shownAdmin, shownCategory } from '../people/shown-relations.ts';
import { ownedItems, ownerFields, shownOwners } from './owned-items.ts';

/** vitally-api.md, "Notes and tasks". */
export const notes = itemResource({
  ...ownedItems('notes'),
  title: 'Note',
  fields: {
    ...ownerFields,
    note: html,
    noteDate: date,
    subject: text,
    authorId: adminReference,
    categoryId: reference((world) => world.items('noteCategories'), 'a note category'),
    tags: texts,
  },
  required: ['note', 'noteDate'],
  writes: 'undocumented',
  show: (context, note) => ({
    ...shownOwners(context, note),
    meetingDescription: null,
    users: [],
    author: shownAdmin(context, note.fields.get('authorId')),
    category: shownCategory(context, 'noteCategories', note.fields.get('categoryId')),
  }),
  seedReferences: { categoryId: 'noteCategories' },
});
