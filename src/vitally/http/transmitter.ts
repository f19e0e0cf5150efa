import type { Dispatcher } from 'undici';
import { createRateLimiter, type RateLimiter } from '../rate-limit/limiter.ts';
import { DEFAULT_MAX_IN_FLIGHT } from '../rate-limit/policy.ts';
import type { VitallyRequest } from './answer.ts';
import { AnswerRoom } from './answer-room.ts';
import type { ClientOptions } from './client-options.ts';
import { type Exchange, exchange, REQUEST_TIMEOUT_MS } from './exchange.ts';
import type { Attempts } from './retry/attempts.ts';
import { createServerClock } from './server-clock.ts';
import { createWay } from './way/proxy.ts';
import type { ProxyAddress } from './way/proxy-variables.ts';

/** Sends a request to one API once, within its rate limit, and learns from the answer's headers. */
export class Transmitter {
  readonly proxy: ProxyAddress | undefined;
  readonly serverClock = createServerClock();
  readonly requestTimeoutMs: number;
  readonly #base: URL;
  readonly #prefix: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #dispatcher: Dispatcher;
  readonly #limiter: RateLimiter;
  readonly #answers: AnswerRoom;
  readonly #options: ClientOptions;
  #requests = 0;
  #throttled = 0;

  /** @throws ConfigError where a proxy variable of the environment holds no address */
  constructor(options: ClientOptions) {
    const { requestsPerMinute, clock, maxInFlight = DEFAULT_MAX_IN_FLIGHT, random = Math.random } = options;
    this.#options = options;
    this.#answers = options.answers ?? new AnswerRoom();
    this.requestTimeoutMs = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
    this.#base = new URL(options.baseUrl);
    this.#prefix = this.#base.pathname.replace(/\/+$/, '');
    this.#headers = {
      ...options.headers,
      authorization: options.authorization,
      accept: 'application/json',
      'content-type': 'application/json',
      'user-agent': options.userAgent,
    };
    const plainHttp = Object.keys(options.headers).length === 0 ? 'forwarded' : 'tunnelled';
    const { dispatcher, proxy } = createWay(this.#base, options.env, {
      connections: maxInFlight,
      plainHttp,
      requestTimeoutMs: this.requestTimeoutMs,
      addressesOf: options.addressesOf,
    });
    this.#dispatcher = dispatcher;
    this.proxy = proxy;
    this.#limiter = createRateLimiter({ requestsPerMinute, maxInFlight, clock, random });
  }

  get host(): string {
    return this.#base.host;
  }

  /** @param attempts of this request, among which this one is noted */
  async attempt(request: VitallyRequest, attempts: Attempts, signal: AbortSignal): Promise<Exchange> {
    const { clock } = this.#options;
    const permit = await this.#limiter.acquire(request.method === 'GET' ? 'read' : 'write', signal);
    const sentAtMs = clock.now();
    this.#requests++;
    const wire = {
      origin: this.#base.origin,
      method: request.method,
      path: this.#prefix + request.path,
      headers: this.#headers,
      body: request.body,
      timeoutMs: this.requestTimeoutMs,
    };
    const result = await exchange(this.#dispatcher, wire, this.#answers);
    const receivedAtMs = clock.now();
    const { status } = result;
    this.#limiter.answered(permit, status === undefined ? undefined : { status, headers: result.headers });
    this.serverClock.learn(result.headers.date, sentAtMs, receivedAtMs);
    attempts.note(result, sentAtMs, receivedAtMs);
    if (status === 429) this.#throttled++;
    return result;
  }

  stats(): { readonly requests: number; readonly throttled: number; readonly waitedMs: number } {
    return { requests: this.#requests, throttled: this.#throttled, waitedMs: this.#limiter.waitedMs() };
  }

  /** Cuts what is on the wire and closes every connection. */
  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }
}
