/** Differences up to this are the header's whole seconds and the way there and back, not a wrong clock. */
const TOLERANCE_MS = 2_000;

/** Vitally's time, learnt from the `Date` headers of its answers. */
export interface ServerClock {
  /** Takes in one answer's `Date`, its request sent and its answer received at these times of the own clock. */
  learn(dateHeader: string | string[] | undefined, sentAtMs: number, receivedAtMs: number): void;
  /** A time of the own clock on Vitally's, in whole milliseconds since the epoch. */
  at(ownMs: number): number;
}

/** A {@link ServerClock} that holds both clocks for equal until an answer says otherwise. */
export function createServerClock(): ServerClock {
  let offsetMs = 0;
  return {
    learn(dateHeader, sentAtMs, receivedAtMs) {
      const dateMs = typeof dateHeader === 'string' ? Date.parse(dateHeader) : Number.NaN;
      if (Number.isNaN(dateMs)) return;
      const differenceMs = dateMs - (sentAtMs + receivedAtMs) / 2;
      offsetMs = Math.abs(differenceMs) > TOLERANCE_MS ? differenceMs : 0;
    },
    at: (ownMs) => Math.round(ownMs + offsetMs),
  };
}
