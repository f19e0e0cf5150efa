import { createContext, Script } from 'node:vm';

/** Ways to fail. With `-after`, `truncated` and `garbage` the request is applied, with all others it is not. */
export const FAULT_KINDS = {
  '429': 'answered 429 with a reset header',
  '500': 'answered 500',
  '502': 'answered 502',
  '503': 'answered 503',
  'reset-before': 'connection reset, nothing applied',
  'reset-after': 'applied, then connection reset',
  timeout: 'nothing applied, no answer until the client leaves',
  'timeout-after': 'applied, no answer until the client leaves',
  truncated: 'applied, half of the answer, then the connection closed',
  html: 'nothing applied, a page of HTML with status 200',
  'html-502': 'nothing applied, a page of HTML with status 502',
  garbage: 'applied, status 200 and JSON that is none',
  'html-500-after': 'applied, then a page of HTML with status 500',
  '502-after': 'applied, then a page of HTML with status 502',
  '504-late': 'a page of HTML with status 504, applied three seconds later',
  'html-403': 'nothing applied, the page of a firewall with status 403',
} as const;

/** The longest that the pattern of a plan is tried on a path. */
const PATTERN_MS = 100;

/** When a request that was answered 504 is applied after all. */
export const LATE_MS = 3_000;

/** The faults of a plan without kinds: those that a retry mends. */
export const PASSING_FAULTS: readonly string[] = Object.keys(FAULT_KINDS).filter(
  (kind) => kind !== 'html-403' && kind !== '504-late',
);

export type FaultKind = keyof typeof FAULT_KINDS;

/** Which requests fail, and how. The same seed and requests give the same faults. */
export interface FaultPlan {
  /** Share of the requests, 0 to 1. */
  readonly rate: number;
  readonly kinds: readonly FaultKind[];
  readonly seed: number;
  /** Only requests whose path with its query matches; others neither fail nor use up the sequence. */
  readonly paths?: RegExp;
  /** At most so many faults. */
  readonly limit?: number;
  /** A script, one entry a request; when it is used up, `rate` decides. */
  readonly sequence?: readonly (FaultKind | 'none')[];
  /** The seconds that the headers of a 429 say; default 1. */
  readonly resetSeconds?: number;
}

export const NO_FAULTS: FaultPlan = { rate: 0, kinds: [], seed: 1 };

/** Draws a fault, or none, for each request. */
export class FaultDraw {
  readonly plan: FaultPlan;
  readonly #random: () => number;
  #requests = 0;
  #faults = 0;

  constructor(plan: FaultPlan) {
    this.plan = plan;
    this.#random = seededRandom(plan.seed);
  }

  next(path: string): FaultKind | undefined {
    const { paths, limit, sequence = [], rate, kinds } = this.plan;
    if (paths !== undefined && !isIn(path, paths)) return undefined;
    if (limit !== undefined && this.#faults >= limit) return undefined;
    const kind = this.#requests < sequence.length ? sequence[this.#requests] : this.#draw(rate, kinds);
    this.#requests += 1;
    if (kind === undefined || kind === 'none') return undefined;
    this.#faults += 1;
    return kind;
  }

  #draw(rate: number, kinds: readonly FaultKind[]): FaultKind | undefined {
    if (rate <= 0 || this.#random() >= rate) return undefined;
    return kinds[Math.floor(this.#random() * kinds.length)];
  }
}

const TRIAL = new Script('path.search(paths) >= 0');
const trial: { path: string; paths: RegExp } = { path: '', paths: /^/ };
createContext(trial);

/**
 * Whether a path matches. Who sets faults may write a pattern that takes for ever, and the sandbox would hear nobody
 * any more: after a tenth of a second it counts as matching nothing. V8 ends a pattern only where its script has a time.
 */
function isIn(path: string, paths: RegExp): boolean {
  Object.assign(trial, { path, paths });
  try {
    return TRIAL.runInContext(trial, { timeout: PATTERN_MS }) === true;
  } catch (error) {
    if (isTimeOut(error)) return false;
    throw error;
  }
}

/** The error may be of the script's own world, where `Error` is another. */
function isTimeOut(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}

/** Mulberry32: numbers in [0, 1), the same for the same seed. */
function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
