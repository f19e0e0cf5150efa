import { isDeepStrictEqual } from 'node:util';
import { unreachable } from '../../errors/unreachable.ts';
import type { JsonObject, JsonValue } from '../../json/json.ts';
import { cleanHtml, MAX_HTML_CHARACTERS } from '../../mapping/values/html.ts';
import type { Field, VitallyObject } from '../../objects/object.ts';
import { isOneOfSeveral, shown, shownTrait } from './shown-value.ts';

/** What a write would change, by field (`traits.x` for a trait). */
export type Changes = ReadonlyMap<string, { readonly from: JsonValue; readonly to: JsonValue }>;

/**
 * What a body would change in a record as Vitally showed it; empty when it already holds every value. Only what the
 * body names is compared, by the field's type: dates as moments, associations as sets.
 */
export function changesOf(
  object: VitallyObject,
  record: JsonObject,
  body: { readonly fields: ReadonlyMap<string, JsonValue>; readonly traits: ReadonlyMap<string, JsonValue> },
): Changes {
  const changes = new Map<string, { from: JsonValue; to: JsonValue }>();
  for (const [name, to] of body.fields) {
    const from = shown(object, record, name) ?? null;
    if (isOneOfSeveral(object, record, name, to)) continue;
    if (!same(object.fields[name] ?? TEXT, from, to)) changes.set(name, { from, to });
  }
  for (const [name, to] of body.traits) {
    const field = object.fields[name];
    const from = shownTrait(object, record, name) ?? null;
    if (!same(field?.in === 'traits' ? field : undefined, from, to))
      changes.set(`traits.${name}`, { from, to });
  }
  return changes;
}

type Compared = Pick<Field, 'type' | 'keptOnPut'>;

const TEXT: Compared = { type: 'text' };
const IDS: Compared = { type: 'ids' };

function same(field: Compared | undefined, from: JsonValue, to: JsonValue): boolean {
  if (isEmpty(from) || isEmpty(to)) return isEmpty(from) && isEmpty(to);
  const type = field?.type;
  switch (type) {
    case 'texts':
      // Tags are a set, key points a list.
      return field?.keptOnPut === true ? same(IDS, from, to) : isDeepStrictEqual(from, to);
    case 'ids':
      return Array.isArray(from) && Array.isArray(to) && sameSet(from, to);
    case 'date':
    case 'datetime':
      return typeof from === 'string' && typeof to === 'string' && sameMoment(from, to);
    case 'html':
      // What Vitally shows may have been written by hand, in other HTML that means the same.
      return sameHtml(String(from), String(to));
    case 'email':
      return String(from).trim().toLowerCase() === String(to).trim().toLowerCase();
    case 'text':
    case 'id':
      return String(from) === String(to);
    case 'number':
    case 'boolean':
    case 'json':
    case undefined:
      return isDeepStrictEqual(from, to);
    default:
      return unreachable(type);
  }
}

/** A text that is too long to be cleaned counts as different: to write it again costs less than to clean it. */
function sameHtml(from: string, to: string): boolean {
  return from === to || (from.length <= MAX_HTML_CHARACTERS && cleanHtml(from).html === to);
}

/** An empty list counts as empty: with it a list is emptied. */
function isEmpty(value: JsonValue): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

function sameSet(from: readonly JsonValue[], to: readonly JsonValue[]): boolean {
  const before = new Set(from);
  return before.size === new Set(to).size && to.every((value) => before.has(value));
}

function sameMoment(from: string, to: string): boolean {
  const [a, b] = [Date.parse(from), Date.parse(to)];
  // Moments that differ below the millisecond differ, and Date.parse doesn't see that.
  return from === to || (Number.isFinite(a) && a === b && fineDigits(from) === fineDigits(to));
}

/** Digits below the millisecond, without zeros at their end. A pattern for these would take quadratic time. */
function fineDigits(text: string): string {
  const digits = /\.\d{3}(\d+)/.exec(text)?.[1] ?? '';
  let end = digits.length;
  while (digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}
