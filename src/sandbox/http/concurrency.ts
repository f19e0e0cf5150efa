/** The most requests that were in work at once, in all and for one record. */
export class Concurrency {
  #now = 0;
  #highest = 0;
  #highestPerKey = 0;
  readonly #byKey = new Map<string, number>();

  get highest(): number {
    return this.#highest;
  }

  get highestPerKey(): number {
    return this.#highestPerKey;
  }

  /** Counts a request for these records in; the returned function counts it out, once. */
  enter(keys: readonly string[]): () => void {
    this.#now += 1;
    this.#highest = Math.max(this.#highest, this.#now);
    for (const key of keys) this.#countKey(key);
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#now -= 1;
      for (const key of keys) this.#uncountKey(key);
    };
  }

  #countKey(key: string): void {
    const count = (this.#byKey.get(key) ?? 0) + 1;
    this.#byKey.set(key, count);
    this.#highestPerKey = Math.max(this.#highestPerKey, count);
  }

  #uncountKey(key: string): void {
    const count = (this.#byKey.get(key) ?? 1) - 1;
    if (count === 0) this.#byKey.delete(key);
    else this.#byKey.set(key, count);
  }
}
