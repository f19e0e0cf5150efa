/** A column's name without what tools change in it: case, `_`, `-`, `.` and blanks. */
export function foldedName(name: string): string {
  return name.replace(/[_\-.\s]/g, '').toLowerCase();
}
