import { analyticsRecordKeys, answerAnalytics } from '../analytics/intake.ts';
import { type Answer, Refusal } from '../answer.ts';
import { isObject, type JsonObject, type JsonValue, parseJson } from '../json.ts';
import type { RestRequest } from '../rest/resource.ts';
import { answerRest, restRecordKey } from '../rest/router.ts';
import type { State } from '../state.ts';
import type { Target } from './target.ts';

/** A request that was read to its end and parsed as far as possible; nothing is refused yet. */
export interface Exchange {
  /** The records that it is about. */
  readonly keys: readonly string[];
  /** The units of the rate limit that it costs. */
  readonly cost: number;
  /** Number of messages of an Analytics request. */
  readonly messageCount: number | undefined;
  /** @throws Refusal for everything that the API refuses. */
  answer(): Answer;
}

export interface RawRequest {
  readonly method: string;
  readonly target: Target;
  readonly contentType: string | undefined;
  readonly body: Buffer | 'too_large';
}

export function restExchange(state: State, raw: RawRequest): Exchange {
  const read = attempt(() => restRequest(raw));
  const key = read instanceof Refusal ? undefined : restRecordKey(state.context, read);
  return {
    keys: key === undefined ? [] : [key],
    cost: raw.method === 'GET' ? 1 : state.writeCost,
    messageCount: undefined,
    answer: () => answerRest(state.context, orThrow(read)),
  };
}

export function analyticsExchange(state: State, raw: RawRequest): Exchange {
  const [, , , endpoint = '', more] = raw.target.pathname.split('/');
  const read = attempt(() => requireJson(raw));
  const keys = read instanceof Refusal ? [] : analyticsRecordKeys(endpoint, read);
  return {
    keys,
    cost: 1,
    messageCount: read instanceof Refusal ? undefined : Array.isArray(read) ? read.length : 1,
    answer() {
      if (raw.method !== 'POST' || more !== undefined) throw new Refusal(404, 'no such endpoint');
      return answerAnalytics(state.inbox, state.context.switches, endpoint, orThrow(read), raw.body.length);
    },
  };
}

function restRequest(raw: RawRequest): RestRequest {
  const segments = raw.target.pathname.split('/').slice(2).map(decodeSegment);
  return { method: raw.method, segments, query: raw.target.query, body: restBody(raw) };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Refusal(400, 'the path is not well encoded');
  }
}

function restBody(raw: RawRequest): JsonObject | undefined {
  if (raw.body.length === 0 || raw.method === 'GET' || raw.method === 'DELETE') return undefined;
  const body = requireJson(raw);
  if (!isObject(body)) throw new Refusal(400, 'the body must be a JSON object');
  return body;
}

function requireJson({ body, contentType }: RawRequest): JsonValue {
  if (body === 'too_large') throw new Refusal(413, 'Request Entity Too Large');
  if (!/^application\/json\b/i.test(contentType ?? ''))
    throw new Refusal(400, 'Content-Type must be application/json');
  try {
    return parseJson(body.toString());
  } catch {
    throw new Refusal(400, 'the body is not JSON');
  }
}

function attempt<T>(read: () => T): T | Refusal {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function orThrow<T>(read: T | Refusal): T {
  if (read instanceof Refusal) throw read;
  return read;
}
