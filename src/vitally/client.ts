import { setMaxListeners } from 'node:events';
import { TransientError } from '../errors/transient-error.ts';
import type { Answer, AnswerBase, VitallyRequest } from './answer.ts';
import type { Clock } from './clock.ts';
import { classify, errorText, isRefusalBody } from './errors.ts';
import { type Exchange, exchange, REQUEST_TIMEOUT_MS } from './exchange.ts';
import { pathTemplate } from './path-template.ts';
import { createDispatcher, type Environment } from './proxy.ts';
import { createRateLimiter } from './rate-limit.ts';
import { GIVE_UP_AFTER_MS, judge } from './retry.ts';
import { createRetryLog, type Log } from './retry-log.ts';
import { SendAborted } from './send-aborted.ts';
import { createServerClock } from './server-clock.ts';
import { type Api, stopError } from './stop-error.ts';

/** Requests in flight at once unless the options say otherwise. */
export const DEFAULT_MAX_IN_FLIGHT = 8;

export interface ClientOptions {
  /** The API behind `baseUrl`; messages name its token and where to find it. */
  readonly api: Api;
  /** Without a trailing slash; may have a path of its own, e.g. `https://proxy.acme.com/vitally`. */
  readonly baseUrl: string;
  /** The `Authorization` header's value. Never shown. */
  readonly authorization: string;
  /** Ceiling; the answers' headers can only slow it further. */
  readonly requestsPerMinute: number;
  /** Default {@link DEFAULT_MAX_IN_FLIGHT}. */
  readonly maxInFlight?: number;
  readonly clock: Clock;
  /** Jitter in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
  /** Stop: requests that wait are given up at once, those on the wire go on. */
  readonly signal: AbortSignal;
  /** The process's environment: proxies. */
  readonly env: Environment;
  readonly log?: Log;
  readonly userAgent: string;
  /** Longest that one request is tried for, in milliseconds; waits for the rate limit don't count. Default 5 minutes. */
  readonly giveUpAfterMs?: number;
  /** Longest that one attempt may take, in milliseconds. Default 30 seconds. */
  readonly requestTimeoutMs?: number;
}

export interface ClientStats {
  /** HTTP requests sent, retries included. */
  readonly requests: number;
  /** Answers 429. */
  readonly throttled: number;
  /** Attempts after a first one that failed; those after a 429 don't count. */
  readonly retried: number;
  /** Milliseconds during which at least one request waited for the rate limit. */
  readonly waitedMs: number;
}

/** One of Vitally's two APIs: throttled, retried within bounds, its answers classified. */
export interface VitallyClient {
  /**
   * Sends a request until there is an answer that stands.
   *
   * @throws ConfigError where the user must act: token refused, API switched off, host unknown, TLS not trusted.
   * @throws TransientError once retrying has reached its bounds.
   * @throws SendAborted when the client's or this call's signal is aborted before there is an answer.
   */
  send(request: VitallyRequest, options?: { readonly signal?: AbortSignal }): Promise<Answer>;
  stats(): ClientStats;
  /** Resolves when no call of `send` is under way. */
  idle(): Promise<void>;
  /** Gives up what waits, cuts what is on the wire and closes every connection. */
  close(): Promise<void>;
}

/** Where one call of `send` stands. */
interface Progress {
  attempts: number;
  triedForMs: number;
  firstSentAtMs: number | undefined;
  repeated: boolean;
}

