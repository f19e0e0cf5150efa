import type { Message } from './message.ts';

/** At most 100 messages a request (vitally-api.md, "Batches"). */
const MAX_BATCH_MESSAGES = 100;
/** Vitally documents no size limit; a batch stays well below what servers commonly take. */
const MAX_BATCH_BYTES = 500_000;
/** A batch that is not full waits no longer than this (Contract 6). */
const MAX_BATCH_AGE_MS = 1_000;
/** A batch that a STATE waits for closes after this, so that rows which follow at once still join it. */
const STATE_PATIENCE_MS = 20;

/** A row's messages in a queue. */
export interface Entry {
  readonly messages: readonly Message[];
  readonly since: number;
}

/** The messages of one type that wait to be sent together. Types are kept apart, so that a blocked type harms no other. */
export class Batch<E extends Entry> {
  readonly type: string;
  #entries: E[] = [];
  #messages = 0;
  #bytes = 0;
  #dueAtMs = Number.POSITIVE_INFINITY;

  constructor(type: string) {
    this.type = type;
  }

  add(entry: E, now: number): void {
    this.#entries.push(entry);
    this.#messages += entry.messages.length;
    this.#bytes += bytesOf(entry);
    this.#dueAtMs = Math.min(this.#dueAtMs, now + MAX_BATCH_AGE_MS);
  }

  /** A STATE waits for these messages: they are sent soon. */
  flush(now: number): void {
    if (this.#entries.length > 0) this.#dueAtMs = Math.min(this.#dueAtMs, now + STATE_PATIENCE_MS);
  }

  /** When it must be sent: now where it is full. */
  dueAtMs(now: number): number {
    const full = this.#messages >= MAX_BATCH_MESSAGES || this.#bytes >= MAX_BATCH_BYTES;
    return full ? now : this.#dueAtMs;
  }

  /** Takes out one request's worth of entries, oldest first; an entry too large for any batch goes alone. */
  take(now: number): E[] {
    const taken: E[] = [];
    let messages = 0;
    let bytes = 0;
    for (const entry of this.#entries) {
      const fits =
        messages + entry.messages.length <= MAX_BATCH_MESSAGES && bytes + bytesOf(entry) <= MAX_BATCH_BYTES;
      if (!fits && taken.length > 0) break;
      taken.push(entry);
      messages += entry.messages.length;
      bytes += bytesOf(entry);
    }
    this.#entries = this.#entries.slice(taken.length);
    this.#messages -= messages;
    this.#bytes -= bytes;
    const next = this.#entries[0];
    if (next === undefined) this.#dueAtMs = Number.POSITIVE_INFINITY;
    else this.#dueAtMs = Math.max(now, next.since + MAX_BATCH_AGE_MS);
    return taken;
  }

  get size(): number {
    return this.#entries.length;
  }
}

/** The messages of some entries in requests of at most {@link MAX_BATCH_MESSAGES}. */
export function requestsOf(messages: readonly Message[]): (readonly Message[])[] {
  const requests: Message[][] = [];
  for (let from = 0; from < messages.length; from += MAX_BATCH_MESSAGES) {
    requests.push(messages.slice(from, from + MAX_BATCH_MESSAGES));
  }
  return requests;
}

function bytesOf({ messages }: Entry): number {
  let bytes = 0;
  for (const message of messages) bytes += message.bytes + 1;
  return bytes;
}
