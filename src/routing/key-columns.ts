import { type MatchOn, type Mode, type StreamEntry, sourceOf } from '../config/stream-options.ts';
import { createFieldNames, keyColumnNames } from '../mapping/field-names.ts';
import { folded, isAppendOnly } from '../objects/index.ts';
import type { VitallyObject } from '../objects/object.ts';
import type { ConfiguredStream } from '../protocol/configured-catalog.ts';

/** What rows are matched on unless config or catalog say otherwise: the user's own id, for a project Vitally's. */
export function usualMatch(object: VitallyObject): MatchOn {
  return object.keys.includes('externalId') ? 'externalId' : (object.keys[0] ?? 'externalId');
}

/** A field that a mapped stream may be matched on, and what that means. */
export interface KeyName {
  readonly name: string;
  readonly matchOn: MatchOn;
}

/** Everything that a mapped stream of the object may be matched on, the usual one first. */
export function keyNames(object: VitallyObject): readonly KeyName[] {
  const keys = object.keys.map((matchOn) => ({ name: matchOn, matchOn }));
  if (object.fieldOfKey !== undefined) return [{ name: object.fieldOfKey, matchOn: 'externalId' }, ...keys];
  if (object.keyOf === undefined) return keys;
  return [...keys, { name: `${object.keyOf}Id`, matchOn: 'externalId' }];
}

/** What the object may be matched on, for a message. */
export function matchNames(object: VitallyObject, conjunction: string): string {
  const names = keyNames(object).map(({ name }) => name);
  const made = object.keyFields?.map((part) => (typeof part === 'string' ? part : part.join(' or ')));
  return [...names, ...(made === undefined ? [] : [made.join(' with ')])].join(conjunction);
}

/** The key of a stream that names none: columns that mean the matched key by `fields` or by their own name. */
export function columnsNamed(
  stream: ConfiguredStream,
  object: VitallyObject,
  matchOn: MatchOn,
  entry: StreamEntry | undefined,
): readonly string[] {
  const bySettings = keyByEntry(object, matchOn, entry);
  if (bySettings.length > 0) return bySettings;
  const columns = [...(stream.columns ?? [])];
  const wanted = keyColumnNames(object, matchOn);
  for (const name of object.fieldOfKey === undefined ? wanted : [...wanted, object.fieldOfKey]) {
    if (columns.includes(name)) return [name];
    const alike = columns.filter((column) => folded(column) === folded(name));
    if (alike.length === 1) return alike;
  }
  return [];
}

/** Columns that an entry makes the key, by its `sync_key` or by sending them to the key. */
export function keyByEntry(
  object: VitallyObject,
  matchOn: MatchOn,
  entry: StreamEntry | undefined,
): readonly string[] {
  if (entry?.syncKey !== undefined) return entry.syncKey;
  const names = createFieldNames(object, matchOn);
  const mapped = entry?.fields.filter(({ destination }) => names.named(destination).kind === 'key');
  return (mapped ?? []).map(sourceOf).filter((source) => source !== undefined);
}

/**
 * Whether the key is made of the object's `keyFields` rather than of columns: where the object has no other key, where
 * it is appended without a key to give it, where all key columns are such fields, and where neither config nor catalog
 * say what is the key.
 */
export function isMadeOfFields(
  columns: readonly string[],
  object: VitallyObject,
  mode: Mode | undefined,
  asked: MatchOn | undefined,
  entry: StreamEntry | undefined,
): boolean {
  if (object.keyFields === undefined) return false;
  if (object.keys.length === 0) return true;
  if (mode === 'append') return !object.keys.includes('externalId');
  if (mode !== 'upsert' || asked !== undefined) return false;
  return areKeyFields(columns, object, entry);
}

/** Whether every one of the columns goes to one of the object's `keyFields`. */
export function areKeyFields(
  columns: readonly string[],
  object: VitallyObject,
  entry: StreamEntry | undefined,
): boolean {
  const made = object.keyFields?.flat() ?? [];
  const names = createFieldNames(object, usualMatch(object));
  return columns.every((column) => {
    const mapping = entry?.fields.find((candidate) => sourceOf(candidate) === column);
    const destination = mapping === undefined ? names.field(column) : names.named(mapping.destination);
    return destination?.kind === 'field' && made.includes(destination.name);
  });
}

/** Rows need no key that config or catalog names: events, and rows whose key is derived from their content. */
export function mayLackKey(object: VitallyObject, mode: Mode | undefined): boolean {
  if (object.byPath === true) return true;
  return isAppendOnly(object) || (object.derivesKey === true && (mode === 'append' || mode === undefined));
}
