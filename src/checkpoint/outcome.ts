import type { RecordError } from '../errors/record-error.ts';

/** The outcomes of Contract 6, in the order of the summary. */
export const OUTCOMES = [
  'created',
  'updated',
  'deleted',
  'accepted',
  'unchanged',
  'superseded',
  'skipped',
  'rejected',
] as const;

export type OutcomeKind = (typeof OUTCOMES)[number];

/** What became of a record: a value, never an exception. */
export type Outcome =
  | { readonly kind: Exclude<OutcomeKind, 'rejected'> }
  | { readonly kind: 'rejected'; readonly error: RecordError };
