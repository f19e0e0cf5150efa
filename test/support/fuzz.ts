import type { Parameters } from 'fast-check';

/**
 * How long a fuzzer runs: a few seconds in the suite; `FUZZ_SECONDS=600 npx vitest run test/…fuzz.test.ts` for ten
 * minutes. `FUZZ_SEED` repeats a run; a failure prints its seed and its smallest case.
 */
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 0);
const SEED = Number(process.env.FUZZ_SEED ?? 20_260_101);

/** For vitest: a fuzzer that is given time may take it. */
export const FUZZ_TIMEOUT_MS = (SECONDS + 60) * 1000;

/** @param runs how many in the suite */
export function fuzz<T>(runs: number): Parameters<T> {
  if (SECONDS === 0) return { numRuns: runs, seed: SEED };
  return {
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: SECONDS * 1000,
    markInterruptAsFailure: false,
    seed: SEED,
  };
}
