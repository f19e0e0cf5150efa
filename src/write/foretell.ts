import type { Route, Write } from '../mapping/route.ts';
import { objectByName } from '../objects/index.ts';
import { isRecordAssociation } from './associations/record-association.ts';
import { writeByRest } from './objects/index.ts';
import { plannedId } from './planned-id.ts';
import type { WriteContext } from './rest/context.ts';
import type { Result } from './result.ts';

/**
 * What a message would do, told by what REST shows: in a dry run every row is looked up, whichever API would write it
 * (Contract 1). An account that the Analytics API would create for a message counts as created.
 */
export function foreteller(context: WriteContext): (route: Route, write: Write) => Promise<Result> {
  const comparing = { ...context, skipUnchanged: true };
  return async (route, write) => {
    if (route.unknownAccounts === 'create') await planAccounts(context, route, write);
    return await writeByRest(comparing, { ...route, transport: 'rest' }, write);
  };
}

async function planAccounts(
  { associations, recordCache }: WriteContext,
  route: Route,
  write: Write,
): Promise<void> {
  for (const [name, value] of write.fields) {
    const field = route.object.fields[name];
    const association = field?.association;
    // A message that names an account or organization creates it where it isn't there.
    if (field?.analyticsField === undefined || !isRecordAssociation(association)) continue;
    const collection = objectByName(association).rest;
    for (const id of [value].flat()) {
      if (collection === undefined || typeof id !== 'string') continue;
      if ((await associations.lookUp(association, id)) === undefined)
        recordCache.remember(collection, { id: plannedId(id), externalId: id });
    }
  }
}
