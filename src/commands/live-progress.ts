import type { Writable } from 'node:stream';
import { visible } from '../protocol/output/visible.ts';
import type { Progress } from '../report/progress.ts';

const ERASE_LINE = '\r\u001B[K';
const USUAL_WIDTH = 80;

/** One line of a terminal that says how far a run is, and is taken away at its end. */
export interface LiveProgress {
  show(progress: Progress): void;
  clear(): void;
}

interface Terminal extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * `undefined` where stderr is no terminal: then nothing is shown on it (Contract 1).
 *
 * @param total rows that will come, where that is known
 */
export function liveProgress(stderr: Terminal, total?: () => number | undefined): LiveProgress | undefined {
  if (stderr.isTTY !== true) return undefined;
  let isShown = false;
  return {
    show(progress) {
      const text = visible(progressLine(progress, total?.()));
      const width = (stderr.columns ?? USUAL_WIDTH) - 1;
      isShown = true;
      stderr.write(`${ERASE_LINE}${[...text].slice(0, width).join('')}`);
    },
    clear() {
      if (isShown) stderr.write(ERASE_LINE);
      isShown = false;
    },
  };
}

function progressLine(
  { streams, done, rowsPerSecond, waitingShare, reasons }: Progress,
  total?: number,
): string {
  const of = total === undefined ? '' : `/${total}`;
  const left =
    total === undefined || rowsPerSecond <= 0 ? '' : `, ${timeLeft((total - done) / rowsPerSecond)} left`;
  const parts =
    streams.length > 1 ? ` (${streams.map((stream) => `${stream.name} ${stream.done}`).join(', ')})` : '';
  const waits = waitingShare >= 1 ? `, ${waitingShare.toFixed(0)} % waiting for the rate limit` : '';
  const stuck = reasons.length === 0 ? '' : `; ${reasons.join('; ')}`;
  return `${done}${of} rows${parts}, ${rowsPerSecond.toFixed(0)} rows/s${left}${waits}${stuck}`;
}

function timeLeft(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  return whole < 3600 ? `${Math.ceil(whole / 60)} min` : `${(whole / 3600).toFixed(1)} h`;
}
