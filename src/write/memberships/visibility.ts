/**
 * What the Analytics API took in needs seconds, sometimes minutes, until REST shows it (vitally-api.md, "Analytics
 * messages"). Contract 8.
 */
export const MAX_VISIBILITY_MS = 5 * 60_000;

/** Waits between looks, the last of them again and again: some sixteen looks in five minutes. */
const WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/** How long to wait before each further look, until the deadline; none where that is past. */
export function* waitsUntil(deadlineMs: number, now: () => number): Generator<number> {
  for (let look = 0; ; look++) {
    const left = deadlineMs - now();
    if (left <= 0) return;
    yield Math.min(left, WAITS_MS[Math.min(look, WAITS_MS.length - 1)] ?? left);
  }
}
