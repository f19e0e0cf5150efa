import { isJsonObject, own } from '../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../json/json.ts';
import { discriminatorOf, memberSchemas, optionsOf } from './members.ts';

/** What the schema says of the members of one object, by the choice that the object makes. */
export interface Shape {
  readonly members: ReadonlyMap<string, JsonValue>;
  readonly required: ReadonlySet<string>;
  /** Members of the options that were not chosen. */
  readonly elsewhere: ReadonlySet<string>;
  /** Every member of every option, the own ones first. */
  readonly known: readonly string[];
  /** The choice for a message, such as `"region": "us"`; empty where there is none. */
  readonly choice: string;
}

/** @param value the object whose discriminator chooses; where it chooses none of the options, all of them are in question */
export function shapeOf(schema: JsonObject, value: JsonObject): Shape {
  const all = memberSchemas(schema);
  const discriminator = discriminatorOf(schema);
  const chosen =
    discriminator === undefined
      ? undefined
      : optionsOf(schema).find((option) => constOf(option, discriminator) === own(value, discriminator));
  if (discriminator === undefined || chosen === undefined) {
    const required = new Set(discriminator === undefined ? requiredOf(schema) : [discriminator]);
    return { members: all, required, elsewhere: new Set(), known: [...all.keys()], choice: '' };
  }
  const members = new Map([...memberSchemas({ ...schema, oneOf: [] }), ...memberSchemas(chosen)]);
  return {
    members,
    required: new Set([...requiredOf(schema), ...requiredOf(chosen)]),
    elsewhere: new Set([...all.keys()].filter((name) => !members.has(name))),
    known: [...new Set([...members.keys(), ...all.keys()])],
    choice: `"${discriminator}": ${JSON.stringify(own(value, discriminator))}`,
  };
}

function constOf(option: unknown, name: string): JsonValue | undefined {
  const member = memberSchemas(option).get(name);
  return isJsonObject(member) ? own(member, 'const') : undefined;
}

function requiredOf(schema: unknown): readonly string[] {
  const required = isJsonObject(schema) ? own(schema, 'required') : undefined;
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
}
