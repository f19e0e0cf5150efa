import type { RateVerdict } from './rate-limit.ts';
import type { Switches } from './switches.ts';

/** The headers of an answer, in both spellings unless a switch says otherwise. Seconds are whole and never 0. */
export function rateHeaders(
  verdict: RateVerdict,
  perMinute: number,
  nowMs: number,
  switches: Switches,
): Record<string, string> {
  const resetSeconds = Math.max(1, Math.ceil(verdict.resetMs / 1000));
  const retryAfter =
    !verdict.allowed && switches.has('retry-after') ? { 'Retry-After': String(resetSeconds) } : {};
  if (switches.has('no-rate-headers')) return retryAfter;
  const reset = switches.has('reset-epoch') ? Math.ceil(nowMs / 1000) + resetSeconds : resetSeconds;
  const values = {
    Limit: `${perMinute}, ${perMinute};window=60`,
    Remaining: String(verdict.remaining),
    Reset: String(reset),
  };
  const headers: [string, string][] = Object.entries(retryAfter);
  for (const [name, value] of Object.entries(values)) {
    if (!switches.has('x-rate-headers-only')) headers.push([`RateLimit-${name}`, value]);
    if (!switches.has('rate-headers-only')) headers.push([`X-RateLimit-${name}`, value]);
  }
  return Object.fromEntries(headers);
}
