/**
 * JSON as this program holds it. A number that a double cannot hold is kept as a {@link RawNumber}, which
 * `JSON.stringify` writes out with every digit; so values are lossless from stdin to Vitally.
 */
export type JsonValue = null | boolean | number | string | RawNumber | JsonValue[] | JsonObject;

/** An object as `JSON.parse` makes it. Hostile keys such as `__proto__` are own properties: never assign by key, use entries. */
export interface JsonObject {
  [key: string]: JsonValue;
}

/** What `JSON.rawJSON` returns: a number's own text. */
export interface RawNumber {
  readonly rawJSON: string;
}
