import { tried } from '../../../errors/tried.ts';
import { unreachable } from '../../../errors/unreachable.ts';
import { keySource } from '../../../mapping/key-source.ts';
import type { Route, Write } from '../../../mapping/route.ts';
import type { VitallyRequest } from '../../../vitally/http/answer.ts';
import { type KnownRecord, knownRecord } from '../../../vitally/records/known-record.ts';
import { refusal } from '../../refusal.ts';
import { postText, type RestBody, requireForCreate } from '../../rest/body.ts';
import type { Target, WriteContext } from '../../rest/context.ts';
import { deleteRecord } from '../../rest/delete.ts';
import { unknownKey } from '../../rest/find.ts';
import { type Posted, postOnce } from '../../rest/post-once.ts';
import { putRecord } from '../../rest/put.ts';
import { writeRecord } from '../../rest/write-record.ts';
import { created, isGone, type Result, shownBy, skipped } from '../../result.ts';
import { addToList, findProject, forgetList } from './list.ts';
import { templateName } from './template.ts';

/**
 * Projects without an id of their own: one of the same template, account (or organization) and name counts as
 * existing, since a POST always makes a new one (vitally-api.md, "Projects"). A row that names Vitally's id is written
 * the usual way.
 */
export async function writeProject(context: WriteContext, target: Target): Promise<Result> {
  const { route, write } = target;
  if (keySource(route) !== 'fields') return await writeRecord(context, target);
  if (route.mode === 'delete') return await deleteProject(context, target);
  const body = await bodyOf(context, route, write);
  const known = await findProject(context, target, body);
  switch (route.mode) {
    case 'append':
      return known === undefined
        ? await create(context, target, body)
        : skipped('record there', { id: known.id });
    case 'upsert':
      return known === undefined
        ? await create(context, target, body)
        : await put(context, target, body, known);
    case 'update':
      // Routing asks for Vitally's id in this mode.
      throw new Error(`mode ${route.mode} of a project without an id`);
    default:
      return unreachable(route.mode);
  }
}

/** Deletes the project that a row meant which is no longer in the source. */
async function deleteProject(context: WriteContext, target: Target): Promise<Result> {
  const { route, write } = target;
  const body = await bodyOfKnown(context, route, write);
  const known = body && (await findProject(context, target, body));
  if (body === undefined || known === undefined) return unknownKey(route);
  forgetList(context, body);
  return await deleteRecord(context, { ...target, key: known.id });
}

/** `undefined` where the template or account is one that Vitally doesn't have: no project can be there. */
async function bodyOfKnown(context: WriteContext, route: Route, write: Write): Promise<RestBody | undefined> {
  const { value, error } = await tried(() => bodyOf(context, route, write));
  if (error !== undefined && error.code !== 'unknown_association') throw error;
  return value;
}

/** A row without a name means its template's. */
async function bodyOf(context: WriteContext, route: Route, write: Write): Promise<RestBody> {
  const body = await context.associations.restBody(route, write);
  const templateId = body.fields.get('templateId');
  if (body.fields.has('name') || typeof templateId !== 'string') return body;
  const name = await templateName(context.named, templateId);
  return name === undefined ? body : { ...body, fields: new Map([...body.fields, ['name', name]]) };
}

async function put(
  context: WriteContext,
  target: Target,
  body: RestBody,
  known: KnownRecord,
): Promise<Result> {
  const settled = await putRecord(context, target, body, known);
  if (isGone(settled)) return unknownKey(target.route, settled.gone);
  if (settled.outcome.kind === 'updated') forgetList(context, body);
  return settled;
}

async function create(context: WriteContext, target: Target, body: RestBody): Promise<Result> {
  const { route, write, collection } = target;
  requireForCreate(route, body.fields);
  const request = postRequest(target, body);
  const posted = await postUnderEitherName(context, target, body, request);
  if (posted.kind === 'appeared') return created(request, { id: posted.found.id });
  const { answer } = posted;
  if (answer.kind !== 'ok') throw refusal(route.object, write, answer);
  const record = context.recordCache.remember(collection, answer.body) ?? knownRecord(answer.body);
  await addToList(context, body, record);
  return created(request, shownBy(answer));
}

/** The projects article calls it accountId, that of the templates customerId (vitally-api.md, "Projects"). */
async function postUnderEitherName(
  context: WriteContext,
  target: Target,
  body: RestBody,
  request: VitallyRequest,
): Promise<Posted<KnownRecord>> {
  const posted = await post(context, target, body, request);
  const isRefused =
    posted.kind === 'answered' && posted.answer.kind === 'refused' && posted.answer.foreign !== true;
  if (!isRefused || !body.fields.has('accountId')) return posted;
  const fields = new Map(
    [...body.fields].map(([name, value]) => [name === 'accountId' ? 'customerId' : name, value]),
  );
  const second = await post(context, target, body, postRequest(target, { ...body, fields }));
  return second.kind === 'appeared' || second.answer.kind === 'ok' ? second : posted;
}

async function post(
  context: WriteContext,
  target: Target,
  body: RestBody,
  request: VitallyRequest,
): Promise<Posted<KnownRecord>> {
  return await postOnce(context, request, { ...target, record: undefined }, 'project', async () => {
    forgetList(context, body);
    return await findProject(context, target, body);
  });
}

function postRequest({ route, collection }: Target, body: RestBody): VitallyRequest {
  return { method: 'POST', path: collection.path, body: postText(route.object, undefined, body, true) };
}
