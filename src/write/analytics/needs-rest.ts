import { sufficesToCreate } from '../../mapping/merge-writes.ts';
import type { Route, Write } from '../../mapping/route.ts';
import type { Collection, RecordCache } from '../../vitally/records/record-cache.ts';
import { changesNothing } from '../rest/changes.ts';
import { isExpressible } from './inexpressible.ts';
import { hasMessageNeeds } from './message-needs.ts';

/**
 * Whether only REST can write this row of an Analytics route: it has a field that a message can't carry, lacks what a
 * message needs, or depends on what the record holds now. A record that is there needs no more than its key, unless its
 * messages must name a parent.
 */
export function needsRest(route: Route, write: Write, isThere: boolean): boolean {
  if (route.ifEmpty.length > 0) return true;
  const suffices = isThere ? hasMessageNeeds(route, write) : sufficesToCreate(route, write);
  return !suffices || (isThere && unlinks(route, write)) || !isExpressible(route, write);
}

function unlinks(route: Route, { fields }: Write): boolean {
  for (const [name, value] of fields)
    if (value === null && route.object.fields[name]?.association !== undefined) return true;
  return false;
}

/**
 * Whether this run knows that the record holds every plain value of the row. A message would change nothing then, and
 * REST could never show that it was applied: a later REST write would wait for that in vain.
 */
export function isHeld(
  recordCache: RecordCache | undefined,
  collection: Collection,
  route: Route,
  write: Write,
): boolean {
  const known = recordCache?.peek(collection, route.matchOn, write.key ?? '');
  if (known?.kind !== 'found') return false;
  const plain = [...write.fields].filter(([name]) => route.object.fields[name]?.association === undefined);
  const said = { fields: new Map(plain.filter(([name]) => name !== 'externalId')), traits: write.traits };
  return changesNothing(route.object, known.record, said) === true;
}

/** What a row empties. */
export type Emptied = Pick<Write, 'fields' | 'traits'>;

/** What the row empties; `undefined` where it empties nothing. */
export function nullsOf(write: Write): Emptied | undefined {
  if (!holdsNull(write.fields) && !holdsNull(write.traits)) return undefined;
  const fields = new Map([...write.fields].filter(([, value]) => value === null));
  const traits = new Map([...write.traits].filter(([, value]) => value === null));
  return { fields, traits };
}

export function withoutNulls({ key, fields, traits }: Write): Write {
  return {
    key,
    fields: new Map([...fields].filter(([, value]) => value !== null)),
    traits: new Map([...traits].filter(([, value]) => value !== null)),
  };
}

function holdsNull(values: Write['fields']): boolean {
  for (const value of values.values()) if (value === null) return true;
  return false;
}
