import type { Outcome } from '../store/records.ts';

const OUTCOMES: readonly Outcome[] = ['created', 'updated', 'unchanged', 'deleted'];

/** What a link or a form asks a list to show. */
export interface View {
  /** Records that hold this text, in any case; empty for all. */
  readonly search: string;
  /** From 1. */
  readonly page: number;
  /** Only what belongs to this run. */
  readonly run: number | undefined;
  /** Only records of which the run made this. */
  readonly outcome: Outcome | undefined;
}

export function parseView(query: URLSearchParams): View {
  const outcome = query.get('outcome');
  return {
    search: (query.get('q') ?? '').trim(),
    page: naturalNumber(query.get('page')) ?? 1,
    run: naturalNumber(query.get('run')),
    outcome: OUTCOMES.find((one) => one === outcome),
  };
}

/** A number from 1 on; `undefined` for any other text. */
export function naturalNumber(text: string | null): number | undefined {
  const number = text !== null && /^\d+$/.test(text) ? Number(text) : 0;
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

/** The address of a list with what it is asked to show. */
export function linkTo(path: string, { search, page, run, outcome }: View): string {
  const query = new URLSearchParams();
  if (search !== '') query.set('q', search);
  if (run !== undefined) query.set('run', String(run));
  if (outcome !== undefined) query.set('outcome', outcome);
  if (page > 1) query.set('page', String(page));
  return query.size === 0 ? path : `${path}?${query}`;
}

/** Everything there is. */
export const ALL: View = { search: '', page: 1, run: undefined, outcome: undefined };
