const FIRST_RECORDS = 512;

const ARCHIVED = 1;
const HAS_VALUES = 2;
const SPENT = 4;

export interface Shown {
  readonly address: number;
  readonly updatedAt: number | undefined;
  readonly archived: boolean;
  readonly hasValues: boolean;
}

/** What is kept of every record in as many bytes: 13, by the record's number. */
export class RecordColumns {
  #addresses = new Uint32Array(FIRST_RECORDS);
  /** NaN where a list doesn't say. */
  #updatedAt = new Float64Array(FIRST_RECORDS);
  #flags = new Uint8Array(FIRST_RECORDS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#addresses.byteLength + this.#updatedAt.byteLength + this.#flags.byteLength;
  }

  /** Writes what a list showed of a record, a new one where it has no number yet; returns the number. */
  set(known: number | undefined, shown: Shown): number {
    const number = known ?? this.#size++;
    if (this.#size > this.#addresses.length) this.#grow();
    this.#addresses[number] = shown.address;
    this.#updatedAt[number] = shown.updatedAt ?? Number.NaN;
    this.#flags[number] = (shown.archived ? ARCHIVED : 0) | (shown.hasValues ? HAS_VALUES : 0);
    return number;
  }

  /** Whether what a list shows now counts more than what is kept. */
  isNewer(number: number, updatedAt: number | undefined): boolean {
    const before = this.updatedAt(number);
    // Of what this run wrote, a list may show what was before: only a later change tells that it doesn't.
    if (this.isSpent(number)) return before !== undefined && updatedAt !== undefined && updatedAt > before;
    return before === undefined || updatedAt === undefined || updatedAt >= before;
  }

  /** What is kept of the record no longer counts. */
  spend(number: number): void {
    this.#flags[number] = this.#flag(number) | SPENT;
  }

  isSpent(number: number): boolean {
    return (this.#flag(number) & SPENT) !== 0;
  }

  isArchived(number: number): boolean {
    return (this.#flag(number) & ARCHIVED) !== 0;
  }

  hasValues(number: number): boolean {
    return (this.#flag(number) & HAS_VALUES) !== 0;
  }

  address(number: number): number {
    return this.#addresses[number] ?? 0;
  }

  updatedAt(number: number): number | undefined {
    const moment = this.#updatedAt[number];
    return moment === undefined || Number.isNaN(moment) ? undefined : moment;
  }

  #grow(): void {
    const room = this.#addresses.length * 2;
    const [addresses, moments, flags] = [this.#addresses, this.#updatedAt, this.#flags];
    this.#addresses = new Uint32Array(room);
    this.#addresses.set(addresses);
    this.#updatedAt = new Float64Array(room);
    this.#updatedAt.set(moments);
    this.#flags = new Uint8Array(room);
    this.#flags.set(flags);
  }

  #flag(number: number): number {
    return this.#flags[number] ?? 0;
  }
}
