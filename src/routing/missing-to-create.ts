import type { JsonValue } from '../json/json.ts';
import { bearsExternalId } from './destinations.ts';
import type { Route, Write } from './route.ts';

/**
 * What a write lacks to create a record: each inner list is a group of which one field must be there. Empty when
 * nothing is missing. Null, "" and an empty list count as missing.
 */
export function missingToCreate(
  route: Pick<Route, 'object' | 'matchOn'>,
  write: Pick<Write, 'fields'>,
): readonly (readonly string[])[] {
  const groups = route.object.requiredToCreate.map((group) => (typeof group === 'string' ? [group] : group));
  // Matched on anything else, the row itself must bring the external id of the record to be.
  if (route.matchOn !== 'externalId' && bearsExternalId(route.object)) groups.unshift(['externalId']);
  return groups.filter((group) => group.every((name) => isMissing(write.fields.get(name))));
}

function isMissing(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  return Array.isArray(value) && value.length === 0;
}
