import { RecordError } from '../../errors/record-error.ts';
import type { Send } from '../http/answer.ts';
import type { Collection } from './collection.ts';
import { isArchived, type KnownRecord, knownRecord } from './known-record.ts';
import type { KnownRecords } from './known-records.ts';
import { ListScan } from './list-scan.ts';
import { onceAtATime } from './memoized.ts';

/**
 * A list that is read as far as it is needed, page after page, once: for records that nothing but their list leads
 * to. Whoever seeks at the same time shares the pages.
 */
export class ListLookup {
  /** What was written after this moment may be missing in the list, or shown as it was before. */
  readonly begunAt: number;
  readonly #collection: Collection;
  readonly #cache: KnownRecords;
  readonly #scan: ListScan;
  readonly #byExternalId = new Map<string, KnownRecord>();
  readonly #nextPage = onceAtATime(() => this.#next());

  constructor(send: Send, collection: Collection, path: string, cache: KnownRecords) {
    this.#collection = collection;
    this.#cache = cache;
    this.begunAt = cache.now;
    this.#scan = new ListScan(send, path, collection.listFilter);
  }

  /**
   * The live record of this external id, reading on until it shows up or the list ends.
   *
   * @throws RecordError `refused` where the list cannot be read to its end and does not show the record until there:
   * nothing else leads to it, and to take it for absent might make a second copy of it.
   */
  async seek(externalId: string): Promise<KnownRecord | undefined> {
    for (;;) {
      const record = this.#byExternalId.get(externalId);
      if (record !== undefined) return record;
      if (this.#scan.end === 'unreadable') throw unreadable();
      if (this.#scan.end !== undefined) return undefined;
      await this.#nextPage();
    }
  }

  async #next(): Promise<void> {
    const askedAt = this.#cache.now;
    for (const body of await this.#scan.next()) {
      // What is archived can't be written to: it doesn't count as there.
      if (isArchived(body)) continue;
      // The cache takes in what still counts; who seeks a record that was written meanwhile reads the list anew.
      this.#cache.observe(this.#collection, body, askedAt);
      const { id, externalId } = knownRecord(body) ?? {};
      if (id === undefined || externalId === undefined || this.#byExternalId.has(externalId)) continue;
      this.#byExternalId.set(externalId, { id, externalId, fields: undefined });
    }
  }
}

function unreadable(): RecordError {
  return new RecordError({
    code: 'refused',
    message:
      'Vitally’s list of these records cannot be read, so that nothing says whether this one is there already',
    fix: "Send the row again later, or match on Vitally's id.",
  });
}
