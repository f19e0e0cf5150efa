import { field, isObject, type JsonObject, parseJson } from '../json.ts';

const MAX_RECENT_EVENTS = 50;

/** Track events by messageId, each kept as JSON text: a hundred thousand of them stay small. */
export class EventStore {
  readonly #texts = new Map<string, string>();
  readonly #recent: string[] = [];

  get size(): number {
    return this.#texts.size;
  }

  clear(): void {
    this.#texts.clear();
    this.#recent.length = 0;
  }

  /** @returns whether it was not there yet */
  add(messageId: string, event: JsonObject): boolean {
    const isNew = !this.#texts.has(messageId);
    const text = JSON.stringify(event);
    this.#texts.set(messageId, text);
    this.#recent.push(text);
    if (this.#recent.length > MAX_RECENT_EVENTS) this.#recent.shift();
    return isNew;
  }

  /** In the order of their arrival. */
  all(): JsonObject[] {
    return [...this.#texts.values()].map(revive);
  }

  /** The last ones of a record, newest first. @param by the member that names it */
  last(by: string, key: string, max: number): JsonObject[] {
    const member = `${JSON.stringify(by)}:${JSON.stringify(key)}`;
    return [...this.#texts.values()]
      .filter((text) => text.includes(member))
      .map(revive)
      .filter((event) => field(event, by) === key)
      .slice(-max)
      .reverse();
  }

  /** The last few, newest first. */
  recent(): JsonObject[] {
    return this.#recent.map(revive).reverse();
  }
}

function revive(text: string): JsonObject {
  const event = parseJson(text);
  if (!isObject(event)) throw new TypeError('an event is a JSON object');
  return event;
}

/** An event without its time of arrival, to compare two runs. */
export function eventContent(event: JsonObject): JsonObject {
  const entries = Object.entries(event).filter(([key]) => key !== 'messageId' && key !== 'receivedAt');
  return { ...Object.fromEntries(entries), properties: field(event, 'properties') ?? {} };
}
