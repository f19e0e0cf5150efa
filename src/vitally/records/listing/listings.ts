import type { Send } from '../../http/answer.ts';
import type { Collection } from '../collection.ts';
import type { KnownRecords } from '../known-records.ts';
import { BackgroundListing, type Hold } from './background-listing.ts';

export interface ListingsOptions {
  readonly send: Send;
  readonly cache: KnownRecords;
  /** Lets rows wait for others that would pay for a page with them; without it, none does. */
  readonly hold: Hold | undefined;
}

/** The listing of each collection that rows ask for. */
export class Listings {
  readonly #options: ListingsOptions;
  readonly #byPath = new Map<string, BackgroundListing>();
  #ended = false;

  constructor(options: ListingsOptions) {
    this.#options = options;
  }

  of(collection: Collection): BackgroundListing {
    const known = this.#byPath.get(collection.path);
    if (known !== undefined) return known;
    const { within: _within, ...whole } = collection;
    const listing = new BackgroundListing({ ...this.#options, collection: whole });
    if (this.#ended) listing.endOfInput();
    this.#byPath.set(collection.path, listing);
    return listing;
  }

  /** Something waits for the rows that wait for lists: they wait for no further rows. */
  flush(): void {
    for (const listing of this.#byPath.values()) listing.hasten();
  }

  /** No further rows come. */
  endOfInput(): void {
    this.#ended = true;
    for (const listing of this.#byPath.values()) listing.endOfInput();
  }
}
