import type { VitallyRequest } from '../vitally/answer.ts';
import type { KnownRecord } from '../vitally/known-record.ts';
import { recordPath } from '../vitally/paths.ts';
import { nameKey } from '../vitally/records/record-names.ts';
import { changesOf } from './compare.ts';
import { removeLeftovers } from './leftovers.ts';
import { refusal } from './refusal.ts';
import { forExisting, listOf, putText, type RestBody, saysAnything } from './rest-body.ts';
import type { RestContext, Target } from './rest-context.ts';
import type { Settlement } from './settlement.ts';

/**
 * Brings an existing record up to date: not at all where it holds every value already. `gone` when Vitally no
 * longer has it.
 */
export async function putRecord(
  context: RestContext,
  target: Target,
  body: RestBody,
  found: KnownRecord,
): Promise<Settlement | 'gone'> {
  // What a PUT merges must be what the PUT before it left: from this look to the answer nobody else writes the record.
  return await context.exclusively(nameKey(target.kind, 'id', found.id), async () => {
    const known = context.directory.peek(target.kind, 'id', found.id);
    const isNewer = known?.kind === 'found' && known.record.fields !== undefined;
    const settled = await put(context, target, body, isNewer ? known.record : found);
    const given = body.fields.get('externalId');
    const keepsOtherId =
      typeof given === 'string' && found.externalId !== undefined && given !== found.externalId;
    return settled === 'gone' || !keepsOtherId ? settled : { ...settled, keepsOtherId };
  });
}

async function put(
  context: RestContext,
  target: Target,
  body: RestBody,
  found: KnownRecord,
): Promise<Settlement | 'gone'> {
  const { route, write, key, kind } = target;
  const record =
    route.object.name === 'user'
      ? await context.relations.departures.foresee(found, listOf(body.fields.get('accountIds')))
      : found;
  const whole = forExisting(route, body, record);
  const changes = record.fields === undefined ? undefined : changesOf(route.object, record.fields, whole);
  if (!saysAnything(route.object, body) || (changes?.size === 0 && context.skipUnchanged))
    return { outcome: { kind: 'unchanged' } };
  const request: VitallyRequest = {
    method: 'PUT',
    path: recordPath(kind.path, record.id),
    body: putText(route.object, whole),
  };
  const answer = await context.commit(request, { route, kind, key, record });
  if (answer.kind === 'not_found') {
    context.directory.forget(kind, { id: record.id, externalId: record.externalId });
    if (record.id === record.externalId) return 'gone';
    // "Not found" may be said of something that the body names: the record itself is asked for.
    const still = await context.directory.find(kind, 'id', record.id);
    if (still.kind === 'found') throw refusal(route.object, write, answer);
    return 'gone';
  }
  if (answer.kind !== 'ok') throw refusal(route.object, write, answer);
  const after = context.directory.remember(kind, answer.body);
  // An answer without the record makes what was seen before untrue.
  if (after === undefined) context.directory.forget(kind, { id: record.id, externalId: record.externalId });
  else await removeLeftovers(context, target, whole, after);
  return { outcome: { kind: 'updated' }, request, ...(changes !== undefined && { changes }) };
}
