import { ConfigError } from '../../errors/config-error.ts';
import { RecordError } from '../../errors/record-error.ts';
import { keySource } from '../../mapping/key-source.ts';
import type { Route } from '../../mapping/route.ts';
import { nameOf } from '../../report/summary.ts';
import { requestLine } from '../../vitally/http/answer.ts';
import { isArchived } from '../../vitally/records/known-record.ts';
import { ABSENT } from '../../vitally/records/lookup.ts';
import type { NamedLists } from '../../vitally/records/named-lists.ts';
import type { Collection, Finding, Need } from '../../vitally/records/record-cache.ts';
import { isPlannedId } from '../planned-id.ts';
import { type Result, type Sent, skipped } from '../result.ts';
import type { RestBody } from './body.ts';
import type { Target, WriteContext } from './context.ts';

/** Their definitions are listed here (vitally-api.md, "Custom objects"). */
export const CUSTOM_OBJECTS = '/resources/customObjects';

/** Where records of the route's object live. */
export function restOf(route: Route): Collection {
  if (route.object.rest === undefined) throw new Error(`${route.object.name} has no REST endpoint`);
  return route.object.rest;
}

/** Where the route's records live, a custom object's under its definition. Throws {@link ConfigError} for an unknown one. */
export async function collectionOf(route: Route, named: NamedLists): Promise<Collection> {
  const rest = restOf(route);
  if (route.customObject === undefined) return rest;
  const id = await customObjectId(route, route.customObject, named);
  return { ...rest, path: rest.path.replace(':customObject', id) };
}

/** The id of a custom object given by name, label or id. */
export async function customObjectId(route: Route, given: string, named: NamedLists): Promise<string> {
  const finding = await named.find(CUSTOM_OBJECTS, given, ['name', 'label']);
  if (finding.kind === 'found') return finding.id;
  const problem =
    finding.kind === 'absent'
      ? 'Vitally has no custom object of this name, label or id'
      : `${finding.ids.length} custom objects of Vitally have this name or label: ${finding.ids.join(', ')}`;
  throw new ConfigError(
    `stream ${nameOf(route)}: ${problem}. Write one of Vitally's custom objects into custom_object.`,
  );
}

/** The collection narrowed to the list of the one account or organization that the row's record must be in. */
export function within(collection: Collection, body: RestBody): Collection {
  if (collection.lookup !== 'list') return collection;
  const name = collection.path.replace('/resources/', '');
  for (const [field, parents] of [
    ['accountId', 'accounts'],
    ['organizationId', 'organizations'],
  ] as const) {
    const id = body.fields.get(field);
    if (typeof id === 'string' && !isPlannedId(id))
      return { ...collection, within: `/resources/${parents}/${encodeURIComponent(id)}/${name}` };
  }
  return collection;
}

/** The record of a key, from memory or by a read. Throws {@link RecordError} `ambiguous_key` for several. */
export async function findUnique(
  context: WriteContext,
  { route, collection, key }: Omit<Target, 'write'>,
  need: Need = 'fields',
): Promise<Finding> {
  // A list may be out of date. An upsert notices that by itself, since its POST says that the record exists; with
  // if_empty that would be too late. A dry run writes nothing, and a look-up for each new row would take it minutes.
  const findsOut = route.mode === 'upsert' && route.ifEmpty.length === 0;
  const trust = findsOut || context.lookFirst ? 'list' : 'record';
  const archives = route.object.rest?.archivesOnDelete === true;
  // A list's records that are kept are none that are archived.
  const needed = archives && need === 'id' ? 'values' : need;
  let finding = await context.recordCache.find(collection, route.matchOn, key, needed, trust);
  if (finding.kind === 'absent' && collection.within !== undefined && keySource(route) === 'columns') {
    // The record may belong to another account by now. A key made of the row's content includes the account.
    const { within: _within, ...everywhere } = collection;
    finding = await context.recordCache.find(everywhere, route.matchOn, key, needed, trust);
  }
  // Vitally still shows what a DELETE archived; for a row it is not there.
  if (archives && finding.kind === 'found' && isArchived(finding.record.fields)) return ABSENT;
  if (finding.kind !== 'several') return finding;
  throw new RecordError({
    code: 'ambiguous_key',
    message: `${finding.ids.length} ${route.object.plural} have this ${route.matchOn}: ${finding.ids.join(', ')}`,
    fix: 'Merge or delete the doubles in Vitally, or match on externalId.',
  });
}

/**
 * What becomes of a row whose record is not there, in a mode that creates none. `told`: the row's own request, where its
 * answer told so. Throws {@link RecordError}.
 */
export function unknownKey(route: Route, told?: Sent): Result {
  if (route.unknownKey === 'skip') return skipped('no record', told);
  throw new RecordError({
    code: 'unknown_key',
    message: `Vitally has no ${route.object.name} with this ${route.matchOn}, and mode ${route.mode} creates none`,
    fix: 'Correct the key, use mode upsert to create records, or set unknown_key to skip.',
    ...(told !== undefined && { request: { ...requestLine(told.request), httpStatus: told.httpStatus } }),
  });
}
