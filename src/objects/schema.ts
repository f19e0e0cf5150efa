import type { JsonObject } from '../json/json.ts';
import { OBJECTS } from './index.ts';
import type { Field, FieldType, VitallyObject } from './object.ts';

type Mode = VitallyObject['modes'][number];
type MatchOn = VitallyObject['keys'][number];

/** What Airbyte's data activation can do with an object (Airbyte protocol, `DestinationOperation`). */
export type DestinationOperation = {
  object_name: string;
  sync_mode: 'append_dedup' | 'update' | 'append' | 'soft_delete';
  /** Each inner list is one set of fields to match on. Absent where rows are not matched. */
  matching_keys?: string[][];
  json_schema: JsonObject;
};

const SYNC_MODES = {
  upsert: 'append_dedup',
  update: 'update',
  append: 'append',
  delete: 'soft_delete',
} as const satisfies Record<Mode, DestinationOperation['sync_mode']>;

const KEY_FIELDS: Readonly<Record<MatchOn, Pick<Field, 'title' | 'description'>>> = {
  externalId: { title: 'External id', description: 'Your own id of the record.' },
  id: { title: 'Vitally id', description: 'The id that Vitally gave the record.' },
  email: { title: 'E-mail', description: 'E-mail address.' },
};

const TYPE_SCHEMAS: Readonly<Record<FieldType, JsonObject>> = {
  text: { type: 'string' },
  html: { type: 'string' },
  date: { type: 'string', format: 'date' },
  texts: { type: 'array', items: { type: 'string' } },
  json: { type: 'array', items: { type: 'object' } },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  datetime: { type: 'string', format: 'date-time', airbyte_type: 'timestamp_with_timezone' },
  id: { type: 'string' },
  ids: { type: 'array', items: { type: 'string' } },
};

/**
 * Every operation on every object, for DESTINATION_CATALOG. The same at each call: Airbyte caches it by image and
 * config.
 */
export function operations(): DestinationOperation[] {
  return OBJECTS.flatMap((object) =>
    object.modes.map((mode) => {
      const keys = matchingKeys(object, mode);
      return {
        object_name: object.name,
        sync_mode: SYNC_MODES[mode],
        ...(keys.length === 0 ? {} : { matching_keys: keys.map((key) => [key]) }),
        json_schema: jsonSchema(object, mode),
      };
    }),
  );
}

/**
 * The JSON schema of the rows of one operation. Unknown properties become traits, a name such as `traits.plan` too.
 * `required` is what holds for every way to match: an update or delete needs its key alone, which Airbyte asks for
 * itself.
 */
export function jsonSchema(object: VitallyObject, mode: Mode): JsonObject {
  const creates = mode === 'upsert' || mode === 'append';
  const keyed = matchingKeys(object, mode).length > 0;
  const required = creates
    ? [
        ...(keyed ? ['externalId'] : []),
        ...object.requiredToCreate.filter((group) => typeof group === 'string'),
      ]
    : [];
  const keyFields = keyed ? object.keys.filter((key) => !creates || key === 'externalId') : [];
  const fields = mode === 'delete' ? [] : Object.entries(object.fields);
  return {
    type: 'object',
    additionalProperties: true,
    required,
    properties: Object.fromEntries([
      ...keyFields.map((key): [string, JsonObject] => [key, { type: 'string', ...KEY_FIELDS[key] }]),
      ...fields.map(([name, field]): [string, JsonObject] => [name, fieldSchema(field)]),
    ]),
  };
}

/** A record can be created under your own id, or for a known e-mail; Vitally's own ids only name what is there. */
function matchingKeys(object: VitallyObject, mode: Mode): readonly MatchOn[] {
  switch (mode) {
    case 'upsert':
      return object.keys.filter((key) => key !== 'id');
    case 'append':
      return object.modes.includes('upsert') ? ['externalId'] : [];
    case 'update':
    case 'delete':
      return object.keys;
  }
}

function fieldSchema(field: Field): JsonObject {
  return { ...TYPE_SCHEMAS[field.type], title: field.title, description: field.description };
}
