import type { StateMessage } from '../protocol/messages.ts';

/** A STATE whose records all have their outcome. */
export interface SafeState {
  readonly state: StateMessage;
  /** Records since the previous STATE of the same sequence that were not rejected. */
  readonly recordCount: number;
  readonly rejectedRecordCount: number;
}

/** A STATE that may not leave yet. */
export interface HeldState {
  readonly state: StateMessage;
  /** STATEs of its sequence that are held, itself among them. */
  readonly states: number;
  /** Records that it covers and that have no outcome. */
  readonly unsettled: number;
  /** Records since the STATE before it that were rejected. */
  readonly rejected: number;
}

/** The records between one STATE and the next of one sequence. */
export interface StateInterval {
  received: number;
  rejected: number;
  pending: number;
  /** The STATE that closed it, and how many whole-input STATEs had arrived before that one. */
  closed: { readonly state: StateMessage; readonly globalsBefore: number } | undefined;
  next: StateInterval | undefined;
}

/**
 * The intervals of one sequence of STATEs (a stream's, or the whole input's), oldest first. Each call takes constant
 * time; intervals whose STATE was taken are forgotten.
 */
export class StateIntervals {
  #oldest = newInterval();
  #newest = this.#oldest;
  #states = 0;
  readonly #holdsRejected: boolean;

  /** @param holdsRejected no STATE that covers a rejected record is ever safe */
  constructor(holdsRejected: boolean) {
    this.#holdsRejected = holdsRejected;
  }

  /** Counts a record into the newest interval. */
  receive(): StateInterval {
    this.#newest.received++;
    this.#newest.pending++;
    return this.#newest;
  }

  settle(interval: StateInterval, rejected: boolean): void {
    interval.pending--;
    if (rejected) interval.rejected++;
  }

  close(state: StateMessage, globalsBefore: number): void {
    this.#newest.closed = { state, globalsBefore };
    this.#states++;
    this.#newest.next = newInterval();
    this.#newest = this.#newest.next;
  }

  /** Takes the oldest STATE if its records are settled and no whole-input STATE before it is still held. */
  takeSafe(globalsSafe: number): SafeState | undefined {
    const { pending, received, rejected, closed, next } = this.#oldest;
    if (pending > 0 || closed === undefined || next === undefined) return undefined;
    // It stays the oldest, so that no later one is safe either: that one covers the same record.
    if (this.#holdsRejected && rejected > 0) return undefined;
    if (closed.globalsBefore > globalsSafe) return undefined;
    this.#oldest = next;
    this.#states--;
    return { state: closed.state, recordCount: received - rejected, rejectedRecordCount: rejected };
  }

  /** The oldest STATE that is held, and what it waits for; `undefined` where none is. */
  held(): HeldState | undefined {
    const { closed, pending, rejected } = this.#oldest;
    return closed && { state: closed.state, states: this.#states, unsettled: pending, rejected };
  }
}

function newInterval(): StateInterval {
  return { received: 0, rejected: 0, pending: 0, closed: undefined, next: undefined };
}
