import { nearestName } from '../config/schema/nearest-name.ts';
import type { Mode, RequestMethod, StreamEntry } from '../config/stream-options.ts';
import { addFault, addWarning, type Findings } from '../errors/findings.ts';
import { quoted, quotedList } from '../errors/quoted.ts';
import { ExcludedColumns } from '../mapping/columns/excluded-columns.ts';
import { mayDeleteCollection, readPathTemplate } from '../mapping/columns/request-path.ts';
import type { PathTemplate, Route, RouteRequest } from '../mapping/route.ts';
import type { VitallyObject } from '../objects/object.ts';
import { type ConfiguredStream, titleOf } from '../protocol/configured-catalog.ts';
import { areListed, isListed } from './checks/listed-columns.ts';
import { exampleEntry } from './entries.ts';

const METHODS = { append: 'POST', upsert: 'POST', update: 'PUT', delete: 'DELETE' } as const satisfies Record<
  Mode,
  RequestMethod
>;

/**
 * The request that rows of a stream fill, where its object is sent by path; anywhere else `method` and `path` are faults.
 * Contract 4, `request`.
 */
export function resolveRequest(
  stream: ConfiguredStream,
  object: VitallyObject,
  mode: Mode | undefined,
  entry: StreamEntry | undefined,
  findings: Findings,
): RouteRequest | undefined {
  if (object.byPath !== true) {
    faultMeaningless(stream, object, entry, findings);
    return undefined;
  }
  // A stream without an entry is told of it once, with its mode.
  if (entry === undefined && mode === undefined) return undefined;
  const given = entry?.requestPath;
  const title = titleOf(stream);
  if (entry === undefined || given === undefined) {
    const remedy = 'give it, such as /resources/surveys/{survey_id}/responses';
    const message = `${title}: where its requests go is not said; ${entry === undefined ? `add to "streams": ${exampleEntry(stream, object.name)}` : remedy}`;
    addFault(findings, entry === undefined ? '/streams' : `${entry.path}/path`, message);
    return undefined;
  }
  const read = readPathTemplate(given);
  if (read.kind === 'fault') {
    addFault(findings, `${entry.path}/path`, read.message);
    return undefined;
  }
  const method = entry.method ?? (mode && METHODS[mode]);
  if (method === 'DELETE' && mayDeleteCollection(read.template)) {
    const message = `${title}: a DELETE must end in the {column} of one record, behind fixed text, such as /resources/notes/{id}: otherwise it could delete a whole collection`;
    addFault(findings, `${entry.path}/path`, message);
    return undefined;
  }
  faultExcluded(read.template, stream, entry, findings);
  checkColumns(read.template, stream, entry, findings);
  return method && { method, path: read.template };
}

/** The key of requests: rows of one key are sent one after the other; without one each is sent for itself. */
export function requestKey(
  stream: ConfiguredStream,
  object: VitallyObject,
  entry: StreamEntry | undefined,
  findings: Findings,
): Pick<Route, 'matchOn' | 'keyColumns'> | undefined {
  const title = titleOf(stream);
  const at = (option: string): string => `${entry?.path ?? ''}/${option}`;
  const before = findings.faults.length;
  if (entry?.matchOn !== undefined) {
    const message = `${title}: ${object.plural} are matched on nothing: their path says which record is meant; leave "match_on" out`;
    addFault(findings, at('match_on'), message);
  }
  const isMapped = stream.destinationObject !== undefined;
  const isOther = JSON.stringify(entry?.syncKey) !== JSON.stringify(stream.primaryKey);
  if (isMapped && entry?.syncKey !== undefined && isOther) {
    const message = `${title} is mapped in the connection, which says what its key is; leave "sync_key" out`;
    addFault(findings, at('sync_key'), message);
  }
  const keyColumns = entry?.syncKey ?? stream.primaryKey;
  const path = entry?.syncKey === undefined ? `${stream.path}/primary_key` : at('sync_key');
  areListed(keyColumns, stream, path, findings);
  return findings.faults.length > before ? undefined : { matchOn: 'externalId', keyColumns };
}

function faultMeaningless(
  stream: ConfiguredStream,
  object: VitallyObject,
  entry: StreamEntry | undefined,
  findings: Findings,
): void {
  for (const [option, value] of [
    ['method', entry?.method],
    ['path', entry?.requestPath],
  ]) {
    if (value === undefined) continue;
    const message = `${titleOf(stream)} is written to ${object.plural}; leave "${option}" out, or say "object": "request"`;
    addFault(findings, `${entry?.path ?? ''}/${option}`, message);
  }
}

/** What never leaves can't be part of an address. */
function faultExcluded(
  { columns }: PathTemplate,
  stream: ConfiguredStream,
  entry: StreamEntry,
  findings: Findings,
): void {
  for (const [index, name] of entry.exclude.entries()) {
    const excluded = new ExcludedColumns([name]);
    if (!columns.some((column) => excluded.has(column))) continue;
    const message = `${titleOf(stream)}: ${entry.path}/path needs this column; keep one of them`;
    addFault(findings, `${entry.path}/exclude/${index}`, message);
  }
}

/** Columns of the path that the catalog lacks: a slip where there is a name like it or no other columns may come. */
function checkColumns(
  { columns }: PathTemplate,
  stream: ConfiguredStream,
  entry: StreamEntry,
  findings: Findings,
): void {
  const listed = stream.columns;
  if (listed === undefined) return;
  const title = titleOf(stream);
  for (const column of columns.filter((name) => !isListed(stream, name))) {
    const nearest = nearestName(column, [...listed]);
    const remedy =
      nearest === undefined ? `it has ${quotedList([...listed])}` : `did you mean ${quoted(nearest)}?`;
    if (nearest !== undefined || stream.isClosed) {
      addFault(findings, `${entry.path}/path`, `${title} has no column ${quoted(column)}; ${remedy}`);
      continue;
    }
    const message = `${title}: the catalog lists no column ${quoted(column)}, which is part of the path; rows without it are rejected`;
    addWarning(findings, message);
  }
}
