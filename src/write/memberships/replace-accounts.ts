import { RecordError } from '../../errors/record-error.ts';
import { objectByName } from '../../objects/index.ts';
import type { KnownRecord } from '../../vitally/records/known-record.ts';
import { listOf, type RestBody } from '../rest/body.ts';
import type { Target, WriteContext } from '../rest/context.ts';

/**
 * `relations: replace` under either reading of a PUT: where Vitally only added the accounts that a row names, the
 * user is taken out of the others. Organizations can't be left over any API (no unlink of theirs is documented:
 * vitally-api.md, "Unlinking"), which is a refused row rather than a silent difference.
 */
export async function replaceAccounts(
  context: WriteContext,
  target: Target,
  body: RestBody,
  written: KnownRecord,
): Promise<void> {
  const { route, write, collection } = target;
  if (route.relations !== 'replace') return;
  const { pendingUnlinks } = context.associations;
  const after = await pendingUnlinks.appliedTo(written, []);
  const left = (name: string): string[] => {
    const wanted = body.fields.get(name);
    if (!Array.isArray(wanted)) return [];
    return listOf(after.fields?.[name])
      .filter((id) => typeof id === 'string')
      .filter((id) => !wanted.includes(id));
  };
  if (left('organizationIds').length > 0) {
    throw new RecordError({
      code: 'refused',
      field: 'organizationIds',
      message:
        'Vitally keeps the organizations that the row no longer names, and has no way to take a user out of one',
      fix: 'Take the user out in Vitally, or set relations to add.',
    });
  }
  const accounts = objectByName('account').rest;
  for (const id of left('accountIds')) {
    const account = accounts && (await context.recordCache.find(accounts, 'id', id));
    const own = account?.kind === 'found' ? account.record.externalId : undefined;
    if (own === undefined || after.externalId === undefined) continue;
    await context.unlinker.unlink(route, write, { user: after.externalId, account: own });
    context.recordCache.forget(collection, { id: after.id });
    if (!context.lookFirst) pendingUnlinks.add(after.id, id);
  }
}
