import { isJsonObject, own } from '../../json/guards.ts';
import type { JsonValue } from '../../json/json.ts';

/** The schemas of an object's members by name: its own properties and those of all its `oneOf` options. */
export function memberSchemas(schema: unknown): ReadonlyMap<string, JsonValue> {
  if (!isJsonObject(schema)) return new Map();
  const properties = own(schema, 'properties');
  const members = new Map(isJsonObject(properties) ? Object.entries(properties) : []);
  for (const option of optionsOf(schema)) {
    for (const [name, member] of memberSchemas(option)) members.set(name, member);
  }
  return members;
}

/** The options of a `oneOf`; none where there is no `oneOf`. */
export function optionsOf(schema: unknown): readonly JsonValue[] {
  const options = isJsonObject(schema) ? own(schema, 'oneOf') : undefined;
  return Array.isArray(options) ? options : [];
}

/** The values that a discriminator (a property with a `const` in every option) may have, in the schema's order. */
export function discriminatorValues(schema: unknown, discriminator: string): readonly JsonValue[] {
  return optionsOf(schema).flatMap((option) => {
    const member = memberSchemas(option).get(discriminator);
    return isJsonObject(member) && member.const !== undefined ? [member.const] : [];
  });
}

/** The name of the property that tells the options of a `oneOf` apart by its `const`. */
export function discriminatorOf(schema: unknown): string | undefined {
  const count = optionsOf(schema).length;
  if (count === 0) return undefined;
  return [...memberSchemas(schema).keys()].find((name) => discriminatorValues(schema, name).length === count);
}
