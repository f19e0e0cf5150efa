import type { ColumnNotes } from '../mapping/column-notes.ts';

/** Names of columns that a warning shows. */
const MAX_NAMED_COLUMNS = 10;

/** What a stream's rows gave occasion to say, at the end of the run. */
export class RowNotes implements ColumnNotes {
  #deleted = 0;
  #nameless = false;
  readonly #leftOut = new Map<string, Set<string>>();
  readonly #hints = new Map<string, string>();

  /** A row that was deleted in the source and is skipped. */
  deletedRow(): void {
    this.#deleted += 1;
  }

  nameless(): void {
    this.#nameless = true;
  }

  leftOut(column: string, reason: string): void {
    this.#leftOut.set(reason, (this.#leftOut.get(reason) ?? new Set()).add(column));
  }

  hint(column: string, advice: string): void {
    this.#hints.set(column, advice);
  }

  /** @param stream its name */
  warnings(stream: string): string[] {
    const said: string[] = [];
    if (this.#deleted > 0) {
      const rows = this.#deleted === 1 ? '1 row is' : `${this.#deleted} rows are`;
      const them = this.#deleted === 1 ? 'It was' : 'They were';
      said.push(
        `${rows} marked as deleted in the source (_ab_cdc_deleted_at). ${them} skipped; to delete such records in ` +
          'Vitally, set "deleted_rows": "delete" in the entry of this stream in "streams".',
      );
    }
    if (this.#nameless) said.push('a column without a name was left out; give it a name in the source.');
    for (const [reason, columns] of this.#leftOut) {
      said.push(`${shownNames(columns)} left out, since ${reason}.`);
    }
    for (const [column, advice] of this.#hints) said.push(`column ${JSON.stringify(column)}: ${advice}`);
    return said.map((sentence) => `stream ${stream}: ${sentence}`);
  }
}

function shownNames(columns: ReadonlySet<string>): string {
  const names = [...columns].slice(0, MAX_NAMED_COLUMNS).map((column) => JSON.stringify(column));
  const more = columns.size - names.length;
  const list = [...names, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  return columns.size === 1 ? `column ${list} was` : `columns ${list} were`;
}
