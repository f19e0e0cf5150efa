import { unreachable } from '../../errors/unreachable.ts';
import { sufficesToCreate } from '../../mapping/merge-writes.ts';
import { isListed } from '../../vitally/records/lookup.ts';
import type { Finding } from '../../vitally/records/record-cache.ts';
import { refusal } from '../refusal.ts';
import { isGone, type Result, shownBy, skipped, written } from '../result.ts';
import { externalIdOf, type RestBody } from './body.ts';
import type { Target, WriteContext } from './context.ts';
import { createRecord, postRequest, settleAppeared } from './create.ts';
import { deleteRecord } from './delete.ts';
import { findUnique, unknownKey, within } from './find.ts';
import { postRecord } from './post-once.ts';
import { putRecord } from './put.ts';
import { madeByUs, putExisting } from './put-existing.ts';
import { countRefusedPost, forgetRefusedPosts, isPostNoUpsert } from './refused-posts.ts';
import { wasCreated } from './was-created.ts';

/**
 * Writes one row through the REST API the usual way. It is right whatever POST and PUT do to known and unknown ids, which
 * Vitally's reference leaves open. Throws `RecordError` for a row that is rejected; anything else it throws ends the run.
 */
export async function writeRecord(context: WriteContext, target: Target): Promise<Result> {
  const { mode } = target.route;
  switch (mode) {
    case 'upsert':
      return await upsert(context, target);
    case 'update':
      return await updateOnly(context, target);
    case 'append':
      return await append(context, target);
    case 'delete':
      return await deleteRecord(context, target);
    default:
      return unreachable(mode);
  }
}

async function upsert(context: WriteContext, given: Target): Promise<Result> {
  const { route, write, key } = given;
  const body = await context.associations.restBody(route, write);
  const target = { ...given, collection: within(given.collection, body) };
  const known = await existence(context, target);
  if (known?.kind === 'found') {
    const settled = await putRecord(context, target, body, known.record);
    const wasChanged = isGone(settled) || settled.outcome.kind !== 'unchanged';
    context.recordCache.listings.of(target.collection).decided(key, wasChanged);
    if (!isGone(settled)) return settled;
  }
  if (known !== undefined) return await createRecord(context, target, body);
  const externalId = externalIdOf(route, write, key);
  const request = postRequest(target, externalId, body, false);
  const posted = await postRecord(context, target, externalId, request);
  if (posted.kind === 'appeared') return await settleAppeared(context, target, body, request, posted, false);
  const { answer } = posted;
  if (answer.kind === 'ok') {
    forgetRefusedPosts(context, target.collection);
    return written(wasCreated(answer, false), request, shownBy(answer));
  }
  if (answer.kind !== 'exists') throw refusal(route.object, write, answer);
  countRefusedPost(context, target.collection);
  return madeByUs(context, target, answer, await putExisting(context, target, body, answer));
}

/** What is known of the row's record, after a look where one is needed; `undefined`: the POST will tell. */
async function existence(context: WriteContext, target: Target): Promise<Finding | undefined> {
  const { route, write, key, collection } = target;
  const relates = Object.entries(route.object.fields).some(
    ([name, field]) => field.type === 'ids' && write.fields.has(name),
  );
  // A POST takes no null for these, also where it updates.
  const empties = [...write.fields.keys()].some((name) => route.object.fields[name]?.onlyNull === true);
  const must =
    context.lookFirst ||
    relates ||
    empties ||
    route.object.rest?.looksFirst === true ||
    route.matchOn !== 'externalId' ||
    route.ifEmpty.length > 0 ||
    !sufficesToCreate(route, write) ||
    isPostNoUpsert(context, collection);
  if (!must && context.skipUnchanged) {
    // A list may lack a record that is there: what is not in it is left to the POST.
    const learned = await context.recordCache.learn(collection, key);
    if (learned !== undefined) return { kind: 'found', record: learned };
  }
  if (!must) return context.recordCache.peek(collection, route.matchOn, key);
  const need = relates || context.skipUnchanged || route.ifEmpty.length > 0 ? 'values' : 'id';
  return await findUnique(context, target, need);
}

async function updateOnly(context: WriteContext, given: Target): Promise<Result> {
  const { route, write } = given;
  const { target, early } = await narrowed(context, given);
  const finding = await findUnique(context, target, 'values');
  if (finding.kind !== 'found') return unknownKey(route);
  const body = early ?? (await context.associations.restBody(route, write));
  const settled = await putRecord(context, target, body, finding.record);
  return isGone(settled) ? unknownKey(route, settled.gone) : settled;
}

async function append(context: WriteContext, given: Target): Promise<Result> {
  const { route, write } = given;
  const { target, early } = await narrowed(context, given);
  const finding = await findUnique(context, target, 'id');
  if (finding.kind === 'found') return skipped('record there', { id: finding.record.id });
  return await createRecord(context, target, early ?? (await context.associations.restBody(route, write)));
}

/**
 * For records that only a list leads to: looks the associations up first, so that the record can be sought in the list of
 * its account, which is shorter than the whole list.
 */
async function narrowed(
  context: WriteContext,
  target: Target,
): Promise<{ readonly target: Target; readonly early: RestBody | undefined }> {
  if (!isListed(target.collection, 'externalId')) return { target, early: undefined };
  const early = await context.associations.restBody(target.route, target.write);
  return { target: { ...target, collection: within(target.collection, early) }, early };
}
