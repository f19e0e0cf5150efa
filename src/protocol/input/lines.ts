import { isUtf8 } from 'node:buffer';
import { LongLine } from './long-line.ts';

/** Longest line that is held, in bytes of UTF-8 without its line end. */
export const MAX_LINE_BYTES = 32 * 1024 * 1024;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A line without its line end: its text, its bytes where they are no UTF-8, or the parts of one that is too long. */
export type InputLine = string | Buffer | LongLine;

/**
 * The lines of a byte stream, without their line ends (LF or CRLF), in groups as they arrive; a last line need not
 * have an end. Each line is there as soon as its end has arrived, and input is read no further ahead than its own
 * buffer reaches. Bytes that are no UTF-8 are never replaced.
 *
 * A line longer than the bound is read on in constant memory while it may still be one JSON object; where
 * it can't be, it comes at once and is the last.
 */
export async function* splitLines(
  input: AsyncIterable<Buffer | string>,
  maxLineBytes: number = MAX_LINE_BYTES,
): AsyncGenerator<readonly InputLine[], void, undefined> {
  const line = new OpenLine(maxLineBytes);
  for await (const chunk of input) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    const lines = linesOf(line, bytes);
    if (lines.length > 0) yield lines;
    if (line.isHopeless) break;
  }
  if (!line.isEmpty) yield [line.end()];
}

function linesOf(line: OpenLine, bytes: Buffer): readonly InputLine[] {
  const lines: InputLine[] = [];
  const isText = isUtf8(bytes);
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    // Most lines lie within one chunk that is UTF-8 as a whole.
    const isPlain = line.isEmpty && isText && end - start <= line.maxBytes;
    if (isPlain) lines.push(bytes.toString('utf8', start, withoutReturn(bytes, start, end)));
    else {
      line.add(bytes.subarray(start, end));
      lines.push(line.end());
    }
    start = end + 1;
  }
  line.add(bytes.subarray(start));
  return lines;
}

function withoutReturn(bytes: Buffer, start: number, end: number): number {
  return end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
}

/** The line whose end has not arrived: its chunks, or past the limit the parts that are kept. */
class OpenLine {
  readonly maxBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #long: LongLine | undefined;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  /** It is too long and can't be an object, so reading on is of no use. */
  get isHopeless(): boolean {
    return this.#long?.isBroken === true;
  }

  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#long !== undefined) this.#long.add(chunk);
    else if (chunk.length > 0) this.#chunks.push(chunk);
    // One byte more, for a carriage return that is no part of the line.
    if (this.#long === undefined && this.#bytes > this.maxBytes + 1) this.#long = this.#inPassing();
  }

  /** The complete line; the next one begins. */
  end(): InputLine {
    const bytes = Buffer.concat(this.#chunks);
    const text = bytes.subarray(0, withoutReturn(bytes, 0, bytes.length));
    const long = this.#long ?? (text.length > this.maxBytes ? this.#inPassing() : undefined);
    this.#chunks = [];
    this.#bytes = 0;
    this.#long = undefined;
    if (long !== undefined) return long;
    return isUtf8(text) ? text.toString() : text;
  }

  #inPassing(): LongLine {
    const long = new LongLine();
    for (const chunk of this.#chunks) long.add(chunk);
    this.#chunks = [];
    return long;
  }
}
