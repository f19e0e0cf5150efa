import { ConfigError } from '../../errors/config-error.ts';
import { quoted, quotedList } from '../../errors/quoted.ts';
import { isJsonObject, own } from '../../json/guards.ts';
import { splitLines } from '../../protocol/input/lines.ts';
import { AIRBYTE_TYPES } from '../../protocol/input/parse-message.ts';
import { csvRows, type Separator, separatorName, separatorOf } from './csv.ts';
import type { Format, RowFile } from './row-file.ts';
import { absentIn, isSheetColumn, SHEET_COLUMNS } from './sheet.ts';
import { textOnly } from './text-bytes.ts';

/** A row of a file. */
export interface FileRow {
  /** The line that it begins in, from 1. */
  readonly line: number;
  /** Its columns as the text of a JSON object. */
  readonly data: string;
}

/** What a file is found to hold when it is looked through. */
export interface Survey {
  readonly file: RowFile;
  readonly format: Format;
  /** Of CSV. */
  readonly separator: Separator | undefined;
  readonly columns: readonly string[];
  readonly rows: number;
  /** Rows that are written: `--limit` may leave some out. */
  readonly taken: number;
  /** Of the rows that are written, by column: empty cells, or nulls of JSONL. */
  readonly nulls: ReadonlyMap<string, number>;
}

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Looks through a whole file, so that what is wrong with it is told before the first request.
 *
 * @param limit rows that are written at most
 * @throws ConfigError naming file, line and remedy
 */
export async function surveyOf(file: RowFile, limit: number): Promise<Survey> {
  const format = file.format ?? (await formatOf(file));
  const separator = format === 'csv' ? await separatorOf(file.chunks()) : undefined;
  const seen = new Seen(limit);
  const rows = separator === undefined ? jsonlRows(file) : csvObjects(file, separator);
  for await (const { values } of rows) seen.add(values);
  const columns = separator === undefined ? seen.columns : await headerOf(file, separator);
  return { file, format, separator, columns: columns.filter((name) => !isSheetColumn(name)), ...seen.counts };
}

/** The rows of a file that was looked through. */
export async function* rowsOf({ file, separator }: Survey, limit: number): AsyncGenerator<FileRow> {
  let taken = 0;
  const rows = separator === undefined ? jsonlRows(file) : csvObjects(file, separator);
  for await (const { line, data } of rows) {
    if (taken++ === limit) return;
    yield { line, data: data() };
  }
}

/** What the survey counts. */
class Seen {
  readonly #limit: number;
  readonly #columns = new Set<string>();
  readonly #nulls = new Map<string, number>();
  #rows = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(values: Readonly<Record<string, unknown>>): void {
    const isTaken = this.#rows++ < this.#limit;
    for (const [name, value] of Object.entries(values)) {
      this.#columns.add(name);
      if (isTaken && value === null) this.#nulls.set(name, (this.#nulls.get(name) ?? 0) + 1);
    }
  }

  get columns(): string[] {
    return [...this.#columns];
  }

  get counts(): Pick<Survey, 'rows' | 'taken' | 'nulls'> {
    return { rows: this.#rows, taken: Math.min(this.#rows, this.#limit), nulls: this.#nulls };
  }
}

interface ReadRow {
  readonly line: number;
  readonly values: Readonly<Record<string, unknown>>;
  readonly data: () => string;
}

async function* csvObjects(file: RowFile, separator: Separator): AsyncGenerator<ReadRow> {
  let header: readonly string[] | undefined;
  for await (const { line, cells } of csvRows(textOnly(file.chunks(), file.title), separator, file.title)) {
    if (header === undefined) {
      header = cells;
      checkHeader(header, file.title);
      continue;
    }
    if (cells.length !== header.length)
      throw unevenRow(line, cells.length, header.length, separator, file.title);
    const values = objectOf(header, cells);
    yield { line, values, data: () => JSON.stringify(values) };
  }
  if (header === undefined)
    throw new ConfigError(`${file.title} is empty: CSV begins with a line of column names`);
}

/** An empty cell is null, but for a column that the row lacked when it was rejected. */
function objectOf(header: readonly string[], cells: readonly string[]): Record<string, string | null> {
  const absent = absentIn(cells[header.indexOf(SHEET_COLUMNS.absent)] ?? '');
  const values = Object.create(null) as Record<string, string | null>;
  for (const [index, name] of header.entries()) {
    const cell = cells[index] ?? '';
    if (name === '' || isSheetColumn(name) || (cell === '' && absent.has(name))) continue;
    values[name] = cell === '' ? null : cell;
  }
  return values;
}

async function headerOf(file: RowFile, separator: Separator): Promise<readonly string[]> {
  for await (const { cells } of csvRows(file.chunks(), separator, file.title)) return cells.filter(Boolean);
  return [];
}

function checkHeader(header: readonly string[], title: string): void {
  const twice = header.filter((name, index) => name !== '' && header.indexOf(name) !== index);
  if (twice.length > 0)
    throw new ConfigError(
      `${title}, line 1: the header names ${quotedList([...new Set(twice)])} more than once; give each column a name of its own`,
    );
  if (header.every((name) => name === ''))
    throw new ConfigError(
      `${title}, line 1: the header names no column; CSV begins with a line of column names`,
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

async function* jsonlRows(file: RowFile): AsyncGenerator<ReadRow> {
  let line = 0;
  for await (const group of splitLines(textOnly(file.chunks(), file.title))) {
    for (const given of group) {
      line++;
      if (typeof given !== 'string') throw new Error('a line that was looked through is no text');
      const text = line === 1 && given.startsWith(BYTE_ORDER_MARK) ? given.slice(1) : given;
      if (text.trim() === '') continue;
      const values = parsedRow(text, line, file.title);
      yield { line, values, data: () => text.trim() };
    }
  }
}

function parsedRow(text: string, line: number, title: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConfigError(
      `${title}, line ${line}: this is no JSON; JSONL has one object a line, such as {"id":"a-1","name":"Acme"}` +
        (line === 1 && text.trim() === '[' ? '. A JSON array becomes JSONL with: jq -c ".[]"' : ''),
    );
  }
  if (!isJsonObject(value)) {
    const remedy = Array.isArray(value) ? '. A JSON array becomes JSONL with: jq -c ".[]"' : '';
    throw new ConfigError(
      `${title}, line ${line}: this is no JSON object; JSONL has one object a line${remedy}`,
    );
  }
  const type = own(value, 'type');
  if (typeof type === 'string' && AIRBYTE_TYPES.has(type) && Object.hasOwn(value, type.toLowerCase()))
    throw new ConfigError(
      `${title}, line ${line}: this is an Airbyte message (${quoted(type)}), which the command write takes on stdin; ` +
        'load takes bare rows. Rejected rows that were kept become a sheet with the command rejected',
    );
  return value;
}

/** By the first sign that is no blank: rows of JSONL begin with a brace. */
async function formatOf(file: RowFile): Promise<Format> {
  for await (const chunk of file.chunks()) {
    const begin = chunk
      .toString('latin1')
      .replace(/^\u00EF\u00BB\u00BF/, '')
      .trimStart();
    if (begin !== '') return begin.startsWith('{') || begin.startsWith('[') ? 'jsonl' : 'csv';
  }
  return 'csv';
}
