import { RecordError } from '../errors/record-error.ts';
import { unreachable } from '../errors/unreachable.ts';
import type { JsonValue } from '../json/json.ts';
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
  const keyFields = object.keyFields ?? [];
  const parts = keyFields.map((part, index) => {
    const names = typeof part === 'string' ? [part] : part;
    const given = names.find((name) => (fields.get(name) ?? '') !== '');
    if (given !== undefined) {
      const value = String(fields.get(given));
      // The last part may hold anything. Two records never make one key: an account's id may be an organization's, too.
      if (index === keyFields.length - 1) return value;
      const text = value.replaceAll(/[%:=]/g, (sign) => encodeURIComponent(sign));
      return given === names[0] ? text : `${given}=${text}`;
    }
    if (!names.some((name) => required.has(name))) return '';
    throw new RecordError({
      code: 'missing_key',
      message: `${names.join(' or ')} is missing, which is part of the key of ${object.plural}; ${columnsThere(columns)}`,
      fix: `Give every row ${names.join(' or ')}.`,
      field: names[0] ?? '',
    });
  });
  const key = parts.join(':');
  if (key.length <= MAX_KEY_CHARACTERS) return key;
  const limit = MAX_KEY_CHARACTERS.toLocaleString('en');
  const names = (object.keyFields ?? []).flat();
  throw new RecordError({
    code: 'bad_key',
    message: `${names.join(', ')} together are longer than ${limit} characters, the most that a key may have`,
    fix: 'Shorten the longest of them.',
    field: names.at(-1) ?? '',
  });
}
