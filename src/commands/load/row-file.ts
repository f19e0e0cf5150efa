import { createReadStream, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { unreadable } from '../../config/read-json-file.ts';
import { ConfigError } from '../../errors/config-error.ts';
import { chunksOf, NamelessFile } from '../../pipeline/nameless-file.ts';
import { codeOf, fileTrouble } from '../../rejected/file-trouble.ts';
import { STDIN } from '../command-line/arguments.ts';
import type { Runtime } from '../runtime.ts';

export type Format = 'csv' | 'jsonl';

const FORMATS: Readonly<Record<string, Format>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.json': 'jsonl',
};

/** A file of rows, open. It is read twice: looked through before the first request, then written. */
export interface RowFile {
  /** As messages call it. */
  readonly title: string;
  /** The stream that its rows are of. */
  readonly stream: string;
  /** `undefined` where neither a flag nor its name tells. */
  readonly format: Format | undefined;
  /** Its bytes from the start. */
  chunks(): AsyncIterable<Buffer>;
  close(): Promise<void>;
}

export interface RowFileOptions {
  readonly stream: string | undefined;
  readonly format: Format | undefined;
  /** Ends the reading of a pipe that brings nothing. */
  readonly signal: AbortSignal;
}

/**
 * Opens what an argument of `load` names. What can be read only once, stdin or a pipe, is kept in a temporary file without
 * a name, since bytes that are no UTF-8 must be told before the first request.
 *
 * @throws ConfigError naming the file
 */
export async function openRowFile(
  given: string,
  options: RowFileOptions,
  runtime: Pick<Runtime, 'stdin' | 'cwd'>,
): Promise<RowFile> {
  const { stream, format } = options;
  if (given === STDIN) {
    if (stream === undefined)
      throw new ConfigError('rows from stdin have no file name: name their stream, as in --stream accounts');
    return { title: 'stdin', stream, format, ...(await spooled(runtime.stdin, 'stdin', options.signal)) };
  }
  const ending = extname(given);
  const named = {
    title: given,
    stream: stream ?? basename(given, ending),
    format: format ?? FORMATS[ending.toLowerCase()],
  };
  const path = resolve(runtime.cwd, given);
  const file = await opened(path, given);
  try {
    const stats = await file.stat();
    if (stats.isFile()) return { ...named, ...regular(path, given, stats) };
    if (stats.isDirectory()) throw new ConfigError(`${given} is a folder: name the files in it`);
    if (!(stats.isFIFO() || stats.isSocket()))
      throw new ConfigError(`${given} is a device: name a file, a pipe, or - for stdin`);
    const pipe = createReadStream('', { fd: file, autoClose: false });
    return { ...named, ...(await spooled(pipe, given, options.signal)) };
  } finally {
    await file.close();
  }
}

async function opened(path: string, given: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (error) {
    throw unreadable(`the file ${given}`, error);
  }
}

/**
 * What a file held when it was opened: rows that are added meanwhile are another run's. It is open only while it is read,
 * since there may be more files than a process may hold open.
 */
function regular(path: string, given: string, { dev, ino, size }: Stats): Pick<RowFile, 'chunks' | 'close'> {
  return {
    async *chunks() {
      const file = await opened(path, given);
      try {
        const now = await file.stat();
        if (now.dev !== dev || now.ino !== ino || now.size < size)
          throw new ConfigError(`the file ${given} was replaced while it was read; run load again`);
        yield* chunksOf(file, size);
      } finally {
        await file.close();
      }
    },
    close: async () => {},
  };
}

async function spooled(
  input: Readable,
  title: string,
  signal: AbortSignal,
): Promise<Pick<RowFile, 'chunks' | 'close'>> {
  const file = await NamelessFile.open().catch((error: unknown) => {
    throw unspooled(title, error);
  });
  let bytes = 0;
  try {
    for await (const chunk of addAbortSignal(signal, input)) {
      const buffer = Buffer.from(chunk);
      await file.write(buffer, bytes).catch((error: unknown) => {
        throw unspooled(title, error);
      });
      bytes += buffer.length;
    }
  } catch (error) {
    await file.close();
    throw error instanceof ConfigError || signal.aborted ? error : unreadable(title, error);
  }
  return { chunks: () => file.chunks(bytes), close: () => file.close() };
}

function unspooled(title: string, cause: unknown): ConfigError {
  const { what, remedy } = fileTrouble(cause);
  return new ConfigError(
    `the rows from ${title} can't be kept in the temporary directory until they are looked through: ${what} ` +
      `(${codeOf(cause)}). To mend it, ${remedy}, or name a file`,
    { cause },
  );
}

/** A row as it is looked through. */
export interface ReadRow {
  readonly line: number;
  readonly values: Readonly<Record<string, unknown>>;
  readonly data: () => string;
}