/** Makes the client of one API. Nothing is sent before the first `send`. */
export function createClient(options: ClientOptions): VitallyClient {
  const { api, clock, maxInFlight = DEFAULT_MAX_IN_FLIGHT, random = Math.random } = options;
  const { requestTimeoutMs = REQUEST_TIMEOUT_MS, giveUpAfterMs = GIVE_UP_AFTER_MS } = options;
  const base = new URL(options.baseUrl);
  const prefix = base.pathname.replace(/\/+$/, '');
  const dispatcher = createDispatcher(base, options.env, maxInFlight);
  const limiter = createRateLimiter({
    requestsPerMinute: options.requestsPerMinute,
    maxInFlight,
    clock,
    random,
  });
  const serverClock = createServerClock();
  const retryLog = createRetryLog(api, clock, options.log ?? (() => {}));
  const closing = new AbortController();
  const stop = AbortSignal.any([options.signal, closing.signal]);
  // Every waiting request listens to it.
  setMaxListeners(0, stop);
  const headers = {
    authorization: options.authorization,
    accept: 'application/json',
    'content-type': 'application/json',
    'user-agent': options.userAgent,
  };
  // The last attempt must be able to run into its time-out and still end within the bound.
  const retryForMs = Math.max(0, giveUpAfterMs - requestTimeoutMs);
  let answeredBefore = false;
  let requests = 0;
  let throttled = 0;
  let retried = 0;
  let underWay = 0;
  const idlers: (() => void)[] = [];

  async function attempt(
    request: VitallyRequest,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<Exchange> {
    const permit = await limiter.acquire(request.method === 'GET' ? 'read' : 'write', signal);
    const sentAtMs = clock.now();
    progress.firstSentAtMs ??= sentAtMs;
    requests++;
    const result = await exchange(dispatcher, {
      origin: base.origin,
      method: request.method,
      path: prefix + request.path,
      headers,
      body: request.body,
      timeoutMs: requestTimeoutMs,
    });
    const receivedAtMs = clock.now();
    serverClock.learn(result.headers.date, sentAtMs, receivedAtMs);
    const { status } = result;
    limiter.answered(permit, status === undefined ? undefined : { status, headers: result.headers });
    if (status === 429) throttled++;
    else {
      progress.attempts++;
      progress.triedForMs += receivedAtMs - sentAtMs;
    }
    return result;
  }

  async function pause(ms: number, progress: Progress, signal: AbortSignal): Promise<void> {
    progress.triedForMs += ms;
    retried++;
    await clock.sleep(ms, signal).catch((error: unknown) => {
      throw signal.aborted ? new SendAborted('The run is stopping.', { cause: error }) : error;
    });
  }

  async function sendUntilAnswered(request: VitallyRequest, signal: AbortSignal): Promise<Answer> {
    const progress: Progress = { attempts: 0, triedForMs: 0, firstSentAtMs: undefined, repeated: false };
    for (;;) {
      const result = await attempt(request, progress, signal);
      const fault = stopError(result, { api, host: base.host, answeredBefore, attempts: progress.attempts });
      if (fault !== undefined) throw fault;
      answeredBefore ||= result.kind === 'answered';
      const verdict = judge(result, { ...progress, retryForMs }, random(), clock.now());
      if (result.kind === 'answered' && verdict.kind === 'done') {
        return toAnswer(request, result, {
          sentAtMs: serverClock.at(progress.firstSentAtMs ?? 0),
          repeated: progress.repeated,
        });
      }
      progress.repeated ||= mayBeApplied(result);
      if (verdict.kind === 'throttled') retryLog.throttled();
      else if (verdict.kind === 'again') {
        retryLog.failed(reason(result));
        await pause(verdict.afterMs, progress, signal);
      } else throw gaveUp(request, result, progress);
    }
  }

  function gaveUp(request: VitallyRequest, result: Exchange, progress: Progress): TransientError {
    const minutes = (progress.triedForMs / 60_000).toFixed(1);
    const what = `${request.method} ${pathTemplate(request.path)} at ${base.host}`;
    const cause = result.kind === 'failed' ? result.cause : undefined;
    return new TransientError(
      `${what} kept failing: ${reason(result)} after ${progress.attempts} tries in ${minutes} minutes.`,
      { cause },
    );
  }

  return {
    async send(request, { signal } = {}) {
      underWay++;
      try {
        return await sendUntilAnswered(
          request,
          signal === undefined ? stop : AbortSignal.any([stop, signal]),
        );
      } finally {
        underWay--;
        if (underWay === 0) for (const resolve of idlers.splice(0)) resolve();
      }
    },
    stats: () => ({ requests, throttled, retried, waitedMs: limiter.waitedMs() }),
    idle: () => (underWay === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
    async close() {
      closing.abort();
      await dispatcher.destroy();
    },
  };
}

function toAnswer(
  request: VitallyRequest,
  result: Exchange & { kind: 'answered' },
  times: Pick<AnswerBase, 'sentAtMs' | 'repeated'>,
): Answer {
  const { status, body } = result;
  const base = { status, ...times };
  if (status >= 200 && status < 300) {
    if (!isRefusalBody(body)) return { ...base, kind: 'ok', body };
    const text = errorText(body);
    const kind = classify(status, text);
    return { ...base, text, kind: kind === 'refused' && request.method === 'GET' ? 'not_found' : kind };
  }
  const text = errorText(body ?? '');
  return { ...base, kind: classify(status, text), text };
}

/** What failed, in words fit for a log: never the body, never the error's own message. */
function reason(result: Exchange): string {
  return result.status === undefined
    ? `error ${result.kind === 'failed' ? result.code : ''}`
    : result.kind === 'failed'
      ? `status ${result.status} with a body that can't be used (${result.code})`
      : `status ${result.status}`;
}

function mayBeApplied(result: Exchange): boolean {
  if (result.kind === 'failed') return result.mayBeApplied;
  return result.status >= 500 || result.status === 408;
}
