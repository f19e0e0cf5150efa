/** Takes down what the log says, once a stream, of the columns of rows, whether the catalog lists them or not. */
export interface ColumnNotes {
  /** A column without a name, or a trait without one. */
  nameless(): void;
  /** A column that is left out on purpose, and why: `the accounts of a response are those of its user`. */
  leftOut(column: string, reason: string): void;
  /** A column that is probably not what its reader takes it for, and what to do. */
  hint(column: string, advice: string): void;
}

export const NO_NOTES: ColumnNotes = { nameless: () => {}, leftOut: () => {}, hint: () => {} };
