/**
 * A bound on what is read but not yet settled: rows and bytes. Taking waits until there is room, which is how
 * back-pressure reaches the reader; a single row larger than the bound is let through alone.
 */
export class Budget {
  readonly #maxRows: number;
  readonly #maxBytes: number;
  #rows = 0;
  #bytes = 0;
  #waiting: { readonly bytes: number; readonly resume: () => void } | undefined;
  #closed = false;

  constructor(bounds: { maxRows: number; maxBytes: number }) {
    this.#maxRows = bounds.maxRows;
    this.#maxBytes = bounds.maxBytes;
  }

  /** Takes room for one row; one caller at a time. */
  async take(bytes: number): Promise<void> {
    if (!this.#fits(bytes)) {
      await new Promise<void>((resume) => {
        this.#waiting = { bytes, resume };
      });
    }
    this.#rows += 1;
    this.#bytes += bytes;
  }

  give(bytes: number): void {
    this.#rows -= 1;
    this.#bytes -= bytes;
    if (this.#waiting !== undefined && this.#fits(this.#waiting.bytes)) this.#resume();
  }

  /** Lets whoever waits go on, and everybody after: the run is over. */
  close(): void {
    this.#closed = true;
    this.#resume();
  }

  get rows(): number {
    return this.#rows;
  }

  #resume(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resume();
  }

  #fits(bytes: number): boolean {
    if (this.#closed || this.#rows === 0) return true;
    return this.#rows < this.#maxRows && this.#bytes + bytes <= this.#maxBytes;
  }
}
