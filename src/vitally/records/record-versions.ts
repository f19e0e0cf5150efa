import { LruMap } from './lru.ts';

/** Names whose last change is known one by one; of all older changes only the latest moment is known. */
const MAX_CHANGED_NAMES = 100_000;

/**
 * When this run last changed the record of a name. A question is sent at a moment, and its answer counts only where no
 * record that it shows was changed since: otherwise older knowledge would replace newer.
 *
 * Moments are counted and not timed, so that two changes in one millisecond still have an order.
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
      // `peek` leaves the order alone: the name that was changed least recently is forgotten first.
      if ((this.#changed.peek(name) ?? this.#forgottenUntil) > moment) return false;
    }
    return true;
  }
}
