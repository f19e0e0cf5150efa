import type { Answer, VitallyRequest } from '../../vitally/http/answer.ts';
import { isArchived } from '../../vitally/records/known-record.ts';
import { isListed } from '../../vitally/records/lookup.ts';
import { collidesWithRoute, isUuid, recordPath } from '../../vitally/records/paths.ts';
import { refusal } from '../refusal.ts';
import { deleted, type Result } from '../result.ts';
import type { Target, WriteContext } from './context.ts';
import { deleteQuery, isForLater } from './delete-day.ts';
import { findUnique, unknownKey } from './find.ts';

/**
 * Deletes the record of a row's key. Your own id goes into the path where it can mean nothing else. It is looked up first
 * where it looks like an id of Vitally's, which the path would take it for, and where only a list or a search leads to
 * the record.
 */
export async function deleteRecord(context: WriteContext, target: Target): Promise<Result> {
  const { recordCache } = context;
  const { route, key, collection } = target;
  const byPath =
    route.matchOn === 'externalId' &&
    !isListed(collection, 'externalId') &&
    collection.lookup !== 'instances';
  const direct = byPath && !isUuid(key) && !collidesWithRoute(key) && !context.lookFirst;
  let id = key;
  if (!direct || route.object.rest?.deletesByIdOnly === true) {
    const finding = await findUnique(context, target, 'id');
    // Vitally would answer a DELETE of an archived record as if it had removed something.
    if (finding.kind !== 'found' || isArchived(finding.record.fields)) return unknownKey(route);
    id = finding.record.id;
  } else if (recordCache.peek(collection, 'externalId', key)?.kind === 'absent') {
    return unknownKey(route);
  }
  return await deleteById(context, target, id);
}

/** Deletes the record of this id of Vitally's, or of your own where the path takes it. */
export async function deleteById(context: WriteContext, target: Target, id: string): Promise<Result> {
  const { route, key, collection, write } = target;
  const query = deleteQuery(route.object, write, context.now());
  const ended = await context.beforeDelete(
    route,
    async () => (await findUnique(context, target, 'id')).kind === 'found',
  );
  if (ended === 'absent') return unknownKey(route);
  const request: VitallyRequest = { method: 'DELETE', path: `${recordPath(collection.path, id)}${query}` };
  // A DELETE without an answer may have been applied: it counts.
  let isDeleted = true;
  try {
    const answer = await context.commit(request, { route, collection, key, record: undefined });
    isDeleted = answer.kind === 'ok' || (answer.kind === 'not_found' && answer.repeated);
    return deletedBy(context, target, id, request, answer);
  } finally {
    ended(isDeleted);
  }
}

function deletedBy(
  context: WriteContext,
  { route, write, key, collection }: Target,
  id: string,
  request: VitallyRequest,
  answer: Answer,
): Result {
  const isVitallys = id !== key || route.matchOn === 'id';
  const known = isVitallys ? undefined : context.recordCache.peek(collection, 'externalId', key);
  const recordId = known?.kind === 'found' ? known.record.id : isVitallys ? id : undefined;
  if (answer.kind === 'not_found' && !answer.repeated)
    return unknownKey(route, { request, httpStatus: answer.status });
  if (answer.kind !== 'ok' && answer.kind !== 'not_found')
    throw refusal(route.object, write, answer, { recordId });
  // Until its day comes, the record is there for later rows.
  if (!isForLater(route.object, write))
    context.recordCache.markDeleted(collection, id === key ? { externalId: key } : { id });
  return deleted(request, { httpStatus: answer.status, id: recordId });
}
