import type { JsonObject } from '../json.ts';
import { type Html, html } from './html.ts';
import { fieldCells, table } from './tables.ts';
import { linkTo, type View } from './view.ts';

const PAGE_RECORDS = 20;

/** Records of one kind as the page shows them. */
export interface Listed {
  readonly title: string;
  readonly names: readonly string[];
  readonly size: number;
  /** Reads them in their order; a page reads no more of them than it needs. */
  readonly records: () => IteratorObject<JsonObject>;
}

/** One page of the records that hold the searched text, with links to the pages before and after it. */
export function listing({ title, names, size, records }: Listed, view: View): Html {
  if (view.show !== null && view.show !== title) return html``;
  const found = matching(records(), view.search);
  const first = view.show === null ? 0 : (view.page - 1) * PAGE_RECORDS;
  const shown =
    found === undefined
      ? records().drop(first).take(PAGE_RECORDS)
      : found.values().drop(first).take(PAGE_RECORDS);
  const rows = [...shown].map((record) => fieldCells(record, names));
  const all = found?.length ?? size;
  const last = first + rows.length;
  const note =
    rows.length > 0 && all > rows.length ? `${first + 1}–${last} of ${all.toLocaleString('en')}` : '';
  return html`${table(title, note, names, rows)}${pageLinks(title, view, { first, last, all })}`;
}

function pageLinks(
  title: string,
  view: View,
  { first, last, all }: { first: number; last: number; all: number },
): Html {
  const page = view.show === null ? 1 : view.page;
  const links: Html[] = [];
  const link = (text: string, target: View) => links.push(html`<a href="${linkTo(target)}">${text}</a>`);
  if (first > 0) link(`Previous ${title}`, { ...view, show: title, page: page - 1 });
  if (last < all && last > first) link(`Next ${title}`, { ...view, show: title, page: page + 1 });
  if (view.show !== null) link('All tables', { ...view, show: null, page: 1 });
  return links.length === 0 ? html`` : html`<nav class="pages" aria-label="Pages of ${title}">${links}</nav>`;
}

/** @returns undefined where nothing is searched */
function matching(records: IteratorObject<JsonObject>, search: string): JsonObject[] | undefined {
  if (search === '') return undefined;
  const sought = search.toLowerCase();
  return [
    ...records.filter((record) => JSON.stringify(Object.values(record)).toLowerCase().includes(sought)),
  ];
}
