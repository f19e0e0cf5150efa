import { readFile } from 'node:fs/promises';
import { ConfigError } from '../errors/config-error.ts';
import type { JsonValue } from '../json/json.ts';
import { parseLossless } from '../json/parse.ts';
import { syntaxFaultPosition } from '../json/syntax-fault.ts';

const BYTE_ORDER_MARK = '\uFEFF';

const REASONS: ReadonlyMap<unknown, string> = new Map([
  ['ENOENT', 'is not there'],
  ['ENOTDIR', 'is not there: a part of its path is a file'],
  ['EISDIR', 'is a directory'],
  ['EACCES', 'may not be read by this user'],
  ['EPERM', 'may not be read by this user'],
]);

/**
 * The value in a JSON file.
 *
 * @param what the kind of file as messages call it, such as `config` or `catalog`
 * @throws ConfigError when the file can't be read or is not JSON, with the place of the fault but nothing of the
 *   file's content, which may hold secrets
 */
export async function readJsonFile(path: string, what: string): Promise<JsonValue> {
  const text = await read(path, what);
  try {
    return parseLossless(text);
  } catch {
    throw new ConfigError(`the ${what} file ${path} is not JSON${place(text)}`);
  }
}

async function read(path: string, what: string): Promise<string> {
  try {
    const text = await readFile(path, 'utf8');
    return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const reason =
      REASONS.get(code) ?? `can't be read (${typeof code === 'string' ? code : 'unknown reason'})`;
    throw new ConfigError(`the ${what} file ${path} ${reason}`, { cause });
  }
}

function place(text: string): string {
  if (text.trim() === '') return ': it is empty';
  const position = syntaxFaultPosition(text);
  return position === undefined ? '' : `: line ${position.line}, column ${position.column}`;
}
