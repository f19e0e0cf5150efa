import { RecordError } from '../../../errors/record-error.ts';
import { unreachable } from '../../../errors/unreachable.ts';
import type { Route, RouteRequest } from '../../../mapping/route.ts';
import type { Answer, VitallyRequest } from '../../../vitally/http/answer.ts';
import { refusal } from '../../refusal.ts';
import type { Target, WriteContext } from '../../rest/context.ts';
import { unknownKey } from '../../rest/find.ts';
import { postOnce } from '../../rest/post-once.ts';
import { created, deleted, type Known, type Result, type Subject, shownBy, updated } from '../../result.ts';
import { bodyOf } from './body.ts';
import { requireNoCollection } from './collections.ts';

/**
 * Sends a row as its stream says: what became of it is told by the method. Nothing is looked up, since nothing is known
 * of what lies at the path. Contract 4, `request`.
 */
export async function writeRequest(context: WriteContext, target: Target): Promise<Result> {
  const { route, write } = target;
  const sent = route.request;
  if (sent === undefined || write.path === undefined)
    throw new Error('a row without a path reached its writer');
  const body = bodyOf(route, write.traits);
  const request: VitallyRequest = {
    method: sent.method,
    path: write.path,
    shownPath: sent.path.text,
    ...(body !== undefined && { body }),
  };
  const subject = { ...target, record: undefined };
  if (!deletes(route, sent)) return resultOf(target, request, await answerTo(context, request, subject));
  if (sent.method === 'DELETE') requireNoCollection(write.path);
  // Nothing tells whether it is there: a delete past the limit stops the run in any case.
  const ended = await context.beforeDelete(route, async () => true);
  if (ended === 'absent') return unknownKey(route);
  // A delete of which no answer came may have been done: it counts.
  let isDeleted = true;
  try {
    const answer = await answerTo(context, request, subject);
    isDeleted = isDone(answer, sent.method);
    return resultOf(target, request, answer);
  } finally {
    ended(isDeleted);
  }
}

/** Whether the delete limit holds for the row. */
function deletes({ mode }: Route, { method }: RouteRequest): boolean {
  return mode === 'delete' || method === 'DELETE';
}

/** A POST sent twice might do its work twice: when its answer is lost, nothing shows what it did. */
async function answerTo(context: WriteContext, request: VitallyRequest, subject: Subject): Promise<Answer> {
  if (request.method !== 'POST') return await context.commit(request, subject);
  const posted = await postOnce(context, request, subject, 'request');
  if (posted.kind === 'answered') return posted.answer;
  throw new Error('a request was found that nothing looked for');
}

function resultOf({ route, write }: Target, request: VitallyRequest, answer: Answer): Result {
  if (isDone(answer, request.method)) return doneBy(request, answer.kind === 'ok' ? shownBy(answer) : {});
  if (answer.kind === 'ok') throw new Error('an answer was both good and not');
  // Of another refusal that says "not found" it may be something that the body names.
  const isUnknown = answer.kind === 'not_found' && answer.status === 404 && request.method !== 'POST';
  if (!isUnknown) throw refusal(route.object, write, answer);
  if (route.unknownKey === 'skip') return unknownKey(route, { request, httpStatus: answer.status });
  throw new RecordError({
    code: 'unknown_key',
    message: `Vitally has nothing at this path (HTTP ${answer.status})`,
    fix: 'Correct the columns that the path names, or set unknown_key to skip.',
    httpStatus: answer.status,
    detail: answer.text,
    ...(answer.request !== undefined && { request: answer.request }),
  });
}

/** A DELETE that is repeated because its answer was lost finds nothing: it has been done. */
function isDone(answer: Answer, method: VitallyRequest['method']): boolean {
  return answer.kind === 'ok' || (answer.kind === 'not_found' && answer.repeated && method === 'DELETE');
}

function doneBy(request: VitallyRequest, known: Known): Result {
  const { method } = request;
  switch (method) {
    case 'POST':
      return created(request, known);
    case 'PUT':
      return updated(request, known);
    case 'DELETE':
      return deleted(request, known);
    case 'GET':
      throw new Error('a row only writes');
    default:
      return unreachable(method);
  }
}
