import { LRUCache } from 'lru-cache';

/**
 * A map that forgets its least recently used entries once they weigh more than `capacity` together; without
 * `weigh`, every entry weighs 1. An entry that is heavier than that alone is kept, and every other one goes.
 *
 * The package's `max` would take the memory of all entries at once, megabytes in a run of ten rows; a bound by weight
 * lets the map grow with what is put in.
 */
export class LruMap<K extends string, V extends {}> extends LRUCache<K, V> {
  /** @param onForgotten called with each value that had to go for lack of room */
  constructor(capacity: number, weigh: (value: V) => number = () => 1, onForgotten?: (value: V) => void) {
    super({
      maxSize: capacity,
      sizeCalculation: (value) => Math.min(weigh(value), capacity),
      ...(onForgotten && {
        dispose: (value, _key, reason) => {
          if (reason === 'evict') onForgotten(value);
        },
      }),
    });
  }
}
