import type { State } from '../state.ts';
import { budgets } from './budget.ts';
import { count, type Html, html, NOTHING } from './html.ts';
import type { Kind } from './kinds.ts';
import { capital, kindSection, searchForm } from './listing.ts';
import { lastRequests } from './requests.ts';
import { runTable } from './runs.ts';
import { section, table, valueCell } from './tables.ts';
import { ALL, linkTo, type View } from './view.ts';

const SHOWN_RUNS = 10;
const SHOWN_RECORDS = 5;
const SHOWN_FOUND = 20;
const SHOWN_EVENTS = 10;
const SHOWN_REQUESTS = 10;

/** Runs and what they made, records, rate budget and requests at a glance; or what a search finds in all records. */
export function overview(state: State, kinds: readonly Kind[], view: View): Html {
  const search = searchForm('/', view, 'Search all records');
  if (view.search !== '') {
    const found = kinds.map((kind) => kindSection(kind, view, SHOWN_FOUND));
    const nothing = found.every(({ text }) => text === '')
      ? html`<p class="muted">No record holds this text.</p>`
      : NOTHING;
    return html`<h1>Vitally sandbox</h1>${search}${found}${nothing}`;
  }
  return html`<h1>Vitally sandbox</h1>
<p class="muted">A local imitation of Vitally; what it holds is gone when it stops. <a href="/controls">Switches</a>: ${[...state.context.switches].join(', ') || 'none'}.</p>
${totals(state, kinds)}
${section('Runs', 'newest first', runTable(state, SHOWN_RUNS))}
${section('Rate budget', '', budgets(state))}
<section><h2>Records</h2>${search}</section>
${kinds.map((kind) => kindSection(kind, view, SHOWN_RECORDS))}
${events(state)}
${section('Requests', html`<a href="/requests">see all</a>`, lastRequests(state, SHOWN_REQUESTS))}`;
}

function totals({ log, inbox, world }: State, kinds: readonly Kind[]): Html {
  const records = kinds.map(
    ({ slug, title, size }) =>
      html`<li><a href="${linkTo(`/records/${encodeURIComponent(slug)}`, ALL)}"><b>${count(size)}</b>${title}</a></li>`,
  );
  const others: readonly (readonly [string, number])[] = [
    ['events', world.events.size],
    ['REST requests', log.totals.rest],
    ['Analytics requests', log.totals.analytics],
    ['answered 429', log.totals.throttled],
    ['faults', log.totals.faults],
    ['batches waiting', inbox.pending],
  ];
  return html`<ul class="counts">${records}${others.map(([name, number]) => html`<li><b>${count(number)}</b>${name}</li>`)}</ul>`;
}

function events({ world }: State): Html {
  const names = ['event', 'userId', 'accountId', 'organizationId', 'timestamp', 'properties'];
  const rows = world.events
    .recent()
    .slice(0, SHOWN_EVENTS)
    .map((event) => names.map((name) => valueCell(event[name])));
  return section(
    capital('events'),
    'the last ones',
    table({ caption: 'Events', head: names, rows, empty: 'None yet.' }),
  );
}
