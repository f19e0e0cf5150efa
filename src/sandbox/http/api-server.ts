import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from '../answer.ts';
import type { FaultKind } from '../faults/faults.ts';
import { rateHeaders } from '../faults/rate-headers.ts';
import type { JsonValue } from '../json.ts';
import type { State } from '../state.ts';
import { authorize } from './authorization.ts';
import { deliver, htmlAnswer, jsonAnswer, type WireAnswer } from './deliver.ts';
import { analyticsExchange, type Exchange, restExchange } from './exchange.ts';
import { readBody } from './read-body.ts';
import type { Api, LogEntry } from './request-log.ts';
import type { Target } from './target.ts';

/** Answers a request to one of the two APIs, with faults and latency. */
export async function serveApi(
  state: State,
  api: Api,
  target: Target,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = request.method ?? 'GET';
  const path = request.url ?? '/';
  const entry: LogEntry = {
    at: state.now(),
    method,
    path,
    api,
    status: 0,
    fault: undefined,
    messageCount: undefined,
    body: undefined,
  };
  state.log.add(entry);
  const body = await readBody(request);
  if (body !== 'too_large' && body.length > 0) state.log.setBody(entry, body.toString());
  const raw = { method, target, contentType: request.headers['content-type'], body };
  const exchange = api === 'rest' ? restExchange(state, raw) : analyticsExchange(state, raw);
  entry.messageCount = exchange.messageCount;
  const leave = state.concurrency.enter(exchange.keys);
  await state.gate.pass();
  if (state.latencyMs > 0) await sleep(state.latencyMs);
  const { answer, fault } = respond(state, api, request.headers.authorization, path, exchange);
  leave();
  entry.fault = fault;
  response.setHeader('Date', new Date(state.now()).toUTCString());
  entry.status = deliver(response, answer, fault);
  state.log.settle(entry);
}

function respond(
  state: State,
  api: Api,
  authorization: string | undefined,
  path: string,
  exchange: Exchange,
): { readonly answer: WireAnswer; readonly fault: FaultKind | undefined } {
  const { switches } = state.context;
  try {
    authorize(api, authorization, state.tokens, switches);
  } catch (error) {
    return { answer: refusal(error, state), fault: undefined };
  }
  const fault = state.faults.next(path);
  state.late.applyDue();
  if (fault === '504-late') state.late.add(() => void limited(state, api, exchange));
  const answer = failed(state, fault) ?? limited(state, api, exchange);
  return { answer, fault };
}

/** The answer of a fault that keeps the request from being applied. */
function failed(state: State, fault: FaultKind | undefined): WireAnswer | undefined {
  switch (fault) {
    case '429':
      return jsonAnswer(429, errorBody(state, 'Too Many Requests'), faultHeaders(state));
    case '500':
    case '502':
    case '503':
      return jsonAnswer(Number(fault), errorBody(state, 'Internal error'));
    case 'html':
      return htmlAnswer(200);
    case 'html-502':
      return htmlAnswer(502);
    case '504-late':
      return htmlAnswer(504);
    case 'html-403':
      return htmlAnswer(403);
    case 'reset-before':
    case 'timeout':
      return jsonAnswer(500, undefined);
    default:
      return undefined;
  }
}

function faultHeaders(state: State): Record<string, string> {
  const resetMs = (state.faults.plan.resetSeconds ?? 1) * 1000;
  const { perMinute } = state.rateLimit('rest');
  return rateHeaders(
    { allowed: false, remaining: 0, resetMs },
    perMinute,
    state.now(),
    state.context.switches,
  );
}

function limited(state: State, api: Api, exchange: Exchange): WireAnswer {
  const limit = state.rateLimit(api);
  const nowMs = state.now();
  const verdict = limit.take(exchange.cost, nowMs);
  const headers = rateHeaders(verdict, limit.perMinute, nowMs, state.context.switches);
  if (!verdict.allowed) return jsonAnswer(429, errorBody(state, 'Too Many Requests'), headers);
  try {
    const { status, body } = exchange.answer();
    return jsonAnswer(status, body, headers);
  } catch (error) {
    return refusal(error, state, headers);
  }
}

/** @throws any error that is no refusal: it is a bug of the sandbox */
function refusal(error: unknown, state: State, headers: Record<string, string> = {}): WireAnswer {
  if (error instanceof Refusal) return jsonAnswer(error.status, errorBody(state, error.message), headers);
  throw error;
}

function errorBody(state: State, text: string): JsonValue {
  return state.context.switches.has('message-envelope') ? { message: text } : { error: text };
}
