import { ConfigError } from '../errors/config-error.ts';
import { isJsonObject, own } from '../json/guards.ts';
import type { JsonObject } from '../json/json.ts';
import { parseLossless } from '../json/parse.ts';
import { splitLines } from '../protocol/input/lines.ts';
import { textLog } from '../protocol/output/emit.ts';
import { lineWriter } from '../protocol/output/line-writer.ts';
import { cellOf, sheetRow } from '../report/sheet.ts';
import { failToStderr, sentence } from './failure.ts';
import { openRowFile, type RowFile } from './load/row-file.ts';
import { SHEET_COLUMNS } from './load/sheet.ts';
import { textTable } from './load/table.ts';
import { EXIT_CODES, type Flags, type Runtime } from './runtime.ts';

/** A rejected row as it was kept (docs/outcomes.md). */
interface KeptRow {
  readonly stream: string;
  readonly data: JsonObject;
  readonly rejection: JsonObject;
}

const NO_ROWS = 'There is no rejected row in it.';
/** Rows whose columns a table is made wide enough for. */
const TABLE_ROWS = 1_000;

/** Shows the rows that `write` and `load` kept as rejected, as a table or, with `--csv`, as a sheet. Contract 1. */
export async function rejected(flags: Flags, runtime: Runtime): Promise<number> {
  const files: RowFile[] = [];
  try {
    for (const given of flags.files ?? []) {
      const options = { stream: 'rows', format: undefined, signal: new AbortController().signal };
      files.push(await openRowFile(given, options, runtime));
    }
    const line = lineWriter(runtime.stdout);
    await (flags.csv === true ? writeSheet(files, line) : writeTables(files, line));
    return EXIT_CODES.succeeded;
  } catch (error) {
    failToStderr(
      error,
      runtime.stderr,
      textLog((text) => text),
    );
    return EXIT_CODES.failed;
  } finally {
    for (const file of files) await file.close();
  }
}

async function writeTables(files: readonly RowFile[], line: (text: string) => Promise<void>): Promise<void> {
  const shown = textLog((text) => text);
  const codes = new Map<string, number>();
  const head = ['stream', 'key', 'code', 'field', 'what is wrong, and what to do'];
  let rows: string[][] = [];
  const flush = async (): Promise<void> => {
    if (rows.length > 0) await line(textTable(head, rows, new Set(head), 'left'));
    rows = [];
  };
  for await (const { stream, rejection } of rowsIn(files)) {
    const cell = (name: string): string => shown(cellOf(own(rejection, name)));
    const code = cell('code');
    codes.set(code, (codes.get(code) ?? 0) + 1);
    rows.push([
      shown(stream),
      cell('key'),
      code,
      cell('field'),
      `${sentence(cell('message'))} ${cell('fix')}`,
    ]);
    if (rows.length === TABLE_ROWS) await flush();
  }
  await flush();
  const counts = [...codes].map(([code, count]) => `${count} ${code}`).join(', ');
  await line(
    codes.size === 0
      ? NO_ROWS
      : `${counts}. To mend them: rejected FILE --csv > sheet.csv, correct the cells, and load sheet.csv --stream NAME.`,
  );
}

/** Two passes: a sheet has the columns of all rows. */
async function writeSheet(files: readonly RowFile[], line: (text: string) => Promise<void>): Promise<void> {
  const columns = new Set<string>();
  const streams = new Set<string>();
  for await (const { data, stream } of rowsIn(files)) {
    for (const name of Object.keys(data)) columns.add(name);
    streams.add(stream);
  }
  if (streams.size > 1)
    throw new ConfigError(
      `the rows are of ${streams.size} streams (${[...streams].slice(0, 10).join(', ')}), and a sheet is loaded into one: make a sheet of each`,
    );
  const names = [...columns].filter((name) => name !== '');
  const row = (cells: readonly string[]): Promise<void> => line(sheetRow(cells).replace(/\n$/, ''));
  const { code, message, fix, absent } = SHEET_COLUMNS;
  await row([...names, code, message, fix, absent]);
  for await (const { data, rejection } of rowsIn(files)) {
    const lacking = names.filter((name) => !Object.hasOwn(data, name));
    const cells = names.map((name) => cellOf(own(data, name)));
    const why = ['code', 'message', 'fix'].map((name) => cellOf(own(rejection, name)));
    await row([...cells, ...why, lacking.length === 0 ? '' : JSON.stringify(lacking)]);
  }
}

async function* rowsIn(files: readonly RowFile[]): AsyncGenerator<KeptRow> {
  for (const file of files) {
    let number = 0;
    for await (const group of splitLines(file.chunks())) {
      for (const given of group) {
        number++;
        if (typeof given === 'string' && given.trim() === '') continue;
        const kept = typeof given === 'string' ? keptRow(given) : undefined;
        if (kept === undefined)
          throw new ConfigError(
            `${file.title}, line ${number}: this is no rejected row; name files that object_storage_config keeps, such as ` +
              'accounts.jsonl in the folder of a run',
          );
        yield kept;
      }
    }
  }
}

function keptRow(text: string): KeptRow | undefined {
  const message = parsedOrNone(text);
  if (!isJsonObject(message)) return undefined;
  const [record, rejection] = [own(message, 'record'), own(message, 'rejection')];
  if (!isJsonObject(record) || !isJsonObject(rejection)) return undefined;
  const [stream, data] = [own(record, 'stream'), own(record, 'data')];
  return typeof stream === 'string' && isJsonObject(data) ? { stream, data, rejection } : undefined;
}

function parsedOrNone(text: string): unknown {
  try {
    return parseLossless(text);
  } catch {
    return undefined;
  }
}
