/** Events in the order of their times, and of their making where the times are equal. */
export class Events {
  readonly #heap: { readonly atMs: number; readonly order: number; readonly run: () => void }[] = [];
  #order = 0;
  #nowMs = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  at(atMs: number, run: () => void): void {
    const event = { atMs: Math.max(atMs, this.#nowMs), order: this.#order++, run };
    let index = this.#heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#before(index, parent)) break;
      this.#swap(index, parent);
      index = parent;
    }
  }

  /** Lets events happen until `endMs`, or until none is left. */
  run(endMs: number): void {
    for (let next = this.#heap[0]; next !== undefined && next.atMs < endMs; next = this.#heap[0]) {
      this.#swap(0, this.#heap.length - 1);
      this.#heap.pop();
      this.#sink();
      this.#nowMs = next.atMs;
      next.run();
    }
  }

  #sink(): void {
    for (let index = 0; ; ) {
      const left = 2 * index + 1;
      const least = left + 1 < this.#heap.length && this.#before(left + 1, left) ? left + 1 : left;
      if (least >= this.#heap.length || !this.#before(least, index)) return;
      this.#swap(index, least);
      index = least;
    }
  }

  #before(one: number, other: number): boolean {
    const a = this.#heap[one];
    const b = this.#heap[other];
    if (a === undefined || b === undefined) return false;
    return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
  }

  #swap(one: number, other: number): void {
    const a = this.#heap[one];
    const b = this.#heap[other];
    if (a === undefined || b === undefined) return;
    this.#heap[one] = b;
    this.#heap[other] = a;
  }
}
