import type { JsonObject, JsonValue } from '../../json/json.ts';
import { isRawNumber } from '../../json/parse.ts';

/** Deeper values are no use to a template, and would overflow the stack of its filters. */
const MAX_DEPTH = 100;

/** What templates see of a value is nested too deeply. */
export class TooDeep extends Error {
  override readonly name = 'TooDeep';
}

/**
 * The columns that a template may read, and no others. Numbers that a double doesn't hold, or would write with an
 * exponent, are texts with all their digits.
 *
 * @throws TooDeep
 */
export function scopeOf(row: JsonObject, columns: readonly string[]): object {
  const own = columns.filter((column) => Object.hasOwn(row, column));
  return withoutPrototype(own.map((column) => [column, seen(row[column] ?? null, 0)]));
}

function seen(value: JsonValue, depth: number): unknown {
  if (typeof value === 'number') return digitsOf(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isRawNumber(value)) return value.rawJSON;
  if (depth === MAX_DEPTH) throw new TooDeep();
  if (Array.isArray(value)) return value.map((item) => seen(item, depth + 1));
  return withoutPrototype(Object.entries(value).map(([name, member]) => [name, seen(member, depth + 1)]));
}

function digitsOf(value: number): number | string {
  return Number.isInteger(value) && String(value).includes('e') ? BigInt(value).toString() : value;
}

/** An object whose names are its own, `constructor` and `__proto__` among them. */
function withoutPrototype(entries: readonly (readonly [string, unknown])[]): object {
  const object: object = Object.create(null);
  for (const [name, value] of entries) {
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  }
  return object;
}
