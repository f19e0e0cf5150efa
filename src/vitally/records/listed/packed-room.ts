import type { PackedRoom } from './packed-collection.ts';

const MEBIBYTE = 2 ** 20;
const MAX_RECORDS = 1_000_000;
/** A record of 22 values takes about 300 bytes: as many as {@link MAX_RECORDS} fit. */
const MAX_BYTES = 320 * MEBIBYTE;
/** Of the memory there is. */
const SHARE = 1 / 8;

/**
 * Room for what lists showed, by V8's `heap_size_limit`. What is packed lies outside the heap; a small heap counts all the
 * same, since it says that memory is short: the launcher sets it by the container's limit.
 */
export function packedRoom(heapLimit: number): PackedRoom {
  const bytes = Math.min(MAX_BYTES, Math.floor((heapLimit * SHARE) / MEBIBYTE) * MEBIBYTE);
  return { records: Math.round((MAX_RECORDS * bytes) / MAX_BYTES), bytes };
}
