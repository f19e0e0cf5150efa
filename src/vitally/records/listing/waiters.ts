import type { Finding } from '../lookup.ts';
import type { ListingCounts } from './listing-policy.ts';

/** Records that pages showed and no row asked for yet; of more than these no row is known to be spared. */
const MAX_SHOWN = 100_000;

/** How a row that waits uses what a page shows: it spares a look always, a write only where nothing is to be changed. */
export type Use = 'look' | 'write';

/** A row that waits. */
export interface Seeker {
  readonly use: Use;
  /** Names the row until {@link Waiters.decided} is called, for one that may write. */
  readonly name: string;
  /** What memory says of its record now. */
  readonly look: () => Finding | undefined;
  /** The shorter list that answers it too, and all others of that list for one request. They count as one row. */
  readonly within?: string | undefined;
}

interface Waiter extends Seeker {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** The rows that wait for a list, and the counts of those that did. Every method is one synchronous step. */
export class Waiters {
  readonly #waiting = new Set<Waiter>();
  /** Ids of records that pages showed before a row asked for them. */
  readonly #shown = new Set<string>();
  /** Rows that pages answered and that may yet be written. */
  readonly #undecided = new Set<string>();
  /** What became of the rows of each shorter list. */
  readonly #lists = new Map<string, 'waiting' | 'spared' | 'single'>();
  readonly #counts = { asked: 0, singles: 0, spared: 0, changed: 0 };

  get size(): number {
    return this.#waiting.size;
  }

  get counts(): Omit<ListingCounts, 'pages' | 'fruitless' | 'ended'> {
    return { ...this.#counts, waiting: this.#units() };
  }

  /** The row waits; resolves when it is answered or released. */
  add(seeker: Seeker): Promise<void> {
    if (seeker.within === undefined || !this.#lists.has(seeker.within)) this.#counts.asked += 1;
    if (seeker.within !== undefined && !this.#lists.has(seeker.within))
      this.#lists.set(seeker.within, 'waiting');
    return new Promise((resolve, reject) => this.#waiting.add({ ...seeker, resolve, reject }));
  }

  /** A page showed a record. */
  shown(id: string): void {
    if (this.#shown.size < MAX_SHOWN) this.#shown.add(id);
  }

  /** A row found the record in memory: one more that asked, if it is there thanks to a page. */
  answeredAtOnce(id: string, seeker: Pick<Seeker, 'use' | 'name'>): void {
    if (!this.#shown.delete(id)) return;
    this.#counts.asked += 1;
    this.#spare(seeker);
  }

  /** Lets the rows go on whose record memory knows by now. */
  answer(): void {
    for (const waiter of this.#waiting) {
      const finding = waiter.look();
      if (finding === undefined) continue;
      if (finding.kind === 'found') this.#shown.delete(finding.record.id);
      this.#spare(waiter);
      this.#leave(waiter);
    }
  }

  /** Lets every row go on by itself. */
  release(): void {
    for (const waiter of this.#waiting) {
      this.#goSingly(waiter);
      this.#leave(waiter);
    }
  }

  decided(name: string, wasChanged: boolean): void {
    if (!this.#undecided.delete(name)) return;
    if (wasChanged) this.#counts.changed += 1;
    else this.#counts.spared += 1;
  }

  /** No page is read any more. */
  close(): void {
    this.#shown.clear();
    this.#undecided.clear();
    this.release();
  }

  fail(error: unknown): void {
    for (const waiter of this.#waiting) {
      this.#waiting.delete(waiter);
      waiter.reject(error);
    }
  }

  /** How many requests the rows that wait would take by themselves. */
  #units(): number {
    const lists = new Set<string>();
    let alone = 0;
    for (const { within } of this.#waiting) {
      if (within === undefined) alone += 1;
      else lists.add(within);
    }
    return alone + lists.size;
  }

  #goSingly({ within }: Waiter): void {
    const before = within === undefined ? undefined : this.#lists.get(within);
    if (before === 'single') return;
    this.#counts.singles += 1;
    if (before === 'spared') this.#counts.spared -= 1;
    if (within !== undefined) this.#lists.set(within, 'single');
  }

  #spare({ use, name, within }: Pick<Seeker, 'use' | 'name' | 'within'>): void {
    if (within !== undefined) {
      if (this.#lists.get(within) !== 'waiting') return;
      this.#lists.set(within, 'spared');
    }
    if (use === 'look') this.#counts.spared += 1;
    else this.#undecided.add(name);
  }

  #leave(waiter: Waiter): void {
    this.#waiting.delete(waiter);
    waiter.resolve();
  }
}
