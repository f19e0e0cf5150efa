import type { Send } from '../../http/answer.ts';
import type { Collection } from '../collection.ts';
import type { KnownRecords } from '../known-records.ts';
import { ListScan } from '../list-scan.ts';
import { onceAtATime } from '../memoized.ts';
import type { LookupBy } from '../record-names.ts';

/** Single look-ups of a collection before its list is read, so that small syncs never read a long list. */
const LOOKUPS_BEFORE_LISTING = 50;

/**
 * Reads the list of a collection, a page at a time, while single look-ups go on. Each look-up that memory can't answer
 * pays for one page at most, so the listing never costs more requests than the look-ups alone, and a short list costs
 * next to nothing. A page counts for the records that were not written since it was asked for.
 */
export class BackgroundListing {
  readonly #scan: ListScan;
  readonly #cache: KnownRecords;
  readonly #collection: Collection;
  #begunAt: number | undefined;
  #lookups = 0;
  readonly #nextPage = onceAtATime(() => this.#next());
  #state: 'under way' | 'complete' | 'given up' = 'under way';

  constructor(send: Send, collection: Collection, cache: KnownRecords) {
    this.#scan = new ListScan(send, collection.path, collection.listFilter);
    this.#collection = collection;
    this.#cache = cache;
  }

  /** Whether the whole list was read and would have shown the record of this key, if there was one when it began. */
  wouldHaveShown(by: LookupBy, value: string): boolean {
    if (this.#state !== 'complete' || this.#begunAt === undefined) return false;
    return this.#cache.isCurrent(this.#collection, by, value, this.#begunAt);
  }

  /** To be called for each look-up that memory can't answer; true when a page was read, so that memory may now. */
  async advance(): Promise<boolean> {
    this.#lookups += 1;
    if (this.#state !== 'under way' || this.#lookups <= LOOKUPS_BEFORE_LISTING) return false;
    await this.#nextPage();
    return true;
  }

  async #next(): Promise<void> {
    const askedAt = this.#cache.now;
    this.#begunAt ??= askedAt;
    const records = await this.#scan.next();
    const hasRoom = records.every((record) =>
      this.#cache.observeInPassing(this.#collection, record, askedAt),
    );
    if (!hasRoom || (this.#scan.end ?? 'whole') !== 'whole') this.#state = 'given up';
    else if (this.#scan.end === 'whole') this.#state = 'complete';
  }
}
