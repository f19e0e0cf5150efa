import type { Route, Write } from '../mapping/route.ts';
import { objectByName } from '../objects/index.ts';
import { plannedId } from './planned-id.ts';
import type { RestContext } from './rest/context.ts';
import { RecordWriter } from './rest/record-writer.ts';
import type { Result } from './result.ts';

/**
 * What a message would do, told by what REST shows: in a dry run every row is looked up, whichever API would write it
 * (Contract 1). An account that the Analytics API would make on the side counts as made.
 */
export function foreteller(context: RestContext): (route: Route, write: Write) => Promise<Result> {
  const writer = new RecordWriter({ ...context, skipUnchanged: true });
  return async (route, write) => {
    if (route.unknownAccounts === 'create') await planAccounts(context, route, write);
    return await writer.write({ ...route, transport: 'rest' }, write);
  };
}

async function planAccounts(
  { relations, recordCache }: RestContext,
  route: Route,
  write: Write,
): Promise<void> {
  for (const [name, value] of write.fields) {
    const association = route.object.fields[name]?.association;
    if (association !== 'account' && association !== 'organization') continue;
    const collection = objectByName(association).rest;
    for (const id of [value].flat()) {
      if (collection === undefined || typeof id !== 'string') continue;
      if ((await relations.lookUp(association, id)) === undefined)
        recordCache.remember(collection, { id: plannedId(id), externalId: id });
    }
  }
}
