interface Memory<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
  delete(key: K): unknown;
}

/** What belongs to a key, made once for all who ask. What could not be made is made anew for the next who asks. */
export function memoized<K, V>(memory: Memory<K, Promise<V>>, key: K, make: () => Promise<V>): Promise<V> {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const made = make();
  memory.set(key, made);
  // By then memory may have dropped it and hold a later one, which must stay.
  made.catch(() => {
    if (memory.get(key) === made) memory.delete(key);
  });
  return made;
}

/** Work that is done once at a time: a call while it is under way gets the result of that very work. */
export function onceAtATime<T>(work: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  return () => {
    underWay ??= work().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}
