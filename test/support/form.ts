import { discriminatorOf, optionsOf } from '../../src/config/schema/members.ts';
import { isJsonObject, own } from '../../src/json/guards.ts';
import type { JsonObject, JsonValue } from '../../src/json/json.ts';
import { spec } from './spec.ts';
import { object } from './spec-members.ts';

/** What `spec.json` says of a config. */
export const connectionSpecification: JsonObject = object(object(spec).connectionSpecification);

/**
 * The config that Airbyte's connector form saves: what the person typed, and of everything else what the form fills in by
 * itself, which is defaults, the constants of the chosen options, `[]` for every list and `{}` for every group of
 * fields that stayed empty. Seen in configs that the form had saved.
 *
 * @param typed as the config has it; a `oneOf` is chosen by its discriminator, else the form takes its first option
 */
export function formOf(typed: JsonObject, schema: JsonObject = connectionSpecification): JsonObject {
  const properties = Object.entries(object(chosen(schema, typed).properties));
  const filled = properties.map(([name, part]): [string, JsonValue | undefined] => [
    name,
    filledIn(object(part), own(typed, name)),
  ]);
  return Object.fromEntries(filled.filter((entry): entry is [string, JsonValue] => entry[1] !== undefined));
}

function filledIn(schema: JsonObject, typed: JsonValue | undefined): JsonValue | undefined {
  const { items } = schema;
  if ('const' in schema) return schema.const;
  if (schema.type === 'object') return formOf(isJsonObject(typed) ? typed : byDefault(schema), schema);
  if (schema.type !== 'array') return typed ?? schema.default;
  if (!Array.isArray(typed)) return [];
  const ofObjects = isJsonObject(items) && items.type === 'object';
  return ofObjects ? typed.map((item) => formOf(object(item), items)) : typed;
}

/** A group is filled in field by field: its own default only chooses an option. */
function byDefault(schema: JsonObject): JsonObject {
  return 'oneOf' in schema && isJsonObject(schema.default) ? schema.default : {};
}

function chosen(schema: JsonObject, typed: JsonObject): JsonObject {
  const options = optionsOf(schema).map(object);
  const discriminator = discriminatorOf(schema);
  if (discriminator === undefined) return schema;
  const isChosen = (option: JsonObject): boolean =>
    object(object(option.properties)[discriminator]).const === typed[discriminator];
  return object(options.find(isChosen) ?? options[0]);
}
