import { type Exchange, mayBeApplied } from '../exchange.ts';
import type { AttemptCounts } from './judge.ts';

/** Counts and times the attempts of one request. */
export class Attempts implements AttemptCounts {
  #made = 0;
  #triedForMs = 0;
  #throttledSinceMs: number | undefined;
  #throttledForMs = 0;
  #firstSentAtMs: number | undefined;
  #mayBeApplied = false;

  get made(): number {
    return this.#made;
  }

  get triedForMs(): number {
    return this.#triedForMs;
  }

  get throttledForMs(): number {
    return this.#throttledForMs;
  }

  /** When the first attempt was sent, on this machine's clock. */
  get firstSentAtMs(): number {
    return this.#firstSentAtMs ?? 0;
  }

  /** An attempt whose answer was lost may have been applied. */
  get mayBeApplied(): boolean {
    return this.#mayBeApplied;
  }

  /** Counts an attempt. */
  note(result: Exchange, sentAtMs: number, receivedAtMs: number): void {
    this.#firstSentAtMs ??= sentAtMs;
    if (result.status === 429) {
      this.#throttledSinceMs ??= receivedAtMs;
      this.#throttledForMs = receivedAtMs - this.#throttledSinceMs;
      return;
    }
    this.#throttledSinceMs = undefined;
    this.#made++;
    this.#triedForMs += receivedAtMs - sentAtMs;
  }

  /** The answer of this attempt is not final: another attempt follows. */
  lost(result: Exchange): void {
    this.#mayBeApplied ||= mayBeApplied(result);
  }

  waited(ms: number): void {
    this.#triedForMs += ms;
  }
}
