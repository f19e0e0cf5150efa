import { isJsonObject } from '../json/guards.ts';
import type { JsonObject } from '../json/json.ts';
import { parseLossless } from '../json/parse.ts';
import type { Answer, VitallyRequest } from '../vitally/http/answer.ts';
import { plannedId } from './planned-id.ts';
import type { Subject } from './result.ts';

/**
 * What Vitally would answer to a write, made up from what is known. With it a dry run takes the same way as a real one up
 * to the request itself, and later rows see what earlier rows would have done.
 */
export function plannedAnswer(request: VitallyRequest, subject: Subject | undefined, now: number): Answer {
  const base = {
    kind: 'ok',
    status: request.method === 'DELETE' ? 204 : 200,
    sentAtMs: now,
    repeated: false,
  } as const;
  if (request.method === 'DELETE' || subject === undefined) return { ...base, body: undefined };
  const sent = request.body === undefined ? {} : parseLossless(request.body);
  const held: JsonObject = subject.record?.fields ?? {
    createdAt: new Date(now).toISOString(),
    externalId: subject.record?.externalId ?? subject.key,
  };
  const given = isJsonObject(sent) ? sent : {};
  const traits = { ...objectOr(held.traits), ...objectOr(given.traits) };
  return { ...base, body: { ...held, ...given, traits, id: subject.record?.id ?? plannedId(subject.key) } };
}

function objectOr(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
