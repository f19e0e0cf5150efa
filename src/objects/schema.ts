import type { JsonObject } from '../json/json.ts';
import { customObject } from './custom-object.ts';
import { OBJECTS } from './index.ts';
import { keySchemas, matchingKeys } from './matching-keys.ts';
import type { Field, FieldType, ItemKind, VitallyObject } from './object.ts';

type Mode = VitallyObject['modes'][number];

/** What Airbyte's data activation can do with an object (Airbyte protocol, `DestinationOperation`). */
export type DestinationOperation = {
  object_name: string;
  sync_mode: 'append_dedup' | 'update' | 'append' | 'soft_delete';
  /** Each inner list is one set of fields to match on. Absent where rows are not matched. */
  matching_keys?: string[][];
  json_schema: RowSchema;
};

/** JSON schema of the rows of one operation. */
export type RowSchema = {
  type: 'object';
  additionalProperties: boolean;
  required: string[];
  /** Of each group, one is enough. */
  allOf?: { anyOf: { required: string[] }[] }[];
  properties: { [name: string]: JsonObject };
};

/** A custom object as the workspace defines it. */
export interface CustomObjectDefinition {
  /** The name by which a stream is mapped to it. */
  readonly name: string;
  readonly traits: readonly TraitField[];
}

/** A trait that exists already. */
export interface TraitField {
  /** Its key, e.g. `vitally.custom.seats`. */
  readonly path: string;
  readonly label: string;
  readonly type: Exclude<FieldType, 'html' | 'json'>;
}

const SYNC_MODES = {
  upsert: 'append_dedup',
  update: 'update',
  append: 'append',
  delete: 'soft_delete',
} as const satisfies Record<Mode, DestinationOperation['sync_mode']>;

const TEXTS: JsonObject = { type: 'array', items: { type: 'string' } };
const OBJECTS_LIST: JsonObject = { type: 'array', items: { type: 'object' } };

const TYPE_SCHEMAS: Readonly<Record<Exclude<FieldType, 'json'>, JsonObject>> = {
  text: { type: 'string' },
  email: { type: 'string' },
  html: { type: 'string' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  datetime: { type: 'string', format: 'date-time', airbyte_type: 'timestamp_with_timezone' },
  date: { type: 'string', format: 'date' },
  id: { type: 'string' },
  ids: TEXTS,
  texts: TEXTS,
};

const ITEM_SCHEMAS: Readonly<Record<ItemKind, JsonObject>> = {
  participant: TEXTS,
  attendee: TEXTS,
  message: OBJECTS_LIST,
  speech: OBJECTS_LIST,
};

/**
 * Every operation on every object that all workspaces have, for DESTINATION_CATALOG. The same at each call: Airbyte
 * caches it by image and config.
 *
 * @param traits those that a workspace has, by the object's name
 */
export function operations(
  traits: ReadonlyMap<string, readonly TraitField[]> = new Map(),
): DestinationOperation[] {
  return OBJECTS.filter((object) => object.definedByWorkspace !== true && object.byPath !== true).flatMap(
    (object) => object.modes.map((mode) => operation(object, mode, object.name, traits.get(object.name))),
  );
}

/** The operations on the custom objects that a workspace defines, each under `custom_object:<name>`. */
export function customObjectOperations(
  definitions: readonly CustomObjectDefinition[],
): DestinationOperation[] {
  return definitions.flatMap(({ name, traits }) =>
    customObject.modes.map((mode) => operation(customObject, mode, `${customObject.name}:${name}`, traits)),
  );
}

/**
 * The JSON schema of the rows of one operation. Unknown properties become traits where the object
 * has any, a name such as `traits.plan` too.
 * `required` is what holds for every way to match: an update or delete needs its key alone, which Airbyte asks for
 * itself. Where one of several properties is enough, `allOf` says so.
 */
export function jsonSchema(object: VitallyObject, mode: Mode, traits: readonly TraitField[] = []): RowSchema {
  const creates = mode === 'upsert' || mode === 'append';
  const keys = keySchemas(object, mode);
  const required = [
    ...keys.required,
    ...(creates ? object.requiredToCreate.filter((group) => typeof group === 'string') : []),
  ];
  const choices = creates ? object.requiredToCreate.filter((group) => typeof group !== 'string') : [];
  const made = object.keys.length === 0 ? object.keyFields?.flat() : [];
  const fields = Object.entries(object.fields).filter(
    ([name]) => mode !== 'delete' || made?.includes(name) === true,
  );
  return {
    type: 'object',
    additionalProperties: object.others !== 'nowhere',
    required: [...new Set(required)],
    ...(choices.length > 0 && { allOf: choices.map(oneOfThem) }),
    properties: Object.fromEntries([
      ...keys.properties,
      ...[...fields, ...(mode === 'delete' ? Object.entries(object.deleteFields ?? {}) : [])].map(
        ([name, field]): [string, JsonObject] => [name, fieldSchema(field)],
      ),
      ...(mode === 'delete' ? [] : traits).map((trait): [string, JsonObject] => [
        `traits.${trait.path}`,
        traitSchema(trait),
      ]),
    ]),
  };
}

function oneOfThem(names: readonly string[]): { anyOf: { required: string[] }[] } {
  return { anyOf: names.map((name) => ({ required: [name] })) };
}

function operation(
  object: VitallyObject,
  mode: Mode,
  name: string,
  traits: readonly TraitField[] = [],
): DestinationOperation {
  const keys = matchingKeys(object, mode);
  return {
    object_name: name,
    sync_mode: SYNC_MODES[mode],
    ...(keys.length === 0 ? {} : { matching_keys: keys }),
    json_schema: jsonSchema(object, mode, traits),
  };
}

function fieldSchema(field: Field): JsonObject {
  const { title, description } = field;
  return { ...typeSchema(field), title, description };
}

function typeSchema(field: Field): JsonObject {
  if (field.range !== undefined)
    return { type: 'integer', minimum: field.range.min, maximum: field.range.max };
  if (field.type !== 'json') return TYPE_SCHEMAS[field.type];
  if (field.single === true) return { type: 'string' };
  return field.items === undefined ? OBJECTS_LIST : ITEM_SCHEMAS[field.items];
}

function traitSchema({ label, path, type }: TraitField): JsonObject {
  return { ...TYPE_SCHEMAS[type], title: label, description: `The trait ${path}.` };
}
