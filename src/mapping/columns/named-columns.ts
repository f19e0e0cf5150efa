import type { JsonObject, JsonValue } from '../../json/json.ts';
import { foldedName } from './spelling.ts';

/** A row as it came: its columns, and those of them that are unknown rather than null. */
export interface RowColumns {
  readonly data: JsonObject;
  readonly nulled: ReadonlySet<string>;
}

/** Rows may bring endless names: this many are remembered with what they are compared by. */
const MAX_REMEMBERED_NAMES = 2_000;

/** Longer names are not remembered. */
const MAX_REMEMBERED_CHARACTERS = 200;

/**
 * Finds the columns that a route names where rows spell them otherwise: PyAirbyte's cache stores a column `CustomerId`
 * as `customerid`, `first name` as `first_name`. Contract 3.
 *
 * Such a column is taken only where it can mean nothing else: one column alone is equal without case, `_`, `-`, `.` and
 * blanks, and no earlier row of the stream had the named one, so that a source which leaves empty columns out is not
 * misread. Where the catalog lists the named one, only its lower-case form is taken for it, and not where the
 * catalog lists that as a column of its own.
 */
export class NamedColumns {
  readonly #named: readonly string[];
  readonly #listed: ReadonlySet<string>;
  /** Named columns that some row has had. */
  readonly #seen = new Set<string>();
  /** Named columns that another has stood in for. */
  readonly #stoodIn = new Set<string>();
  readonly #foldedNames = new Map<string, string>();

  /**
   * @param named the columns of the key, of `fields` and of templates
   * @param listed those that the catalog lists
   */
  constructor(named: Iterable<string>, listed: ReadonlySet<string> = new Set()) {
    this.#named = [...new Set(named)];
    this.#listed = listed;
  }

  /** Named columns that no row has had so far, under any name. */
  get absent(): string[] {
    return this.#named.filter((name) => !this.#seen.has(name) && !this.#stoodIn.has(name));
  }

  /** The row with each stand-in under the name that it stands in for, and under its own only if that is named too. */
  in(row: RowColumns): RowColumns {
    const missing = this.#named.filter((name) => {
      if (!Object.hasOwn(row.data, name)) return !this.#seen.has(name);
      this.#seen.add(name);
      return false;
    });
    if (missing.length === 0) return row;
    const columns = Object.keys(row.data);
    const standIns = new Map<string, string[]>();
    for (const name of missing) {
      const standIn = this.#standIn(name, columns);
      if (standIn === undefined) continue;
      this.#stoodIn.add(name);
      standIns.set(standIn, [...(standIns.get(standIn) ?? []), name]);
    }
    return standIns.size === 0 ? row : this.#renamed(row, standIns);
  }

  #standIn(name: string, columns: readonly string[]): string | undefined {
    const wanted = foldedName(name);
    if (wanted === '') return undefined;
    const [alike, ...others] = columns.filter((column) => this.#foldedName(column) === wanted);
    if (alike === undefined || others.length > 0) return undefined;
    if (!this.#listed.has(name)) return alike;
    return alike === storedName(name) && !this.#listed.has(alike) ? alike : undefined;
  }

  #renamed({ data, nulled }: RowColumns, standIns: ReadonlyMap<string, readonly string[]>): RowColumns {
    const names = (column: string): readonly string[] => {
      const asked = standIns.get(column) ?? [];
      return asked.length === 0 || this.#named.includes(column) ? [column, ...asked] : asked;
    };
    return {
      data: Object.fromEntries(
        Object.entries(data).flatMap(([column, value]) =>
          names(column).map((name): [string, JsonValue] => [name, value]),
        ),
      ),
      nulled: new Set([...nulled].flatMap(names)),
    };
  }

  #foldedName(column: string): string {
    const known = this.#foldedNames.get(column);
    if (known !== undefined) return known;
    const folded = foldedName(column);
    if (this.#foldedNames.size < MAX_REMEMBERED_NAMES && column.length <= MAX_REMEMBERED_CHARACTERS) {
      this.#foldedNames.set(column, folded);
    }
    return folded;
  }
}

/** The name under which PyAirbyte's cache stores a column (PyAirbyte, `LowerCaseNormalizer`). */
export function storedName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '_');
}
