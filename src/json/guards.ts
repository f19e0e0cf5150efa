import type { JsonObject, JsonValue } from './json.ts';

/** A JSON object: neither null, nor a list, nor a number kept as text. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}

/** An object's own member: `constructor` and `__proto__` are names like any other. */
export function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
