/**
 * A map that forgets its least recently used entries once they weigh more than `capacity` together; without
 * `weigh`, every entry weighs 1.
 */
export class LruMap<K, V> {
  readonly #entries = new Map<K, V>();
  readonly #capacity: number;
  readonly #weigh: (value: V) => number;
  /** Of the entries that don't weigh 1. */
  readonly #weights = new Map<K, number>();
  #weight = 0;

  constructor(capacity: number, weigh: (value: V) => number = () => 1) {
    this.#capacity = capacity;
    this.#weigh = weigh;
  }

  get(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  /** Returns whether every other entry could be kept. */
  set(key: K, value: V): boolean {
    this.delete(key);
    const weight = this.#weigh(value);
    this.#entries.set(key, value);
    if (weight !== 1) this.#weights.set(key, weight);
    this.#weight += weight;
    let kept = true;
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#capacity || this.#entries.size === 1) break;
      this.delete(oldest);
      kept = false;
    }
    return kept;
  }

  delete(key: K): void {
    if (!this.#entries.delete(key)) return;
    this.#weight -= this.#weights.get(key) ?? 1;
    this.#weights.delete(key);
  }

  get size(): number {
    return this.#entries.size;
  }
}
