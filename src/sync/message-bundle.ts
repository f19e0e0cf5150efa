import { canMerge, mergeWrites } from '../mapping/merge-writes.ts';
import type { Route, Write } from '../routing/route.ts';
import type { Settlement } from './settlement.ts';

/** Whether a row is refused for want of a record that may still come. */
export function waits({ outcome }: Settlement): boolean {
  return outcome.kind === 'rejected' && outcome.error.missing !== undefined;
}

/** Rows of a group that bear one key, written as one. */
export class Bundle {
  readonly key: string;
  readonly writes: readonly Write[];
  /** What the rows come to: for `append` the first of them, else each over those before it. */
  readonly write: Write;
  readonly #appends: boolean;
  #settlements: readonly Settlement[] = [];

  constructor(route: Route, key: string, writes: readonly [Write, ...Write[]]) {
    const [first, ...later] = writes;
    this.key = key;
    this.writes = writes;
    this.#appends = route.mode === 'append';
    this.write = this.#appends
      ? first
      : later.reduce((merged, write) => mergeWrites(route, merged, write), first);
  }

  /** What became of the rows together; a refusal is every row's. */
  settle(settlement: Settlement): void {
    const counting = this.#appends ? 0 : this.writes.length - 1;
    const other: Settlement = { outcome: { kind: this.#appends ? 'skipped' : 'superseded' } };
    const isRefused = settlement.outcome.kind === 'rejected';
    this.settleEach(this.writes.map((_, index) => (isRefused || index === counting ? settlement : other)));
  }

  /** What became of each row, where each was written alone. */
  settleEach(settlements: readonly Settlement[]): void {
    this.#settlements = settlements;
  }

  /** What all of its rows wait for, where they do. */
  get waiting(): Settlement | undefined {
    return this.#settlements.find(waits);
  }

  /** Its rows, each with what became of it. */
  *settled(): Iterable<readonly [Write, Settlement]> {
    for (const [index, write] of this.writes.entries()) {
      const settlement = this.#settlements[index];
      if (settlement !== undefined) yield [write, settlement];
    }
  }
}

/**
 * The rows of a group by key, keys in the order they came in, in rounds to be written one after the other: a row that
 * can't be merged with those of its key before it is one of the next round.
 */
export function roundsOf(route: Route, writes: readonly Write[]): Bundle[][] {
  const byKey = new Map<string, [Write, ...Write[]][]>();
  for (const write of writes) {
    if (write.key === undefined) throw new Error('a message without a key reached its writer');
    const parts = byKey.get(write.key) ?? [];
    byKey.set(write.key, parts);
    const last = parts.at(-1);
    if (last !== undefined && goTogether(route, last, write)) last.push(write);
    else parts.push([write]);
  }
  const rounds: Bundle[][] = [];
  for (const [key, parts] of byKey) {
    for (const [index, rows] of parts.entries()) {
      const round = rounds[index] ?? [];
      rounds[index] = round;
      round.push(new Bundle(route, key, rows));
    }
  }
  return rounds;
}

/** Of rows that are appended the first counts, whatever the others say. */
function goTogether(route: Route, [first, ...others]: [Write, ...Write[]], later: Write): boolean {
  if (route.mode === 'append') return true;
  const earlier = others.reduce((merged, write) => mergeWrites(route, merged, write), first);
  return canMerge(route, earlier, later);
}

/** What became of each row of a group, in the order they came in. */
export function settlementsOf(bundles: readonly Bundle[], writes: readonly Write[]): Settlement[] {
  const settled = new Map(bundles.flatMap((bundle) => [...bundle.settled()]));
  return writes.map((write) => {
    const settlement = settled.get(write);
    if (settlement === undefined) throw new Error('a message was left without an outcome');
    return settlement;
  });
}
