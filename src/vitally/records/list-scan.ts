import { isJsonObject, own } from '../../json/guards.ts';
import type { JsonValue } from '../../json/json.ts';
import type { Answer, Send } from '../http/answer.ts';
import { UnreadablePage } from '../http/unreadable-page.ts';

/** At most 100 records a page (vitally-api.md, "Paging"); a quarter of them where such a page cannot be read. */
const PAGE_SIZES = [100, 25] as const;
/**
 * By creation where all records are wanted: sorted otherwise, a record that is updated during the scan moves. By change
 * where those written last are wanted: they come first (vitally-api.md, "Paging").
 */
export type ListOrder = 'createdAt' | 'updatedAt';
/** An empty page may not be the last (vitally-api.md, "Paging"), but so many in a row have no end. */
const MAX_EMPTY_PAGES = 10;

/**
 * How a list ended: every page was read, one could not be read, or there is no such list, because its parent is gone,
 * say.
 */
export type ScanEnd = 'whole' | 'unreadable' | 'absent';

/**
 * Reads the records at a path, page after page. A page that cannot be read is tried with a quarter of the records. If
 * that fails too, or if the cursors lead in a circle, the list is unreadable; the records that it showed until then
 * count (Contract 6 and Contract 10).
 *
 * After a call of `next` that failed, the next call reads the same page. Await one call before you make another.
 */
export class ListScan {
  readonly #send: Send;
  readonly #path: string;
  readonly #filter: string | undefined;
  readonly #order: ListOrder;
  readonly #cursors = new Set<string>();
  readonly #pages = new Set<string>();
  #size = 0;
  #emptyPages = 0;
  #from: string | undefined;
  #end: ScanEnd | undefined;

  /** @param filter further query, e.g. `status=activeOrChurned` */
  constructor(send: Send, path: string, filter: string | undefined, order: ListOrder = 'createdAt') {
    this.#send = send;
    this.#path = path;
    this.#filter = filter;
    this.#order = order;
  }

  /** `undefined` while there is more to read. */
  get end(): ScanEnd | undefined {
    return this.#end;
  }

  /** The records of the next page, none at the end. */
  async next(): Promise<readonly JsonValue[]> {
    while (this.#end === undefined) {
      const page = await this.#read();
      if (page === 'absent') {
        this.#end = page;
        break;
      }
      if (page !== undefined) {
        this.#advance(page);
        return page.results;
      }
      if (this.#size + 1 < PAGE_SIZES.length) this.#size += 1;
      else this.#end = 'unreadable';
    }
    return [];
  }

  async #read(): Promise<Page | 'absent' | undefined> {
    const from = this.#from === undefined ? [] : [`from=${encodeURIComponent(this.#from)}`];
    const filter = this.#filter === undefined ? [] : [this.#filter];
    const query = [`limit=${PAGE_SIZES[this.#size]}`, `sortBy=${this.#order}`, ...filter, ...from].join('&');
    try {
      const answer = await this.#send({ method: 'GET', path: `${this.#path}?${query}`, page: true });
      return answer.kind === 'not_found' && this.#from === undefined ? 'absent' : pageOf(answer);
    } catch (error) {
      if (error instanceof UnreadablePage) return undefined;
      throw error;
    }
  }

  #advance({ results, next }: Page): void {
    this.#emptyPages = results.length === 0 ? this.#emptyPages + 1 : 0;
    const shown = fingerprint(results);
    if (next === undefined) this.#end = 'whole';
    else if (
      this.#cursors.has(next) ||
      this.#emptyPages > MAX_EMPTY_PAGES ||
      (shown !== undefined && this.#pages.has(shown))
    )
      this.#end = 'unreadable';
    this.#from = next;
    if (next !== undefined) this.#cursors.add(next);
    if (shown !== undefined) this.#pages.add(shown);
  }
}

interface Page {
  readonly results: readonly JsonValue[];
  /** The cursor of the page after it, `undefined` at the end. */
  readonly next: string | undefined;
}

function pageOf(answer: Answer): Page | undefined {
  if (answer.kind !== 'ok' || !isJsonObject(answer.body)) return undefined;
  const results = own(answer.body, 'results');
  if (!Array.isArray(results)) return undefined;
  const next = own(answer.body, 'next');
  return { results, next: typeof next === 'string' && next !== '' ? next : undefined };
}

/** What a page shows: pages that show the same records are a circle, even where their cursors differ. */
function fingerprint(results: readonly JsonValue[]): string | undefined {
  const [first, last] = [results[0], results.at(-1)].map((record) =>
    isJsonObject(record) ? own(record, 'id') : undefined,
  );
  if (typeof first !== 'string' || typeof last !== 'string') return undefined;
  return JSON.stringify([results.length, first, last]);
}
