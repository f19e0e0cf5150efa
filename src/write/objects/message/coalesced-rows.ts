import { canMerge, mergeWrites } from '../../../mapping/merge-writes.ts';
import type { Route, Write } from '../../../mapping/route.ts';
import { type Result, skipped, superseded } from '../../result.ts';

/** Whether a row is rejected for want of a record that may still come. */
export function waits({ outcome }: Result): boolean {
  return outcome.kind === 'rejected' && outcome.error.missing !== undefined;
}

/** Rows of a group that have one key, written as one. */
export class CoalescedRows {
  readonly key: string;
  readonly writes: readonly Write[];
  /** What the rows come to: for `append` the first of them, else each over those before it. */
  readonly write: Write;
  readonly #appends: boolean;
  #results: readonly Result[] = [];

  constructor(route: Route, key: string, writes: readonly [Write, ...Write[]]) {
    const [first, ...later] = writes;
    this.key = key;
    this.writes = writes;
    this.#appends = route.mode === 'append';
    this.write = this.#appends
      ? first
      : later.reduce((merged, write) => mergeWrites(route, merged, write), first);
  }

  /** What became of the rows together; a rejection is every row's. */
  settle(result: Result): void {
    const counting = this.#appends ? 0 : this.writes.length - 1;
    const other = this.#appends ? skipped('record there', { id: result.id }) : superseded();
    const isRejected = result.outcome.kind === 'rejected';
    this.settleEach(this.writes.map((_, index) => (isRejected || index === counting ? result : other)));
  }

  /** What became of each row, where each was written alone. */
  settleEach(results: readonly Result[]): void {
    this.#results = results;
  }

  /** What all of its rows wait for, where they do. */
  get waiting(): Result | undefined {
    return this.#results.find(waits);
  }

  /** Its rows, each with what became of it. */
  *settled(): Iterable<readonly [Write, Result]> {
    for (const [index, write] of this.writes.entries()) {
      const result = this.#results[index];
      if (result !== undefined) yield [write, result];
    }
  }
}

/**
 * The rows of a group by key, keys in the order they came in, in rounds to be written one after the other: a row that
 * can't be merged with those of its key before it is one of the next round.
 */
export function roundsOf(route: Route, writes: readonly Write[]): CoalescedRows[][] {
  const byKey = new Map<string, [Write, ...Write[]][]>();
  for (const write of writes) {
    if (write.key === undefined) throw new Error('a message without a key reached its writer');
    const parts = byKey.get(write.key) ?? [];
    byKey.set(write.key, parts);
    const last = parts.at(-1);
    if (last !== undefined && goTogether(route, last, write)) last.push(write);
    else parts.push([write]);
  }
  const rounds: CoalescedRows[][] = [];
  for (const [key, parts] of byKey) {
    for (const [index, rows] of parts.entries()) {
      const round = rounds[index] ?? [];
      rounds[index] = round;
      round.push(new CoalescedRows(route, key, rows));
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
export function resultsOf(written: readonly CoalescedRows[], writes: readonly Write[]): Result[] {
  const settled = new Map(written.flatMap((rows) => [...rows.settled()]));
  return writes.map((write) => {
    const result = settled.get(write);
    if (result === undefined) throw new Error('a message was left without an outcome');
    return result;
  });
}
