import { type Exchange, mayBeApplied } from '../exchange.ts';
import type { Tries } from './judge.ts';

/** What the attempts of one request came to. */
export class Attempts implements Tries {
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

  /** When the first attempt was sent, on the own clock. */
  get firstSentAtMs(): number {
    return this.#firstSentAtMs ?? 0;
  }

  /** An attempt whose answer was lost may have been applied. */
  get mayBeApplied(): boolean {
    return this.#mayBeApplied;
  }

  /** Takes in an attempt. */
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

  /** The attempt's answer doesn't stand: another one follows. */
  lost(result: Exchange): void {
    this.#mayBeApplied ||= mayBeApplied(result);
  }

  waited(ms: number): void {
    this.#triedForMs += ms;
  }
}
