import type { Route, Write } from '../routing/route.ts';
import type { VitallyRequest } from '../vitally/answer.ts';
import { collidesWithRoute, isUuid, recordPath } from '../vitally/paths.ts';
import { refusal } from './refusal.ts';
import type { RestContext } from './rest-context.ts';
import { findUnique, restOf, unknownKey } from './rest-existence.ts';
import type { Settlement } from './settlement.ts';

/**
 * Deletes the record of a row's key. Your own id stands in the path where it can mean nothing else; an id shaped like
 * one of Vitally's is looked up first, since the path would take it for that.
 */
export async function deleteRecord(
  context: RestContext,
  route: Route,
  write: Write,
  key: string,
): Promise<Settlement> {
  const { directory } = context;
  const rest = restOf(route);
  const direct =
    route.matchOn === 'externalId' && !isUuid(key) && !collidesWithRoute(key) && !context.lookFirst;
  let id = key;
  if (!direct) {
    const finding = await findUnique(context, route, key, 'id');
    if (finding.kind !== 'found') return unknownKey(route);
    id = finding.record.id;
  } else if (directory.peek(rest, 'externalId', key)?.kind === 'absent') {
    return unknownKey(route);
  }
  await context.beforeDelete(route);
  const request: VitallyRequest = { method: 'DELETE', path: recordPath(rest.path, id) };
  const answer = await context.commit(request, { route, key, record: undefined });
  if (answer.kind === 'not_found' && !answer.repeated) return unknownKey(route);
  if (answer.kind !== 'ok' && answer.kind !== 'not_found') throw refusal(route.object, write, answer);
  directory.forget(rest, direct ? { externalId: key } : { id });
  return { outcome: { kind: 'deleted' }, request };
}
