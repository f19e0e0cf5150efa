const NONE: ReadonlySet<never> = new Set();

/** Many values to a key; a key without values takes no room. */
export class MultiMap<V> {
  readonly #sets = new Map<string, Set<V>>();

  get(key: string): ReadonlySet<V> {
    return this.#sets.get(key) ?? NONE;
  }

  clear(): void {
    this.#sets.clear();
  }

  add(key: string, value: V): void {
    const set = this.#sets.get(key);
    if (set === undefined) this.#sets.set(key, new Set([value]));
    else set.add(value);
  }

  remove(key: string, value: V): void {
    const set = this.#sets.get(key);
    if (set?.delete(value) && set.size === 0) this.#sets.delete(key);
  }
}
