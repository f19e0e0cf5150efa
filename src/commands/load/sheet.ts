/** What `rejected --csv` adds to a row, and `load` takes away again. Contract 1. */
export const SHEET_COLUMNS = {
  code: '_rejection_code',
  message: '_rejection_message',
  fix: '_rejection_fix',
  /** A JSON list of the columns that the row lacked: an empty cell of one of them is no null. */
  absent: '_rejection_absent',
} as const;

const ADDED: ReadonlySet<string> = new Set(Object.values(SHEET_COLUMNS));

export function isSheetColumn(name: string): boolean {
  return ADDED.has(name);
}

/** The columns that a cell of {@link SHEET_COLUMNS}`.absent` names; none where somebody has written something else there. */
export function absentIn(cell: string): ReadonlySet<string> {
  try {
    const names: unknown = JSON.parse(cell);
    return new Set(Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []);
  } catch {
    return new Set();
  }
}
