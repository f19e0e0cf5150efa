import { stringify } from 'csv-stringify/sync';

/** What a spreadsheet takes for a formula, which may run programs and send cells away. */
const FORMULA = /^'*[=+\-@\t\r]/;
const ESCAPED = /^'+[=+\-@\t\r]/;
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** A row of CSV with its line end: text that a spreadsheet would run as a formula begins with an apostrophe. */
export function sheetRow(cells: readonly string[]): string {
  return stringify([cells.map(escapedCell)]);
}

/** The cell as it was before {@link sheetRow}. */
export function unescapedCell(cell: string): string {
  return ESCAPED.test(cell) ? cell.slice(1) : cell;
}

function escapedCell(cell: string): string {
  return FORMULA.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell;
}

/** A value as a cell: nothing for null, text as it is, anything else as JSON. */
export function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
