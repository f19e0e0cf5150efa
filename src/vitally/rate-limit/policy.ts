/**
 * The constants of the rate limit, in one place. `_MS` is milliseconds, `_UNITS` units of the limit, `_SHARE` a part of
 * 1. `docs/rate-limit.md` explains the rules that they belong to, and a test holds that page to this file.
 */

// Slow start

/** Requests in flight at once unless the options say otherwise. */
export const DEFAULT_MAX_IN_FLIGHT = 8;
/** Requests go one at a time until so many answers have come: these show what a request costs. */
export const SLOW_START_ANSWERS = 2;
/** After this long without an answer another client may have used what was left: the start is slow again. */
export const IDLE_MS = 10_000;

// Request window

/** Length of the window that `requests_per_minute` is about. */
export const WINDOW_MS = 60_000;
/** Requests a minute that Vitally allows where its answers don't say (vitally-api.md, "Rate limits"). */
export const UNTOLD_PER_MINUTE = 1_000;
/** Requests a minute. No limit that answers tell is higher; the ceiling where nothing is configured. */
export const MOST_PER_MINUTE = 100_000;
/** Share of the ceiling that may be used without spacing: a short run is over before it would matter. */
export const UNSPACED_SHARE = 0.5;

// AIMD: additive increase, multiplicative decrease of the ceiling

/** Share of what went through before a 429 that is tried from then on. */
export const DECREASE = 0.95;
/** One backoff lowers the ceiling to no less than this share of it: another client may have caused the first of a run. */
export const MAX_DECREASE = 0.25;
/** 429s without helpful headers never lower the ceiling below this share of the configured one. */
export const MIN_CEILING_SHARE = 0.01;
/** First raise of a lowered ceiling, as a share of it, after a window without a 429; each further one is twice as high. */
export const FIRST_INCREASE = 0.02;

// Quota

/** Below this share of the limit requests are spaced. */
export const LOW_SHARE = 0.1;
/**
 * A bucket may hold far less than the limit names. Spacing begins no higher than at so many times the most that was ever
 * left: with 2 the pace is that of the refill just where such a bucket is full. Two clients whose writes cost 1 still share
 * it, and at a higher cost one of them may get a third (docs/rate-limit.md).
 */
export const LOW_OF_MOST_LEFT = 2;
/** Units by which the margin grows where another client used up what was left. */
export const MARGIN_STEP_UNITS = 2;
/** Units that the margin grows to at most, whatever the limit. */
export const MAX_MARGIN_UNITS = 16;
/** Resets and dates are whole seconds, rounded by unknown rules: units seen this long before it came on their own. */
export const RESET_SLACK_MS = 4_000;
/** Shortest wait for a reset, which a server may round down to 0. */
export const MIN_RESET_MS = 1_000;

// Request cost

/** A cost above this is taken for a mistake. */
export const MAX_COST_UNITS = 100;
/** A span of answers tells a cost only where the refill within it is below this share of what was spent. */
export const MAX_REFILL_SHARE = 0.5;
/** A span ends after this many answers, so that a changed cost is noticed. */
export const MAX_SPAN_ANSWERS = 256;

// Backoff

/** Shortest pause after a 429, and what it starts from without headers. */
export const MIN_PAUSE_MS = 1_000;
/** The pause doubles up to this while one 429 follows the other. */
export const MAX_DOUBLED_PAUSE_MS = 60_000;
/** Share of a pause that is added at random at most, so that several clients don't come back at once. */
export const JITTER_SHARE = 0.1;

// Headers

/** The window of a limit whose header doesn't name one (1,000 a minute: vitally-api.md, "Rate limits"). */
export const DEFAULT_WINDOW_MS = 60_000;
/** Longest wait that `Retry-After` can ask for: a hostile or broken one must not stop a run for good. */
export const MAX_HEADER_WAIT_MS = 10 * 60_000;
/** Units of a limit, or left of it; a higher number makes no sense. */
export const MAX_LIMIT_UNITS = 1e9;
/** A window that is longer makes no sense. */
export const MAX_WINDOW_MS = 24 * 3_600_000;
/** A reset below the first is a delay in seconds; above each it is a time since the epoch, in ever finer units. */
export const EPOCH_SECONDS = 1e9;
export const EPOCH_MILLISECONDS = 1e11;
export const EPOCH_MICROSECONDS = 1e14;
export const EPOCH_NANOSECONDS = 1e17;
