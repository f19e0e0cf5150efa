/**
 * Where rejected records and the outcome log of a run are kept. One door for a directory, an object store, or nothing at
 * all.
 */
export interface RunStore {
  /**
   * Takes one line (without its line end) for a file. Lines of a file keep the order of the calls; waits while the
   * store's buffer is full.
   *
   * @param file a safe file name, without a folder: the store has one of its own for each run
   */
  append(file: string, line: string): Promise<void>;
  /** Fulfilled when every line taken before is durable. Costs nothing when none was. */
  flush(): Promise<void>;
  /** Proves that the store can be written, and leaves no trace but the directory. */
  probe(): Promise<void>;
  /** Flushes. The store takes nothing afterwards. */
  close(): Promise<void>;
  /** Where this run's files are, once there are any: for the reader. */
  readonly place: string | undefined;
}

/** For `storage_type` None: rejected records are counted and logged, and kept nowhere. */
export const NO_STORE: RunStore = {
  append: async () => {},
  flush: async () => {},
  probe: async () => {},
  close: async () => {},
  place: undefined,
};
