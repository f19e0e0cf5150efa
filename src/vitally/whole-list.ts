import { RecordError } from '../errors/record-error.ts';
import { isJsonObject, own } from '../json/guards.ts';
import type { JsonValue } from '../json/json.ts';
import type { KnownRecord } from './known-record.ts';
import type { Send } from './listing.ts';
import { ListScan } from './records/list-scan.ts';

/**
 * A list that is read as far as it is needed, page after page, once: for records that nothing but their list leads
 * to. Whoever seeks at the same time shares the pages.
 */
export class WholeList {
  readonly #scan: ListScan;
  readonly #learn: (body: JsonValue) => KnownRecord | undefined;
  readonly #byExternalId = new Map<string, KnownRecord>();
  #page: Promise<void> | undefined;

  constructor(
    send: Send,
    path: string,
    filter: string | undefined,
    learn: (body: JsonValue) => KnownRecord | undefined,
  ) {
    this.#scan = new ListScan(send, path, filter);
    this.#learn = learn;
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
      if (record !== undefined || this.#scan.end === 'whole') return record;
      if (this.#scan.end === 'unreadable') throw unreadable();
      this.#page ??= this.#next().finally(() => {
        this.#page = undefined;
      });
      await this.#page;
    }
  }

  async #next(): Promise<void> {
    for (const body of await this.#scan.next()) {
      // What is archived can't be written to: it doesn't count as there.
      if (isJsonObject(body) && typeof own(body, 'archivedAt') === 'string') continue;
      const { id, externalId } = this.#learn(body) ?? {};
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
