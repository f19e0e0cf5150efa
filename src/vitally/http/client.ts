import { unreachable } from '../../errors/unreachable.ts';
import { createRateLimiter } from '../rate-limit/limiter.ts';
import { DEFAULT_MAX_IN_FLIGHT } from '../rate-limit/policy.ts';
import type { Answer, VitallyRequest } from './answer.ts';
import { createCallCounter } from './call-counter.ts';
import type { Clock } from './clock.ts';
import { type Exchange, exchange, mayBeApplied, REQUEST_TIMEOUT_MS } from './exchange.ts';
import { interpret } from './interpret.ts';
import { pathTemplate } from './path-template.ts';
import { createWay, type Environment } from './proxy.ts';
import { Attempts } from './retry/attempts.ts';
import { type Api, configFault } from './retry/config-fault.ts';
import { giveUp } from './retry/give-up.ts';
import { boundsOf, GIVE_UP_AFTER_MS, judge } from './retry/judge.ts';
import { MaybeApplied } from './retry/maybe-applied.ts';
import { createRetryLog, type Log } from './retry/retry-log.ts';
import { troubleInWords } from './retry/trouble-in-words.ts';
import { SendAborted } from './send-aborted.ts';
import { createServerClock } from './server-clock.ts';
import { unreadablePage } from './unreadable-page.ts';

export interface ClientOptions {
  /** With `answer`, a firewall's 403 page is an answer, `refused` and `foreign`; else a ConfigError as any 403. */
  readonly firewalls?: 'answer';
  /** The API behind `baseUrl`; messages name its token and where to find it. */
  readonly api: Api;
  /** Without a trailing slash; may have a path of its own, e.g. `https://proxy.acme.com/vitally`. */
  readonly baseUrl: string;
  /** Go with every request, beside the client's own. A proxy that is asked for a connection doesn't get them. */
  readonly headers: Readonly<Record<string, string>>;
  /** The `Authorization` header's value. Never shown. */
  readonly authorization: string;
  /** The most requests a minute; headers can lower it. `undefined`: as many as they allow, 1,000 until one tells. */
  readonly requestsPerMinute: number | undefined;
  /** Default {@link DEFAULT_MAX_IN_FLIGHT}. */
  readonly maxInFlight?: number;
  readonly clock: Clock;
  /** Jitter in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
  /** Once aborted, waiting requests are given up at once, and those on the wire go on. */
  readonly signal: AbortSignal;
  /** The process's environment, for its proxy variables. */
  readonly env: Environment;
  readonly log?: Log;
  readonly userAgent: string;
  /** Takes secrets out of what Vitally says, before it is cut. See `answerRedactor`. */
  readonly redact?: (text: string) => string;
  /** Milliseconds for all attempts of one request; waits for the rate limit don't count. Default 5 minutes. */
  readonly giveUpAfterMs?: number;
  /** Milliseconds for one attempt. Default 30 seconds. */
  readonly requestTimeoutMs?: number | undefined;
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
  /** Why requests get no answer at present, as part of a sentence; `undefined` while they get one. */
  readonly trouble: string | undefined;
}

/** One of Vitally's two APIs. It keeps to the rate limit, retries within bounds and classifies answers. */
export interface VitallyClient {
  /**
   * Sends a request, again and again if need be, until there is a final answer.
   *
   * @throws ConfigError where the user must act: token refused, API switched off, host unknown, TLS not trusted
   * @throws TransientError once its attempts have reached their bounds
   * @throws UnreadablePage for a page of a list that cannot be read
   * @throws MaybeApplied for a request that must not be repeated blindly, when its answer was lost
   * @throws SendAborted when the client's or this call's signal is aborted before there is an answer
   */
  send(request: VitallyRequest, options?: { readonly signal?: AbortSignal }): Promise<Answer>;
  stats(): ClientStats;
  /** Resolves when no call of `send` is under way. */
  idle(): Promise<void>;
  /** Gives up waiting requests, cuts those on the wire and closes every connection. */
  close(): Promise<void>;
}

/**
 * Makes the client of one API. Nothing is sent before the first `send`.
 *
 * @throws ConfigError where a proxy variable of the environment holds no address
 */
