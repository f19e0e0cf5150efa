import { quoted } from '../errors/quoted.ts';
import { RecordError } from '../errors/record-error.ts';
import type { VitallyObject } from '../objects/object.ts';
import { isPlaceId } from './place-id.ts';
import type { Route } from './route.ts';

/** What an owner of the row can do about such a column. */
export const WAYS =
  'map the column in "fields" (to traits.<name> if it should be a trait), or set "other_columns" to "drop"';

/** What an object without accounts or organizations of its own does with a column that holds the id of one. */
export interface ForeignPlaces {
  readonly fate: 'reject' | 'leave out' | 'none';
  readonly reason: string;
  isForeign(column: string): boolean;
}

const NONE: ForeignPlaces = { fate: 'none', reason: '', isForeign: () => false };

export function foreignPlacesOf({ object, foreignIds }: Pick<Route, 'object' | 'foreignIds'>): ForeignPlaces {
  if (object.foreignPlaces === undefined || foreignIds === 'drop') return NONE;
  const { fate, reason } = object.foreignPlaces;
  return { fate, reason, isForeign: (column) => isForeignTo(object, column) };
}

/** Whether a column holds such an id by its name, and no field of the object takes it. */
export function isForeignTo({ foreignPlaces }: VitallyObject, column: string): boolean {
  if (foreignPlaces === undefined || !isPlaceId(column)) return false;
  return foreignPlaces.only !== 'lists' || /s[_\-. ]*$/i.test(column);
}

/** The row is rejected, since its record would belong to no account. Contract 4. */
export function foreignId(object: VitallyObject, column: string): RecordError {
  const { reason, remedy } = object.foreignPlaces ?? { reason: '', remedy: '' };
  return new RecordError({
    code: 'unknown_column',
    message: `column ${quoted(column)} goes to no field: ${reason}`,
    fix: `${remedy} To keep or drop the column, ${WAYS}.`.trim(),
    field: column,
  });
}
