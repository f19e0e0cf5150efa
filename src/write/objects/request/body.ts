import { RecordError } from '../../../errors/record-error.ts';
import { isJsonObject } from '../../../json/guards.ts';
import type { JsonValue } from '../../../json/json.ts';
import type { Route } from '../../../mapping/route.ts';

const TRAIT = 'traits.';

/**
 * JSON text of a request's body: columns under their names. What the config sends to `traits.x` is the trait `x`, as it
 * is everywhere. A DELETE that says nothing beside its path has no body.
 *
 * @throws RecordError where a column `traits` is in the way of such a trait
 */
export function bodyOf(route: Route, members: ReadonlyMap<string, JsonValue>): string | undefined {
  const asTraits = new Set(
    [...route.fields, ...route.constants]
      .map(({ destination }) => destination)
      .filter((name) => name.startsWith(TRAIT) && name.length > TRAIT.length),
  );
  const body: [string, JsonValue][] = [];
  const traits: [string, JsonValue][] = [];
  for (const [name, value] of members) {
    if (asTraits.has(name) || (route.mapped && name.startsWith(TRAIT)))
      traits.push([name.slice(TRAIT.length), value]);
    else body.push([name, value]);
  }
  if (traits.length > 0) body.push(['traits', { ...traitsColumn(members), ...Object.fromEntries(traits) }]);
  if (body.length === 0 && route.request?.method === 'DELETE') return undefined;
  return JSON.stringify(Object.fromEntries(body));
}

/** The traits that a column of this name holds beside those that the config names. */
function traitsColumn(members: ReadonlyMap<string, JsonValue>): { readonly [name: string]: JsonValue } {
  const value = members.get('traits') ?? {};
  if (isJsonObject(value)) return value;
  throw new RecordError({
    code: 'ambiguous_column',
    message: 'the column "traits" holds no object, and the config sends other values into traits',
    fix: 'Give the column an object, or leave it out.',
    field: 'traits',
  });
}
