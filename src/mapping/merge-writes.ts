import { isDeepStrictEqual } from 'node:util';
import type { JsonValue } from '../json/json.ts';
import { areSameDelete } from './columns/delete-columns.ts';
import { namesOf } from './creation-needs.ts';
import type { Route, Write } from './route.ts';

/**
 * What a later value does to an earlier one, as Vitally has it once both rows were written one after the other:
 *
 * - `last`: the later counts;
 * - `first`: what is filled stays (`if_empty`, and the external id, which is never changed);
 * - `creation`: Vitally takes it when it makes the record and not afterwards;
 * - `set`: what either names, each once; an empty list adds nothing, null empties;
 * - `list`: one after the other, for lists whose members have ids of their own;
 * - `unless empty`: the later counts, except for an empty list, which says nothing.
 */
type Combination = 'last' | 'first' | 'creation' | 'set' | 'list' | 'unless empty';

/** The one place that knows which fields are united: rows that are coalesced and PUTs of existing records ask it. */
export function combinationOf({ object, ifEmpty, relations }: Route, name: string): Combination {
  const field = object.fields[name];
  if (field?.createOnly === true) return 'creation';
  if (name === 'externalId' || ifEmpty.includes(name)) return 'first';
  // Vitally matches a conversation's messages by external id and takes none away.
  if (field?.items === 'message') return 'list';
  if (field?.items === 'attendee') return relations === 'add' ? 'list' : 'unless empty';
  if (field?.type === 'ids') return relations === 'add' ? 'set' : 'unless empty';
  if (field?.type === 'texts' && field.keptOnPut === true && relations === 'add') return 'set';
  return 'last';
}

/** One write that leaves Vitally as the two would, one after the other; only where {@link canMerge} says so. */
export function mergeWrites(route: Route, earlier: Write, later: Write): Write {
  const fields = new Map(earlier.fields);
  const isMade = sufficesToCreate(route, earlier);
  for (const [name, value] of later.fields) {
    const combination = combinationOf(route, name);
    if (combination === 'creation' && isMade) continue;
    fields.set(name, combined(combination, fields.get(name), value));
  }
  const traits = new Map(earlier.traits);
  for (const [name, value] of later.traits) {
    const combination = route.ifEmpty.includes(`traits.${name}`) ? 'first' : 'last';
    traits.set(name, combined(combination, traits.get(name), value));
  }
  return { key: later.key, fields, traits };
}

function combined(combination: Combination, before: JsonValue | undefined, value: JsonValue): JsonValue {
  if (before === undefined) return value;
  switch (combination) {
    case 'first':
      return isEmpty(before) ? value : before;
    case 'set':
      if (isEmptyList(value)) return before;
      return Array.isArray(before) && Array.isArray(value) ? [...new Set([...before, ...value])] : value;
    case 'list':
      if (isEmptyList(value)) return before;
      return Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value;
    case 'unless empty':
      return isEmptyList(value) ? before : value;
    case 'creation':
    case 'last':
      return value;
  }
}

function isEmptyList(value: JsonValue): boolean {
  return Array.isArray(value) && value.length === 0;
}

/**
 * Whether one write can say what two rows say one after the other. It can't where the first of them would be rejected
 * because it lacks what creation needs while the second would not, nor where the first empties a set that the second adds
 * to, nor where the second brings what is written into a gap alone and the first may make the record.
 */
export function canMerge(route: Route, earlier: Write, later: Write): boolean {
  // `append` doesn't merge: the first row of a key counts and the next ones are skipped.
  if (route.mode === 'append') return false;
  if (route.mode === 'delete' && !areSameDelete(earlier, later)) return false;
  // What two requests to one path do together only Vitally knows.
  if (route.request !== undefined) return false;
  const hasExternalId = route.matchOn !== 'email' || isGivenField(earlier.fields.get('externalId'));
  if (route.mode === 'upsert' && !(hasExternalId && sufficesToCreate(route, earlier))) return false;
  return [...later.fields].every(([name, value]) => {
    if (mayBeFilledAtCreation(route, name) && isEmpty(earlier.fields.get(name)) && !isEmpty(value))
      return false;
    if (mayBeLeftOut(route, name) && isNamedOtherwise(earlier.fields.get(name), value)) return false;
    const adds = ['set', 'list'].includes(combinationOf(route, name));
    const emptied = earlier.fields.get(name) === null && adds;
    return !(emptied && Array.isArray(value) && value.length > 0);
  });
}

/** Vitally fills fields of a record that it makes, such as a user's `unsubscribedFromConversations`: then there is no gap. */
function mayBeFilledAtCreation({ mode, ifEmpty }: Route, name: string): boolean {
  return mode === 'upsert' && ifEmpty.includes(name);
}

/** The later row's team member may be unknown and left out: then the earlier row's counts. */
function mayBeLeftOut({ object, unknownPeople }: Route, name: string): boolean {
  const field = object.fields[name];
  const namesPeople =
    field?.association === 'admin' || field?.items === 'participant' || field?.items === 'attendee';
  return unknownPeople === 'leave_out' && namesPeople;
}

function isNamedOtherwise(before: JsonValue | undefined, value: JsonValue): boolean {
  return before !== undefined && value !== null && !isDeepStrictEqual(before, value);
}

/** True where the fields suffice to create a record, so that whether it exists need not be asked first. */
export function sufficesToCreate(route: Route, write: Write): boolean {
  return route.object.requiredToCreate.every((group) =>
    namesOf(group).some((name) => isGivenField(write.fields.get(name))),
  );
}

/** Whether a field says anything. */
export function isGivenField(value: JsonValue | undefined): boolean {
  return !isEmpty(value);
}

/** What counts as empty, in a row and in Vitally. */
export function isEmpty(value: JsonValue | undefined): boolean {
  return (
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  );
}
