import { ConfigError } from '../../errors/config-error.ts';
import { quoted } from '../../errors/quoted.ts';
import { isJsonObject, own } from '../../json/guards.ts';
import { splitLines } from '../../protocol/input/lines.ts';
import { AIRBYTE_TYPES } from '../../protocol/input/parse-message.ts';
import { type Separator, separatorOf } from './csv.ts';
import { csvObjects, headerOf } from './csv-table.ts';
import type { Format, ReadRow, RowFile } from './row-file.ts';
import { isSheetColumn } from './sheet.ts';
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
  /** Columns of CSV of whose cells, the empty ones apart, each is a number. */
  readonly numeric: readonly string[];
}

const BYTE_ORDER_MARK = '\uFEFF';
/** A number as a sheet has it; one that begins with a zero is an id or a code. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

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
  readonly #numeric = new Map<string, boolean>();
  #rows = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(values: Readonly<Record<string, unknown>>): void {
    const isTaken = this.#rows++ < this.#limit;
    for (const [name, value] of Object.entries(values)) {
      this.#columns.add(name);
      if (isTaken && value === null) this.#nulls.set(name, (this.#nulls.get(name) ?? 0) + 1);
      if (typeof value === 'string' && this.#numeric.get(name) !== false)
        this.#numeric.set(name, NUMBER.test(value));
    }
  }

  get columns(): string[] {
    return [...this.#columns];
  }

  get counts(): Pick<Survey, 'rows' | 'taken' | 'nulls' | 'numeric'> {
    const numeric = [...this.#numeric].flatMap(([name, isNumeric]) => (isNumeric ? [name] : []));
    return { rows: this.#rows, taken: Math.min(this.#rows, this.#limit), nulls: this.#nulls, numeric };
  }
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
