import type { JsonObject } from '../json/json.ts';
import type { Field, VitallyObject } from './object.ts';

type Mode = VitallyObject['modes'][number];
type MatchOn = VitallyObject['keys'][number];

const KEY_FIELDS: Readonly<Record<MatchOn, Pick<Field, 'title' | 'description'>>> = {
  externalId: { title: 'External id', description: 'Your own id of the record.' },
  id: { title: 'Vitally id', description: 'The id that Vitally gave the record.' },
  email: { title: 'E-mail', description: 'E-mail address.' },
};

/** Each inner list is one set of fields that rows of the operation may be matched on; empty where they are not matched. */
export function matchingKeys(object: VitallyObject, mode: Mode): string[][] {
  const keys = keysOf(object, mode).map((key) => [key]);
  if (object.keys.length === 0) return combinations(object);
  return mode === 'upsert' ? [...keys, ...combinations(object)] : keys;
}

/** The properties that hold a key, and those that every row must have. */
export function keySchemas(
  object: VitallyObject,
  mode: Mode,
): { readonly required: readonly string[]; readonly properties: readonly [string, JsonObject][] } {
  const creates = mode === 'upsert' || mode === 'append';
  const keys = keysOf(object, mode);
  // A row that is appended without a key of its own is given one; it may bring one nonetheless.
  const names = keys.length === 0 && object.derivesKey === true ? (['externalId'] as const) : keys;
  const ownKey = creates && object.keyOf === undefined && keys.includes('externalId');
  const made = object.keys.length === 0 ? (object.keyFields ?? []) : [];
  return {
    required: [...(ownKey ? ['externalId'] : []), ...made.filter((name) => typeof name === 'string')],
    properties: names
      .filter((key) => !ownKey || key === 'externalId')
      .map((key) => [key, { type: 'string', ...described(object, key) }]),
  };
}

/** A record can be created under your own id, or for a known e-mail; Vitally's own ids only name what is there. */
function keysOf(object: VitallyObject, mode: Mode): readonly MatchOn[] {
  const isThere = object.keyOf !== undefined || !object.keys.includes('externalId');
  switch (mode) {
    case 'upsert':
      return object.keys.filter((key) => isThere || key !== 'id');
    case 'append':
      if (object.keyOf !== undefined) return object.keys;
      if (object.derivesKey === true || !object.modes.includes('upsert')) return [];
      return object.keys.filter((key) => key === 'externalId');
    case 'update':
    case 'delete':
      return object.keys;
  }
}

/** Every way to fill `keyFields`: a project's template, name and account, or its template, name and organization. */
function combinations({ keyFields = [] }: VitallyObject): string[][] {
  let sets: string[][] = keyFields.length === 0 ? [] : [[]];
  for (const part of keyFields) {
    const names = typeof part === 'string' ? [part] : part;
    sets = sets.flatMap((set) => names.map((name) => [...set, name]));
  }
  return sets;
}

function described(object: VitallyObject, key: MatchOn): Pick<Field, 'title' | 'description'> {
  const { title, description } = KEY_FIELDS[key];
  return object.keyOf === undefined
    ? { title, description }
    : { title, description: description.replace('the record', `the ${object.keyOf}`) };
}
