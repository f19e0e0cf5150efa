import type { Readable } from 'node:stream';
import { ProtocolError } from '../errors/protocol-error.ts';
import { MAX_LINE_BYTES, splitLines } from './lines.ts';
import type { InputMessage } from './messages.ts';
import { parseMessage } from './parse-message.ts';

const MAX_UTF8_BYTES_PER_UNIT = 3;
const BYTE_ORDER_MARK = '\uFEFF';

/** A line that is no message: where it stands and how long it is; never what is in it. */
export interface IgnoredLine {
  readonly line: number;
  readonly characters: number;
}

export interface ReadOptions {
  /** Called for each line that is no Airbyte message. */
  readonly onIgnored?: (ignored: IgnoredLine) => void;
  /** Ends the messages at once, in the midst of waiting too, and destroys the input. */
  readonly signal?: AbortSignal;
}

/** The messages of one input, to be iterated once. */
export interface MessageReader extends AsyncIterable<InputMessage> {
  /** Lines so far, blank ones included, and those of them that were no message. */
  readonly stats: { readonly lines: number; readonly malformedLines: number };
  /**
   * Whether the next message is being waited for and no complete line is at hand. True for an instant between two
   * chunks too: a pause is when it stays so.
   */
  readonly idle: boolean;
}

/**
 * Reads the RECORDs, STATEs and stream statuses of an Airbyte message stream, in order. A message is there as soon
 * as its line is complete, and the next line is taken only when it is asked for.
 *
 * @throws ProtocolError, while iterating, for a RECORD or STATE that can't be read and for a line longer than
 *   {@link MAX_LINE_BYTES}; what stands before that line has been delivered by then.
 */
export function readMessages(input: Readable, options: ReadOptions = {}): MessageReader {
  const lines = splitLines(input, options.signal);
  const stats = { lines: 0, malformedLines: 0 };
  let waiting = false;

  async function* messages(): AsyncGenerator<InputMessage> {
    try {
      waiting = true;
      for await (const text of lines) {
        waiting = false;
        const message = readLine(String(text));
        if (message !== undefined) yield message;
        waiting = true;
      }
    } catch (error) {
      if (!options.signal?.aborted) throw error;
    } finally {
      waiting = false;
    }
  }

  function readLine(text: string): InputMessage | undefined {
    const line = ++stats.lines;
    if (text.length * MAX_UTF8_BYTES_PER_UNIT > MAX_LINE_BYTES && Buffer.byteLength(text) > MAX_LINE_BYTES) {
      throw new ProtocolError(`line ${line} is longer than the limit of ${MAX_LINE_BYTES} bytes`);
    }
    const raw = (line === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text).trimEnd();
    if (raw === '') return undefined;
    const parsed = parseMessage(raw, line);
    if (parsed === 'malformed') {
      stats.malformedLines++;
      options.onIgnored?.({ line, characters: raw.length });
    }
    return typeof parsed === 'string' ? undefined : parsed;
  }

  const iterator = messages();
  return {
    stats,
    get idle() {
      return waiting && lines.readableLength === 0;
    },
    [Symbol.asyncIterator]: () => iterator,
  };
}
