import { addAbortSignal, type Readable } from 'node:stream';
import type { ProtocolError } from '../../errors/protocol-error.ts';
import type { InputMessage } from '../messages.ts';
import { undecodableLine } from './broken-line.ts';
import { foreignFile, MAX_SAMPLE_CHARACTERS, MAX_SAMPLES, noMessages } from './foreign-input.ts';
import { type InputLine, type MAX_LINE_BYTES, splitLines } from './lines.ts';
import { LongLine } from './long-line.ts';
import { type LongMessage, longMessage } from './long-message.ts';
import { messageIn } from './message-in.ts';
import { iterated, type MessageSource, type Messages } from './message-source.ts';
import { parseMessage } from './parse-message.ts';

const BYTE_ORDER_MARK = '\uFEFF';
const BLANKS: ReadonlySet<string> = new Set([' ', '\t', '\r']);

/** Lines that are no message are told one by one up to this many. */
export const MAX_TOLD_LINES = 10;

/** A line that is no message: its number and its length, never its text. */
export interface IgnoredLine {
  readonly line: number;
  readonly characters: number;
  /** The last one that is told; further ones are counted. */
  readonly isLastTold: boolean;
}

export interface ReadOptions {
  /** Called for the first {@link MAX_TOLD_LINES} lines that are no Airbyte message. */
  readonly onIgnored?: (ignored: IgnoredLine) => void;
  /** Says which configured stream a message is about; what it throws ends the messages. */
  readonly resolve?: (message: InputMessage) => InputMessage;
  /** Ends the messages at once, also while they wait for input, and destroys the input. */
  readonly signal?: AbortSignal;
  /** Longest line that is held. Default: {@link MAX_LINE_BYTES}. */
  readonly maxLineBytes?: number;
}

export interface ReadStats {
  /** Lines so far, blank ones included. */
  readonly lines: number;
  /** Lines that were no message; blank ones don't count. */
  readonly ignoredLines: number;
  /** The input came to its end, and there was nothing in it. */
  readonly wasEmpty: boolean;
}

/** The messages of one input, to be iterated once. */
export interface MessageReader extends Messages {
  readonly source: MessageSource;
  readonly stats: ReadStats;
}

/**
 * Reads the RECORDs, STATEs and stream statuses of an Airbyte message stream, in order. A message is there as soon
 * as its line is complete, and the next line is taken only when it is asked for.
 *
 * @throws ProtocolError, while iterating, for a line that holds a RECORD or STATE and can't be read as one, and at the
 *   end of an input that had no Airbyte message; messages before the fault have been delivered by then.
 */
export function readMessages(input: Readable, options: ReadOptions = {}): MessageReader {
  // An error before the iteration begins would have no listener; the iteration throws the same error.
  input.on('error', () => {});
  if (options.signal !== undefined) addAbortSignal(options.signal, input);
  const reader = new InputReader(input, options);
  const iterator = iterated(reader);
  return { source: reader, stats: reader.stats, [Symbol.asyncIterator]: () => iterator };
}

/** The messages of the lines that have arrived, and the wait for further ones. */
class InputReader implements MessageSource {
  readonly #options: ReadOptions;
  readonly #lines: LineReader;
  readonly #groups: AsyncGenerator<readonly InputLine[], void, undefined>;
  #group: readonly InputLine[] = [];
  #index = 0;
  #isOver = false;

  constructor(input: Readable, options: ReadOptions) {
    this.#options = options;
    this.#lines = new LineReader(options);
    this.#groups = splitLines(input, options.maxLineBytes);
  }

  get stats(): ReadStats {
    return this.#lines.stats;
  }

  next(): InputMessage | undefined | Promise<InputMessage | undefined> {
    return this.#arrived() ?? (this.#isOver ? undefined : this.#fromFurther());
  }

  async close(): Promise<void> {
    this.#end();
    await this.#groups.return();
  }

