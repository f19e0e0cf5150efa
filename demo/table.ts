export type Row = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** A table as a warehouse has it. */
export interface Table {
  readonly namespace: string;
  readonly name: string;
  readonly primaryKey: string;
  readonly rows: readonly Row[];
}

const DAY_MS = 24 * 60 * 60 * 1000;
export const NOW_MS = Date.parse('2026-03-02T08:00:00Z');

export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** e.g. `cus-0001`, the first. */
export function id(prefix: string, index: number): string {
  return `${prefix}-${String(index + 1).padStart(4, '0')}`;
}

/** A date so many days from now, in the data set's time. */
export function day(fromNow: number): string {
  return new Date(NOW_MS + fromNow * DAY_MS).toISOString().slice(0, 10);
}
