/** A `Date` header names whole seconds: the moment it was written lies within this from it. */
const HEADER_RESOLUTION_MS = 1_000;

/** Vitally's time, learnt from the `Date` headers of its answers. */
export interface ServerClock {
  /** Takes in one answer's `Date`, its request sent and its answer received at these times of the own clock. */
  learn(dateHeader: string | string[] | undefined, sentAtMs: number, receivedAtMs: number): void;
  /** A time of the own clock on Vitally's, in whole milliseconds since the epoch. */
  at(ownMs: number): number;
}

/**
 * A {@link ServerClock} that holds both clocks for equal until an answer says otherwise. Each answer bounds the
 * difference from both sides; the bounds of many, which fall at different places within their second, leave little
 * more than the time on the way. Answers that contradict the earlier ones begin anew: a clock was set.
 */
export function createServerClock(): ServerClock {
  let least = Number.NEGATIVE_INFINITY;
  let most = Number.POSITIVE_INFINITY;
  return {
    learn(dateHeader, sentAtMs, receivedAtMs) {
      const dateMs = typeof dateHeader === 'string' ? Date.parse(dateHeader) : Number.NaN;
      if (Number.isNaN(dateMs)) return;
      const bounds = [dateMs - receivedAtMs, dateMs + HEADER_RESOLUTION_MS - sentAtMs] as const;
      least = Math.max(least, bounds[0]);
      most = Math.min(most, bounds[1]);
      if (least > most) [least, most] = bounds;
    },
    // The smallest difference that fits: clocks mostly agree.
    at: (ownMs) => Math.floor(ownMs + Math.min(Math.max(0, least), most)),
  };
}
