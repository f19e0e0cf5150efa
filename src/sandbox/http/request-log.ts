import type { FaultKind } from '../faults/faults.ts';
import { type JsonValue, parseJson } from '../json.ts';

const MAX_LOGGED_REQUESTS = 200_000;
/** Beyond this the bodies of the oldest requests are dropped. */
const MAX_LOGGED_BODY_BYTES = 128_000_000;

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
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly api: Api;
  status: number;
  fault: FaultKind | undefined;
  messageCount: number | undefined;
  body: string | undefined;
}

/** The last requests, oldest first. */
export class RequestLog {
  /** Counts all requests, not only those that are kept. */
  readonly totals = { rest: 0, analytics: 0, throttled: 0, faults: 0 };
  #entries: LogEntry[] = [];
  #oldest = 0;
  #oldestWithBody = 0;
  #bodyBytes = 0;

  add(entry: LogEntry): void {
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
    entry.body = text;
    this.#bodyBytes += text.length;
    while (this.#bodyBytes > MAX_LOGGED_BODY_BYTES && this.#oldestWithBody < this.#entries.length)
      this.#dropBody(this.#oldestWithBody++);
  }

  /** The last `count` requests; all of them without it. */
  last(count: number = MAX_LOGGED_REQUESTS): LoggedRequest[] {
    return this.#entries.slice(Math.max(this.#oldest, this.#entries.length - count)).map(shown);
  }

  clear(): void {
    this.#entries = [];
    this.#oldest = 0;
    this.#oldestWithBody = 0;
    this.#bodyBytes = 0;
    Object.assign(this.totals, { rest: 0, analytics: 0, throttled: 0, faults: 0 });
  }

  #dropOldest(): void {
    this.#dropBody(this.#oldest++);
    this.#oldestWithBody = Math.max(this.#oldestWithBody, this.#oldest);
    if (this.#oldest < MAX_LOGGED_REQUESTS) return;
    this.#entries = this.#entries.slice(this.#oldest);
    this.#oldestWithBody -= this.#oldest;
    this.#oldest = 0;
  }

  #dropBody(index: number): void {
    const entry = this.#entries[index];
    if (entry?.body === undefined) return;
    this.#bodyBytes -= entry.body.length;
    entry.body = undefined;
  }
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
