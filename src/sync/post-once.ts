import { TransientError } from '../errors/transient-error.ts';
import type { Answer, VitallyRequest } from '../vitally/answer.ts';
import { MaybeApplied } from '../vitally/maybe-applied.ts';

/** Waits before a POST whose answer was lost, and whose record doesn't show up, is sent again: five minutes in all. */
const WAITS_MS = [
  500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 30_000, 30_000, 30_000, 30_000, 30_000, 30_000, 30_000,
];

/**
 * Sends a POST that might make a second copy if it were repeated: when its answer is lost, `isThere` looks whether it
 * was applied, and only if not it is sent again. `applied` when the record is there although no answer said so.
 *
 * @throws TransientError when every answer is lost and the record never shows up
 */
export async function postOnce(
  send: (request: VitallyRequest) => Promise<Answer>,
  request: VitallyRequest,
  isThere: () => Promise<boolean>,
  sleep: (ms: number) => Promise<void>,
): Promise<Answer | 'applied'> {
  for (const waitMs of WAITS_MS) {
    try {
      return await send({ ...request, once: true });
    } catch (error) {
      if (!(error instanceof MaybeApplied)) throw error;
      if (await isThere()) return 'applied';
      await sleep(waitMs);
    }
  }
  throw new TransientError(
    `Vitally lost every answer to a ${request.method}: ${WAITS_MS.length} tries in five minutes.`,
  );
}
