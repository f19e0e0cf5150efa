import type { Crashes } from '../errors/crashes.ts';
import { SendAborted } from '../vitally/http/send-aborted.ts';

/** Why a run ends before its input does. */
export type ShutdownCause =
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'signal'; readonly signal: 'SIGTERM' | 'SIGINT' };

/** From a signal on: what may take how long, whatever hangs. A platform kills after 10 s (Contract 8). */
export interface SignalBounds {
  /** What is on the wire ends by itself; then what is safe is acknowledged. */
  readonly settleMs: number;
  /** Stores, plan and connections are closed; then the run takes stock. */
  readonly endMs: number;
  /** The command ends, also where its output is not read. */
  readonly exitMs: number;
}

export const SIGNAL_BOUNDS: SignalBounds = { settleMs: 8_000, endMs: 9_000, exitMs: 9_600 };

/**
 * How a run ends before its input does. The first cause counts; later ones mostly follow from it. A soft shutdown ends
 * the reader, and what was read is still written. A hard one also gives up every request that waits; what is on the
 * wire goes on.
 */
export class Shutdown implements Crashes {
  readonly #soft = new AbortController();
  readonly #hard = new AbortController();
  readonly #listeners: (() => void)[] = [];
  readonly #signalled = Promise.withResolvers<'SIGTERM' | 'SIGINT'>();
  #signalledAtMs: number | undefined;
  #cause: ShutdownCause | undefined;

  get cause(): ShutdownCause | undefined {
    return this.#cause;
  }

  /** Nothing more is read. */
  get soft(): boolean {
    return this.#soft.signal.aborted;
  }

  /** Nothing that waits is begun any more. */
  get hard(): boolean {
    return this.#hard.signal.aborted;
  }

  get softSignal(): AbortSignal {
    return this.#soft.signal;
  }

  get hardSignal(): AbortSignal {
    return this.#hard.signal;
  }

  /** Ends the run: nothing that waits is begun any more. */
  requestHard(cause: ShutdownCause): void {
    if (cause.kind === 'error' && cause.error instanceof SendAborted && this.#cause !== undefined) return;
    this.#cause ??= cause;
    if (cause.kind === 'signal') {
      this.#signalledAtMs ??= performance.now();
      this.#signalled.resolve(cause.signal);
    }
    if (this.#hard.signal.aborted) return;
    this.#soft.abort();
    this.#hard.abort();
    for (const listener of this.#listeners) listener();
  }

  /** Ends the run for an error. */
  crash(error: unknown): void {
    this.requestHard({ kind: 'error', error });
  }

  /** Ends the reading; what was read before is still written. */
  requestSoft(cause: ShutdownCause): void {
    this.#cause ??= cause;
    this.#soft.abort();
  }

  /**
   * Resolves with the first signal so long after it came, whatever the run does then; without a signal, never. Race it
   * once with a whole piece of work: each call keeps a timer.
   */
  async afterSignal(ms: number): Promise<'SIGTERM' | 'SIGINT'> {
    const signal = await this.#signalled.promise;
    const sinceMs = performance.now() - (this.#signalledAtMs ?? 0);
    await new Promise<void>((resolve) => {
      setTimeout(resolve, Math.max(0, ms - sinceMs));
    });
    return signal;
  }

  onHard(listener: () => void): void {
    this.#listeners.push(listener);
  }
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Waits for work, but no longer than `ms`. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
