import { isJsonObject } from '../json/guards.ts';
import { memberSchemas } from './schema-members.ts';

/**
 * A copy of a config in which an explicit null for an option means that the option is absent, as tools that write
 * out every option they know of mean it. A null stays where the schema takes any JSON value (`constants[].value`).
 * An object that held nothing but such nulls is absent too.
 *
 * Only what the schema knows is walked, so the depth of the rest doesn't matter.
 */
export function withoutNulls(value: unknown, schema: unknown): unknown {
  if (!isJsonObject(schema)) return value;
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, schema.items));
  if (!isJsonObject(value)) return value;
  const members = memberSchemas(schema);
  const entries: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) {
    const memberSchema = members.get(name);
    const takesNull = takesAnyValue(memberSchema);
    const kept = takesNull ? member : withoutNulls(member, memberSchema);
    if (takesNull || (kept !== null && !isEmptied(member, kept))) entries.push([name, kept]);
  }
  return Object.fromEntries(entries);
}

function takesAnyValue(schema: unknown): boolean {
  return isJsonObject(schema) && !Object.hasOwn(schema, 'type');
}

function isEmptied(before: unknown, after: unknown): boolean {
  return isJsonObject(before) && isJsonObject(after) && isEmpty(after) && !isEmpty(before);
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}
