import { unreachable } from '../../errors/unreachable.ts';
import type { Answer, VitallyRequest } from './answer.ts';
import { CallCounter } from './call-counter.ts';
import type { ClientOptions } from './client-options.ts';
import { type Answered, type Exchange, mayBeApplied } from './exchange.ts';
import { interpret } from './interpret.ts';
import { pathTemplate } from './path-template.ts';
import { Attempts } from './retry/attempts.ts';
import { configFault } from './retry/config-fault.ts';
import { giveUp } from './retry/give-up.ts';
import { type Bounds, boundsOf, GIVE_UP_AFTER_MS, judge } from './retry/judge.ts';
import { MaybeApplied } from './retry/maybe-applied.ts';
import { createRetryLog, type RetryLog } from './retry/retry-log.ts';
import { troubleInWords } from './retry/trouble-in-words.ts';
import { SendAborted } from './send-aborted.ts';
import { Transmitter } from './transmitter.ts';
import { unreadablePage } from './unreadable-page.ts';

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
  return new Client(options);
}

class Client implements VitallyClient {
  readonly #options: ClientOptions;
  readonly #transmitter: Transmitter;
  readonly #retryLog: RetryLog;
  readonly #bounds: Bounds;
  readonly #closing = new AbortController();
  readonly #stop: AbortSignal;
  readonly #calls = new CallCounter();
  #retried = 0;
  #answeredBefore = false;
  #tokenTakenAtMs: number | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#transmitter = new Transmitter(options);
    this.#retryLog = createRetryLog(options.api, options.clock, options.log ?? (() => {}));
    this.#bounds = boundsOf(options.giveUpAfterMs ?? GIVE_UP_AFTER_MS, this.#transmitter.requestTimeoutMs);
    this.#stop = AbortSignal.any([options.signal, this.#closing.signal]);
  }

  async send(request: VitallyRequest, { signal }: { readonly signal?: AbortSignal } = {}): Promise<Answer> {
    this.#calls.began();
    try {
      const either = signal === undefined ? this.#stop : AbortSignal.any([this.#stop, signal]);
      return await this.#sendUntilAnswered(request, either);
    } finally {
      this.#calls.ended();
    }
  }

  stats(): ClientStats {
    return { ...this.#transmitter.stats(), retried: this.#retried, trouble: this.#retryLog.trouble() };
  }

  idle(): Promise<void> {
    return this.#calls.idle();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#transmitter.close();
  }

  async #sendUntilAnswered(request: VitallyRequest, signal: AbortSignal): Promise<Answer> {
    const { clock, random = Math.random } = this.#options;
    const attempts = new Attempts();
    for (;;) {
      const result = await this.#transmitter.attempt(request, attempts, signal);
      const fatal = this.#fatal(request, result, attempts);
      if (fatal !== undefined) throw fatal;
      this.#noteAnswer(result);
      const verdict = judge(result, attempts, this.#bounds, random(), clock.now());
      switch (verdict.kind) {
        case 'done':
          this.#retryLog.answered();
          return this.#interpreted(request, verdict.answer, attempts);
        case 'throttled':
          this.#retryLog.throttled();
          break;
        case 'again':
          this.#retryLog.failed(troubleInWords(result));
          await this.#backOff(verdict.afterMs, signal);
          attempts.waited(verdict.afterMs);
          this.#retried++;
          if (request.once === true && mayBeApplied(result)) throw this.#lost(attempts);
          break;
        case 'give_up':
          if (request.once === true && mayBeApplied(result)) throw this.#lost(attempts);
          throw this.#givenUp(request, result, attempts);
        default:
          return unreachable(verdict);
      }
      attempts.lost(result);
    }
  }

  /** What a result shows that no further attempt would change. */
  #fatal(request: VitallyRequest, result: Exchange, attempts: Attempts): Error | undefined {
    const unreadable = request.page && unreadablePage(result, attempts.made);
    if (unreadable !== undefined) return unreadable;
    const { api, firewalls } = this.#options;
    return configFault(result, {
      api,
      host: this.#transmitter.host,
      proxy: this.#transmitter.proxy,
      answeredBefore: this.#answeredBefore,
      ...(firewalls !== undefined && { firewalls }),
      attempts: attempts.made,
      tokenTakenAtMs: this.#tokenTakenAtMs,
      request: `${request.method} ${request.shownPath ?? pathTemplate(request.path)}`,
    });
  }

  #noteAnswer(result: Exchange): void {
    this.#answeredBefore ||= result.kind === 'answered';
    if (tellsOfToken(result)) this.#tokenTakenAtMs = this.#options.clock.now();
  }

  #interpreted(request: VitallyRequest, answer: Answered, attempts: Attempts): Answer {
    return interpret(request, answer, {
      sentAtMs: this.#transmitter.serverClock.at(attempts.firstSentAtMs),
      repeated: attempts.mayBeApplied,
      redact: this.#options.redact ?? ((text) => text),
    });
  }

  #givenUp(request: VitallyRequest, result: Exchange, attempts: Attempts): Error {
    const { firstSentAtMs } = attempts;
    const context = { api: this.#options.api, host: this.#transmitter.host, firstSentAtMs };
    return giveUp(request, context, result, attempts);
  }

  #lost({ firstSentAtMs, triedForMs }: Attempts): MaybeApplied {
    return new MaybeApplied({ sentAtMs: this.#transmitter.serverClock.at(firstSentAtMs), triedForMs });
  }

  async #backOff(afterMs: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#options.clock.sleep(afterMs, signal);
    } catch (error) {
      throw signal.aborted ? new SendAborted('The run is stopping.', { cause: error }) : error;
    }
  }
}

/** Whether an answer shows that Vitally took the token. A proxy's errors show nothing of it. */
function tellsOfToken({ kind, status }: Exchange): boolean {
  return kind === 'answered' && status !== undefined && status < 300;
}
