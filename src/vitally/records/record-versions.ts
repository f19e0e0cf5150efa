import { LruMap } from './lru.ts';

/** Names whose last change is known one by one; of older changes only the latest moment is. */
const MAX_CHANGED_NAMES = 100_000;

/**
 * When this run last changed what a name leads to. A question is asked at a moment, and its answer counts only where
 * nothing that it speaks of was changed since: otherwise older knowledge would win over newer.
 *
 * Moments are counted, not timed, so that two things that happen in one millisecond still have an order.
 */
export class RecordVersions {
  readonly #changed: LruMap<string, number>;
  #now = 0;
  /** Every change of a name that is no longer in the map was at this moment or before. */
  #forgottenUntil = 0;

  constructor(capacity: number = MAX_CHANGED_NAMES) {
    this.#changed = new LruMap(
      capacity,
      () => 1,
      (moment) => {
        this.#forgottenUntil = moment;
      },
    );
  }

  /** The moment at which a question is sent. */
  get now(): number {
    return this.#now;
  }

  /** The records of these names were written, accepted or deleted: answers to earlier questions no longer count. */
  changed(names: Iterable<string>): void {
    this.#now += 1;
    for (const name of names) this.#changed.set(name, this.#now);
  }

  /** Whether none of these names was changed since the moment. A name whose change is forgotten counts as changed. */
  unchangedSince(moment: number, names: Iterable<string>): boolean {
    for (const name of names) {
      // Only a look, which must not move the name: the least recently changed one is forgotten first.
      if ((this.#changed.peek(name) ?? this.#forgottenUntil) > moment) return false;
    }
    return true;
  }
}
