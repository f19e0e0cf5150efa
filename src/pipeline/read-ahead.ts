/** A row as far as its room goes. */
export interface ReadRow {
  readonly raw: string;
  /** It no longer counts towards what may be read ahead. */
  leftReadAhead: boolean;
}

/**
 * A bound on what is read but not yet done with: rows, and the characters of rows and STATEs. Taking waits until there
 * is room, which is how back-pressure reaches the reader; what is larger than the bound by itself is let through alone.
 *
 * Invariant: at most one caller waits, since the reader takes one message after the other. So no other caller can take
 * the room between the step that lets the waiting one go on and the step in which it takes. `give` may come in between:
 * it only makes room.
 */
export class ReadAhead {
  readonly #maxRows: number;
  readonly #maxCharacters: number;
  #rows = 0;
  #characters = 0;
  #waiting: { readonly characters: number; readonly resume: () => void } | undefined;
  #closed = false;

  constructor(bounds: { maxRows: number; maxCharacters: number }) {
    this.#maxRows = bounds.maxRows;
    this.#maxCharacters = bounds.maxCharacters;
  }

  /**
   * Takes room for one row, or for what is none (`rows` 0), at once where there is some; one caller at a time.
   *
   * @returns what to wait for; `undefined` where the room is taken
   */
  take(characters: number, rows: 0 | 1 = 1): Promise<void> | undefined {
    if (this.#waiting !== undefined) throw new Error('two callers wait for room at once');
    if (!this.fits(characters)) return this.#waitFor(characters, rows);
    this.#rows += rows;
    this.#characters += characters;
    return undefined;
  }

  async #waitFor(characters: number, rows: 0 | 1): Promise<void> {
    await new Promise<void>((resume) => {
      this.#waiting = { characters, resume };
    });
    this.#rows += rows;
    this.#characters += characters;
  }

  give(characters: number, rows: 0 | 1 = 1): void {
    this.#rows -= rows;
    this.#characters -= characters;
    if (this.#waiting !== undefined && this.fits(this.#waiting.characters)) this.#resume();
  }

  /** A row is settled, or waits where another bound holds: its room is given back, once. */
  leave(row: ReadRow): void {
    if (row.leftReadAhead) return;
    row.leftReadAhead = true;
    this.give(row.raw.length);
  }

  /** Whether taking so much wouldn't have to wait. */
  fits(characters: number): boolean {
    if (this.#closed || (this.#rows === 0 && this.#characters === 0)) return true;
    return this.#rows < this.#maxRows && this.#characters + characters <= this.#maxCharacters;
  }

  /** The run is over: the caller that waits goes on, and no later one has to wait. */
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
}
