import type { Batcher } from '../write/analytics/batcher.ts';

/** What waits for further rows, so as to send them in one request. */
type Waits = Pick<Batcher, 'flush' | 'endOfInput'>;

/** Tells all that waits for further rows that these are waited for, or that there are none. */
export function waitsOf(
  forRows: readonly (Waits | undefined)[],
  forTheEnd: readonly Pick<Waits, 'endOfInput'>[],
): { hasten(): void; endOfInput(): void } {
  return {
    hasten() {
      for (const waits of forRows) waits?.flush();
    },
    endOfInput() {
      for (const waits of [...forRows, ...forTheEnd]) waits?.endOfInput();
    },
  };
}
