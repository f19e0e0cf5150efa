import type { Answer } from '../../vitally/http/answer.ts';
import { isListed } from '../../vitally/records/lookup.ts';
import { collidesWithRoute, fitsInPath, isUuid } from '../../vitally/records/paths.ts';
import { refusal } from '../refusal.ts';
import { asCreated, isGone, type Result } from '../result.ts';
import { keepsOrMerges, type RestBody } from './body.ts';
import type { Target, WriteContext } from './context.ts';
import { putRecord } from './put.ts';
import { wasCreated } from './was-created.ts';

type Refused = Exclude<Answer, { kind: 'ok' }>;

/** PUTs a record of which a POST said that it exists. The key goes into the path only where it can mean nothing else. */
export async function putExisting(
  context: WriteContext,
  target: Target,
  body: RestBody,
  said: Refused,
): Promise<Result> {
  const { route, write, key } = target;
  // The account's list doesn't show it and it exists: so it is looked for everywhere.
  const { within: _within, ...kind } = target.collection;
  context.recordCache.forget(kind, { externalId: key });
  const plain = !isUuid(key) && !collidesWithRoute(key) && fitsInPath(key);
  const byPath = !isListed(kind, 'externalId') && kind.lookup !== 'instances' && !keepsOrMerges(route, body);
  if (plain && byPath && !context.lookFirst) {
    const settled = await putRecord(context, target, body, { id: key, externalId: key, fields: undefined });
    if (!isGone(settled)) return settled;
  }
  const finding = await context.recordCache.ask(kind, 'externalId', key);
  const settled =
    finding.kind === 'found' ? await putRecord(context, target, body, finding.record) : undefined;
  if (settled === undefined || isGone(settled)) throw refusal(route.object, write, said);
  return settled;
}

/** A repeated POST says "exists" of a record that its first attempt created: then the row counts as created. */
export function madeByUs(
  context: WriteContext,
  { collection, key }: Target,
  said: Refused,
  settled: Result,
): Result {
  if (!said.repeated) return settled;
  const known = context.recordCache.peek(collection, 'externalId', key);
  const body = known?.kind === 'found' ? known.record.fields : undefined;
  const isMade = body !== undefined && wasCreated({ ...said, kind: 'ok', status: 200, body }, false);
  return isMade ? asCreated(settled) : settled;
}
