/** All records of one object, such as those at `/resources/accounts`. */
export interface Collection {
  readonly path: string;
  /** Their search endpoint, where there is one. */
  readonly search?: string;
  /** Query for their list, which else hides some of them or shows archived ones. */
  readonly listFilter?: string;
  /** How a record is found by your own id; at its path unless said otherwise. */
  readonly lookup?: 'path' | 'list' | 'instances';
  /** The list of one account or organization, where the record sought must be in that one. */
  readonly within?: string;
}
