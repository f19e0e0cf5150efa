import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import split2 from 'split2';

/** Longest line that is read, in bytes of UTF-8 without its line end. */
export const MAX_LINE_BYTES = 32 * 1024 * 1024;

const NEWLINE = 0x0a;

/**
 * The lines of a byte stream, decoded from UTF-8, without their line ends (LF or CRLF); a last line need not have
 * one. Each line is there as soon as its line end has arrived; input is read no further ahead than the streams'
 * own buffers reach. A line longer than {@link MAX_LINE_BYTES} comes cut to one byte more than that and is the
 * last: nothing after it can be trusted.
 *
 * @param signal destroys the input and ends the lines with an `AbortError`
 */
export function splitLines(input: Readable, signal: AbortSignal | undefined): Readable {
  const lines = split2();
  // Whoever reads the lines meets the same error there.
  pipeline(input, wholeLines, lines, signal === undefined ? {} : { signal }).catch(() => {});
  return lines;
}

/**
 * Gathers chunks until one ends a line: split2 searches what it holds anew with every chunk, which for one line of
 * many chunks would take time by the square of its length.
 */
async function* wholeLines(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  for await (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    const linesEnd = bytes.lastIndexOf(NEWLINE) + 1;
    if (linesEnd > 0) {
      yield Buffer.concat([...pending, bytes.subarray(0, linesEnd)]);
      pending = [];
      pendingBytes = 0;
    }
    pending.push(bytes.subarray(linesEnd));
    pendingBytes += bytes.length - linesEnd;
    if (pendingBytes > MAX_LINE_BYTES) break;
  }
  if (pendingBytes > 0) yield Buffer.concat(pending).subarray(0, MAX_LINE_BYTES + 1);
}
