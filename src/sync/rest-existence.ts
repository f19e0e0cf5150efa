import { RecordError } from '../errors/record-error.ts';
import type { Route } from '../routing/route.ts';
import type { Finding, Kind } from '../vitally/directory.ts';
import type { RestContext } from './rest-context.ts';
import type { Settlement } from './settlement.ts';

/** Where records of the route's object live. */
export function restOf(route: Route): Kind {
  if (route.object.rest === undefined) throw new Error(`${route.object.name} has no REST endpoint`);
  return route.object.rest;
}

/** The record of a key, from memory or by a read. Throws {@link RecordError} `ambiguous_key` for several. */
export async function findUnique(
  context: RestContext,
  route: Route,
  key: string,
  need: 'id' | 'fields' = 'fields',
): Promise<Finding> {
  // Only an upsert finds out by itself when a record was there after all: its POST says so.
  const trust = route.mode === 'upsert' ? 'list' : 'record';
  const finding = await context.directory.find(restOf(route), route.matchOn, key, need, trust);
  if (finding.kind !== 'several') return finding;
  throw new RecordError({
    code: 'ambiguous_key',
    message: `${finding.ids.length} ${route.object.plural} bear this ${route.matchOn}: ${finding.ids.join(', ')}`,
    fix: 'Merge or delete the doubles in Vitally, or match on externalId.',
  });
}

/** What becomes of a row whose record is not there, in a mode that creates none. */
export function unknownKey(route: Route): Settlement {
  if (route.unknownKey === 'skip') return { outcome: { kind: 'skipped' } };
  throw new RecordError({
    code: 'unknown_key',
    message: `Vitally has no ${route.object.name} with this ${route.matchOn}, and mode ${route.mode} creates none`,
    fix: 'Correct the key, use mode upsert to create records, or set unknown_key to skip.',
  });
}
