import { columnsOf, type FieldMapping, type StreamEntry } from '../../config/stream-options.ts';
import { addFault, addWarning, type Findings } from '../../errors/findings.ts';
import { triedNow } from '../../errors/tried.ts';
import { createColumnPlan, type Target } from '../../mapping/column-plan.ts';
import { creationNeeds, listOfNeeds } from '../../mapping/creation-needs.ts';
import { createFieldNames, type Destination } from '../../mapping/field-names.ts';
import { isGivenField } from '../../mapping/merge-writes.ts';
import { type ConfiguredStream, titleOf } from '../../protocol/configured-catalog.ts';
import type { UnsentRoute } from '../transport.ts';
import { isListed } from './listed-columns.ts';

/**
 * Holds what can come of a stream's columns, constants and templates against what Vitally needs to create a record.
 *
 * Where the catalog rules out columns that it doesn't list, no row of a stream that only adds could be written: a fault.
 * Elsewhere it is a warning: rows may bring more than the catalog lists, and an upsert's records may all be there already.
 *
 * @param stream without the columns that the entry excludes
 */
export function reportMissingNeeds(
  stream: ConfiguredStream,
  route: UnsentRoute,
  entry: StreamEntry | undefined,
  findings: Findings,
): void {
  if (stream.columns === undefined || !mayCreate(route)) return;
  const filled = filledFields(stream, route);
  const missing = creationNeeds(route).filter((names) => !names.some((name) => filled.has(name)));
  if (missing.length === 0) return;
  const { object, mode } = route;
  const path = entry === undefined ? `${stream.path}/stream/json_schema` : `${entry.path}/fields`;
  const says = (needs: readonly (readonly string[])[]): string =>
    `${titleOf(stream)}: no column, constant or template gives its ${object.plural} ${listOfNeeds(needs)}, which`;
  const remedy = 'send a column there in "fields", or set a constant';
  if (mode === 'append' && stream.isClosed) {
    for (const needs of missing) addFault(findings, path, `${says([needs])} Vitally needs; ${remedy}`);
  } else {
    const fate =
      object.rest === undefined
        ? 'Vitally needs: rows that lack it are rejected'
        : 'creation needs: rows of records that Vitally does not know are rejected';
    const otherwise = mode === 'upsert' && !route.mapped ? ', or say "mode": "update"' : '';
    addWarning(findings, `${says(missing)} ${fate}; ${remedy}${otherwise}`);
  }
}

/** A record is never created under an id of Vitally's. */
function mayCreate({ object, mode, matchOn, keyColumns, keyConstant }: UnsentRoute): boolean {
  if (mode !== 'append' && mode !== 'upsert') return false;
  const isKeyed = keyColumns.length > 0 || keyConstant !== undefined;
  return object.rest === undefined || !(matchOn === 'id' && isKeyed);
}

/** The fields that rows may bring, by the columns that can come. */
function filledFields(stream: ConfiguredStream, route: UnsentRoute): ReadonlySet<string> {
  const names = createFieldNames(route.object, route.matchOn);
  const plan = createColumnPlan({ ...route, otherColumns: 'drop' });
  const byConstants = route.constants
    .filter(({ value }) => isGivenField(value))
    .map(({ destination }) => names.named(destination));
  const byMappings = route.fields
    .filter((mapping) => mayCome(stream, mapping))
    .map(({ destination }) => names.named(destination));
  const byName = [...(stream.columns ?? [])].flatMap((column) => targetsOf(plan, column));
  const all: Destination[] = [...byConstants, ...byMappings, ...byName.map(({ destination }) => destination)];
  return new Set(all.flatMap((destination) => (destination.kind === 'field' ? [destination.name] : [])));
}

function targetsOf(plan: ReturnType<typeof createColumnPlan>, column: string): readonly Target[] {
  // A column that rejects its row brings nothing.
  return triedNow(() => plan.targetsOf(column)).value ?? [];
}

/** Whether a mapping can ever have a value: where the schema is closed, no column comes that it doesn't list. */
function mayCome(stream: ConfiguredStream, mapping: FieldMapping): boolean {
  const columns = columnsOf(mapping);
  return !stream.isClosed || columns.length === 0 || columns.some((column) => isListed(stream, column));
}
