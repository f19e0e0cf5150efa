import { RecordError } from '../../errors/record-error.ts';
import type { Send } from '../http/answer.ts';
import type { Collection } from './collection.ts';
import { isArchived, type KnownRecord, knownRecord } from './known-record.ts';
import type { KnownRecords } from './known-records.ts';
import { ListScan } from './list-scan.ts';
import { onceAtATime } from './memoized.ts';

/**
 * A list that is read once, page after page, as far as it is needed: for records that only their list leads to.
 * Look-ups at the same time share the pages.
 */
export class ListLookup {
  /** A record that was written after this moment may be missing in the list, or be shown as it was before. */
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
   * The live record of this external id: reads on until a page shows it or the list ends.
   *
   * @throws RecordError `refused` where the list cannot be read to its end and has not shown the record: only the list
   * leads to it, and taking it for absent might make a second copy
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
      // An archived record can't be written to, so it doesn't count as there.
      if (isArchived(body)) continue;
      // The cache remembers what still counts; a look-up of a record that was written meanwhile reads the list anew.
      this.#cache.observeInPassing(this.#collection, body, askedAt);
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
