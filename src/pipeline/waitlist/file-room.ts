import type { Place } from '../nameless-file.ts';

/** Small beside the file, so that a text which stays long keeps little room from others; large beside a row. */
const SEGMENT_BYTES = 64 * 1024;

/**
 * Which part of a file is taken. It is given out in segments: one is free again once nothing in it is needed any more,
 * so that a text that stays does not keep the room of all those that came after it and went. Every method is one
 * synchronous step.
 */
export class FileRoom {
  readonly #maxBytes: number;
  /** By segment: how many texts lie in it, or partly in it. */
  readonly #live: number[] = [];
  #freeSegments = 0;
  /** The segment that is being filled, and how far. */
  #current = 0;
  #used = SEGMENT_BYTES;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** A place that no other text has; `undefined` where there is no room. */
  take(bytes: number): Place | undefined {
    const room = Math.max(1, bytes);
    const isNext = this.#used + room <= SEGMENT_BYTES;
    const offset = isNext ? this.#current * SEGMENT_BYTES + this.#used : this.#freeRun(room) * SEGMENT_BYTES;
    const end = offset + room;
    if (end > this.#maxBytes) return undefined;
    const place = { offset, bytes };
    for (const segment of segmentsOf(place)) this.#enter(segment);
    this.#current = Math.floor((end - 1) / SEGMENT_BYTES);
    this.#used = end - this.#current * SEGMENT_BYTES;
    return place;
  }

  free(place: Place): void {
    for (const segment of segmentsOf(place)) {
      const left = (this.#live[segment] ?? 0) - 1;
      this.#live[segment] = left;
      if (left > 0) continue;
      this.#freeSegments += 1;
      if (segment === this.#current) this.#used = SEGMENT_BYTES;
    }
  }

  #enter(segment: number): void {
    const live = this.#live[segment];
    if (live === 0) this.#freeSegments -= 1;
    this.#live[segment] = (live ?? 0) + 1;
  }

  /** The first of as many free segments in a row as these bytes take, beyond the last one if need be. */
  #freeRun(bytes: number): number {
    const wanted = Math.ceil(bytes / SEGMENT_BYTES);
    const { length } = this.#live;
    if (this.#freeSegments === 0) return length;
    let first = 0;
    for (let segment = 0; segment < length && segment - first < wanted; segment++) {
      if (this.#live[segment] !== 0) first = segment + 1;
    }
    return first;
  }
}

function segmentsOf({ offset, bytes }: Place): number[] {
  const first = Math.floor(offset / SEGMENT_BYTES);
  const last = Math.floor((offset + Math.max(1, bytes) - 1) / SEGMENT_BYTES);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
