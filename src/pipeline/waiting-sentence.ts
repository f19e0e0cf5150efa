/** Rows that wait for records of an object, and how many records that is. */
export interface WaitingRows {
  readonly object: string;
  readonly rows: number;
  readonly parents: number;
}

/** For the log: how many rows wait, and for what. */
export function waitingSentence(waiting: readonly WaitingRows[]): string {
  const parts = waiting.map(
    ({ object, rows, parents }) => `${count(rows, 'row')} for ${count(parents, object)}`,
  );
  return (
    `rows wait for records that streams of this run may still bring: ${parts.join(', ')}. The STATEs behind them wait ` +
    'too. Put the streams of parents first, so that nothing has to wait.'
  );
}

function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}
