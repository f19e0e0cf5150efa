import type { JsonObject, JsonValue } from '../../json/json.ts';
import type { VitallyObject } from '../../objects/object.ts';
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

/** The same text needs no look at what it means: what a row writes is in its canonical form where cleaning makes one. */
function same(field: Compared, from: JsonValue, to: JsonValue): boolean {
  return from === to || canonical(field, from, 'shown') === canonical(field, to, 'written');
}
