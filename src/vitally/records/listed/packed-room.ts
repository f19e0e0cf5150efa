import type { PackedRoom } from './packed-collection.ts';

const MEBIBYTE = 2 ** 20;
const MAX_RECORDS = 1_000_000;
/** A record of 22 values takes about 300 bytes: as many as {@link MAX_RECORDS} fit. */
const MAX_BYTES = 320 * MEBIBYTE;
/** Of the memory there is. */
const SHARE = 1 / 8;

/**
 * Room for what lists showed, by the memory that the process may take. What is packed lies outside V8's heap; a small heap
 * counts all the same, since it says that memory is short.
 *
 * @param heapLimit V8's `heap_size_limit`
 * @param memoryLimit the container's, 0 where there is none
 */
export function packedRoom(heapLimit: number, memoryLimit: number): PackedRoom {
  const memory = Math.min(heapLimit, memoryLimit > 0 ? memoryLimit : Number.POSITIVE_INFINITY);
  const bytes = Math.min(MAX_BYTES, Math.floor((memory * SHARE) / MEBIBYTE) * MEBIBYTE);
  return { records: Math.round((MAX_RECORDS * bytes) / MAX_BYTES), bytes };
}
