import type { Transport } from '../../mapping/route.ts';

/** For each API, how many requests may be in flight at once at present. */
export type RequestsAtOnce = Readonly<Record<Transport, () => number>>;

/** Rows of Analytics routes under way where answers are quick. */
const FEW_ANALYTICS_ROWS = 1_000;
/** Rows read and not yet settled where answers are quick: a bound on memory whatever the input's length. */
const FEW_UNSETTLED_ROWS = 4_000;
const ROWS_A_BATCH = 100;
/** Batches that fill while others are in flight. */
const FILLING_BATCHES = 2;

/** Rows that are written at a time: one a request by REST; by Analytics enough for each batch in flight and the next ones. */
export function rowsAtWork({ rest, analytics }: RequestsAtOnce): RequestsAtOnce {
  return { rest, analytics: () => Math.max(FEW_ANALYTICS_ROWS, rowsInBatches(analytics)) };
}

/** Rows that are read and not yet settled, at the most: those at work, and as many ahead of them. */
export function rowsUnsettled({ analytics }: RequestsAtOnce): number {
  return Math.max(FEW_UNSETTLED_ROWS, rowsInBatches(analytics) + FEW_ANALYTICS_ROWS);
}

function rowsInBatches(batches: () => number): number {
  return (batches() + FILLING_BATCHES) * ROWS_A_BATCH;
}
