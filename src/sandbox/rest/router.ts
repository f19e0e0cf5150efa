import { type Answer, Refusal } from '../answer.ts';
import type { Context } from '../context.ts';
import { REST_RESOURCES } from './registry.ts';
import type { RestRequest } from './resource.ts';

/** Answers a request below `/resources`. @throws Refusal for everything that the API refuses. */
export function answerRest(context: Context, request: RestRequest): Answer {
  const [first = '', , third] = request.segments;
  if (context.switches.has('organizations-off') && first === 'organizations')
    throw new Refusal(403, 'Organizations are not enabled for this workspace');
  const answer =
    REST_RESOURCES.get(first)?.handle(context, request) ??
    REST_RESOURCES.get(third ?? '')?.scoped(context, request);
  if (answer === undefined) throw new Refusal(404, 'no such endpoint');
  return answer;
}

/** The record that a write is about: no two writes of it may be in flight at once. */
export function restRecordKey(context: Context, request: RestRequest): string | undefined {
  if (request.method === 'GET') return undefined;
  const [first = '', , third = ''] = request.segments;
  return (REST_RESOURCES.get(third) ?? REST_RESOURCES.get(first))?.recordKey(context, request);
}
