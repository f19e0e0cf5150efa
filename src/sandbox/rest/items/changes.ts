import { Refusal } from '../../answer.ts';
import type { Context } from '../../context.ts';
import { optionalObject } from '../../fields.ts';
import { field, type JsonObject, type JsonValue } from '../../json.ts';
import type { ItemChanges } from '../../store/item.ts';
import type { Item } from '../../store/records.ts';
import type { Purpose } from '../object-resource.ts';
import type { ItemDefinition } from './definition.ts';

/**
 * The changes that a body asks for; fields that the definition lacks are ignored.
 *
 * @throws Refusal (400) that names the field at fault
 */
export function readChanges(
  definition: ItemDefinition,
  context: Context,
  body: JsonObject,
  purpose: Purpose,
  item: Item | undefined,
): ItemChanges {
  const creates = purpose === 'create';
  const needed = creates ? definition.required : definition.requiredOnUpdate;
  for (const name of needed ?? [])
    if (isEmpty(field(body, name))) throw new Refusal(400, `${name} is required`);
  const fields: JsonObject = {};
  for (const [name, read] of Object.entries(definition.fields)) {
    if (!creates && definition.createOnly?.includes(name)) continue;
    const value = read(context, body, name);
    if (value === undefined) continue;
    if (isEmpty(value) && definition.required?.includes(name)) throw new Refusal(400, `${name} is required`);
    fields[name] = value;
  }
  if (!creates)
    for (const name of definition.clearedOnPut ?? [])
      if (fields[name] === undefined) fields[name] = definition.empty?.[name] ?? null;
  const settled = definition.settle?.(context, fields, body, purpose, item) ?? fields;
  return { fields: settled, traits: optionalObject(body, 'traits') };
}

function isEmpty(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === '';
}
