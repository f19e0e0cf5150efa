/** Words of 32 bits in a chunk: 1 MiB, so that growing never copies what is there. */
const CHUNK_WORDS = 2 ** 18;
/** What is longer is not kept: the rest of a chunk that it doesn't fit into is lost. */
export const MAX_BLOCK_WORDS = CHUNK_WORDS / 8;

/** Where a block of words lies. */
export interface Place {
  readonly words: Uint32Array;
  readonly at: number;
}

/** Blocks of words, one behind the other in chunks. A chunk whose blocks were all freed is given back. */
export class Words {
  readonly #chunks: (Uint32Array | undefined)[] = [];
  readonly #live: number[] = [];
  readonly #room: { bytes: number };
  #next = CHUNK_WORDS;
  #bytes = 0;

  /** @param room what is left for all who share it */
  constructor(room: { bytes: number }) {
    this.#room = room;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Writes a block and returns its address; `undefined` where there is no room. */
  add(block: Uint32Array): number | undefined {
    if (this.#next + block.length > CHUNK_WORDS) {
      if (this.#room.bytes < CHUNK_WORDS * 4) return undefined;
      this.#room.bytes -= CHUNK_WORDS * 4;
      this.#release(this.#chunks.length - 1);
      this.#chunks.push(new Uint32Array(CHUNK_WORDS));
      this.#live.push(0);
      this.#bytes += CHUNK_WORDS * 4;
      this.#next = 0;
    }
    const chunk = this.#chunks.length - 1;
    this.#chunks[chunk]?.set(block, this.#next);
    this.#live[chunk] = (this.#live[chunk] ?? 0) + block.length;
    const address = chunk * CHUNK_WORDS + this.#next;
    this.#next += block.length;
    return address;
  }

  free(address: number, length: number): void {
    const chunk = Math.floor(address / CHUNK_WORDS);
    this.#live[chunk] = (this.#live[chunk] ?? 0) - length;
    // The last chunk is being filled.
    if (chunk < this.#chunks.length - 1) this.#release(chunk);
  }

  at(address: number): Place {
    const words = this.#chunks[Math.floor(address / CHUNK_WORDS)];
    if (words === undefined) throw new Error('the words at this address were freed');
    return { words, at: address % CHUNK_WORDS };
  }

  #release(chunk: number): void {
    if (this.#chunks[chunk] === undefined || this.#live[chunk] !== 0) return;
    this.#chunks[chunk] = undefined;
    this.#bytes -= CHUNK_WORDS * 4;
    this.#room.bytes += CHUNK_WORDS * 4;
  }
}
