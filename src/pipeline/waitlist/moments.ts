/** What changed is remembered for attempts that began before: far more than can run at a time. */
const MAX_REMEMBERED = 20_000;

/**
 * Counts changes, and remembers the latest of each name: an attempt that began before a change doesn't know of it.
 * Every method is one synchronous step.
 */
export class Moments {
  readonly #latest = new Map<string, number>();
  #now = 0;
  /** The latest change that was forgotten. */
  #forgotten = 0;

  get now(): number {
    return this.#now;
  }

  change(name: string): void {
    this.#latest.delete(name);
    this.#latest.set(name, ++this.#now);
    const [oldest] = this.#latest;
    if (this.#latest.size <= MAX_REMEMBERED || oldest === undefined) return;
    this.#latest.delete(oldest[0]);
    this.#forgotten = oldest[1];
  }

  /** Whether one of these names changed after the moment; true as well where that was forgotten. */
  changedSince(moment: number, names: readonly string[]): boolean {
    return this.#forgotten > moment || names.some((name) => (this.#latest.get(name) ?? 0) > moment);
  }
}
