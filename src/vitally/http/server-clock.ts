/** A `Date` header names whole seconds: it was written at most this long after the time it names. */
const HEADER_RESOLUTION_MS = 1_000;

/** The time on Vitally's clock, learned from the `Date` headers of its answers. */
export interface ServerClock {
  /** Learns from an answer's `Date`; the request was sent and the answer received at these times of this machine. */
  learn(dateHeader: string | string[] | undefined, sentAtMs: number, receivedAtMs: number): void;
  /** A time of this machine on Vitally's clock, in whole milliseconds since the epoch. */
  at(ownMs: number): number;
}

/**
 * A {@link ServerClock} that takes both clocks as equal until an answer says otherwise. Each answer bounds the
 * difference from both sides. Answers fall at different places within their second, so the bounds of many leave little
 * more than the time that a request travels. Where an answer contradicts earlier ones, a clock was set: learning begins
 * anew.
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
    // Clocks mostly agree, so the smallest difference within the bounds is taken.
    at: (ownMs) => Math.floor(ownMs + Math.min(Math.max(0, least), most)),
  };
}
