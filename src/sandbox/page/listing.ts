import type { Run } from '../http/runs.ts';
import type { State } from '../state.ts';
import { count, type Html, html, NOTHING, time } from './html.ts';
import { addressOf, filledFields, type Kind, nameIn, type Shown } from './kinds.ts';
import { fieldsCell, section, table } from './tables.ts';
import { ALL, linkTo, type View } from './view.ts';

export const PAGE_SIZE = 20;
const MAX_FIELDS = 6;

/** One page of a list. */
export interface Slice<T> {
  readonly shown: readonly T[];
  /** Of the first one, from 0. */
  readonly first: number;
  readonly all: number;
}

/** The records of a kind that a view asks for; a page reads no more of them than it needs. */
export function sliceOf(kind: Kind, view: View): Slice<Shown> {
  const first = (view.page - 1) * PAGE_SIZE;
  if (view.search === '' && view.run === undefined)
    return { shown: [...kind.records().drop(first).take(PAGE_SIZE)], first, all: kind.size };
  const sought = view.search.toLowerCase();
  const found = [...kind.records().filter((one) => isOfRun(one, view) && holds(one, sought))];
  return { shown: found.slice(first, first + PAGE_SIZE), first, all: found.length };
}

function isOfRun({ record }: Shown, { run, outcome }: View): boolean {
  if (run === undefined) return true;
  return record.outcomes.some((one) => one.run === run && (outcome === undefined || one.outcome === outcome));
}

function holds({ key, record, content }: Shown, sought: string): boolean {
  if (sought === '') return true;
  return [key, record.id, JSON.stringify(content())].some((text) => text.toLowerCase().includes(sought));
}

/** A page that lists the records of one kind. */
export function kindPage(state: State, kind: Kind, view: View): Html {
  const slice = sliceOf(kind, view);
  const run = view.run === undefined ? undefined : state.runs.byNumber(view.run);
  const which =
    run === undefined
      ? NOTHING
      : html`<p>${ofRun(run, view)} <a href="${linkTo(`/records/${kind.slug}`, ALL)}">Show all</a></p>`;
  return html`<h1>${capital(kind.title)}</h1>${searchForm(`/records/${kind.slug}`, view, `Search ${kind.title}`)}${which}${recordTable(kind, slice)}${pageLinks(`/records/${kind.slug}`, view, slice)}`;
}

function ofRun(run: Run, { outcome }: View): Html {
  return html`Those that <a href="/runs/${run.number}">run ${run.number}</a> ${outcome === undefined ? 'wrote' : outcome === 'unchanged' ? 'left unchanged' : outcome}.`;
}

/** A kind among others: its first records, or those that are found. */
export function kindSection(kind: Kind, view: View, max: number): Html {
  const slice = sliceOf(kind, view);
  if (view.search !== '' && slice.all === 0) return NOTHING;
  const shown = slice.shown.slice(0, max);
  const all = html`<a href="${linkTo(`/records/${kind.slug}`, view)}">${shown.length < slice.all ? html`${shown.length} of ${count(slice.all)}, see all` : `${count(slice.all)}, search`}</a>`;
  return section(capital(kind.title), kind.size === 0 ? '' : all, recordTable(kind, { ...slice, shown }));
}

export function recordTable(kind: Kind, { shown }: Pick<Slice<Shown>, 'shown'>): Html {
  const rows = shown.map((one) => {
    const content = one.content();
    const name = nameIn(content) ?? '';
    return [
      html`<a href="${addressOf(one)}">${one.key}</a>`,
      name,
      fieldsCell(
        filledFields(content).filter(([, value]) => value !== name),
        MAX_FIELDS,
      ),
      time(one.record.updatedAtMs),
    ];
  });
  return table({
    caption: capital(kind.title),
    head: ['key', 'name', 'fields', 'changed (UTC)'],
    rows,
    empty: 'None yet.',
  });
}

export function searchForm(path: string, view: View, label: string): Html {
  const kept = view.run === undefined ? NOTHING : html`<input type="hidden" name="run" value="${view.run}">`;
  const outcome =
    view.outcome === undefined ? NOTHING : html`<input type="hidden" name="outcome" value="${view.outcome}">`;
  const reset =
    view.search === ''
      ? NOTHING
      : html`<a href="${linkTo(path, { ...view, search: '', page: 1 })}">Clear</a>`;
  return html`<form class="line" role="search" action="${path}"><label for="q">${label}</label><input id="q" name="q" type="search" value="${view.search}">${kept}${outcome}<button>Search</button>${reset}</form>`;
}

/** Links to the pages before and after, by plain addresses. */
export function pageLinks(path: string, view: View, { shown, first, all }: Slice<unknown>): Html {
  if (all <= PAGE_SIZE && first === 0) return NOTHING;
  const last = first + shown.length;
  const link = (text: string, page: number) => html`<a href="${linkTo(path, { ...view, page })}">${text}</a>`;
  const before = first > 0 ? link('Previous', view.page - 1) : NOTHING;
  const after = last < all && last > first ? link('Next', view.page + 1) : NOTHING;
  const where =
    shown.length === 0
      ? `Nothing here; there are ${count(all)}`
      : `${count(first + 1)}–${count(last)} of ${count(all)}`;
  return html`<nav class="pages" aria-label="Pages">${before}<span>${where}</span>${after}</nav>`;
}

export function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
