import { createReadStream } from 'node:fs';
import { ConfigError } from '../errors/config-error.ts';
import type { JsonValue } from '../json/json.ts';
import { parseLossless } from '../json/parse.ts';
import { syntaxFaultPosition } from '../json/syntax-fault.ts';

/** Larger than any config or catalog; what goes on beyond it is another file, or a device that never ends. */
const MAX_MEBIBYTES = 256;

const REASONS: ReadonlyMap<unknown, string> = new Map([
  ['ENOENT', 'is not there'],
  ['ENOTDIR', 'is not there: a part of its path is a file'],
  ['EISDIR', 'is a directory'],
  ['EACCES', 'may not be read by this user'],
  ['EPERM', 'may not be read by this user'],
]);

/** A JSON file, read. */
export interface JsonFile {
  readonly text: string;
  readonly value: JsonValue;
}

/**
 * The value in a JSON file, and its text.
 *
 * @param what the kind of file as messages call it, such as `config` or `catalog`
 * @throws ConfigError when the file can't be read or is not JSON, with the place of the fault but nothing of the
 *   file's content, which may hold secrets
 */
export async function readJsonFile(
  path: string,
  what: string,
  maxMebibytes: number = MAX_MEBIBYTES,
): Promise<JsonFile> {
  const text = decoded(await read(path, what, maxMebibytes), path, what);
  try {
    return { text, value: parseLossless(text) };
  } catch {
    throw new ConfigError(`the ${what} file ${path} is not JSON${place(text)}`);
  }
}

async function read(path: string, what: string, maxMebibytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path)) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxMebibytes * 2 ** 20) break;
    }
  } catch (cause) {
    throw unreadable(`the ${what} file ${path}`, cause);
  }
  if (bytes <= maxMebibytes * 2 ** 20) return Buffer.concat(chunks);
  throw new ConfigError(`the ${what} file ${path} is larger than ${maxMebibytes} MiB: is it the ${what}?`);
}

/**
 * The error for a file that the system does not let us read.
 *
 * @param file as the message begins
 */
export function unreadable(file: string, cause: unknown): ConfigError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const reason = REASONS.get(code) ?? `can't be read (${typeof code === 'string' ? code : 'unknown reason'})`;
  return new ConfigError(`${file} ${reason}`, { cause });
}

/** UTF-8, with or without a byte order mark; anything else is named, since editors on Windows still offer it. */
function decoded(bytes: Buffer, path: string, what: string): string {
  const [first, second] = bytes;
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const isUtf16 = hasMark || first === 0 || second === 0;
  try {
    if (!isUtf16) return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
  }
  const written = isUtf16 ? 'is written in UTF-16' : 'holds bytes that are no UTF-8';
  throw new ConfigError(`the ${what} file ${path} ${written}; save it as UTF-8`);
}

function place(text: string): string {
  if (text.trim() === '') return ': it is empty';
  const position = syntaxFaultPosition(text);
  return position === undefined ? '' : `: line ${position.line}, column ${position.column}`;
}
