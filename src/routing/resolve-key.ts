import { type MatchOn, type Mode, type StreamEntry, sourceOf } from '../config/stream-options.ts';
import { addFault, addWarning, type Findings } from '../errors/findings.ts';
import { quoted, quotedList } from '../errors/quoted.ts';
import { createFieldNames } from '../mapping/field-names.ts';
import type { Route } from '../mapping/route.ts';
import { folded } from '../objects/index.ts';
import type { VitallyObject } from '../objects/object.ts';
import { type ConfiguredStream, titleOf } from '../protocol/configured-catalog.ts';
import { areListed } from './checks/listed-columns.ts';
import { constantKeyOf, resolveConstantKey } from './constant-key.ts';
import { exampleEntry, keyHint } from './entries.ts';
import {
  areKeyFields,
  columnsNamed,
  isMadeOfFields,
  keyByEntry,
  keyNames,
  matchNames,
  mayLackKey,
  usualMatch,
} from './key-columns.ts';
import { requestKey } from './resolve-request.ts';

export type ResolvedKey = Pick<Route, 'matchOn' | 'keyColumns' | 'keyConstant'>;

/** What rows are matched on, and by which columns. Contract 2 (`sync_key`, `match_on`) and Contract 3. */
export function resolveKey(
  stream: ConfiguredStream,
  object: VitallyObject,
  mode: Mode | undefined,
  entry: StreamEntry | undefined,
  findings: Findings,
): ResolvedKey | undefined {
  if (object.byPath === true) return requestKey(stream, object, entry, findings);
  const constant = entry && stream.destinationObject === undefined && constantKeyOf(object, mode, entry);
  if (constant) return resolveConstantKey(stream, entry, constant, findings);
  if (lacksUsableKey(stream, object, mode, entry, findings)) return undefined;
  const resolved =
    stream.destinationObject === undefined
      ? plainKey(stream, object, mode, entry, findings)
      : mappedKey(stream, object, mode, entry, findings);
  if (resolved === undefined) return undefined;
  return agreesWithFields(stream, object, entry, resolved, findings) ? resolved : undefined;
}

/** A nested key of the catalog, where a key is needed that neither `sync_key` nor `fields` names. */
function lacksUsableKey(
  stream: ConfiguredStream,
  object: VitallyObject,
  mode: Mode | undefined,
  entry: StreamEntry | undefined,
  findings: Findings,
): boolean {
  if (!stream.hasUnusableKey) return false;
  const matchOn = entry?.matchOn ?? usualMatch(object);
  const named = stream.destinationObject === undefined ? keyByEntry(object, matchOn, entry) : [];
  const isNeeded = !mayLackKey(object, mode) && !isMadeOfFields([], object, mode, undefined, entry);
  if (named.length > 0 || !isNeeded) return false;
  const remedy =
    stream.destinationObject === undefined
      ? 'name the column that identifies a row as "sync_key" in its entry in "streams"'
      : `match on ${matchNames(object, ' or ')} in the connection`;
  const message = `the primary key of ${titleOf(stream)} is not a list of columns, each a list of one name, such as [["id"]]; a nested column cannot be the key: ${remedy}`;
  addFault(findings, `${stream.path}/primary_key`, message);
  return true;
}

function mappedKey(
  stream: ConfiguredStream,
  object: VitallyObject,
  mode: Mode | undefined,
  entry: StreamEntry | undefined,
  findings: Findings,
): ResolvedKey | undefined {
  const title = titleOf(stream);
  const path = `${stream.path}/primary_key`;
  if (isMadeOfFields(stream.primaryKey, object, mode, undefined, entry)) {
    const made = { matchOn: usualMatch(object), keyColumns: [] };
    reportOtherKey(stream, entry, made, stream.primaryKey, findings);
    return made;
  }
  const [column, ...others] = stream.primaryKey;
  if (others.length > 0) {
    const message = `${title} is matched on several fields; match on one of ${matchNames(object, ', ')}`;
    addFault(findings, path, message);
    return undefined;
  }
  const matchOn =
    column === undefined
      ? usualMatch(object)
      : keyNames(object).find(({ name }) => folded(name) === folded(column))?.matchOn;
  if (matchOn === undefined) {
    const message = `${title} is matched on a field that is no key of ${object.plural}; match on ${matchNames(object, ' or ')}`;
    addFault(findings, path, message);
    return undefined;
  }
  const keyColumns = column === undefined ? columnsNamed(stream, object, matchOn, entry) : [column];
  if (!isNamed(keyColumns, stream, object, mode, matchOn, path, findings)) return undefined;
  if (!areListed(keyColumns, stream, path, findings)) return undefined;
  reportOtherKey(stream, entry, { matchOn, keyColumns }, keyColumns, findings);
  return { matchOn, keyColumns };
}

/** The connection says what a mapped stream is matched on: an entry that says otherwise is a fault. */
function reportOtherKey(
  stream: ConfiguredStream,
  entry: StreamEntry | undefined,
  { matchOn }: ResolvedKey,
  columns: readonly string[],
  findings: Findings,
): void {
  const asked = entry;
  const otherKey = asked?.syncKey !== undefined && JSON.stringify(asked.syncKey) !== JSON.stringify(columns);
  for (const [option, differs] of [
    ['sync_key', otherKey],
    ['match_on', asked?.matchOn !== undefined && asked.matchOn !== matchOn],
  ] as const) {
    if (!differs) continue;
    const message = `${titleOf(stream)} is mapped in the connection, which says what it is matched on; leave "${option}" out`;
    addFault(findings, `${entry?.path ?? ''}/${option}`, message);
  }
}

