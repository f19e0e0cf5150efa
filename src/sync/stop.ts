import { SendAborted } from '../vitally/send-aborted.ts';

/** Why a run ends before its input does. */
export type StopCause =
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'signal'; readonly signal: 'SIGTERM' | 'SIGINT' };

/** From a signal on: what may take how long, whatever hangs. A platform kills after 10 s (contract section 8). */
export interface SignalBounds {
  /** What is on the wire ends by itself; then what is safe is acknowledged. */
  readonly settleMs: number;
  /** Stores, plan and connections are closed; then the run takes stock. */
  readonly endMs: number;
  /** The command ends, also where nobody takes its output. */
  readonly exitMs: number;
}

export const SIGNAL_BOUNDS: SignalBounds = { settleMs: 8_000, endMs: 9_000, exitMs: 9_600 };

/**
 * The one stop of a run: the first cause counts, and the later ones, which mostly follow from it, don't. `reading`
 * ends the reader; `sending` gives up every request that waits. What is on the wire goes on.
 */
export class Stop {
  readonly #reading = new AbortController();
  readonly #sending = new AbortController();
  readonly #listeners: (() => void)[] = [];
  readonly #signalled = Promise.withResolvers<'SIGTERM' | 'SIGINT'>();
  #signalledAtMs: number | undefined;
  #cause: StopCause | undefined;

  get cause(): StopCause | undefined {
    return this.#cause;
  }

  get reading(): AbortSignal {
    return this.#reading.signal;
  }

  get sending(): AbortSignal {
    return this.#sending.signal;
  }

  /** Ends the run: nothing that waits is begun any more. */
  now(cause: StopCause): void {
    if (cause.kind === 'error' && cause.error instanceof SendAborted && this.#cause !== undefined) return;
    this.#cause ??= cause;
    if (cause.kind === 'signal') {
      this.#signalledAtMs ??= performance.now();
      this.#signalled.resolve(cause.signal);
    }
    if (this.#sending.signal.aborted) return;
    this.#reading.abort();
    this.#sending.abort();
    for (const listener of this.#listeners) listener();
  }

  /** Ends the reading; what was read before is still written. */
  afterwards(cause: StopCause): void {
    this.#cause ??= cause;
    this.#reading.abort();
  }

  /**
   * Gives the first signal so long after it came, however the run stands; without a signal it never resolves. To be
   * raced once with a whole piece of work: each call keeps a timer.
   */
  async afterSignal(ms: number): Promise<'SIGTERM' | 'SIGINT'> {
    const signal = await this.#signalled.promise;
    const sinceMs = performance.now() - (this.#signalledAtMs ?? 0);
    await new Promise<void>((resolve) => {
      setTimeout(resolve, Math.max(0, ms - sinceMs));
    });
    return signal;
  }

  onStop(listener: () => void): void {
    this.#listeners.push(listener);
  }
}
