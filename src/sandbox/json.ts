/** JSON as the sandbox holds it; a number that a double cannot hold keeps its text, see {@link parseJson}. */
export type JsonValue = null | boolean | number | string | RawNumber | JsonValue[] | JsonObject;

/** As `JSON.parse` makes it: a key such as `__proto__` is an own property. Read by `Object.entries` or {@link field}. */
export interface JsonObject {
  [key: string]: JsonValue;
}

/** What `JSON.rawJSON` returns; `JSON.stringify` writes the text as it is. */
export interface RawNumber {
  readonly rawJSON: string;
}

const LONG_NUMBER = /\d{16}/;
const rawJson: (text: string) => RawNumber = Reflect.get(JSON, 'rawJSON');
const isRawJson: (value: unknown) => boolean = Reflect.get(JSON, 'isRawJSON');

/**
 * Parses JSON without losing a digit of a long number, so that a test can see what was truly sent.
 *
 * @throws SyntaxError where `text` is not JSON.
 */
export function parseJson(text: string): JsonValue {
  return LONG_NUMBER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || !LONG_NUMBER.test(source)) return value;
  return String(value) === source ? value : rawJson(source);
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJson(value);
}

/** An own property, never one that every object inherits. */
export function field(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** The same value with the keys of every object sorted, so that equal content has equal text. */
export function canonical(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isObject(value)) return value;
  return sortedObject(Object.entries(value).map(([key, inner]) => [key, canonical(inner)]));
}

/** An object of the entries in the order of their keys. Safe for any key. */
export function sortedObject(entries: readonly (readonly [string, JsonValue])[]): JsonObject {
  return Object.fromEntries(
    entries.toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)),
  );
}
