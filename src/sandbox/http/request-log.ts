import type { FaultKind } from '../faults/faults.ts';
import { type JsonValue, parseJson } from '../json.ts';

const MAX_LOGGED_REQUESTS = 200_000;
/** Beyond this the bodies of the oldest requests are dropped. */
const MAX_LOGGED_BODY_BYTES = 128_000_000;
/** Answers go the same way, and the end of a long one is never kept. */
const MAX_LOGGED_ANSWER_BYTES = 32_000_000;
const MAX_ANSWER_CHARACTERS = 20_000;

export type Api = 'rest' | 'analytics';

/** A request as a test sees it. */
export interface LoggedRequest {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** 0 where no answer was sent. */
  readonly status: number;
  readonly api: Api;
  readonly fault?: FaultKind;
  readonly body?: JsonValue;
  /** The messages of an Analytics batch. */
  readonly messageCount?: number;
}

/** A request as it is kept: the body unparsed. */
export interface LogEntry {
  /** From 1, in the order of arrival; the log gives it. */
  number: number;
  /** The number of its run. */
  readonly run: number;
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly api: Api;
  status: number;
  fault: FaultKind | undefined;
  messageCount: number | undefined;
  body: string | undefined;
  answer: string | undefined;
  answerHeaders: Readonly<Record<string, string>>;
}

type Text = 'body' | 'answer';

/** Texts that are kept, up to a number of characters all together. */
interface Shelf {
  readonly max: number;
  held: number;
  /** The index of the first entry that may have one. */
  oldest: number;
}

/** The last requests, oldest first. */
export class RequestLog {
  /** Counts all requests, not only those that are kept. */
  readonly totals = { rest: 0, analytics: 0, throttled: 0, faults: 0 };
  #entries: LogEntry[] = [];
  #oldest = 0;
  #last = 0;
  #shelves = emptyShelves();

  add(entry: LogEntry): void {
    entry.number = ++this.#last;
    this.#entries.push(entry);
    if (this.#entries.length - this.#oldest > MAX_LOGGED_REQUESTS) this.#dropOldest();
  }

  /** Counts a request whose answer is settled. */
  settle({ api, status, fault }: LogEntry): void {
    this.totals[api] += 1;
    if (status === 429) this.totals.throttled += 1;
    if (fault !== undefined) this.totals.faults += 1;
  }

  setBody(entry: LogEntry, text: string): void {
    this.#keep('body', entry, text);
  }

  setAnswer(entry: LogEntry, text: string, headers: Readonly<Record<string, string>>): void {
    entry.answerHeaders = headers;
    const isLong = text.length > MAX_ANSWER_CHARACTERS;
    this.#keep('answer', entry, isLong ? `${text.slice(0, MAX_ANSWER_CHARACTERS)}…` : text);
  }

  /** The last `count` requests; all of them without it. */
  last(count: number = MAX_LOGGED_REQUESTS): LoggedRequest[] {
    return this.#entries.slice(Math.max(this.#oldest, this.#entries.length - count)).map(shown);
  }

  /** The requests that are kept. */
  get size(): number {
    return this.#entries.length - this.#oldest;
  }

  /** The requests that are kept, newest first. */
  *newest(): Generator<LogEntry> {
    for (let index = this.#entries.length - 1; index >= this.#oldest; index -= 1) {
      const entry = this.#entries[index];
      if (entry !== undefined) yield entry;
    }
  }

  /** `undefined` for one that was never there, or is kept no more. */
  byNumber(number: number): LogEntry | undefined {
    const index = this.#entries.length - 1 - (this.#last - number);
    return index < this.#oldest ? undefined : this.#entries[index];
  }

  clear(): void {
    this.#entries = [];
    this.#oldest = 0;
    this.#last = 0;
    this.#shelves = emptyShelves();
    Object.assign(this.totals, { rest: 0, analytics: 0, throttled: 0, faults: 0 });
  }

  #dropOldest(): void {
    const dropped = this.#oldest++;
    for (const text of TEXTS) {
      this.#drop(text, dropped);
      this.#shelves[text].oldest = Math.max(this.#shelves[text].oldest, this.#oldest);
    }
    if (this.#oldest < MAX_LOGGED_REQUESTS) return;
    this.#entries = this.#entries.slice(this.#oldest);
    for (const text of TEXTS) this.#shelves[text].oldest -= this.#oldest;
    this.#oldest = 0;
  }

  #keep(name: Text, entry: LogEntry, text: string): void {
    const shelf = this.#shelves[name];
    entry[name] = text;
    shelf.held += text.length;
    while (shelf.held > shelf.max && shelf.oldest < this.#entries.length) this.#drop(name, shelf.oldest++);
  }

  #drop(name: Text, index: number): void {
    const entry = this.#entries[index];
    const text = entry?.[name];
    if (entry === undefined || text === undefined) return;
    this.#shelves[name].held -= text.length;
    entry[name] = undefined;
  }
}

const TEXTS: readonly Text[] = ['body', 'answer'];

function emptyShelves(): Record<Text, Shelf> {
  return {
    body: { max: MAX_LOGGED_BODY_BYTES, held: 0, oldest: 0 },
    answer: { max: MAX_LOGGED_ANSWER_BYTES, held: 0, oldest: 0 },
  };
}

function shown({ at, method, path, status, api, fault, body, messageCount }: LogEntry): LoggedRequest {
  return {
    at,
    method,
    path,
    status,
    api,
    ...(fault === undefined ? {} : { fault }),
    ...(body === undefined ? {} : { body: parsedOrText(body) }),
    ...(messageCount === undefined ? {} : { messageCount }),
  };
}

function parsedOrText(body: string): JsonValue {
  try {
    return parseJson(body);
  } catch {
    return body;
  }
}
