import { isJsonObject, own } from '../../json/guards.ts';
import type { Answer } from '../../vitally/http/answer.ts';

/** Two clocks differ a little, even on one machine. */
const CLOCK_SLACK_MS = 3;

/**
 * Whether a write that Vitally answered made a new record: by the status where it says so, else by the record's
 * `createdAt` against the time the request was first sent (Contract 6). Both are by Vitally's clock.
 */
export function wasCreated(answer: Extract<Answer, { kind: 'ok' }>, otherwise: boolean): boolean {
  if (answer.status === 201) return true;
  const createdAt = isJsonObject(answer.body) ? own(answer.body, 'createdAt') : undefined;
  const createdAtMs = typeof createdAt === 'string' ? Date.parse(createdAt) : Number.NaN;
  if (!Number.isFinite(createdAtMs)) return otherwise;
  // A time without milliseconds was cut to the second: it is compared with the request's second.
  const wholeSeconds = createdAtMs % 1000 === 0;
  const sentAtMs = wholeSeconds
    ? Math.floor(answer.sentAtMs / 1000) * 1000
    : answer.sentAtMs - CLOCK_SLACK_MS;
  return createdAtMs >= sentAtMs;
}
