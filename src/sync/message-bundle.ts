import { mergeWrites } from '../mapping/merge-writes.ts';
import type { Route, Write } from '../routing/route.ts';
import type { Settlement } from './settlement.ts';

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

  /** Its rows, each with what became of it. */
  *settled(): Iterable<readonly [Write, Settlement]> {
    for (const [index, write] of this.writes.entries()) {
      const settlement = this.#settlements[index];
      if (settlement !== undefined) yield [write, settlement];
    }
  }
}

/** The rows of a group by key, keys in the order they came in. */
export function bundlesOf(route: Route, writes: readonly Write[]): Bundle[] {
  const byKey = new Map<string, [Write, ...Write[]]>();
  for (const write of writes) {
    if (write.key === undefined) throw new Error('a message without a key reached its writer');
    const rows = byKey.get(write.key);
    if (rows === undefined) byKey.set(write.key, [write]);
    else rows.push(write);
  }
  return [...byKey].map(([key, rows]) => new Bundle(route, key, rows));
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
