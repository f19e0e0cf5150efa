import type { JsonObject, JsonValue } from '../../json/json.ts';
import type { VitallyObject } from '../../objects/object.ts';
import type { KnownRecord } from '../../vitally/records/known-record.ts';
import { type Compared, canonical, comparedField, comparedTrait } from './compare/canonical.ts';
import { isOneOfSeveral, shown, shownTrait } from './shown-value.ts';

/** What a write would change, by field (`traits.x` for a trait). */
export type Changes = ReadonlyMap<string, { readonly from: JsonValue; readonly to: JsonValue }>;

/** What a write says, as far as it is compared. */
export interface Written {
  readonly fields: ReadonlyMap<string, JsonValue>;
  readonly traits: ReadonlyMap<string, JsonValue>;
}

/**
 * What a body would change in a record as Vitally showed it; empty when it already holds every value. Only what the
 * body names is compared, by the field's type: dates as moments, associations as sets.
 */
export function changesOf(object: VitallyObject, record: JsonObject, body: Written): Changes {
  const changes = new Map<string, { from: JsonValue; to: JsonValue }>();
  for (const [name, to] of body.fields) {
    const from = shown(object, record, name) ?? null;
    if (isOneOfSeveral(object, record, name, to)) continue;
    if (!same(comparedField(object, name), from, to)) changes.set(name, { from, to });
  }
  for (const [name, to] of body.traits) {
    const from = shownTrait(object, record, name) ?? null;
    if (!same(comparedTrait(object, name), from, to)) changes.set(`traits.${name}`, { from, to });
  }
  return changes;
}

/**
 * Whether a body would change nothing in a record as far as it is remembered, by its fields or by what a list showed;
 * `undefined` where nothing tells.
 */
export function changesNothing(
  object: VitallyObject,
  record: KnownRecord,
  body: Written,
): boolean | undefined {
  const { fields, listed } = record;
  if (fields !== undefined) return changesOf(object, fields, body).size === 0;
  if (listed === undefined) return undefined;
  const traits = [...body.traits].map(([name, value]) => [`traits.${name}`, value] as const);
  return [...body.fields, ...traits].every(([name, value]) => listed.compare(name, value) === 'same');
}

/** The same text needs no look at what it means: what a row writes is in its canonical form where cleaning makes one. */
function same(field: Compared, from: JsonValue, to: JsonValue): boolean {
  return from === to || canonical(field, from, 'shown') === canonical(field, to, 'written');
}
