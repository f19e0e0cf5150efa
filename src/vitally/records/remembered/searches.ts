import type { Collection } from '../collection.ts';
import type { KnownRecords } from '../known-records.ts';
import type { Finding } from '../lookup.ts';
import { LruMap } from '../lru.ts';
import { nameKey } from '../record-names.ts';

const MAX_REMEMBERED_SEARCHES = 20_000;

/** An answer to a search by e-mail, and when it was asked for. */
interface Search {
  readonly finding: Finding;
  readonly askedAt: number;
}

/** What searches by e-mail found. They keep ids alone: the cache has the fields, so that they are in memory once. */
export class Searches {
  readonly #cache: KnownRecords;
  readonly #searches = new LruMap<string, Search>(MAX_REMEMBERED_SEARCHES);

  constructor(cache: KnownRecords) {
    this.#cache = cache;
  }

  keep(collection: Collection, email: string, finding: Finding, askedAt: number): void {
    this.#searches.set(nameKey(collection, 'email', email), { finding: bare(finding), askedAt });
  }

  /** The result of an earlier search, if neither the e-mail nor a user that it found was written since. */
  get(collection: Collection, email: string): Finding | undefined {
    const search = this.#searches.get(nameKey(collection, 'email', email));
    if (search === undefined) return undefined;
    const { finding, askedAt } = search;
    const ids =
      finding.kind === 'found' ? [finding.record.id] : finding.kind === 'several' ? finding.ids : [];
    const stillCounts =
      this.#cache.isCurrent(collection, 'email', email, askedAt) &&
      ids.every((id) => this.#cache.isCurrent(collection, 'id', id, askedAt));
    if (!stillCounts) return undefined;
    return finding.kind === 'found'
      ? (this.#cache.peek(collection, 'id', finding.record.id) ?? finding)
      : finding;
  }
}

function bare(finding: Finding): Finding {
  return finding.kind === 'found'
    ? { ...finding, record: { ...finding.record, fields: undefined } }
    : finding;
}
