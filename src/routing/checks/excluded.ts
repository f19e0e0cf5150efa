import { nearestName } from '../../config/schema/nearest-name.ts';
import type { FieldMapping, StreamEntry } from '../../config/stream-options.ts';
import { addFault, addWarning, type Findings } from '../../errors/findings.ts';
import { quoted, quotedList } from '../../errors/quoted.ts';
import { ExcludedColumns } from '../../mapping/columns/excluded-columns.ts';
import type { Route } from '../../mapping/route.ts';
import { type ConfiguredStream, titleOf } from '../../protocol/configured-catalog.ts';

/**
 * Checks an entry's `exclude`: what never leaves can't be needed. One that the catalog lists nowhere is probably misspelt,
 * and the column that was meant would leave.
 *
 * @returns the stream as everything behind sees it: without the excluded columns
 */
export function withoutExcluded(
  stream: ConfiguredStream,
  { keyColumns }: Pick<Route, 'keyColumns'>,
  entry: StreamEntry | undefined,
  findings: Findings,
): ConfiguredStream {
  if (entry === undefined || entry.exclude.length === 0) return stream;
  for (const [index, name] of entry.exclude.entries()) {
    const path = `${entry.path}/exclude/${index}`;
    const excluded = new ExcludedColumns([name]);
    faultKey(stream, keyColumns, entry, excluded, path, findings);
    for (const [at, mapping] of entry.fields.entries()) {
      if (!namesAny(mapping, excluded)) continue;
      const reader = `${entry.path}/fields/${at}/${'source' in mapping ? 'source' : 'template'}`;
      addFault(findings, path, `${titleOf(stream)}: ${reader} needs this column; keep one of them`);
    }
    warnOfSlip(stream, name, excluded, path, findings);
  }
  const { columns } = stream;
  if (columns === undefined) return stream;
  const excluded = new ExcludedColumns(entry.exclude);
  return { ...stream, columns: new Set([...columns].filter((column) => !excluded.has(column))) };
}

function faultKey(
  stream: ConfiguredStream,
  keyColumns: readonly string[],
  entry: StreamEntry,
  excluded: ExcludedColumns,
  path: string,
  findings: Findings,
): void {
  const keys = keyColumns.filter((column) => excluded.has(column));
  if (keys.length === 0) return;
  const title = titleOf(stream);
  if (entry.syncKey !== undefined) {
    addFault(findings, path, `${title}: "sync_key" needs this column; keep one of them`);
    return;
  }
  // The catalog's fault, not the entry's: a check, which has no catalog, must not find it.
  const message = `${title}: ${quotedList(keys)} is the key, which ${path} excludes; keep one of them, or name another "sync_key"`;
  addFault(findings, `${stream.path}/primary_key`, message);
}

function namesAny(mapping: FieldMapping, excluded: ExcludedColumns): boolean {
  if ('source' in mapping) return excluded.has(mapping.source);
  const { columns, members } = mapping.template;
  return columns.some((column) => excluded.has(column)) || members.some((path) => excluded.hasMember(path));
}

function warnOfSlip(
  { columns, ...stream }: ConfiguredStream,
  name: string,
  excluded: ExcludedColumns,
  path: string,
  findings: Findings,
): void {
  // What a column of traits holds is not listed.
  if (columns === undefined || /^(?:traits|properties)\./i.test(name)) return;
  if ([...columns].some((column) => excluded.has(column))) return;
  const nearest = nearestName(name, [...columns]);
  const remedy =
    nearest === undefined ? `it lists ${quotedList([...columns])}` : `did you mean ${quoted(nearest)}?`;
  addWarning(findings, `${path} is no column that the catalog lists for ${titleOf(stream)}; ${remedy}`);
}