function plainKey(
  stream: ConfiguredStream,
  object: VitallyObject,
  mode: Mode | undefined,
  entry: StreamEntry | undefined,
  findings: Findings,
): ResolvedKey | undefined {
  const title = titleOf(stream);
  const asked = entry?.matchOn;
  if (asked !== undefined && !object.keys.includes(asked)) {
    const remedy =
      object.keys.length === 0
        ? `leave "match_on" out, they are known by ${matchNames(object, ' or ')}`
        : `match on ${object.keys.join(' or ')}`;
    addFault(
      findings,
      `${entry?.path ?? ''}/match_on`,
      `${title}: ${object.plural} cannot be matched on this; ${remedy}`,
    );
    return undefined;
  }
  const matchOn = asked ?? usualMatch(object);
  const path = entry === undefined ? stream.path : `${entry.path}/sync_key`;
  const byCatalog = stream.primaryKey.length === 0 ? undefined : stream.primaryKey;
  const keyColumns = entry?.syncKey ?? byCatalog ?? columnsNamed(stream, object, matchOn, entry);
  if (isMadeOfFields(keyColumns, object, mode, asked, entry)) {
    warnOfUnusedKey(stream, object, entry, findings);
    return { matchOn, keyColumns: [] };
  }
  if (!isNamed(keyColumns, stream, object, mode, matchOn, path, findings, entry)) return undefined;
  if (keyColumns.length > 1 && matchOn !== 'externalId') {
    const message = `${title} is matched on ${matchOn}, which is one value; name one column in "sync_key"`;
    addFault(findings, path, message);
    return undefined;
  }
  const isByCatalog = entry?.syncKey === undefined && byCatalog !== undefined;
  const byFields = entry?.syncKey === undefined ? `${entry?.path ?? ''}/fields` : path;
  const keyPath = isByCatalog ? `${stream.path}/primary_key` : byFields;
  return areListed(keyColumns, stream, keyPath, findings) ? { matchOn, keyColumns } : undefined;
}

/** Key columns that the entry names and that make no key: the fields do. */
function warnOfUnusedKey(
  stream: ConfiguredStream,
  object: VitallyObject,
  entry: StreamEntry | undefined,
  findings: Findings,
): void {
  const asked = entry?.syncKey;
  if (asked === undefined || areKeyFields(asked, object, entry)) return;
  const fields = object.keyFields?.flat().join(', ');
  const message = `${titleOf(stream)}: "sync_key" is not used, since ${object.plural} are known here by their ${fields}`;
  addWarning(findings, message);
}

/** Most rows need a key; a fault says how to name it. */
function isNamed(
  keyColumns: readonly string[],
  stream: ConfiguredStream,
  object: VitallyObject,
  mode: Mode | undefined,
  matchOn: MatchOn,
  path: string,
  findings: Findings,
  entry?: StreamEntry,
): boolean {
  if (keyColumns.length > 0 || (mayLackKey(object, mode) && matchOn === 'externalId')) return true;
  const remedy =
    stream.destinationObject !== undefined
      ? `match on ${matchNames(object, ' or ')} in the connection`
      : entry === undefined
        ? `add to "streams": ${exampleEntry(stream, object.name)} with the column that identifies a row`
        : `name the column that identifies a row, such as "sync_key": ${JSON.stringify(keyHint(stream))}`;
  const orDerived =
    object.derivesKey === true && stream.destinationObject === undefined && mode === 'upsert'
      ? '; or say "mode": "append", and each row is a record of its own'
      : '';
  addFault(
    findings,
    path,
    `${titleOf(stream)}: no column is known to hold the ${matchOn}; ${remedy}${orDerived}`,
  );
  return false;
}

/** A column that `fields` sends to the key must be the key: two keys would be a guess. */
function agreesWithFields(
  stream: ConfiguredStream,
  object: VitallyObject,
  entry: StreamEntry | undefined,
  { matchOn, keyColumns }: ResolvedKey,
  findings: Findings,
): boolean {
  if (entry === undefined) return true;
  const names = createFieldNames(object, matchOn);
  let agrees = true;
  for (const [index, mapping] of entry.fields.entries()) {
    if (names.named(mapping.destination).kind !== 'key') continue;
    const source = sourceOf(mapping);
    if (source === undefined) {
      const message = `${titleOf(stream)}: a template cannot make the key; name the columns that identify a row as "sync_key", which joins several with a colon`;
      addFault(findings, `${entry.path}/fields/${index}/destination`, message);
      agrees = false;
      continue;
    }
    if (keyColumns.length === 1 && keyColumns[0] === source) continue;
    const from = keyColumns.length === 0 ? 'the other fields of the row' : quotedList(keyColumns);
    const message = `${titleOf(stream)}: this sends a column to the key, which comes from ${from}; say "sync_key": [${quoted(source)}] to use it as the key`;
    addFault(findings, `${entry.path}/fields/${index}/destination`, message);
    agrees = false;
  }
  return agrees;
}
