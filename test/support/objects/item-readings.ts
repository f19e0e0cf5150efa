import type { SwitchName } from '../../../src/sandbox/index.ts';

/** The readings under which notes and tasks are tried: each switch that bears on them once. */
export const ITEM_READINGS: readonly { readonly profile: readonly SwitchName[] }[] = [
  { profile: [] },
  { profile: ['activity-post-refuses-duplicate'] },
  { profile: ['activity-post-duplicates', 'scoped-lists-need-uuid', 'lists-show-archived'] },
  { profile: ['no-source-lookup', 'admin-search-results', 'message-envelope', 'not-found-400'] },
  { profile: ['not-found-200', 'unknown-parent-accepted', 'post-answers-201'] },
  { profile: ['empty-page', 'no-at-end', 'page-limit-400', 'no-created-at'] },
];
