/** Where rejected records are kept. One door for a directory, an object store, or nothing at all. */
export interface RejectionStore {
  /**
   * Takes one line (without its line end) for a file. Lines of a file keep the order of the calls; waits while the
   * store's buffer is full.
   *
   * @param file path below the store's root, with `/` between its parts, each part a safe file name
   */
  append(file: string, line: string): Promise<void>;
  /** Fulfilled when every line taken before is durable. Costs nothing when none was. */
  flush(): Promise<void>;
  /** Proves that the store can be written, and leaves no trace. */
  probe(): Promise<void>;
  /** Flushes. The store takes nothing afterwards. */
  close(): Promise<void>;
}

/** For `storage_type` None: refused records are counted and logged, and kept nowhere. */
export const NO_STORE: RejectionStore = {
  append: async () => {},
  flush: async () => {},
  probe: async () => {},
  close: async () => {},
};
