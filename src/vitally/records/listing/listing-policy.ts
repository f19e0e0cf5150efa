/** How the listing of a collection goes so far. A row is one of `asked` for good, and of one of the others at most. */
export interface ListingCounts {
  /** Rows that only a request of their own, or a page, could answer. */
  readonly asked: number;
  /** Those among them that wait for a page. */
  readonly waiting: number;
  /** Those that went on with a request of their own. */
  readonly singles: number;
  /** Those that a page spared their request. */
  readonly spared: number;
  /** Those that a page showed and that had to be written all the same. */
  readonly changed: number;
  /** Pages that were read. */
  readonly pages: number;
  /** The last pages in a row that answered no row. */
  readonly fruitless: number;
  /** No further rows come. */
  readonly ended: boolean;
}

/** What the rows that wait do next: have a page read, wait for further rows, or go on singly. */
export type ListingStep = 'page' | 'hold' | 'single';

/** So many rows in a row that pages showed and spared nothing: every row of such a sync is changed. */
const ALL_CHANGED = 20;

/**
 * Whether the next page of a list is worth its request. The rule keeps the requests within twice the best choice in
 * hindsight, whatever comes:
 *
 * - Pages are fewer than the rows that asked and the rows that pages spared. So all requests together, `pages + singles +
 *   changed`, are at most twice what rows alone would have taken, `asked`.
 * - Rows go on singly only while there are no more of them than pages and changed rows by one. So all requests together
 *   are at most twice what the whole list and the changed rows take.
 *
 * Within these bounds it guesses: a page that will hardly show a row that waits is left out where no further rows come,
 * or where every row so far was changed.
 */
export function nextStep(counts: ListingCounts): ListingStep {
  const { asked, waiting, singles, spared, changed, pages, ended } = counts;
  const mayGoSingly = singles + waiting <= pages + changed;
  if (mayGoSingly && spared === 0 && changed >= ALL_CHANGED) return 'single';
  if (mayGoSingly && ended && !paysForWaiting(counts)) return 'single';
  if (pages + 1 < asked + spared) return 'page';
  return ended ? 'single' : 'hold';
}

/** Where pages showed many rows, so many of them without any say that the rest of the list has none. */
const MAX_FRUITLESS = 3;

/**
 * Whether the next page will answer a row that waits, as far as the pages before it tell. Where each of them showed several
 * rows, those that wait lie close in the rest of the list, however few they are.
 */
function paysForWaiting({ asked, waiting, spared, changed, pages, fruitless }: ListingCounts): boolean {
  if (pages === 0) return true;
  if (spared + changed >= 2 * pages && fruitless < MAX_FRUITLESS) return true;
  return (spared + changed) * waiting >= asked * pages;
}
