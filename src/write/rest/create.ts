import { RecordError } from '../../errors/record-error.ts';
import type { VitallyRequest } from '../../vitally/http/answer.ts';
import type { KnownRecord } from '../../vitally/records/known-record.ts';
import { refusal } from '../refusal.ts';
import { created, isGone, type Result, shownBy, skipped, updated, written } from '../result.ts';
import { externalIdOf, postText, type RestBody, requireForCreate } from './body.ts';
import type { Target, WriteContext } from './context.ts';
import { unsure } from './lost-answers.ts';
import { type Posted, postRecord } from './post-once.ts';
import { putRecord } from './put.ts';
import { putExisting } from './put-existing.ts';
import { countRefusedPost } from './refused-posts.ts';
import { wasCreated } from './was-created.ts';

/** Creates a record that was not there a moment ago. Throws {@link RecordError}. */
export async function createRecord(context: WriteContext, target: Target, body: RestBody): Promise<Result> {
  const { route, write, key } = target;
  if (route.matchOn === 'id') {
    throw new RecordError({
      code: 'unknown_key',
      message: `no ${route.object.name} has this id of Vitally's, and one can't be created under it`,
      fix: 'Correct the id, or match on externalId to create records.',
    });
  }
  requireForCreate(route, write.fields);
  const externalId = externalIdOf(route, write, key);
  if (route.matchOn !== 'externalId') await rejectTaken(context, target, externalId);
  const request = postRequest(target, externalId, body, true);
  const posted = await postRecord(context, target, externalId, request);
  if (posted.kind === 'appeared') return await settleAppeared(context, target, body, request, posted, true);
  const { answer } = posted;
  if (answer.kind === 'ok') return written(wasCreated(answer, true), request, shownBy(answer));
  if (answer.kind !== 'exists') throw refusal(route.object, write, answer);
  // An earlier attempt, whose answer was lost, may have created it.
  if (answer.repeated) return created(request);
  if (route.mode === 'append') return skipped('record there', { request, httpStatus: answer.status });
  countRefusedPost(context, target.collection);
  return await putExisting(context, { ...target, key: externalId }, body, answer);
}

export function postRequest(
  { route, collection }: Target,
  externalId: string,
  body: RestBody,
  isNew: boolean,
): VitallyRequest {
  return { method: 'POST', path: collection.path, body: postText(route.object, externalId, body, isNew) };
}

/**
 * Settles a row whose POST lost its answer and whose record is there. Either the POST created it, or it was there before
 * and is brought up to date. `isNew`: it was not there a moment ago, so a record without a time of creation counts as
 * created.
 */
export async function settleAppeared(
  context: WriteContext,
  target: Target,
  body: RestBody,
  request: VitallyRequest,
  { found, sentAtMs }: Extract<Posted<KnownRecord>, { kind: 'appeared' }>,
  isNew: boolean,
): Promise<Result> {
  const { route } = target;
  const shown = { kind: 'ok', status: 200, body: found.fields, sentAtMs, repeated: true } as const;
  const { id } = found;
  if (wasCreated(shown, isNew)) return created(request, { id });
  if (route.mode === 'append') return skipped('record there', { request, id });
  const settled = await putRecord(context, target, body, found);
  if (isGone(settled)) throw unsure(route.object.title.toLowerCase(), request);
  // That it holds every value already may be the effect of the request whose answer was lost.
  return settled.outcome.kind === 'unchanged' ? updated(request, { id }) : settled;
}

/** Another key found no record: then a record that already has this externalId is another one, and must stay as it is. */
async function rejectTaken(
  context: WriteContext,
  { route, collection }: Target,
  externalId: string,
): Promise<void> {
  const finding = await context.recordCache.find(collection, 'externalId', externalId);
  if (finding.kind === 'absent') return;
  throw new RecordError({
    code: 'already_taken',
    field: 'externalId',
    message: `no ${route.object.name} matches by ${route.matchOn}, but another one holds this externalId`,
    fix: `Match on externalId, or mend the ${route.matchOn} in Vitally.`,
  });
}
