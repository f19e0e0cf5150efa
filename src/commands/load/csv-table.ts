import { ConfigError } from '../../errors/config-error.ts';
import { quotedList } from '../../errors/quoted.ts';
import { MAX_COLUMNS } from '../../mapping/source-columns.ts';
import { unescapedCell } from '../../report/sheet.ts';
import { csvRows, type Separator, separatorName } from './csv.ts';
import type { ReadRow, RowFile } from './row-file.ts';
import { absentIn, isSheetColumn, SHEET_COLUMNS } from './sheet.ts';
import { textOnly } from './text-bytes.ts';

/** The rows of a CSV file by the columns of its header. Throws `ConfigError`, while iterating, with line and remedy. */
export async function* csvObjects(file: RowFile, separator: Separator): AsyncGenerator<ReadRow> {
  const { title } = file;
  let header: Header | undefined;
  for await (const { line, cells } of csvRows(textOnly(file.chunks(), title), separator, title)) {
    if (header === undefined) {
      header = new Header(cells, title);
      continue;
    }
    if (cells.length !== header.names.length)
      throw unevenRow(line, cells.length, header.names.length, separator, title);
    const values = header.objectOf(cells);
    yield { line, values, data: () => JSON.stringify(values) };
  }
  if (header === undefined)
    throw new ConfigError(`${title} is empty: CSV begins with a line of column names`);
}

/** The names of a file's columns. */
export async function headerOf(file: RowFile, separator: Separator): Promise<readonly string[]> {
  for await (const { cells } of csvRows(file.chunks(), separator, file.title))
    return new Header(cells, file.title).names.filter((name) => name !== '');
  return [];
}

/** The first row of a CSV file. */
class Header {
  readonly names: readonly string[];
  /** It is one that `rejected --csv` wrote, whose cells have apostrophes before formulas. */
  readonly #isSheet: boolean;
  readonly #absentAt: number;

  constructor(cells: readonly string[], title: string) {
    this.#isSheet = cells.includes(SHEET_COLUMNS.code);
    this.names = this.#isSheet ? cells.map(unescapedCell) : cells;
    this.#absentAt = this.names.indexOf(SHEET_COLUMNS.absent);
    if (cells.length > MAX_COLUMNS)
      throw new ConfigError(
        `${title}, line 1: the header has ${cells.length} columns and the limit is ${MAX_COLUMNS}; leave some out`,
      );
    refuseTwice(this.names, title);
    if (this.names.every((name) => name === ''))
      throw new ConfigError(
        `${title}, line 1: the header names no column; CSV begins with a line of column names`,
      );
  }

  /** An empty cell is null, but for a column that the row lacked when it was rejected. */
  objectOf(cells: readonly string[]): Record<string, string | null> {
    const absent = absentIn(cells[this.#absentAt] ?? '');
    const values = Object.create(null) as Record<string, string | null>;
    for (const [index, name] of this.names.entries()) {
      const cell = cells[index] ?? '';
      if (name === '' || isSheetColumn(name) || (cell === '' && absent.has(name))) continue;
      values[name] = cell === '' ? null : this.#isSheet ? unescapedCell(cell) : cell;
    }
    return values;
  }
}

function refuseTwice(names: readonly string[], title: string): void {
  const times = new Map<string, number>();
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
  const twice = [...times].flatMap(([name, count]) => (name !== '' && count > 1 ? [name] : []));
  if (twice.length === 0) return;
  throw new ConfigError(
    `${title}, line 1: the header names ${quotedList(twice)} more than once; give each column a name of its own`,
  );
}

function unevenRow(
  line: number,
  cells: number,
  columns: number,
  separator: Separator,
  title: string,
): ConfigError {
  return new ConfigError(
    `${title}, line ${line}: the row has ${cells} ${cells === 1 ? 'cell' : 'cells'} and the header ${columns}, separated by ` +
      `a ${separatorName(separator)}; put a cell that holds one in quotes, and write an empty cell as nothing between two`,
  );
}
