import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { ConfigError } from '../../errors/config-error.ts';
import { MAX_LINE_BYTES } from '../../protocol/input/lines.ts';

/** In the order in which one wins where the header has as many of another. */
export const SEPARATORS = [',', ';', '\t'] as const;
export type Separator = (typeof SEPARATORS)[number];

const SEPARATOR_NAMES: Readonly<Record<Separator, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab' };

export function separatorName(separator: Separator): string {
  return SEPARATOR_NAMES[separator];
}

/** Longer than the header of any table. */
const MAX_HEADER_BYTES = 4 * 2 ** 20;
const QUOTE = '"';

/** A row of a CSV file. */
export interface CsvRow {
  /** The line that it begins in, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * The rows of a CSV file (RFC 4180), the header first; lines without a character are left out.
 *
 * @param chunks bytes of UTF-8, with or without a mark
 * @throws ConfigError, while iterating, with the line that no CSV has
 */
export async function* csvRows(
  chunks: AsyncIterable<Buffer>,
  separator: Separator,
  title: string,
): AsyncGenerator<CsvRow> {
  const lines = new LineCount();
  const parser = parse({
    bom: true,
    delimiter: separator,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_LINE_BYTES,
    on_record(cells: string[], { empty_lines }) {
      lines.add(cells, empty_lines);
      return cells;
    },
  });
  const source = Readable.from(chunks);
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const cells of parser as AsyncIterable<string[]>) yield { line: lines.take(), cells };
  } catch (error) {
    throw error instanceof CsvError ? faultOf(error, lines.next(error), title) : error;
  } finally {
    source.destroy();
  }
}

/** Counts lines by the rows: the parser counts a line end of two signs within a cell twice. */
class LineCount {
  /** The lines that rows begin in which were parsed and not taken yet. */
  readonly #begins: number[] = [];
  #ofRows = 0;

  add(cells: readonly string[], emptyLines: number): void {
    this.#begins.push(this.#ofRows + emptyLines + 1);
    this.#ofRows += 1 + cells.reduce((sum, cell) => sum + breaksIn(cell), 0);
  }

  take(): number {
    const line = this.#begins.shift();
    if (line === undefined) throw new Error('a row came that was not parsed');
    return line;
  }

  /** The line that the row begins in which could not be read. */
  next(error: CsvError): number {
    const empty = 'empty_lines' in error ? Number(error.empty_lines) : 0;
    return this.#ofRows + empty + 1;
  }
}

function breaksIn(cell: string): number {
  let count = 0;
  for (let at = cell.indexOf('\n'); at !== -1; at = cell.indexOf('\n', at + 1)) count++;
  return count;
}

/** @param begin the line that the row begins in which can't be read */
function faultOf({ code }: CsvError, begin: number, title: string): ConfigError {
  const place = `${title}, the row that begins in line ${begin}`;
  const remedy = 'put the whole cell in quotes, and write each quote in it twice, as in "6"" pipe"';
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return new ConfigError(`${place}: a quote is never closed; ${remedy}`);
    case 'CSV_MAX_RECORD_SIZE':
      return new ConfigError(
        `${place}: it is longer than ${MAX_LINE_BYTES / 2 ** 20} MiB; probably a quote is never closed`,
      );
    default:
      return new ConfigError(`${place}: a quote stands within a cell; ${remedy}`);
  }
}

/** The separator that the header has outside of quotes, most of them; a comma where it has none. */
export async function separatorOf(chunks: AsyncIterable<Buffer>): Promise<Separator> {
  const counts = new Map<string, number>();
  let isQuoted = false;
  let bytes = 0;
  let hasBegun = false;
  for await (const chunk of chunks) {
    for (const sign of chunk.toString('latin1')) {
      if (sign === QUOTE) isQuoted = !isQuoted;
      const isEnd = !isQuoted && (sign === '\n' || sign === '\r');
      if (isEnd && hasBegun) return mostFrequent(counts);
      if (!isEnd) hasBegun = true;
      if (!isQuoted) counts.set(sign, (counts.get(sign) ?? 0) + 1);
    }
    bytes += chunk.length;
    if (bytes > MAX_HEADER_BYTES) break;
  }
  return mostFrequent(counts);
}

function mostFrequent(counts: ReadonlyMap<string, number>): Separator {
  const [first, ...others] = SEPARATORS;
  return others.reduce<Separator>(
    (best, one) => ((counts.get(one) ?? 0) > (counts.get(best) ?? 0) ? one : best),
    first,
  );
}
