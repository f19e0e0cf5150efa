import { isJsonObject, own } from '../../../json/guards.ts';
import type { JsonObject } from '../../../json/json.ts';
import type { VitallyObject } from '../../../objects/object.ts';
import type { CanonicalValue, ListedRecord } from '../../../vitally/records/listed/listed.ts';
import type { Written } from '../changes.ts';
import { shown, shownIds, shownTrait } from '../shown-value.ts';
import { canonical, comparedField, comparedTrait } from './canonical.ts';

/** Every value of a record as Vitally shows it, by what it is compared with; empty ones are left out. */
export function* valuesShown(object: VitallyObject, record: JsonObject): Generator<CanonicalValue> {
  for (const name of Object.keys(object.fields)) {
    const text = canonical(comparedField(object, name), shown(object, record, name) ?? null, 'shown');
    if (text !== undefined) yield [name, text];
    const ids = shownIds(object, record, name);
    // Of several, a row may name any one: then there is nothing to write.
    if (ids.length > 1) for (const id of ids) yield [oneOf(name), String(id)];
  }
  for (const name of traitNames(object, record)) {
    const value = shownTrait(object, record, name) ?? null;
    const text = canonical(comparedTrait(object, name), value, 'shown');
    if (text !== undefined) yield [`traits.${name}`, text];
  }
}

/**
 * The names of what a body would change in a record that a list showed, as `changesOf` tells them from a record's body.
 * `undefined` where the list's record doesn't tell: then read the record. So does a caller that needs what it holds: a
 * PUT that merges with it, or a plan that says `from`.
 */
export function namesChanged(
  object: VitallyObject,
  listed: ListedRecord,
  body: Written,
): readonly string[] | undefined {
  const changed: string[] = [];
  for (const [name, to] of body.fields) {
    if (object.fields[name] === undefined) return undefined;
    if (typeof to === 'string' && listed.holds(oneOf(name), to) === true) continue;
    const held = listed.holds(name, canonical(comparedField(object, name), to, 'written'));
    if (held === undefined) return undefined;
    if (!held) changed.push(name);
  }
  for (const [name, to] of body.traits) {
    const held = listed.holds(`traits.${name}`, canonical(comparedTrait(object, name), to, 'written'));
    if (held === undefined) return undefined;
    if (!held) changed.push(`traits.${name}`);
  }
  return changed;
}

function oneOf(name: string): string {
  return `one of ${name}`;
}

function traitNames(object: VitallyObject, record: JsonObject): ReadonlySet<string> {
  const traits = own(record, 'traits');
  const standard = Object.keys(object.fields).filter((name) => object.fields[name]?.in === 'traits');
  return new Set([...standard, ...(isJsonObject(traits) ? Object.keys(traits) : [])]);
}
