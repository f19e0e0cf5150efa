/** A table in plain text: the first column to the left, the others as `align` says, columns without a number but zero left out. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  always: ReadonlySet<string> = new Set(),
  align: 'left' | 'right' = 'right',
): string {
  const shown = head.map(
    (name, column) => column === 0 || always.has(name) || rows.some((row) => (row[column] ?? 0) !== 0),
  );
  const cells = [head, ...rows].map((row) => row.filter((_, column) => shown[column]).map(String));
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => [...(row[column] ?? '')].length)),
  );
  return cells
    .map((row) =>
      row
        .map((cell, column) => {
          const blanks = ' '.repeat((widths[column] ?? 0) - [...cell].length);
          return column === 0 || align === 'left' ? cell + blanks : blanks + cell;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
