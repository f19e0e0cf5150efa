import { folded } from '../objects/index.ts';
import type { VitallyObject } from '../objects/object.ts';
import { type ConfiguredStream, titleOf } from './catalog.ts';
import { createDestinations } from './destinations.ts';
import { type Entry, exampleEntry } from './entries.ts';
import { addFault, addWarning, type Findings } from './findings.ts';
import { quoted, quotedList } from './quoted.ts';
import type { MatchOn, Route } from './route.ts';

export type SettledKey = Pick<Route, 'matchOn' | 'keyColumns'>;

/** The column that a mapped event's key may also be called by. */
const EVENT_KEY = 'messageId';

/** What rows are matched on, and by which columns. Contract sections 2 (`sync_key`, `match_on`) and 3. */
export function settleKey(
  stream: ConfiguredStream,
  object: VitallyObject,
  entry: Entry | undefined,
  findings: Findings,
): SettledKey | undefined {
  const settled =
    stream.destinationObject === undefined
      ? plainKey(stream, object, entry, findings)
      : mappedKey(stream, object, entry, findings);
  if (settled === undefined) return undefined;
  return agreesWithFields(stream, object, entry, settled, findings) ? settled : undefined;
}

function mappedKey(
  stream: ConfiguredStream,
  object: VitallyObject,
  entry: Entry | undefined,
  findings: Findings,
): SettledKey | undefined {
  const title = titleOf(stream);
  const path = `${stream.path}/primary_key`;
  const keys = keyNames(object);
  const [column, ...others] = stream.primaryKey;
  if (others.length > 0) {
    addFault(findings, path, `${title} is matched on several fields; match on one of ${keys.join(', ')}`);
    return undefined;
  }
  const name = column === undefined ? 'externalId' : keys.find((key) => folded(key) === folded(column));
  if (name === undefined) {
    addFault(
      findings,
      path,
      `${title} is matched on a field that is no key of ${object.plural}; match on ${keys.join(' or ')}`,
    );
    return undefined;
  }
  const matchOn = name === EVENT_KEY ? 'externalId' : name;
  const keyColumns = column === undefined ? columnsNamed(stream, object, 'externalId', entry) : [column];
  if (!isSettled(keyColumns, stream, object, matchOn, path, findings)) return undefined;

  const asked = entry?.settings;
  const otherKey =
    asked?.syncKey !== undefined && JSON.stringify(asked.syncKey) !== JSON.stringify(keyColumns);
  for (const [option, differs] of [
    ['sync_key', otherKey],
    ['match_on', asked?.matchOn !== undefined && asked.matchOn !== matchOn],
  ] as const) {
    if (!differs) continue;
    const message = `${title} is mapped in the connection, which says what it is matched on; leave "${option}" out`;
    addFault(findings, `${entry?.path ?? ''}/${option}`, message);
  }
  return { matchOn, keyColumns };
}

function plainKey(
  stream: ConfiguredStream,
  object: VitallyObject,
  entry: Entry | undefined,
  findings: Findings,
): SettledKey | undefined {
  const title = titleOf(stream);
  const matchOn = entry?.settings.matchOn ?? 'externalId';
  if (!object.keys.includes(matchOn)) {
    const message = `${title}: ${object.plural} cannot be matched on this; match on ${object.keys.join(' or ')}`;
    addFault(findings, `${entry?.path ?? ''}/match_on`, message);
    return undefined;
  }
  const path = entry === undefined ? stream.path : `${entry.path}/sync_key`;
  const byCatalog = stream.primaryKey.length === 0 ? undefined : stream.primaryKey;
  const keyColumns = entry?.settings.syncKey ?? byCatalog ?? columnsNamed(stream, object, matchOn, entry);
  if (!isSettled(keyColumns, stream, object, matchOn, path, findings, entry)) return undefined;
  if (keyColumns.length > 1 && matchOn !== 'externalId') {
    const message = `${title} is matched on ${matchOn}, which is one value; name one column in "sync_key"`;
    addFault(findings, path, message);
    return undefined;
  }
  const unlisted = keyColumns.filter((column) => stream.columns?.has(column) === false);
  if (unlisted.length > 0) {
    const message = `the catalog lists no column ${quotedList(unlisted)}, which is the key; rows without it are rejected`;
    addWarning(findings, `${title}: ${message}`);
  }
  return { matchOn, keyColumns };
}

/** The key of a stream that names none: columns that mean the matched key by `fields` or by their own name. */
function columnsNamed(
  stream: ConfiguredStream,
  object: VitallyObject,
  matchOn: MatchOn,
  entry: Entry | undefined,
): readonly string[] {
  const names = createDestinations(object, matchOn);
  const bySettings = entry?.settings.fields.filter((field) => names.named(field.destination).kind === 'key');
  if (bySettings !== undefined && bySettings.length > 0) return bySettings.map((field) => field.source);
  const columns = [...(stream.columns ?? [])];
  const wanted = object.name === 'event' ? [matchOn, EVENT_KEY] : [matchOn];
  for (const name of wanted) {
    if (columns.includes(name)) return [name];
    const alike = columns.filter((column) => folded(column) === folded(name));
    if (alike.length === 1) return alike;
  }
  return [];
}

/** Events may go without a key, everything else needs one; a fault says how to name it. */
function isSettled(
  keyColumns: readonly string[],
  stream: ConfiguredStream,
  object: VitallyObject,
  matchOn: MatchOn,
  path: string,
  findings: Findings,
  entry?: Entry,
): boolean {
  if (keyColumns.length > 0 || object.name === 'event') return true;
  const remedy =
    stream.destinationObject !== undefined
      ? `match on ${keyNames(object).join(' or ')} in the connection`
      : entry === undefined
        ? `add to "streams": ${exampleEntry(stream, object.name)} with the column that identifies a row`
        : 'name the column that identifies a row, such as "sync_key": ["id"]';
  addFault(findings, path, `${titleOf(stream)}: no column is known to hold the ${matchOn}; ${remedy}`);
  return false;
}

/** A column that `fields` sends to the key must be the key: two keys would be a guess. */
function agreesWithFields(
  stream: ConfiguredStream,
  object: VitallyObject,
  entry: Entry | undefined,
  { matchOn, keyColumns }: SettledKey,
  findings: Findings,
): boolean {
  if (entry === undefined) return true;
  const names = createDestinations(object, matchOn);
  let agrees = true;
  for (const [index, { source, destination }] of entry.settings.fields.entries()) {
    if (names.named(destination).kind !== 'key') continue;
    if (keyColumns.length === 1 && keyColumns[0] === source) continue;
    const message = `${titleOf(stream)}: this sends a column to the key, which comes from ${quotedList(keyColumns)}; say "sync_key": [${quoted(source)}] to use it as the key`;
    addFault(findings, `${entry.path}/fields/${index}/destination`, message);
    agrees = false;
  }
  return agrees;
}

function keyNames(object: VitallyObject): readonly (MatchOn | typeof EVENT_KEY)[] {
  return object.name === 'event' ? [EVENT_KEY, ...object.keys] : object.keys;
}
