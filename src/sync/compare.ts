import { isDeepStrictEqual } from 'node:util';
import { unreachable } from '../errors/unreachable.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import type { FieldType, VitallyObject } from '../objects/object.ts';
import { shown, shownTrait } from './shown.ts';

/** What a write would change, by field (`traits.x` for a trait). */
export type Changes = ReadonlyMap<string, { readonly from: JsonValue; readonly to: JsonValue }>;

/**
 * What a body would change in a record as Vitally showed it; empty when it already holds every value. Only what the
 * body names is compared, by the field's type: dates as moments, relations as sets.
 */
export function changesOf(
  object: VitallyObject,
  record: JsonObject,
  body: { readonly fields: ReadonlyMap<string, JsonValue>; readonly traits: ReadonlyMap<string, JsonValue> },
): Changes {
  const changes = new Map<string, { from: JsonValue; to: JsonValue }>();
  for (const [name, to] of body.fields) {
    const from = shown(object, record, name) ?? null;
    if (!same(object.fields[name]?.type ?? 'text', from, to)) changes.set(name, { from, to });
  }
  for (const [name, to] of body.traits) {
    const field = object.fields[name];
    const from = shownTrait(object, record, name) ?? null;
    if (!same(field?.in === 'traits' ? field.type : undefined, from, to))
      changes.set(`traits.${name}`, { from, to });
  }
  return changes;
}

function same(type: FieldType | undefined, from: JsonValue, to: JsonValue): boolean {
  if (from === null || to === null) return from === to;
  switch (type) {
    case 'ids':
    case 'texts':
      return Array.isArray(from) && Array.isArray(to) && sameSet(from, to);
    case 'date':
    case 'datetime':
      return typeof from === 'string' && typeof to === 'string' && sameMoment(from, to);
    case 'text':
    case 'html':
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

function sameSet(from: readonly JsonValue[], to: readonly JsonValue[]): boolean {
  const before = new Set(from);
  return before.size === new Set(to).size && to.every((value) => before.has(value));
}

function sameMoment(from: string, to: string): boolean {
  const [a, b] = [Date.parse(from), Date.parse(to)];
  // Digits below the millisecond count too: a moment that differs there is another one.
  return from === to || (Number.isFinite(a) && a === b && fineDigits(from) === fineDigits(to));
}

function fineDigits(text: string): string {
  return (/\.\d{3}(\d+)/.exec(text)?.[1] ?? '').replace(/0+$/, '');
}