  /** The next message of the lines that are there. */
  #arrived(): InputMessage | undefined {
    if (this.#options.signal?.aborted) this.#end();
    try {
      while (this.#index < this.#group.length) {
        const message = this.#lines.read(this.#group[this.#index++] ?? '');
        if (message !== undefined) return this.#options.resolve?.(message) ?? message;
      }
    } catch (error) {
      this.#end();
      throw error;
    }
    return undefined;
  }

  async #fromFurther(): Promise<InputMessage | undefined> {
    try {
      for (;;) {
        const { done, value } = await this.#groups.next();
        if (this.#options.signal?.aborted || this.#isOver) return undefined;
        if (done === true) {
          this.#end();
          this.#lines.end();
          return undefined;
        }
        this.#group = value;
        this.#index = 0;
        const message = this.#arrived();
        if (message !== undefined) return message;
      }
    } catch (error) {
      this.#end();
      if (this.#options.signal?.aborted) return undefined;
      // The lines before a fault have been given by now, and nothing behind it is read.
      await this.#groups.return();
      throw error;
    }
  }

  #end(): void {
    this.#isOver = true;
    this.#group = [];
    this.#index = 0;
  }
}

/** JSON allows only these here: anything else behind a message makes its line malformed. */
function withoutBlanksAtEnd(text: string): string {
  let end = text.length;
  while (BLANKS.has(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** Takes line after line and counts those that are no message. */
class LineReader {
  readonly stats = { lines: 0, ignoredLines: 0, wasEmpty: false };
  readonly #options: ReadOptions;
  readonly #samples: string[] = [];
  #filled = 0;
  #hasMessages = false;

  constructor(options: ReadOptions) {
    this.#options = options;
  }

  read(given: InputLine): InputMessage | undefined {
    const line = ++this.stats.lines;
    if (given instanceof LongLine)
      return this.#readLong(longMessage(given, line, this.#options.maxLineBytes));
    if (line === 1) this.#refuseForeign(given);
    if (typeof given !== 'string') return this.#readBytes(given, line);
    const text = line === 1 && given.startsWith(BYTE_ORDER_MARK) ? given.slice(1) : given;
    const raw = withoutBlanksAtEnd(text);
    if (raw.trim() === '') return undefined;
    this.#filled++;
    const parsed = parseMessage(raw, line);
    if (parsed === 'no-message') this.#ignore(line, raw);
    else if (parsed === 'unknown') this.#sample(raw);
    else this.#hasMessages = true;
    return typeof parsed === 'string' ? undefined : parsed;
  }

  /** @throws ProtocolError where not one of the lines was a message */
  end(): void {
    this.stats.wasEmpty = this.#filled === 0;
    if (this.#filled > 0 && !this.#hasMessages) throw noMessages(this.#filled, this.#samples);
  }

  #readLong(message: LongMessage): InputMessage | undefined {
    this.#filled++;
    this.#hasMessages = true;
    return message === 'ignored' ? undefined : message;
  }

  #refuseForeign(given: string | Buffer): void {
    const foreign: ProtocolError | undefined = foreignFile(Buffer.from(given));
    if (foreign !== undefined) throw foreign;
  }

  #readBytes(bytes: Buffer, line: number): undefined {
    const text = bytes.toString();
    const held = messageIn(text);
    if (held !== undefined) throw undecodableLine(bytes, line, held);
    this.#filled++;
    this.#ignore(line, text);
  }

  #ignore(line: number, raw: string): void {
    const told = ++this.stats.ignoredLines;
    this.#sample(raw);
    if (told > MAX_TOLD_LINES) return;
    this.#options.onIgnored?.({ line, characters: raw.length, isLastTold: told === MAX_TOLD_LINES });
  }

  #sample(raw: string): void {
    if (this.#samples.length < MAX_SAMPLES) this.#samples.push(raw.slice(0, MAX_SAMPLE_CHARACTERS));
  }
}
