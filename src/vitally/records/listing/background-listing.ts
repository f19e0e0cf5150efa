import type { Send } from '../../http/answer.ts';
import type { Collection } from '../collection.ts';
import type { KnownRecords } from '../known-records.ts';
import { ListScan } from '../list-scan.ts';
import type { Finding } from '../lookup.ts';
import type { LookupBy } from '../record-names.ts';
import { type ListingStep, nextStep } from './listing-policy.ts';
import { leavePlace } from './place.ts';
import { type Seeker, Waiters } from './waiters.ts';

/** Rows that come slower than a list is read should still find it read: so long one waits for others to pay with it. */
const MAX_HOLD_MS = 1_000;

export interface ListingOptions {
  readonly send: Send;
  readonly collection: Collection;
  readonly cache: KnownRecords;
  /** Waits; where there is none, rows that wait for further rows go on at once. */
  readonly hold: Hold | undefined;
}

/** Waits so long, or until the signal comes; rejects for the signal or where the run is stopped. */
export type Hold = (ms: number, signal: AbortSignal) => Promise<void>;

/**
 * Reads the list of a collection while rows wait for it, page after page, as long as {@link nextStep} says that it pays.
 * A page counts for the records that were not written since it was asked for.
 *
 * That a row waits, that it is answered and that it goes on are one synchronous step each. One reader at a time works
 * while any row waits: it ends in the step in which it finds none, and the next row begins a new one.
 */
export class BackgroundListing {
  readonly #options: ListingOptions;
  readonly #scan: ListScan;
  readonly #waiters = new Waiters();
  #begunAt: number | undefined;
  #pages = 0;
  #fruitless = 0;
  #isReading = false;
  #hastened = false;
  #ended = false;
  #wake: (() => void) | undefined;
  #state: 'under way' | 'complete' | 'given up' = 'under way';

  constructor(options: ListingOptions) {
    this.#options = options;
    this.#scan = new ListScan(options.send, options.collection.path, options.collection.listFilter);
  }

  /** Whether the whole list was read and would have shown the record of this key, if there was one when it began. */
  wouldHaveShown(by: LookupBy, value: string): boolean {
    if (this.#state !== 'complete' || this.#begunAt === undefined) return false;
    const { cache, collection } = this.#options;
    return cache.isCurrent(collection, by, value, this.#begunAt);
  }

  /** Memory answers a row. Where that is the list's doing, the row is one of those that the list spared. */
  answered(finding: Finding, seeker: Pick<Seeker, 'use' | 'name'>): void {
    if (this.#state === 'under way' && finding.kind === 'found')
      this.#waiters.answeredAtOnce(finding.record.id, seeker);
  }

  /**
   * To be called for a row that memory can't answer; resolves when it may, or when the row is to go on by itself.
   * Throws what ends the run.
   */
  async seek(seeker: Seeker): Promise<void> {
    if (this.#state !== 'under way') return;
    leavePlace();
    const answered = this.#waiters.add(seeker);
    this.#wake?.();
    if (!this.#isReading) {
      this.#isReading = true;
      this.#read().catch((error: unknown) => this.#fail(error));
    }
    await answered;
  }

  /** What became of a row that the list answered: whether it had to be written. */
  decided(name: string, wasChanged: boolean): void {
    this.#waiters.decided(name, wasChanged);
  }

  /** Something waits for the rows that wait: they wait for no further rows. */
  hasten(): void {
    this.#hastened = this.#waiters.size > 0;
    this.#wake?.();
  }

  /** No further rows come. */
  endOfInput(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async #read(): Promise<void> {
    let heldMs = 0;
    while (this.#waiters.size > 0) {
      const step = this.#step();
      if (step === 'page') {
        heldMs = 0;
        await this.#page();
      } else if (step === 'single' || this.#hastened || heldMs >= MAX_HOLD_MS) {
        this.#hastened = false;
        this.#waiters.release();
      } else heldMs += await this.#hold(MAX_HOLD_MS - heldMs);
    }
    this.#isReading = false;
  }

  #step(): ListingStep {
    if (this.#state !== 'under way') return 'single';
    return nextStep({
      ...this.#waiters.counts,
      pages: this.#pages,
      fruitless: this.#fruitless,
      ended: this.#ended,
    });
  }

  /** Waits for further rows; gives the time that this took as far as it counts. */
  async #hold(ms: number): Promise<number> {
    const { hold } = this.#options;
    if (hold === undefined) return ms;
    const woken = new AbortController();
    const startedAtMs = performance.now();
    this.#wake = () => woken.abort();
    // It rejects where the run is stopped, too: then the rows go on, and find that out where they ask.
    await hold(ms, woken.signal).catch(() => {});
    this.#wake = undefined;
    return woken.signal.aborted ? Math.min(ms, performance.now() - startedAtMs) : ms;
  }

  async #page(): Promise<void> {
    const { cache, collection } = this.#options;
    const askedAt = cache.now;
    this.#begunAt ??= askedAt;
    this.#pages += 1;
    const records = await this.#scan.next();
    let hasRoom = true;
    for (const record of records) {
      const shown = cache.observeInPassing(collection, record, askedAt);
      if (shown === 'full') hasRoom = false;
      else if (shown !== undefined) this.#waiters.shown(shown);
    }
    if (!hasRoom || (this.#scan.end ?? 'whole') !== 'whole') this.#state = 'given up';
    else if (this.#scan.end === 'whole') this.#state = 'complete';
    const waiting = this.#waiters.size;
    this.#waiters.answer();
    this.#fruitless = this.#waiters.size < waiting ? 0 : this.#fruitless + 1;
    if (this.#state !== 'under way') this.#waiters.close();
  }

  #fail(error: unknown): void {
    this.#isReading = false;
    this.#waiters.fail(error);
  }
}
