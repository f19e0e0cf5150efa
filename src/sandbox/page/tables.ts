import type { LoggedRequest } from '../http/request-log.ts';
import { field, type JsonObject } from '../json.ts';
import { brief, type Html, html } from './html.ts';

type Cell = Html | string;

/** A table under its heading, or a sentence that says that there is nothing to show. */
export function table(
  title: string,
  note: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
): Html {
  const heading = html`<h2>${title} <span class="muted">${note}</span></h2>`;
  if (rows.length === 0) return html`${heading}<p class="muted">None yet.</p>`;
  const cells = head.map((name) => html`<th scope="col">${name}</th>`);
  const lines = rows.map(
    (row) => html`<tr>${row.map((cell, n) => html`<td data-name="${head[n] ?? ''}">${cell}</td>`)}</tr>`,
  );
  return html`${heading}<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table><caption>${title}</caption><thead><tr>${cells}</tr></thead><tbody>${lines}</tbody></table></div>`;
}

/** The cells of an object's fields; what isn't text is shown as JSON. */
export function fieldCells(object: JsonObject, names: readonly string[]): Cell[] {
  return names.map((name) => {
    const value = field(object, name) ?? null;
    if (value === null) return html`<span class="muted">–</span>`;
    return typeof value === 'object' ? html`<code>${brief(value)}</code>` : brief(value);
  });
}

export function requestCells(request: LoggedRequest): Cell[] {
  const count = request.messageCount === undefined ? '' : String(request.messageCount);
  return [
    new Date(request.at).toISOString().slice(11, 23),
    request.api,
    html`<code>${request.method} ${brief(request.path)}</code>`,
    count,
    html`<b class="${statusClass(request.status)}">${request.status === 0 ? 'no answer' : request.status}</b>`,
    request.fault ?? '',
  ];
}

function statusClass(status: number): string {
  if (status === 429) return 'slow';
  return status >= 200 && status < 300 ? 'good' : 'bad';
}
