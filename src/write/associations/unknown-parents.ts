import type { JsonValue } from '../../json/json.ts';
import { sufficesToCreate } from '../../mapping/merge-writes.ts';
import type { Route, Write } from '../../mapping/route.ts';
import { madeByMessages } from '../../objects/index.ts';
import type { Field, VitallyObject } from '../../objects/object.ts';
import { LruMap } from '../../vitally/records/lru.ts';
import { memoized } from '../../vitally/records/memoized.ts';
import { perRun } from '../per-run.ts';
import type { Target, WriteContext } from '../rest/context.ts';
import { findUnique } from '../rest/find.ts';
import { writeRecord } from '../rest/write-record.ts';
import { isRecordAssociation } from './record-association.ts';

/** As many accounts are remembered that a run made on the side; each costs a look-up where it is forgotten. */
const MAX_REMEMBERED = 10_000;

const made = perRun(() => new LruMap<string, Promise<unknown>>(MAX_REMEMBERED));

/**
 * Makes the accounts that a row names and Vitally does not know, where `unknown_accounts` is create: what a row does to
 * Vitally does not depend on the API that carries it, and a message creates them (vitally-api.md, "Analytics messages").
 * REST wants a name, which is the id until a row of the account says another. An account that the run may still bring
 * is waited for instead, and none is made for a row that is not going to be written.
 *
 * @throws RecordError for an account that Vitally refuses
 */
export async function makeUnknownParents(context: WriteContext, target: Target): Promise<void> {
  const { route, write } = target;
  if (route.unknownAccounts !== 'create') return;
  const unknown = await unknownParents(context, route, write);
  if (unknown.length > 0 && (await isToBeWritten(context, target))) {
    for (const [parent, id] of unknown) await make(context, route, parent, id);
  }
}

async function unknownParents(
  { associations }: WriteContext,
  route: Route,
  write: Write,
): Promise<(readonly [VitallyObject, string])[]> {
  const unknown: (readonly [VitallyObject, string])[] = [];
  for (const [name, value] of write.fields) {
    const parent = parentOf(route.object.fields[name]);
    const association = route.object.fields[name]?.association;
    if (parent === undefined || !isRecordAssociation(association) || associations.mayCome(parent.name))
      continue;
    for (const id of [value].flat()) {
      if (typeof id !== 'string' || id === '') continue;
      if ((await associations.lookUp(association, id, name)) === undefined) unknown.push([parent, id]);
    }
  }
  return unknown;
}

/** Only fields that a message has: Vitally makes nothing for the parents of what REST alone takes. */
function parentOf(field: Field | undefined): VitallyObject | undefined {
  return field?.analyticsField === undefined ? undefined : madeByMessages(field);
}

async function isToBeWritten(context: WriteContext, target: Target): Promise<boolean> {
  const { route, write } = target;
  switch (route.mode) {
    case 'delete':
      return false;
    case 'update':
      return (await findUnique(context, target, 'id')).kind === 'found';
    case 'append':
      return sufficesToCreate(route, write) && (await findUnique(context, target, 'id')).kind !== 'found';
    case 'upsert':
      return sufficesToCreate(route, write) || (await findUnique(context, target, 'id')).kind === 'found';
  }
}

/** Rows at the same time that name one account make it once. One that is there by now stays as it is. */
async function make(context: WriteContext, route: Route, object: VitallyObject, id: string): Promise<void> {
  await memoized(made(context), `${object.name} ${id}`, async () => {
    if (object.rest === undefined) throw new Error(`${object.name} has no REST endpoint`);
    const fields = new Map<string, JsonValue>([['name', id]]);
    const { outcome } = await writeRecord(context, {
      route: { ...route, object, mode: 'append', matchOn: 'externalId', ifEmpty: [], transport: 'rest' },
      write: { key: id, fields, traits: new Map() },
      key: id,
      collection: object.rest,
    });
    // Another client made it in between: that it was missing a moment ago says nothing any more.
    if (outcome.kind === 'skipped') context.recordCache.forget(object.rest, { externalId: id });
  });
}
