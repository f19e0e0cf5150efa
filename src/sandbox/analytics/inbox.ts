import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import { field, isObject, type JsonObject } from '../json.ts';
import type { MessageType } from './message.ts';

export interface Message {
  readonly kind: MessageType;
  readonly body: JsonObject;
}

/** Accepted messages on their way: applied after a delay, in the order of acceptance, each messageId once. */
export class Inbox {
  readonly #context: () => Context;
  readonly #delayMs: number;
  readonly #applied = new Set<string>();
  readonly #waiting = new Map<NodeJS.Timeout, () => void>();
  #settled: (() => void)[] = [];

  constructor(context: () => Context, delayMs: number) {
    this.#context = context;
    this.#delayMs = delayMs;
  }

  /** Batches that are accepted and not applied. */
  get pending(): number {
    return this.#waiting.size;
  }

  accept(messages: readonly Message[]): void {
    const { journal } = this.#context().world;
    const { cause } = journal;
    if (this.#delayMs === 0) {
      this.#apply(messages);
      return;
    }
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      journal.during(cause, () => this.#apply(messages));
      if (this.#waiting.size === 0) for (const settled of this.#settled.splice(0)) settled();
    }, this.#delayMs);
    this.#waiting.set(timer, () => clearTimeout(timer));
  }

  /** Resolves when nothing waits. */
  settle(): Promise<void> {
    if (this.#waiting.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#settled.push(resolve));
  }

  /** Forgets what waits, and which messages were there: the same ones may come again. */
  clear(): void {
    this.close();
    this.#applied.clear();
  }

  close(): void {
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
    for (const settled of this.#settled.splice(0)) settled();
  }

  #apply(messages: readonly Message[]): void {
    const { world, switches } = this.#context();
    const ordered = switches.has('analytics-reverses-batch') ? messages.toReversed() : messages;
    if (switches.has('analytics-loses')) return;
    const alters = switches.has('analytics-alters');
    for (const { kind, body: given } of ordered) {
      const body = alters ? altered(given) : given;
      const messageId = messageIdOf(kind, body);
      if (this.#applied.has(messageId)) continue;
      this.#applied.add(messageId);
      kind.apply(world, { ...body, messageId }, switches);
    }
  }
}

/** A message without a messageId is known by a hash of itself (vitally-api.md, "Analytics messages"). */
function messageIdOf(kind: MessageType, body: JsonObject): string {
  const messageId = field(body, 'messageId');
  if (typeof messageId === 'string') return messageId;
  return createHash('sha256').update(kind.type).update(JSON.stringify(body)).digest('hex');
}

/** A message whose traits hold other texts than were sent. */
function altered(body: JsonObject): JsonObject {
  const traits = field(body, 'traits');
  if (!isObject(traits)) return body;
  const others = Object.entries(traits).map(([name, value]) => [
    name,
    typeof value === 'string' ? `${value} (altered)` : value,
  ]);
  return { ...body, traits: Object.fromEntries(others) };
}
