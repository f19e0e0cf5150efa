import { isJsonObject, own } from '../json/guards.ts';
import type { JsonValue } from '../json/json.ts';
import type { KnownRecord } from './known-record.ts';
import { readPage, type Send } from './listing.ts';

/**
 * A list that is read as far as it is needed, page after page, once: for records that nothing but their list leads
 * to. Whoever seeks at the same time shares the pages.
 */
export class WholeList {
  readonly #send: Send;
  readonly #path: string;
  readonly #filter: string | undefined;
  readonly #learn: (body: JsonValue) => KnownRecord | undefined;
  readonly #byExternalId = new Map<string, KnownRecord>();
  #from: string | undefined;
  #page: Promise<void> | undefined;
  #complete = false;

  constructor(
    send: Send,
    path: string,
    filter: string | undefined,
    learn: (body: JsonValue) => KnownRecord | undefined,
  ) {
    this.#send = send;
    this.#path = path;
    this.#filter = filter;
    this.#learn = learn;
  }

  /** The live record of this external id, reading on until it shows up or the list ends. */
  async seek(externalId: string): Promise<KnownRecord | undefined> {
    for (;;) {
      const record = this.#byExternalId.get(externalId);
      if (record !== undefined || this.#complete) return record;
      this.#page ??= this.#next().finally(() => {
        this.#page = undefined;
      });
      await this.#page;
    }
  }

  async #next(): Promise<void> {
    const page = await readPage(this.#send, this.#path, this.#filter, this.#from);
    for (const body of page?.results ?? []) {
      // What is archived can't be written to: it doesn't count as there.
      if (isJsonObject(body) && typeof own(body, 'archivedAt') === 'string') continue;
      const { id, externalId } = this.#learn(body) ?? {};
      if (id === undefined || externalId === undefined || this.#byExternalId.has(externalId)) continue;
      this.#byExternalId.set(externalId, { id, externalId, fields: undefined });
    }
    this.#from = page?.next;
    this.#complete = page?.next === undefined;
  }
}