export function createClient(options: ClientOptions): VitallyClient {
  const { api, clock, maxInFlight = DEFAULT_MAX_IN_FLIGHT, random = Math.random } = options;
  const { redact = (text: string) => text } = options;
  const { requestTimeoutMs = REQUEST_TIMEOUT_MS, giveUpAfterMs = GIVE_UP_AFTER_MS } = options;
  const base = new URL(options.baseUrl);
  const prefix = base.pathname.replace(/\/+$/, '');
  const headers = {
    ...options.headers,
    authorization: options.authorization,
    accept: 'application/json',
    'content-type': 'application/json',
    'user-agent': options.userAgent,
  };
  const { dispatcher, proxy } = createWay(
    base,
    options.env,
    maxInFlight,
    Object.keys(options.headers).length === 0 ? 'forwarded' : 'tunnelled',
  );
  const { requestsPerMinute } = options;
  const limiter = createRateLimiter({ requestsPerMinute, maxInFlight, clock, random });
  const serverClock = createServerClock();
  const retryLog = createRetryLog(api, clock, options.log ?? (() => {}));
  const closing = new AbortController();
  const stop = AbortSignal.any([options.signal, closing.signal]);
  const bounds = boundsOf(giveUpAfterMs, requestTimeoutMs);
  const counts = { requests: 0, throttled: 0, retried: 0 };
  const calls = createCallCounter();
  let answeredBefore = false;
  let tokenTakenAtMs: number | undefined;

  async function attempt(
    request: VitallyRequest,
    attempts: Attempts,
    signal: AbortSignal,
  ): Promise<Exchange> {
    const permit = await limiter.acquire(request.method === 'GET' ? 'read' : 'write', signal);
    const sentAtMs = clock.now();
    counts.requests++;
    const result = await exchange(dispatcher, {
      origin: base.origin,
      method: request.method,
      path: prefix + request.path,
      headers,
      body: request.body,
      timeoutMs: requestTimeoutMs,
    });
    const receivedAtMs = clock.now();
    const { status } = result;
    limiter.answered(permit, status === undefined ? undefined : { status, headers: result.headers });
    serverClock.learn(result.headers.date, sentAtMs, receivedAtMs);
    attempts.note(result, sentAtMs, receivedAtMs);
    if (status === 429) counts.throttled++;
    return result;
  }

  async function sendUntilAnswered(request: VitallyRequest, signal: AbortSignal): Promise<Answer> {
    const attempts = new Attempts();
    for (;;) {
      const result = await attempt(request, attempts, signal);
      const unreadable = request.page && unreadablePage(result, attempts.made);
      if (unreadable !== undefined) throw unreadable;
      const fault = configFault(result, {
        api,
        host: base.host,
        proxy,
        answeredBefore,
        ...(options.firewalls !== undefined && { firewalls: options.firewalls }),
        attempts: attempts.made,
        tokenTakenAtMs,
        request: `${request.method} ${request.shownPath ?? pathTemplate(request.path)}`,
      });
      if (fault !== undefined) throw fault;
      answeredBefore ||= result.kind === 'answered';
      if (tellsOfToken(result)) tokenTakenAtMs = clock.now();
      const verdict = judge(result, attempts, bounds, random(), clock.now());
      switch (verdict.kind) {
        case 'done':
          retryLog.answered();
          return interpret(request, verdict.answer, {
            sentAtMs: serverClock.at(attempts.firstSentAtMs),
            repeated: attempts.mayBeApplied,
            redact,
          });
        case 'throttled':
          retryLog.throttled();
          break;
        case 'again':
          retryLog.failed(troubleInWords(result));
          await backOff(verdict.afterMs, signal);
          attempts.waited(verdict.afterMs);
          counts.retried++;
          if (request.once === true && mayBeApplied(result)) throw lost(attempts);
          break;
        case 'give_up':
          if (request.once === true && mayBeApplied(result)) throw lost(attempts);
          throw giveUp(
            request,
            { api, host: base.host, firstSentAtMs: attempts.firstSentAtMs },
            result,
            attempts,
          );
        default:
          return unreachable(verdict);
      }
      attempts.lost(result);
    }
  }

  function lost({ firstSentAtMs, triedForMs }: Attempts): MaybeApplied {
    return new MaybeApplied({ sentAtMs: serverClock.at(firstSentAtMs), triedForMs });
  }

  async function backOff(afterMs: number, signal: AbortSignal): Promise<void> {
    try {
      await clock.sleep(afterMs, signal);
    } catch (error) {
      throw signal.aborted ? new SendAborted('The run is stopping.', { cause: error }) : error;
    }
  }

  return {
    async send(request, { signal } = {}) {
      calls.began();
      try {
        return await sendUntilAnswered(
          request,
          signal === undefined ? stop : AbortSignal.any([stop, signal]),
        );
      } finally {
        calls.ended();
      }
    },
    stats: () => ({ ...counts, waitedMs: limiter.waitedMs(), trouble: retryLog.trouble() }),
    idle: () => calls.idle(),
    async close() {
      closing.abort();
      await dispatcher.destroy();
    },
  };
}

/** Whether an answer shows that Vitally took the token. A proxy's errors show nothing of it. */
function tellsOfToken({ kind, status }: Exchange): boolean {
  return kind === 'answered' && status !== undefined && status < 300;
}
