import { isUtf8 } from 'node:buffer';
import type { JsonValue } from '../../json/json.ts';
import { parseLossless } from '../../json/parse.ts';

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];
const BLANKS: ReadonlySet<number> = new Set([0x20, 0x09, 0x0d]);

/** Names and keys are shorter; longer values are not kept. */
const MAX_VALUE_BYTES = 16 * 1024;
/** Names and values of columns that are kept, together. */
const MAX_COLUMN_BYTES = 256 * 1024;
/** Names and values around the columns, together; no message has as many. */
const MAX_ENVELOPE_BYTES = 1024 * 1024;
/** Depth of `record.stream`, and of a column. */
const [ENVELOPE, COLUMNS] = [2, 3];
const IN_ENVELOPE: ReadonlySet<string> = new Set(['type', 'record.stream', 'record.namespace']);
const COLUMN = 'record.data.';

interface OpenContainer {
  readonly isObject: boolean;
  key: string | undefined;
  wantsKey: boolean;
}

/**
 * Reads a message that is too long to be held, byte by byte in constant memory: its type, and a record's stream and
 * short columns. It sees whether brackets and quotes close, and no other fault.
 */
export class LongLine {
  /** By path, joined by `.`, e.g. `record.data.id`. */
  readonly values = new Map<string, JsonValue>();
  bytes = 0;
  readonly #open: OpenContainer[] = [];
  #token: number[] = [];
  #isToken = false;
  #inText = false;
  #escaped = false;
  #columnBytes = 0;
  #envelopeBytes = 0;
  #ended = false;
  #broken = false;

  /** Whatever follows, it is no object. */
  get isBroken(): boolean {
    return this.#broken;
  }

  /** One object and nothing else. */
  get isWhole(): boolean {
    return this.#ended && !this.#broken;
  }

  add(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    for (let at = 0; at < chunk.length && !this.#broken; at++) {
      if (this.#inText) at = this.#takeText(chunk, at);
      else this.#take(chunk[at] ?? 0);
    }
  }

  /** Takes the next byte of a text and all that need not be kept; gives the place of the last one taken. */
  #takeText(chunk: Uint8Array, start: number): number {
    const isOfUse = this.#isOfUse() && this.#token.length <= MAX_VALUE_BYTES;
    for (let at = start; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (isOfUse) this.#keep(byte);
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) {
        this.#inText = false;
        this.#endToken();
        return at;
      }
    }
    return chunk.length;
  }

  #take(byte: number): void {
    const isBlank = BLANKS.has(byte);
    if (this.#ended || (this.#open.length === 0 && byte !== OPEN_OBJECT && !isBlank)) {
      this.#broken ||= !isBlank;
      return;
    }
    if (byte === QUOTE) {
      this.#inText = true;
      this.#keep(byte);
      return;
    }
    const isEnd = isBlank || byte === COLON || byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_LIST;
    if (isEnd && this.#isToken) this.#endToken();
    if (isBlank) return;
    if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.#enter(byte === OPEN_OBJECT);
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) this.#leave(byte === CLOSE_OBJECT);
    else if (byte === COMMA) this.#expectKey();
    else if (byte !== COLON) this.#keep(byte);
  }

  #enter(isObject: boolean): void {
    this.#open.push({ isObject, key: undefined, wantsKey: isObject });
  }

  #leave(isObject: boolean): void {
    const closed = this.#open.pop();
    this.#broken = closed?.isObject !== isObject;
    this.#ended = this.#open.length === 0;
  }

  #expectKey(): void {
    const parent = this.#open.at(-1);
    if (parent?.isObject === true) parent.wantsKey = true;
  }

  #keep(byte: number): void {
    this.#isToken = true;
    if (this.#isOfUse() && this.#token.length <= MAX_VALUE_BYTES) this.#token.push(byte);
  }

  /** Values that lie deeper, or in columns beyond the limit, are not kept. */
  #isOfUse(): boolean {
    const depth = this.#open.length;
    return depth <= ENVELOPE || (depth === COLUMNS && this.#columnBytes <= MAX_COLUMN_BYTES);
  }

  #endToken(): void {
    this.#isToken = false;
    const token = this.#token;
    const parent = this.#open.at(-1);
    if (token.length === 0 || parent?.isObject !== true) {
      this.#token = [];
      if (parent?.wantsKey === true) this.#setKey(parent, undefined);
      return;
    }
    this.#token = [];
    if (this.#open.length === COLUMNS) this.#columnBytes += token.length;
    else this.#envelopeBytes += token.length;
    this.#broken ||= this.#envelopeBytes > MAX_ENVELOPE_BYTES;
    const value = scalarOf(Buffer.from(token));
    if (parent.wantsKey) this.#setKey(parent, typeof value === 'string' ? value : undefined);
    else if (value !== undefined) this.#set(value);
  }

  #setKey(parent: OpenContainer, key: string | undefined): void {
    parent.wantsKey = false;
    parent.key = key;
  }

  #set(value: JsonValue): void {
    const keys = this.#open.map(({ key }) => key);
    if (keys.includes(undefined)) return;
    const path = keys.join('.');
    if (IN_ENVELOPE.has(path) || (this.#open.length === COLUMNS && path.startsWith(COLUMN)))
      this.values.set(path, value);
  }
}

function scalarOf(bytes: Buffer): JsonValue | undefined {
  if (bytes.length > MAX_VALUE_BYTES || !isUtf8(bytes)) return undefined;
  try {
    return parseLossless(bytes.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
