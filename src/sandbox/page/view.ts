/** What a link or the search field asks the page to show. */
export interface View {
  /** Records that hold this text, in any case; empty for all. */
  readonly search: string;
  /** The only table that is shown, by its title; null for all of them. */
  readonly show: string | null;
  /** From 1. */
  readonly page: number;
}

export function parseView(query: URLSearchParams): View {
  const page = Number(query.get('page') ?? 1);
  return {
    search: (query.get('q') ?? '').trim(),
    show: query.get('show'),
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
  };
}

/** The address of a page of one table. */
export function linkTo({ search, show, page }: View): string {
  const query = new URLSearchParams();
  if (search !== '') query.set('q', search);
  if (show !== null) query.set('show', show);
  if (page > 1) query.set('page', String(page));
  return `/?${query}`;
}
