import { SendAborted } from '../vitally/send-aborted.ts';

/** Why a run ends before its input does. */
export type StopCause =
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'signal'; readonly signal: 'SIGTERM' | 'SIGINT' };

/**
 * The one stop of a run: the first cause counts, and the later ones, which mostly follow from it, don't. `reading`
 * ends the reader; `sending` gives up every request that waits. What is on the wire goes on.
 */
export class Stop {
  readonly #reading = new AbortController();
  readonly #sending = new AbortController();
  readonly #listeners: (() => void)[] = [];
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

  onStop(listener: () => void): void {
    this.#listeners.push(listener);
  }
}
