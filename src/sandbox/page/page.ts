import type { ServerResponse } from 'node:http';
import { accountContent, organizationContent, userContent } from '../control/snapshot.ts';
import type { JsonObject } from '../json.ts';
import type { State } from '../state.ts';
import type { Stored } from '../store/records.ts';
import type { Table } from '../store/table.ts';
import { type Html, html } from './html.ts';
import { itemCounts, itemTables } from './items.ts';
import { listing } from './listing.ts';
import { STYLE } from './style.ts';
import { fieldCells, requestCells, table } from './tables.ts';
import { parseView, type View } from './view.ts';

const SHOWN_EVENTS = 20;
const SHOWN_REQUESTS = 50;

/** The page holds no script, and its policy keeps a script from running that came in a row. */
const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
} as const;

/** What the sandbox holds and the last requests, at a glance. */
export function servePage(state: State, query: URLSearchParams, response: ServerResponse): void {
  response.writeHead(200, HEADERS);
  response.end(renderPage(state, parseView(query)).text);
}

function renderPage(state: State, view: View): Html {
  const { world, log, inbox } = state;
  const switches = [...state.context.switches].join(', ');
  const counts: readonly (readonly [string, number])[] = [
    ['organizations', world.organizations.size],
    ['accounts', world.accounts.size],
    ['users', world.users.size],
    ['events', world.events.size],
    ...itemCounts(world),
    ['REST requests', log.totals.rest],
    ['Analytics requests', log.totals.analytics],
    ['answered 429', log.totals.throttled],
    ['faults', log.totals.faults],
    ['batches waiting', inbox.pending],
  ];
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Vitally sandbox</title><style>${STYLE}</style></head>
<body>
<main>
<h1>Vitally sandbox</h1>
<p class="muted">A local imitation of Vitally; what it holds is gone when it stops. Switches: ${switches || 'none'}.</p>
<ul class="counts">${counts.map(([name, count]) => html`<li><b>${count.toLocaleString('en')}</b>${name}</li>`)}</ul>
<form role="search" action="/"><label for="q">Search records</label><input id="q" name="q" type="search" value="${view.search}"><button>Search</button><a href="/">Everything</a></form>
${records('Organizations', world.organizations, ['name', 'traits'], organizationContent, view)}
${records('Accounts', world.accounts, ['name', 'organization', 'traits'], (account) => accountContent(world, account), view)}
${records('Users', world.users, ['name', 'email', 'accounts', 'organizations', 'traits'], (user) => userContent(world, user), view)}
${view.show === null && view.search === '' ? events(world.events.recent()) : html``}
${itemTables(world, view)}
${view.show === null && view.search === '' ? requests(state) : html``}
</main>
</body>
</html>
`;
}

function records<R extends Stored>(
  title: string,
  all: Table<R>,
  names: readonly string[],
  content: (record: R) => JsonObject,
  view: View,
): Html {
  return listing(
    {
      title,
      names: ['externalId', ...names],
      size: all.size,
      records: () => all.all().map((record) => ({ externalId: record.externalId, ...content(record) })),
    },
    view,
  );
}

function events(recent: readonly JsonObject[]): Html {
  const names = ['event', 'userId', 'accountId', 'organizationId', 'timestamp', 'properties', 'messageId'];
  const rows = recent.slice(0, SHOWN_EVENTS).map((event) => fieldCells(event, names));
  return table('Events', rows.length === 0 ? '' : 'newest first', names, rows);
}

function requests({ log }: State): Html {
  const rows = log.last(SHOWN_REQUESTS).reverse().map(requestCells);
  const names = ['time (UTC)', 'API', 'request', 'messages', 'status', 'fault'];
  return table('Requests', rows.length === 0 ? '' : 'newest first', names, rows);
}
