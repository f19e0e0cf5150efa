import { RecordError } from '../errors/record-error.ts';
import type { VitallyObject } from '../objects/object.ts';
import { type ConfiguredStream, titleOf } from '../routing/catalog.ts';
import type { Entry } from '../routing/entries.ts';
import { addFault, type Findings } from '../routing/findings.ts';
import { quoted, quotedList } from '../routing/quoted.ts';
import type { Route } from '../routing/route.ts';
import { isPlaceId } from './place-id.ts';

const WAYS =
  'map the column in "fields" (to traits.<name> where it is to be a trait), or set "other_columns" to "drop"';

/** What an object without accounts or organizations of its own does with a column that bears the id of one. */
export interface ForeignPlaces {
  readonly fate: 'refuse' | 'leave out' | 'none';
  readonly reason: string;
  isForeign(column: string): boolean;
}

const NONE: ForeignPlaces = { fate: 'none', reason: '', isForeign: () => false };

export function foreignPlacesOf({ object, foreignIds }: Pick<Route, 'object' | 'foreignIds'>): ForeignPlaces {
  if (object.foreignPlaces === undefined || foreignIds === 'drop') return NONE;
  const { fate, reason } = object.foreignPlaces;
  return { fate, reason, isForeign: (column) => isForeignTo(object, column) };
}

/** Whether a column bears such an id by its name, and no field of the object takes it. */
function isForeignTo({ foreignPlaces }: VitallyObject, column: string): boolean {
  if (foreignPlaces === undefined || !isPlaceId(column)) return false;
  return foreignPlaces.only !== 'lists' || /s[_\-. ]*$/i.test(column);
}

/** The row is refused rather than hung off nobody. Contract section 4. */
export function foreignId(object: VitallyObject, column: string): RecordError {
  const { reason, remedy } = object.foreignPlaces ?? { reason: '', remedy: '' };
  return new RecordError({
    code: 'unknown_column',
    message: `column ${quoted(column)} goes to no field: ${reason}`,
    fix: `${remedy} To keep or drop the column, ${WAYS}.`.trim(),
    field: column,
  });
}

/** The same where the catalog lists such columns: a fault, before any row is read. */
export function faultForeignIds(
  stream: ConfiguredStream,
  { object, keyColumns, mode }: Pick<Route, 'object' | 'keyColumns' | 'mode'>,
  entry: Entry | undefined,
  findings: Findings,
): void {
  const { foreignPlaces } = object;
  // A delete reads its key alone.
  if (foreignPlaces?.fate !== 'refuse' || mode === 'delete') return;
  if (entry?.settings.otherColumns === 'drop') return;
  const settled = new Set([...keyColumns, ...(entry?.settings.fields ?? []).map(({ source }) => source)]);
  const columns = [...(stream.columns ?? [])].filter(
    (column) => isForeignTo(object, column) && !settled.has(column),
  );
  if (columns.length === 0) return;
  const path = entry === undefined ? `${stream.path}/stream/json_schema` : `${entry.path}/other_columns`;
  const message = `${titleOf(stream)}: no field takes ${quotedList(columns)}: ${foreignPlaces.reason}. ${foreignPlaces.remedy} To keep or drop such a column, ${WAYS}`;
  addFault(findings, path, message);
}
