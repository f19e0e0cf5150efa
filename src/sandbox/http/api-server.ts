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
import type { Run } from './runs.ts';
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
  const run = state.runs.of(request.headers['user-agent'] ?? 'unknown', state.now());
  const entry: LogEntry = {
    number: 0,
    run: run.number,
    at: state.now(),
    method,
    path,
    api,
    status: 0,
    fault: undefined,
    messageCount: undefined,
    body: undefined,
    answer: undefined,
    answerHeaders: {},
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
  const work = { state, entry, exchange, run };
  const { answer, fault } = respond(work, request.headers.authorization);
  leave();
  entry.fault = fault;
  response.setHeader('Date', new Date(state.now()).toUTCString());
  entry.status = deliver(response, answer, fault);
  state.log.setAnswer(entry, answer.text, answer.headers);
  state.log.settle(entry);
  run.settle(entry);
}

/** A request of a run, to be answered. */
interface Work {
  readonly state: State;
  readonly entry: LogEntry;
  readonly exchange: Exchange;
  readonly run: Run;
}

function respond(
  work: Work,
  authorization: string | undefined,
): { readonly answer: WireAnswer; readonly fault: FaultKind | undefined } {
  const { state, entry } = work;
  const { switches } = state.context;
  try {
    authorize(entry.api, authorization, state.tokens, switches);
  } catch (error) {
    return { answer: refusal(error, state), fault: undefined };
  }
  const fault = state.faults.next(entry.path);
  state.late.applyDue();
  if (fault === '504-late') state.late.add(() => void limited(work));
  const answer = failed(state, fault) ?? limited(work);
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

function limited({ state, entry, exchange, run }: Work): WireAnswer {
  const limit = state.rateLimit(entry.api);
  const nowMs = state.now();
  const verdict = limit.take(exchange.cost, nowMs);
  state.budgets[entry.api].note(verdict, nowMs);
  const headers = rateHeaders(verdict, limit.perMinute, nowMs, state.context.switches);
  if (!verdict.allowed) return jsonAnswer(429, errorBody(state, 'Too Many Requests'), headers);
  const cause = { request: entry.number, run };
  try {
    const { status, body } = state.world.journal.during(cause, () => exchange.answer());
    if (entry.method !== 'GET') run.accept(keysOf(entry, exchange));
    return jsonAnswer(status, body, headers);
  } catch (error) {
    if (error instanceof Refusal && entry.method !== 'GET')
      run.reject(keysOf(entry, exchange), entry.number, error.message);
    return refusal(error, state, headers);
  }
}

/** The records that a write is about; one that names none is a record of its own. */
function keysOf({ api, path, number }: LogEntry, { keys }: Exchange): readonly string[] {
  if (keys.length > 0) return keys;
  const kind = api === 'analytics' ? 'messages' : (path.split(/[/?]/)[2] ?? '');
  return [`${kind}:request ${number}`];
}

/** @throws any error that is no refusal: it is a bug of the sandbox */
function refusal(error: unknown, state: State, headers: Record<string, string> = {}): WireAnswer {
  if (error instanceof Refusal) return jsonAnswer(error.status, errorBody(state, error.message), headers);
  throw error;
}

function errorBody(state: State, text: string): JsonValue {
  return state.context.switches.has('message-envelope') ? { message: text } : { error: text };
}
