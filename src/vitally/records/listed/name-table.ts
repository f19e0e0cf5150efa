const FIRST_SLOTS = 1024;

/**
 * Which records have a name, by the name's hash: open addressing over two typed arrays, 8 bytes a slot. It holds hashes
 * alone, so the caller compares the names of what it finds. Several records may have one name.
 */
export class NameTable {
  /** The record's number plus one; 0 where the slot is free. */
  #records = new Uint32Array(FIRST_SLOTS);
  #hashes = new Uint32Array(FIRST_SLOTS);
  #held = 0;

  get bytes(): number {
    return this.#records.byteLength + this.#hashes.byteLength;
  }

  add(hash: number, record: number): void {
    // At most two thirds are taken: a search then looks at a few slots, and always ends at a free one.
    if ((this.#held + 1) * 3 > this.#records.length * 2) this.#grow();
    this.#place(hash, record);
    this.#held++;
  }

  /** Records that may have a name of this hash, each once. */
  *search(hash: number): Generator<number> {
    const last = this.#records.length - 1;
    for (let slot = hash & last; this.#record(slot) !== 0; slot = (slot + 1) & last)
      if (this.#hashes[slot] === hash) yield this.#record(slot) - 1;
  }

  remove(hash: number, record: number): void {
    const last = this.#records.length - 1;
    let slot = hash & last;
    while (this.#record(slot) !== 0 && !(this.#hashes[slot] === hash && this.#record(slot) === record + 1))
      slot = (slot + 1) & last;
    if (this.#record(slot) === 0) return;
    this.#held--;
    this.#close(slot);
  }

  /** Frees a slot: later entries move up, or a search for them would end at the gap. */
  #close(slot: number): void {
    const last = this.#records.length - 1;
    let gap = slot;
    for (let next = (gap + 1) & last; this.#record(next) !== 0; next = (next + 1) & last) {
      const home = (this.#hashes[next] ?? 0) & last;
      // An entry may move to the gap unless its home lies behind the gap.
      if (((next - home) & last) < ((next - gap) & last)) continue;
      this.#records[gap] = this.#record(next);
      this.#hashes[gap] = this.#hashes[next] ?? 0;
      gap = next;
    }
    this.#records[gap] = 0;
  }

  #grow(): void {
    const [records, hashes] = [this.#records, this.#hashes];
    this.#records = new Uint32Array(records.length * 2);
    this.#hashes = new Uint32Array(records.length * 2);
    for (const [slot, record] of records.entries())
      if (record !== 0) this.#place(hashes[slot] ?? 0, record - 1);
  }

  #place(hash: number, record: number): void {
    const last = this.#records.length - 1;
    let slot = hash & last;
    while (this.#record(slot) !== 0) slot = (slot + 1) & last;
    this.#records[slot] = record + 1;
    this.#hashes[slot] = hash;
  }

  #record(slot: number): number {
    return this.#records[slot] ?? 0;
  }
}
