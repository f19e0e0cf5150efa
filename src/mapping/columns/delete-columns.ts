import { isDeepStrictEqual } from 'node:util';
import type { VitallyObject } from '../../objects/object.ts';
import { createFieldNames } from '../field-names.ts';
import type { Route, Write } from '../route.ts';

/** The object as rows of a mode see it: what a DELETE takes beside the key is a field of deletes alone. */
export function inMode(object: VitallyObject, mode: Route['mode'] | undefined): VitallyObject {
  if (mode !== 'delete' || object.deleteFields === undefined) return object;
  return { ...object, fields: { ...object.fields, ...object.deleteFields } };
}

/**
 * A route of deletes that sees only what a DELETE takes beside the key; `undefined` where that is nothing. Other columns
 * are not read, so that a bad value among them is no hindrance.
 */
export function withDeleteFields<R extends Omit<Route, 'transport'>>(route: R): R | undefined {
  const { object } = route;
  const fields = object.deleteFields;
  if (route.mode !== 'delete' || fields === undefined) return undefined;
  const names = createFieldNames(inMode(object, 'delete'), route.matchOn);
  const isRead = ({ destination }: { readonly destination: string }): boolean => {
    const place = names.named(destination);
    return place.kind === 'field' && Object.hasOwn(fields, place.name);
  };
  const { foreignPlaces: _places, hints: _hints, ...bare } = object;
  return {
    ...route,
    object: { ...bare, keys: [], fields, others: 'nowhere' },
    matchOn: 'externalId',
    otherColumns: 'drop',
    nulls: 'keep',
    fields: route.fields.filter(isRead),
    constants: route.constants.filter(isRead),
  };
}

/** Whether two deletes of one record say the same. Those that don't are sent one after the other. */
export function areSameDelete(earlier: Write, later: Write): boolean {
  return isDeepStrictEqual(earlier.fields, later.fields);
}
