import type { VitallyRequest } from '../../vitally/http/answer.ts';
import type { KnownRecord } from '../../vitally/records/known-record.ts';
import { recordPath } from '../../vitally/records/paths.ts';
import { nameKey } from '../../vitally/records/record-names.ts';
import { refusal } from '../refusal.ts';
import { afterRequest, type Gone, isGone, type Result, unchanged, updated } from '../result.ts';
import { forExisting, keepsOrMerges, putText, type RestBody, saysAnything } from './body.ts';
import { changesOf } from './changes.ts';
import { holdsAll } from './compare/holds-all.ts';
import type { Target, WriteContext } from './context.ts';

/**
 * Brings an existing record up to date: not at all where it holds every value already. `Gone` when Vitally no
 * longer has it.
 */
export async function putRecord(
  context: WriteContext,
  target: Target,
  body: RestBody,
  found: KnownRecord,
): Promise<Result | Gone> {
  // A PUT must be made from what the PUT before it left: so from this look to the answer no other row writes the record.
  return await context.inFlight.exclusively(nameKey(target.collection, 'id', found.id), async () => {
    const known = context.recordCache.peek(target.collection, 'id', found.id);
    const isNewer = known?.kind === 'found' && known.record.fields !== undefined;
    const settled = await put(context, target, body, isNewer ? known.record : found);
    const given = body.fields.get('externalId');
    const keepsOtherId =
      typeof given === 'string' && found.externalId !== undefined && given !== found.externalId;
    return isGone(settled) || !keepsOtherId ? settled : { ...settled, keepsOtherId };
  });
}

async function put(
  context: WriteContext,
  target: Target,
  body: RestBody,
  found: KnownRecord,
): Promise<Result | Gone> {
  const { route, write, key, collection } = target;
  const { putSteps } = target;
  const seen = putSteps === undefined ? found : await putSteps.before(context, found, body);
  const listed = seen.fields === undefined ? await asListed(context, target, body, seen) : undefined;
  if (listed === 'unchanged') return unchanged(seen.id === seen.externalId ? undefined : seen.id);
  const record = listed ?? seen;
  const whole = forExisting(route, body, record);
  // A record that is known by its external id alone is written under that.
  const recordId = record.id === record.externalId ? undefined : record.id;
  const changes = record.fields === undefined ? undefined : changesOf(route.object, record.fields, whole);
  if (!saysAnything(route.object, body) || (changes?.size === 0 && context.skipUnchanged))
    return unchanged(recordId);
  const request: VitallyRequest = {
    method: 'PUT',
    path: recordPath(collection.path, record.id),
    body: putText(route.object, whole),
  };
  const answer = await context.commit(request, { route, collection, key, record });
  if (answer.kind === 'not_found') {
    context.recordCache.forget(collection, { id: record.id, externalId: record.externalId });
    const gone: Gone = { gone: { request, httpStatus: answer.status } };
    if (record.id === record.externalId) return gone;
    // "Not found" may mean something that the body names: so the record itself is asked for.
    const still = await context.recordCache.ask(collection, 'id', record.id);
    if (still.kind === 'found') throw refusal(route.object, write, answer, { recordId });
    return gone;
  }
  if (answer.kind !== 'ok') throw refusal(route.object, write, answer, { recordId });
  const after = context.recordCache.remember(collection, answer.body);
  const known = { httpStatus: answer.status, id: after?.id ?? recordId, changes };
  // An answer that doesn't show the record leaves only outdated knowledge of it: that is dropped.
  if (after === undefined)
    context.recordCache.forget(collection, { id: record.id, externalId: record.externalId });
  else await afterRequest(request, known, async () => putSteps?.after(context, target, whole, after));
  return updated(request, known);
}

/**
 * What a list tells of a record whose fields are forgotten: that the body changes nothing, or else the record as the PUT is
 * made from. It is read where that depends on what it holds.
 */
async function asListed(
  context: WriteContext,
  { route, collection, putSteps }: Target,
  body: RestBody,
  found: KnownRecord,
): Promise<'unchanged' | KnownRecord | undefined> {
  const known = context.recordCache.peek(collection, 'id', found.id);
  const listed = known?.kind === 'found' ? known.record.listed : undefined;
  if (listed === undefined) return undefined;
  if (context.skipUnchanged && holdsAll(route, listed, body)) return 'unchanged';
  if (!context.lookFirst && !keepsOrMerges(route, body)) return undefined;
  const finding = await context.recordCache.ask(collection, 'id', found.id);
  // Of a record that is gone the PUT tells.
  if (finding.kind !== 'found') return undefined;
  return putSteps === undefined ? finding.record : await putSteps.before(context, finding.record, body);
}
