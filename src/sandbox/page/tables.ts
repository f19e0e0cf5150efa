import { brief, type Html, html, NOTHING } from './html.ts';

export type Cell = Html | string | number;

export interface Shape {
  /** What a screen reader calls it. */
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Said where there are no rows. */
  readonly empty: string;
}

/** A table; on a narrow screen each row is a card, whose cells are named by their column. */
export function table({ caption, head, rows, empty }: Shape): Html {
  if (rows.length === 0) return html`<p class="muted">${empty}</p>`;
  const cells = head.map((name) => html`<th scope="col">${name}</th>`);
  const lines = rows.map(
    (row) => html`<tr>${row.map((cell, n) => html`<td data-name="${head[n] ?? ''}">${cell}</td>`)}</tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>${cells}</tr></thead><tbody>${lines}</tbody></table></div>`;
}

export function section(title: string, note: Html | string, content: Html): Html {
  return html`<section><h2>${title} <span class="note">${note}</span></h2>${content}</section>`;
}

/** A value in a cell, in one short line; what has parts is shown as JSON. */
export function valueCell(value: unknown): Html {
  if (value === null || value === undefined) return html`<span class="muted">–</span>`;
  return typeof value === 'object' ? html`<code>${brief(value)}</code>` : html`${brief(value)}`;
}

/** Fields by name, side by side. */
export function fieldsCell(fields: readonly (readonly [string, unknown])[], max: number): Html {
  const shown = fields.slice(0, max).map(([name, value]) => {
    return html`<span class="field"><span class="muted">${brief(name)}</span> ${valueCell(value)}</span>`;
  });
  const more = fields.length - shown.length;
  return html`${shown}${more > 0 ? html`<span class="muted">and ${more} more</span>` : NOTHING}`;
}
