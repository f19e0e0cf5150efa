import type { JsonValue } from '../json/json.ts';
import type { Send } from './listing.ts';
import { ListScan } from './records/list-scan.ts';

/** Single look-ups of a kind before its list is read: small syncs never read a long list. */
const LOOKUPS_BEFORE_LISTING = 50;

/**
 * Reads the list of a kind, a page at a time, while single look-ups go on: each look-up that memory can't answer
 * pays for one page at most, so the whole never costs more than twice the look-ups alone, and where the list is
 * short, next to nothing.
 */
export class Survey {
  readonly #scan: ListScan;
  readonly #learn: (record: JsonValue) => boolean;
  #lookups = 0;
  #page: Promise<void> | undefined;
  #state: 'under way' | 'complete' | 'given up' = 'under way';

  /** `learn` takes a record in; false says that memory is full, which ends the survey. */
  constructor(send: Send, path: string, filter: string | undefined, learn: (record: JsonValue) => boolean) {
    this.#scan = new ListScan(send, path, filter);
    this.#learn = learn;
  }

  /** Every record that Vitally lists was seen. */
  get isComplete(): boolean {
    return this.#state === 'complete';
  }

  /** Called for each look-up that memory can't answer; true when a page was read meanwhile, so that it may now. */
  async advance(): Promise<boolean> {
    this.#lookups += 1;
    if (this.#state !== 'under way' || this.#lookups <= LOOKUPS_BEFORE_LISTING) return false;
    this.#page ??= this.#next().finally(() => {
      this.#page = undefined;
    });
    await this.#page;
    return true;
  }

  async #next(): Promise<void> {
    const records = await this.#scan.next();
    if (!records.every((record) => this.#learn(record)) || this.#scan.end === 'unreadable')
      this.#state = 'given up';
    else if (this.#scan.end === 'whole') this.#state = 'complete';
  }
}
