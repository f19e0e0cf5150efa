import { columnsOf } from '../config/stream-options.ts';
import { quoted, quotedList } from '../errors/quoted.ts';
import { RecordError } from '../errors/record-error.ts';
import { type ColumnPlan, createColumnPlan } from '../mapping/column-plan.ts';
import type { Route } from '../mapping/route.ts';
import { nameOf } from './summary.ts';

/** Columns that the line shows; the rest are counted. */
const MAX_SHOWN_COLUMNS = 50;

/**
 * Where each column of a stream goes, for the log before the first row: what the user typed or the catalog lists.
 * Traits are named as in the source; Vitally may know one of them under another path.
 */
export function columnMap(route: Route): string {
  const plan = createColumnPlan(route);
  const listed = route.listedColumns ?? new Set<string>();
  const columns = [...new Set([...route.keyColumns, ...route.fields.flatMap(columnsOf), ...listed])];
  const places = columns.map(
    (column) => `${quoted(column)} → ${placesOf(plan, route, column).join(' and ')}`,
  );
  const constants = route.constants.map(({ destination }) => `a constant → ${destination}`);
  const all = [...places, ...constants];
  const shown = all.slice(0, MAX_SHOWN_COLUMNS);
  if (all.length > shown.length) shown.push(`${all.length - shown.length} more`);
  const others = listed.size > 0 ? '' : othersOf(route);
  const list = shown.length === 0 ? 'no column is listed' : shown.join(', ');
  return `columns of stream ${nameOf(route)} (${route.object.name}, ${route.mode}): ${list}${others}`;
}

/** Of a stream that brought rows: mapped columns that none of them had. Probably a slip in a name. */
export function absentColumns(route: Route, columns: readonly string[], received: number): string[] {
  if (received === 0 || columns.length === 0) return [];
  const which = columns.length === 1 ? 'the mapped column' : 'the mapped columns';
  return [
    `stream ${nameOf(route)}: no row had ${which} ${quotedList(columns)}; check its spelling in the config.`,
  ];
}

function placesOf(plan: ColumnPlan, { keyColumns, matchOn, mode }: Route, column: string): string[] {
  const key = keyColumns.includes(column) ? [`key (${matchOn})`] : [];
  if (mode === 'delete') return key.length > 0 ? key : ['not needed'];
  try {
    const places = plan.targetsOf(column).map(({ destination }) => {
      if (destination.kind === 'spread') return 'traits, one by one';
      return destination.kind === 'trait' ? `traits.${destination.name}` : destination.name;
    });
    const all = [...key, ...places];
    return all.length > 0 ? all : ['left out'];
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return ['rejected unless Vitally knows a trait of this name'];
  }
}

function othersOf({ otherColumns, mode }: Route): string {
  if (mode === 'delete') return '; other columns are not needed';
  switch (otherColumns) {
    case 'traits':
      return '; other columns go to fields and traits by their names';
    case 'drop':
      return '; other columns go to fields by their names, or are left out';
    case 'reject':
      return '; other columns go to fields and known traits by their names';
  }
}
