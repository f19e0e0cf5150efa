/** Where records of one kind live: `/resources/accounts`. */
export interface Collection {
  readonly path: string;
  /** Their search endpoint, where there is one. */
  readonly search?: string;
  /** Query without which their list hides some of them, or shows archived ones. */
  readonly listFilter?: string;
  /** How a record is found by your own id; at its path unless said otherwise. */
  readonly lookup?: 'path' | 'list' | 'instances';
  /** The list of one account's or organization's records of this collection, where the one sought must be in it. */
  readonly within?: string;
}
