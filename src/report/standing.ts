import type { StreamCounts } from '../checkpoint/ledger.ts';
import { durationInWords, timeInWords } from '../errors/times.ts';

export interface StandingInput {
  readonly counts: readonly StreamCounts[];
  /** STATEs that left. */
  readonly acknowledged: number;
  readonly startedAtMs: number;
  readonly stoppedAtMs: number;
  readonly dryRun: boolean;
  /** Where rejected records are kept; `undefined` where there are none. */
  readonly keptIn: string | undefined;
}

/** How far a run came that was stopped: since when, what is safe, what comes again. Ends the message of its error. */
export function standing(input: StandingInput): string {
  const { counts, acknowledged, startedAtMs, stoppedAtMs, dryRun, keptIn } = input;
  const received = counts.reduce((sum, count) => sum + count.received, 0);
  const unsettled = counts.reduce((sum, count) => sum + count.unsettled, 0);
  const when = `Stopped at ${timeInWords(stoppedAtMs)}, ${durationInWords(stoppedAtMs - startedAtMs)} after the start`;
  if (received === 0) return `${when}, before any row was read: nothing was written.`;
  if (dryRun) return `${when} of the dry run: nothing was written.`;
  const open = unsettled === 0 ? 'all settled' : `${unsettled} of them with unknown fate`;
  const safe =
    acknowledged === 0
      ? 'No STATE was acknowledged: the next sync sends all rows again.'
      : `${acknowledged === 1 ? '1 STATE is' : `${acknowledged} STATEs are`} acknowledged, and the rows before are safe; ` +
        'the next sync sends those behind again.';
  const kept = keptIn === undefined ? '' : ` Rejected records are kept under ${keptIn}.`;
  return `${when}: ${received === 1 ? '1 row' : `${received} rows`} read, ${open}. ${safe}${kept}`;
}
