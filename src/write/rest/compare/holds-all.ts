import type { JsonValue } from '../../../json/json.ts';
import { isEmpty } from '../../../mapping/merge-writes.ts';
import type { Route } from '../../../mapping/route.ts';
import type { ListedRecord } from '../../../vitally/records/listing/listed-record.ts';
import { adds, isInPut, type RestBody } from '../body.ts';

/**
 * Whether a PUT of this body would change nothing in a record that a list showed: as `changesOf` tells it for the body that
 * `forExisting` makes of it. False also where what is kept doesn't tell.
 */
export function holdsAll(route: Route, listed: ListedRecord, { fields, traits }: RestBody): boolean {
  const { object } = route;
  for (const [name, value] of fields) {
    if (!isInPut(object, name)) continue;
    if (Array.isArray(value) && !isEmpty(value) && isSet(route, name) && listed.holdsEach(name, value))
      continue;
    if (!isHeld(route, listed, name, value)) return false;
  }
  for (const [name, value] of traits) if (!isHeld(route, listed, `traits.${name}`, value)) return false;
  return true;
}

/** With `if_empty` any value that the record holds stays as it is. */
function isHeld(route: Route, listed: ListedRecord, destination: string, value: JsonValue): boolean {
  const held = listed.compare(destination, value);
  if (held === 'same') return true;
  const isTold = destination.startsWith('traits.') || Object.hasOwn(route.object.fields, destination);
  return held === 'different' && isTold && route.ifEmpty.includes(destination);
}

/** Whether the row's list adds to the one that the record holds. */
function isSet({ object, ...route }: Route, name: string): boolean {
  const field = object.fields[name];
  const isMerged = field?.type === 'ids' || (field?.type === 'texts' && field.keptOnPut === true);
  return isMerged && adds({ object, ...route }, name);
}
