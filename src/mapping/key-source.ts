import { RecordError } from '../errors/record-error.ts';
import { unreachable } from '../errors/unreachable.ts';
import type { JsonValue } from '../json/json.ts';
import type { VitallyObject } from '../objects/object.ts';
import { listOfNeeds, namesOf } from './creation-needs.ts';
import { contentId } from './derived-id.ts';
import { columnsThere, MAX_KEY_CHARACTERS } from './keys.ts';
import type { Route, Write } from './route.ts';

/**
 * What the keys of a route's rows are made of: its key columns; the object's `keyFields`, as the row fills them; all
 * that the row writes, hashed into an id; or nothing, for events, whose ids are made when they are sent.
 */
export type KeySource = 'columns' | 'fields' | 'content' | 'none';

export function keySource(route: Pick<Route, 'object' | 'mode' | 'keyColumns' | 'keyConstant'>): KeySource {
  if (route.keyColumns.length > 0 || route.keyConstant !== undefined) return 'columns';
  if (route.object.keyFields !== undefined) return 'fields';
  return route.object.derivesKey === true && route.mode === 'append' ? 'content' : 'none';
}

/**
 * The key of a row whose columns name none.
 *
 * @param columns those that the row has
 * @throws RecordError `missing_key` or `bad_key`
 */
export function madeKey(
  route: Route,
  write: Omit<Write, 'key'>,
  columns: readonly string[],
): string | undefined {
  const source = keySource(route);
  switch (source) {
    case 'content':
      return contentId(route, write);
    case 'fields':
      return keyOfFields(route, write.fields, columns);
    case 'columns':
    case 'none':
      return undefined;
    default:
      return unreachable(source);
  }
}

function keyOfFields(
  { object }: Route,
  fields: ReadonlyMap<string, JsonValue>,
  columns: readonly string[],
): string {
  const required = new Set(object.requiredToCreate.flat());
  const keyFields = (object.keyFields ?? []).map(namesOf);
  const isGiven = (name: string): boolean => (fields.get(name) ?? '') !== '';
  const missing = keyFields.filter(
    (names) => names.some((name) => required.has(name)) && !names.some(isGiven),
  );
  if (missing.length > 0) throw missingFields(object, missing, columns);
  const parts = keyFields.map((names, index) => {
    const given = names.find(isGiven);
    if (given === undefined) return '';
    const value = String(fields.get(given));
    // The last part may hold anything. Two records never make one key: an account's id may be an organization's, too.
    if (index === keyFields.length - 1) return value;
    const text = value.replaceAll(/[%:=]/g, (sign) => encodeURIComponent(sign));
    return given === names[0] ? text : `${given}=${text}`;
  });
  const key = parts.join(':');
  if (key.length <= MAX_KEY_CHARACTERS) return key;
  const limit = MAX_KEY_CHARACTERS.toLocaleString('en');
  const names = keyFields.flat();
  throw new RecordError({
    code: 'bad_key',
    message: `${names.join(', ')} together are longer than ${limit} characters, the most that a key may have`,
    fix: 'Shorten the longest of them.',
    field: names.at(-1) ?? '',
  });
}

function missingFields(
  { plural }: VitallyObject,
  missing: readonly (readonly string[])[],
  columns: readonly string[],
): RecordError {
  const are = missing.length === 1 ? 'is missing, which is part' : 'are missing, which are parts';
  return new RecordError({
    code: 'missing_key',
    message: `${listOfNeeds(missing)} ${are} of the key of ${plural}; ${columnsThere(columns)}`,
    fix: `Give every row ${listOfNeeds(missing)}.`,
    field: missing[0]?.[0] ?? '',
  });
}
