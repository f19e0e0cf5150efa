import type { StateMessage } from '../protocol/messages.ts';

/** A STATE whose records all have their outcome. */
export interface Release {
  readonly state: StateMessage;
  /** Records since the previous STATE of the same sequence that were not rejected. */
  readonly recordCount: number;
  readonly rejectedRecordCount: number;
}

/** The records between one STATE and the next of one sequence. */
export interface Epoch {
  received: number;
  rejected: number;
  pending: number;
  /** The STATE that closed it, and how many whole-input STATEs had arrived before that one. */
  closed: { readonly state: StateMessage; readonly wholesBefore: number } | undefined;
  next: Epoch | undefined;
}

/**
 * The epochs of one sequence of STATEs (a stream's, or the whole input's), oldest first. Each call takes constant
 * time; released epochs are let go.
 */
export class Epochs {
  #oldest = newEpoch();
  #newest = this.#oldest;
  #states = 0;
  readonly #holdsRejected: boolean;

  /** @param holdsRejected no STATE that covers a rejected record is ever released */
  constructor(holdsRejected: boolean) {
    this.#holdsRejected = holdsRejected;
  }

  /** Counts a record into the newest epoch. */
  receive(): Epoch {
    this.#newest.received++;
    this.#newest.pending++;
    return this.#newest;
  }

  settle(epoch: Epoch, rejected: boolean): void {
    epoch.pending--;
    if (rejected) epoch.rejected++;
  }

  close(state: StateMessage, wholesBefore: number): void {
    this.#newest.closed = { state, wholesBefore };
    this.#states++;
    this.#newest.next = newEpoch();
    this.#newest = this.#newest.next;
  }

  /** Takes the oldest STATE if its records are settled and no whole-input STATE before it is still held. */
  release(wholesReleased: number): Release | undefined {
    const { pending, received, rejected, closed, next } = this.#oldest;
    if (pending > 0 || closed === undefined || next === undefined) return undefined;
    // It stays the oldest, so that no later one is released either: that one covers the same record.
    if (this.#holdsRejected && rejected > 0) return undefined;
    if (closed.wholesBefore > wholesReleased) return undefined;
    this.#oldest = next;
    this.#states--;
    return { state: closed.state, recordCount: received - rejected, rejectedRecordCount: rejected };
  }

  /** The oldest STATE that is held, and what it waits for; `undefined` where none is. */
  held(): { state: StateMessage; states: number; unsettled: number; rejected: number } | undefined {
    const { closed, pending, rejected } = this.#oldest;
    return closed && { state: closed.state, states: this.#states, unsettled: pending, rejected };
  }
}

function newEpoch(): Epoch {
  return { received: 0, rejected: 0, pending: 0, closed: undefined, next: undefined };
}
