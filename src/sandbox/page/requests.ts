import type { LogEntry } from '../http/request-log.ts';
import type { State } from '../state.ts';
import { brief, type Html, html, NOTHING, time } from './html.ts';
import { PAGE_SIZE, pageLinks } from './listing.ts';
import { type Cell, section, table } from './tables.ts';
import type { View } from './view.ts';

/** The last requests, newest first. */
export function requestsPage(state: State, view: View): Html {
  const first = (view.page - 1) * PAGE_SIZE;
  const ofRun = [...state.log.newest().filter(({ run }) => view.run === undefined || run === view.run)];
  const shown = ofRun.slice(first, first + PAGE_SIZE);
  const which =
    view.run === undefined
      ? NOTHING
      : html`<p>Those of <a href="/runs/${view.run}">run ${view.run}</a>. <a href="/requests">Show all</a></p>`;
  return html`<h1>Requests</h1>${which}${requestTable(shown)}${pageLinks('/requests', view, { shown, first, all: ofRun.length })}`;
}

export function lastRequests({ log }: State, max: number): Html {
  return requestTable([...log.newest().take(max)]);
}

function requestTable(entries: readonly LogEntry[]): Html {
  return table({
    caption: 'Requests',
    head: ['number', 'time (UTC)', 'API', 'request', 'messages', 'status', 'fault'],
    rows: entries.map(cells),
    empty: 'None yet.',
  });
}

function cells({ number, at, api, method, path, messageCount, status, fault }: LogEntry): Cell[] {
  return [
    html`<a href="/requests/${number}">${number}</a>`,
    new Date(at).toISOString().slice(11, 23),
    api,
    html`<code>${method} ${brief(path)}</code>`,
    messageCount ?? '',
    statusCell(status),
    fault ?? '',
  ];
}

/** One request with its body, and what was answered. */
export function requestPage(entry: LogEntry): Html {
  const { number, run, at, api, method, path, status, fault } = entry;
  const headers = Object.entries(entry.answerHeaders).map(([name, value]) => [
    html`<code>${name}</code>`,
    html`<code>${brief(value)}</code>`,
  ]);
  return html`<h1>Request ${number}</h1>
<p><code>${method} ${path}</code></p>
<p class="muted">${api === 'rest' ? 'REST' : 'Analytics'} API, ${time(at)} UTC, <a href="/runs/${run}">run ${run}</a>${fault === undefined ? NOTHING : html`, fault ${fault}`}. Status ${statusCell(status)}</p>
${section('Body', '', text(entry.body, method === 'GET' || method === 'DELETE' ? 'It has none.' : 'None, or no longer kept.'))}
${section('Answer', '', text(entry.answer, status === 0 ? 'There was none.' : 'None, or no longer kept.'))}
${section('Headers of the answer', '', table({ caption: 'Headers of the answer', head: ['name', 'value'], rows: headers, empty: 'None were kept.' }))}`;
}

function text(content: string | undefined, otherwise: string): Html {
  if (content === undefined || content === '') return html`<p class="muted">${otherwise}</p>`;
  return html`<pre tabindex="0">${indented(content)}</pre>`;
}

/** JSON with a line a member; any other text as it is. */
function indented(content: string): string {
  try {
    return JSON.stringify(JSON.parse(content), null, 2);
  } catch {
    return content;
  }
}

export function statusCell(status: number): Html {
  const look = status === 429 ? 'slow' : status >= 200 && status < 300 ? 'good' : 'bad';
  return html`<b class="${look}">${status === 0 ? 'no answer' : status}</b>`;
}
