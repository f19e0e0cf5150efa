import type { Field } from './object.ts';

/** What an activity hangs off: an account, an organization, or both. Given by your own id or by Vitally's. */
export const parents: { readonly accountId: Field; readonly organizationId: Field } = {
  accountId: {
    type: 'id',
    title: 'Account',
    description: "The account it belongs to: your own id or Vitally's.",
    association: 'account',
    neverNull: true,
  },
  organizationId: {
    type: 'id',
    title: 'Organization',
    description: "The organization it belongs to: your own id or Vitally's.",
    association: 'organization',
    neverNull: true,
  },
};

/** Tags of a note or task: a PUT without the complete list removes tags (vitally-api.md, "Notes and tasks"). */
export const tags: Field = {
  type: 'texts',
  title: 'Tags',
  description: 'Tags: a list, JSON text or one value.',
  keptOnPut: true,
};
