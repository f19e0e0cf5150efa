import { ConfigError } from '../errors/config-error.ts';
import type { Answer } from '../vitally/http/answer.ts';
import type { VitallyClient } from '../vitally/http/client.ts';

/** A firewall that refuses so many rows in a row does not refuse them for what they say. */
const ROWS_IN_A_ROW = 5;
/** At the end of the input a held row waits this long for another request to succeed. */
const QUIET_MS = 2_000;
/** A held row occupies its lane, and all the rest of the input may wait behind it. */
const MAX_HELD_MS = 4 * 60_000;

interface Held {
  readonly release: () => void;
  readonly fail: (error: unknown) => void;
}

export interface FirewallOptions {
  /** The API's name in messages. */
  readonly api: string;
  readonly signal?: AbortSignal;
  readonly quietMs?: number;
}

/**
 * Tells a firewall that refuses single rows from one that lets nothing through (Contract 7). Either answers 403 in words
 * that aren't Vitally's. A row so refused is held until the API has answered some request well, and then rejected. Five
 * rows in a row, or no good answer until the end of the input, stop the run.
 *
 * Every method is one synchronous step up to where it waits, and changes nothing after that.
 */
export class Firewall {
  readonly #options: FirewallOptions;
  #hasAnswered = false;
  #inARow = 0;
  #held: Held[] = [];
  #inputEnded = false;
  #quiet: NodeJS.Timeout | undefined;

  constructor(options: FirewallOptions) {
    this.#options = options;
    options.signal?.addEventListener('abort', () => this.#failAll(options.signal?.reason));
  }

  /** The API answered a request well: so the firewall refuses single rows, and the held ones are at fault. */
  answered(): void {
    this.#hasAnswered = true;
    for (const { release } of this.#held.splice(0)) release();
  }

  /** A row was written. */
  rowDone(): void {
    this.#inARow = 0;
  }

  endOfInput(): void {
    this.#inputEnded = true;
    this.#failOnceQuiet();
  }

  /**
   * Counts a row's request that a firewall refused. Throws {@link ConfigError} when there are too many in a row. Before
   * that, `elsewhere` tries another message of the same batch, and says whether that was answered otherwise.
   */
  async count(elsewhere?: () => Promise<boolean>): Promise<void> {
    this.#inARow += 1;
    if (this.#inARow >= ROWS_IN_A_ROW && !(await elsewhere?.())) {
      const error = this.#blocked();
      this.#failAll(error);
      throw error;
    }
  }

  /** Resolves when a counted row is to be rejected; throws {@link ConfigError} where the run must stop. */
  async hold(): Promise<void> {
    this.#options.signal?.throwIfAborted();
    if (this.#hasAnswered) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => this.#failAll(this.#blocked()), MAX_HELD_MS);
      const ended = (): void => clearTimeout(timer);
      this.#held.push({
        release: () => {
          ended();
          resolve();
        },
        fail: (error) => {
          ended();
          reject(error);
        },
      });
      this.#failOnceQuiet();
    });
  }

  /** A request under way may still be answered well: so each further 403 starts the wait again. */
  #failOnceQuiet(): void {
    clearTimeout(this.#quiet);
    if (!this.#inputEnded || this.#held.length === 0) return;
    this.#quiet = setTimeout(() => this.#failAll(this.#blocked()), this.#options.quietMs ?? QUIET_MS);
  }

  #failAll(error: unknown): void {
    clearTimeout(this.#quiet);
    for (const { fail } of this.#held.splice(0)) fail(error);
  }

  #blocked(): ConfigError {
    const rows = this.#inARow === 1 ? 'a row was' : `${this.#inARow} rows in a row were`;
    const never = this.#hasAnswered ? '' : ', and nothing was answered well before';
    return new ConfigError(
      `${rows} refused with 403 by something that isn't Vitally (a firewall or proxy before its ${this.#options.api})${never}. ` +
        'Let this host through, or ask those who run the firewall why it blocks these requests; then run the sync again. ' +
        'These rows are not counted and are sent again.',
    );
  }
}

/** The page of a firewall rather than Vitally's own answer. */
export function isForeign(answer: Answer): boolean {
  return answer.kind === 'refused' && answer.foreign === true;
}

/** A client behind a firewall. A batch is not a row: the sender of a batch counts its messages one by one. */
export function behindFirewall(
  client: VitallyClient,
  firewall: Firewall,
  sends: 'rows' | 'batches',
): VitallyClient {
  return {
    stats: () => client.stats(),
    idle: () => client.idle(),
    close: () => client.close(),
    async send(request, options) {
      const answer = await client.send(request, options);
      if (answer.kind === 'ok') firewall.answered();
      else if (sends === 'rows' && isForeign(answer)) {
        await firewall.count();
        await firewall.hold();
      }
      return answer;
    },
  };
}
