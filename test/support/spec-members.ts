import { discriminatorOf, optionsOf } from '../../src/config/schema/members.ts';
import { isJsonObject } from '../../src/json/guards.ts';
import type { JsonObject, JsonValue } from '../../src/json/json.ts';
import { spec } from './spec.ts';

/** A member of the config that `spec.json` describes, wherever it lies. */
export interface SpecMember {
  /** Its place in the configs below, e.g. `/streams/0/fields/0/source`, and the choice that it is a member of. */
  readonly path: string;
  readonly choice: string;
  readonly name: string;
  readonly schema: JsonObject;
  readonly isRequired: boolean;
  readonly isTopLevel: boolean;
  /** A config that has it, its parents and whatever stands beside it. */
  readonly whole: JsonObject;
  /** That config with members of the same object added or replaced; `undefined` takes one out. */
  with(members: Readonly<Record<string, JsonValue | undefined>>): JsonObject;
  /** That config with nothing in the object. */
  readonly emptied: JsonObject;
  /** Members of the other options of the same `oneOf`, each with a value that would fit there. */
  readonly leftovers: readonly (readonly [string, JsonValue])[];
}

/** Puts an object at its place in a config. */
type Put = (value: JsonObject) => JsonObject;

const TOKENS = { rest_api_token: 'sk_live_0123456789', analytics_api_token: 'analytics0123456789' };

export function object(value: unknown): JsonObject {
  if (!isJsonObject(value)) throw new TypeError('not an object');
  return value;
}

/** Every member that the spec describes, in each `oneOf` option that has it. */
export function specMembers(of: unknown = spec): readonly SpecMember[] {
  return membersOf(object(object(of).connectionSpecification), '', (root) => ({ ...root, ...TOKENS }));
}

function membersOf(schema: JsonObject, path: string, put: Put): SpecMember[] {
  const options = optionsOf(schema).map(object);
  const discriminator = discriminatorOf(schema);
  return (options.length === 0 ? [schema] : options).flatMap((option) => {
    const properties = Object.entries(object(option.properties));
    const samples = Object.fromEntries(properties.map(([name, part]) => [name, sample(object(part))]));
    const leftovers = options
      .filter((other) => other !== option)
      .flatMap((other) => Object.entries(object(other.properties)))
      .filter(([name]) => !Object.hasOwn(samples, name))
      .map(([name, part]): [string, JsonValue] => [name, sample(object(part))]);
    return properties.flatMap(([name, part]) => {
      const beside = withoutRivals(name, samples);
      const member: SpecMember = {
        path: `${path}/${name}`,
        choice: discriminator === undefined ? '' : String(beside[discriminator]),
        name,
        schema: object(part),
        isRequired: [option.required].flat().includes(name),
        isTopLevel: path === '',
        whole: put(beside),
        emptied: put({}),
        with: (members) => replaced(put(beside), put, beside, members),
        leftovers,
      };
      return [member, ...below(member, (value) => put({ ...beside, [name]: value }))];
    });
  });
}

/** Members of which an object has one at most. */
const RIVALS = [
  ['count', 'percent'],
  ['source', 'template'],
];

/** The samples without those that exclude the member of this name; of two that are both of no concern the first stays. */
function withoutRivals(name: string, samples: JsonObject): JsonObject {
  const out = RIVALS.flatMap((rivals) => {
    const kept = rivals.includes(name) ? name : rivals[0];
    return rivals.filter((rival) => rival !== kept);
  });
  return Object.fromEntries(Object.entries(samples).filter(([member]) => !out.includes(member)));
}

/** The members of what a member holds: an object, or the one object in a list. */
function below({ schema, path }: SpecMember, put: (value: JsonValue) => JsonObject): SpecMember[] {
  if (isJsonObject(schema.items) && isJsonObject(schema.items.properties)) {
    return membersOf(schema.items, `${path}/0`, (value) => put([value]));
  }
  const holds = isJsonObject(schema.properties) || 'oneOf' in schema;
  return holds ? membersOf(schema, path, put) : [];
}

function replaced(
  whole: JsonObject,
  put: Put,
  beside: JsonObject,
  members: Readonly<Record<string, JsonValue | undefined>>,
): JsonObject {
  const isRoot = Object.keys(TOKENS).every((name) => Object.hasOwn(beside, name));
  const entries = Object.entries({ ...(isRoot ? whole : beside), ...members });
  const value = Object.fromEntries(
    entries.filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  );
  return isRoot ? value : put(value);
}

function sample(schema: JsonObject): JsonValue {
  const [example] = [schema.examples].flat();
  return schema.const ?? example ?? true;
}
