import { columnsOf, type StreamEntry } from '../../config/stream-options.ts';
import { addFault, type Findings } from '../../errors/findings.ts';
import { quotedList } from '../../errors/quoted.ts';
import { isForeignTo, WAYS } from '../../mapping/foreign-places.ts';
import type { Route } from '../../mapping/route.ts';
import { type ConfiguredStream, titleOf } from '../../protocol/configured-catalog.ts';

/** A catalog that lists columns with ids of foreign places is a fault, before any row is read. */
export function faultForeignIds(
  stream: ConfiguredStream,
  { object, keyColumns, mode }: Pick<Route, 'object' | 'keyColumns' | 'mode'>,
  entry: StreamEntry | undefined,
  findings: Findings,
): void {
  const { foreignPlaces } = object;
  // A delete reads its key alone.
  if (foreignPlaces?.fate !== 'reject' || mode === 'delete') return;
  if (entry?.otherColumns === 'drop') return;
  const resolved = new Set([...keyColumns, ...(entry?.fields ?? []).flatMap(columnsOf)]);
  const columns = [...(stream.columns ?? [])].filter(
    (column) => isForeignTo(object, column) && !resolved.has(column),
  );
  if (columns.length === 0) return;
  const path = entry === undefined ? `${stream.path}/stream/json_schema` : `${entry.path}/other_columns`;
  const message = `${titleOf(stream)}: no field takes ${quotedList(columns)}: ${foreignPlaces.reason}. ${foreignPlaces.remedy} To keep or drop such a column, ${WAYS}`;
  addFault(findings, path, message);
}
