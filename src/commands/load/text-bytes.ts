import { isUtf8 } from 'node:buffer';
import { ConfigError } from '../../errors/config-error.ts';
import { foreignKind } from '../../protocol/input/foreign-input.ts';
import { MAX_LINE_BYTES } from '../../protocol/input/lines.ts';

const NEWLINE = 0x0a;
/** Enough to know a kind of file by. */
const SIGNATURE_BYTES = 16;

/**
 * The same bytes, which are UTF-8 up to there.
 *
 * @throws ConfigError, while iterating, with line and encoding of the first that are not
 */
export async function* textOnly(chunks: AsyncIterable<Buffer>, title: string): AsyncGenerator<Buffer> {
  let open: Buffer[] = [];
  let openBytes = 0;
  let lines = 0;
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst) refuseForeign(chunk.subarray(0, SIGNATURE_BYTES), title);
    isFirst = false;
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      lines += linesIn(Buffer.concat([...open, chunk.subarray(0, end)]), lines, title);
      open = [];
      openBytes = 0;
    }
    open.push(chunk.subarray(end));
    openBytes += chunk.length - end;
    if (openBytes > MAX_LINE_BYTES)
      throw new ConfigError(
        `${title}, line ${lines + 1}: the line is longer than ${MAX_LINE_BYTES / 2 ** 20} MiB, which no row of Vitally can be`,
      );
    yield chunk;
  }
  linesIn(Buffer.concat(open), lines, title);
}

/** The lines that end in these bytes. */
function linesIn(bytes: Buffer, before: number, title: string): number {
  const isText = isUtf8(bytes);
  let count = 0;
  for (let start = 0; start < bytes.length; ) {
    const at = bytes.indexOf(NEWLINE, start);
    const end = at === -1 ? bytes.length : at + 1;
    if (!isText && !isUtf8(bytes.subarray(start, end))) throw notUtf8(title, before + count + 1);
    if (at !== -1) count++;
    start = end;
  }
  return count;
}

function refuseForeign(begin: Buffer, title: string): void {
  const kind = foreignKind(begin);
  if (kind === undefined) return;
  throw new ConfigError(
    `${title}, line 1: this is ${kind.is}, and load reads CSV and JSONL in UTF-8. ${kind.remedy.replaceAll('FILE', title)}`,
  );
}

/** What is no UTF-8 and has no mark is an encoding of one byte a letter, of which Windows-1252 is the usual one. */
function notUtf8(title: string, line: number): ConfigError {
  return new ConfigError(
    `${title}, line ${line}: these bytes are no UTF-8; the file is probably written in Windows-1252 (Latin-1), as Excel ` +
      `saves "CSV". Save it as "CSV UTF-8", or: iconv -f WINDOWS-1252 -t UTF-8 ${title}`,
  );
}
