import { quoted } from '../../errors/quoted.ts';

/** Rows that wait for records of an object, and how many records that is. */
export interface WaitingRows {
  readonly object: string;
  readonly rows: number;
  readonly parents: number;
  /** The streams that may bring them. */
  readonly streams: readonly string[];
}

/** For the log: how many rows wait, and for what. */
export function waitingSentence(waiting: readonly WaitingRows[]): string {
  const parts = waiting.map(
    ({ object, rows, parents, streams }) =>
      `${count(rows, 'row')} for ${count(parents, object)} of ${streamsOf(streams)}`,
  );
  return (
    `rows wait for records that streams of this run may still bring: ${parts.join(', ')}. The STATEs behind them wait ` +
    'too. Put the streams of parents first, so that nothing has to wait.'
  );
}

/** Why rows are kept in memory alone. */
export function noFileSentence(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return (
    `rows that wait for records of other streams can't be kept in a temporary file (${reason}): there is only memory ` +
    'for them, and rows beyond it are rejected. Give the run a temporary directory (TMPDIR) that it can write to, with ' +
    'free space, or put the streams of parents first.'
  );
}

function streamsOf(streams: readonly string[]): string {
  return `stream${streams.length === 1 ? '' : 's'} ${streams.map((name) => quoted(name)).join(' and ')}`;
}

function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}
