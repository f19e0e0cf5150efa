import { randomUUID } from 'node:crypto';
import { Refusal } from '../../answer.ts';
import { field, isObject } from '../../json.ts';
import type { ItemDefinition } from '../items/definition.ts';
import { type FieldReader, oneOf, text } from '../items/fields.ts';
import { itemResource } from '../items/resource.ts';
import { answerInstances } from './instances.ts';

/** Traits of the instances, each with an id of its own. */
const customFields: FieldReader = (_context, body, name) => {
  const given = field(body, name);
  if (given === undefined || given === null) return given;
  if (!Array.isArray(given) || !given.every(isObject))
    throw new Refusal(400, `${name} must be an array of objects`);
  return given.map((trait) => ({ id: randomUUID(), ...trait }));
};

/** Definitions of custom objects; they cannot be deleted (vitally-api.md, "Custom objects"). */
const customObject: ItemDefinition = {
  path: 'customObjects',
  title: 'Custom object',
  table: (world) => world.items('customObjects'),
  fields: {
    name: text,
    label: text,
    writeMode: oneOf(['writable', 'writableByAll', 'readonly']),
    customFields,
  },
  required: ['name', 'label', 'writeMode'],
  empty: { customFields: [] },
  writes: 'none',
  removal: 'none',
  shows: 'fields',
  settle({ world }, fields, _body, _purpose, item) {
    const isOther = (other: { readonly id: string; readonly fields: ReadonlyMap<string, unknown> }) =>
      other.id !== item?.id && other.fields.get('name') === fields.name;
    if (world.items('customObjects').all().some(isOther)) throw new Refusal(400, 'name is taken');
    return fields;
  },
  show: () => ({ syncActive: false }),
  extra: answerInstances,
};

export const customObjects = itemResource(customObject);
