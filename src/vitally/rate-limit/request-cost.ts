import { MAX_COST_UNITS, MAX_REFILL_SHARE, MAX_SPAN_ANSWERS } from './policy.ts';

/** A write may cost more units of the limit than a read. */
export type RequestKind = 'read' | 'write';

/** Counts of requests by kind. */
export type Tally = Readonly<Record<RequestKind, number>>;

/** One answer, and the requests sent and answered around it. */
export interface Observation {
  readonly kind: RequestKind;
  /** Units left after the answered request. */
  readonly remaining: number;
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
  /** Requests answered before this one was sent. */
  readonly answeredBefore: Tally;
  /** Requests sent before this one's answer came, this one included. */
  readonly sentUntilAnswer: Tally;
  /** Requests sent more than a minute before the answer came. */
  readonly expired: number;
}

/**
 * Learns how many units a read and a write cost from how `RateLimit-Remaining` falls. Writes may cost more than one
 * unit; how many is said nowhere (vitally-api.md, "Rate limits").
 *
 * Between two answers, the requests that the server counted lie between two bounds, and so do the units that it gave
 * back meanwhile. A cost changes only where it lies outside of what these bounds allow.
 */
export class RequestCost {
  readonly #cost = { read: 1, write: 1 };
  #from: Observation | undefined;
  #answers = 0;

  /** Units that a request of this kind costs, at least 1. */
  of(kind: RequestKind): number {
    return this.#cost[kind];
  }

  /** A request was refused although enough units seemed to be left: it costs more than was thought. */
  raise(kind: RequestKind): void {
    this.#cost[kind] = Math.min(MAX_COST_UNITS, this.#cost[kind] + 1);
  }

  /** A request was refused, or its answer was lost: what the server counted is unknown, so a new span begins. */
  restart(): void {
    this.#from = undefined;
  }

  /** @param refillPerMs - units that come back in a millisecond, on the average. */
  learn(to: Observation, refillPerMs: number): void {
    const from = this.#from;
    if (from === undefined || to.remaining >= from.remaining || this.#answers >= MAX_SPAN_ANSWERS) {
      this.#from = to;
      this.#answers = 0;
      return;
    }
    this.#answers++;
    const dropped = from.remaining - to.remaining;
    const returned = (to.expired - from.expired) * Math.max(this.#cost.read, this.#cost.write);
    const refill = Math.max((to.answeredAtMs - from.sentAtMs) * refillPerMs, returned) + 1;
    if (refill > dropped * MAX_REFILL_SHARE) return;
    const reads = between(from, to, 'read');
    const writes = between(from, to, 'write');
    if (writes.most === 0) this.#bound('read', dropped, dropped + refill, reads);
    else {
      const { read } = this.#cost;
      this.#bound('write', dropped - reads.most * read, dropped + refill - reads.least * read, writes);
    }
  }

  #bound(kind: RequestKind, leastUnits: number, mostUnits: number, requests: Bounds): void {
    const lowest = Math.min(MAX_COST_UNITS, Math.ceil(leastUnits / requests.most));
    if (this.#cost[kind] < lowest) this.#cost[kind] = lowest;
    if (requests.least === 0) return;
    const highest = Math.max(1, Math.floor(mostUnits / requests.least));
    if (this.#cost[kind] > highest) this.#cost[kind] = highest;
  }
}

interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** How many requests of a kind the server counted after `from` and up to `to`. */
function between(from: Observation, to: Observation, kind: RequestKind): Bounds {
  const most = to.sentUntilAnswer[kind] - from.answeredBefore[kind] - (from.kind === kind ? 1 : 0);
  const least =
    Math.max(0, to.answeredBefore[kind] - from.sentUntilAnswer[kind]) + (to.kind === kind ? 1 : 0);
  return { least, most };
}
