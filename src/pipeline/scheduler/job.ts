import type { Ticket } from '../../checkpoint/ledger.ts';
import { canMerge, mergeWrites } from '../../mapping/merge-writes.ts';
import type { Route, Write } from '../../mapping/route.ts';
import { areWrittenTogether } from '../../write/objects/index.ts';
import type { Place } from '../nameless-file.ts';
import type { ReadRow } from '../read-ahead.ts';

/** A record on its way: what is needed to settle it, and to keep it when it is rejected. */
export interface Row extends ReadRow {
  readonly ticket: Ticket;
  readonly line: number;
  readonly write: Write;
}

/** A row whose content lies in the temporary file of what waits. */
export interface FrozenRow extends Place {
  readonly ticket: Ticket;
  readonly line: number;
  readonly leftReadAhead: true;
}

/**
 * Rows of one key that are written together: usually one; several where a later row of the key came while an
 * earlier one still waited. The later ones are coalesced into `write`.
 */
export interface Job {
  readonly route: Route;
  /** What must never be in flight twice: object, key space and key. */
  readonly laneKey: string;
  rows: readonly Row[];
  write: Write;
  /** Where its rows lie while it waits for a parent and memory is full; `rows` is empty then. */
  frozen: readonly FrozenRow[] | undefined;
  /** Set once its content is on the way: nothing can be coalesced into it any more. */
  sealed: boolean;
}

/** A row on its own. */
export function jobOf(route: Route, row: Row, laneKey: string): Job {
  return { route, laneKey, rows: [row], write: row.write, frozen: undefined, sealed: false };
}

/** True where the later row can be coalesced into the earlier: same route, not yet sent, and rows that merge or go together. */
export function canCoalesce(earlier: Job, later: Job): boolean {
  if (earlier.sealed || earlier.frozen !== undefined || earlier.route !== later.route) return false;
  if (areWrittenTogether(earlier.route)) return true;
  // A lane is a record's or its owner's: there are rows of several keys in it.
  if (keyText(earlier) !== keyText(later)) return false;
  return canMerge(earlier.route, earlier.write, later.write) && !bringsRelations(earlier, later);
}

function keyText({ route, write }: Job): string | undefined {
  return route.matchOn === 'email' ? write.key?.toLowerCase() : write.key;
}

/** A parent that only the later row names may still be waiting behind the earlier one: coalesced, it would be missing. */
function bringsRelations(earlier: Job, later: Job): boolean {
  return [...later.write.fields].some(([name, value]) => {
    if (later.route.object.fields[name]?.association === undefined) return false;
    const known = new Set([earlier.write.fields.get(name)].flat());
    return [value].flat().some((id) => id !== null && !known.has(id));
  });
}

/** Coalesces `later` into `earlier`: grouped rows stay apart, others merge field by field as Vitally itself would. */
export function coalesce(earlier: Job, later: Job): void {
  if (!areWrittenTogether(earlier.route)) {
    earlier.write = mergeWrites(earlier.route, earlier.write, later.write);
  }
  earlier.rows = [...earlier.rows, ...later.rows];
}
