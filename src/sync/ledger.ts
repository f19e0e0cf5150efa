import type { RejectionCode } from '../errors/record-error.ts';
import { type StateMessage, type StreamDescriptor, streamId } from '../protocol/messages.ts';
import { type Epoch, Epochs, type Release } from './epochs.ts';
import { OUTCOMES, type Outcome, type OutcomeKind } from './outcomes.ts';

/** What became of a stream's records so far. */
export interface StreamCounts {
  readonly stream: StreamDescriptor;
  readonly received: number;
  /** Received and without an outcome yet. */
  readonly unsettled: number;
  readonly outcomes: Readonly<Record<OutcomeKind, number>>;
  readonly rejectedByCode: ReadonlyMap<RejectionCode, number>;
}

/** Stands for one record that was received; it is settled once. */
export interface Ticket {
  readonly stream: StreamDescriptor;
}

/**
 * Who was received, what became of it, and which STATEs may go out. It does no I/O and every call takes constant
 * time a record.
 *
 * A STREAM state is releasable when every record received before it on its stream is settled, a GLOBAL or LEGACY
 * one when every record of every stream is; each goes out after the ones before it. A stream that the catalog lacks
 * has no records, so its states wait for nothing but one another. Should an input mix both kinds, which the Airbyte
 * platform forbids, a state never overtakes a GLOBAL that arrived before it.
 */
export interface Ledger {
  /** @throws Error for a stream that the ledger was not made for */
  received(stream: StreamDescriptor): Ticket;
  /**
   * @returns whether {@link takeReleasable} has something to give
   * @throws Error when the ticket was settled before
   */
  settle(ticket: Ticket, outcome: Outcome): boolean;
  /** @returns whether {@link takeReleasable} has something to give */
  checkpoint(state: StateMessage): boolean;
  /** The STATEs that became releasable since the last call, in the order to emit them. */
  takeReleasable(): Release[];
  /** STATEs that wait for records to settle. */
  readonly heldStates: number;
  /** Records without an outcome, of one stream or of all. */
  unsettled(stream?: StreamDescriptor): number;
  /** One entry for each stream that the ledger was made for, in that order. */
  counts(): StreamCounts[];
  /** @throws Error when a stream's received records are not the sum of their outcomes, or a STATE is still held */
  verifyBalance(): void;
}

interface Account {
  readonly stream: StreamDescriptor;
  readonly epochs: Epochs;
  readonly outcomes: Record<OutcomeKind, number>;
  readonly rejectedByCode: Map<RejectionCode, number>;
  received: number;
  unsettled: number;
}

interface Entry {
  readonly account: Account;
  readonly epoch: Epoch;
  readonly wholeEpoch: Epoch;
}

/** @param streams the configured catalog's streams */
export function createLedger(streams: readonly StreamDescriptor[]): Ledger {
  const accounts = new Map(streams.map((stream) => [streamId(stream), openAccount(stream)]));
  /** Sequences of streams that the catalog lacks. */
  const strangers = new Map<string, Epochs>();
  const whole = new Epochs();
  const entries = new Map<Ticket, Entry>();
  let releasable: Release[] = [];
  let heldStates = 0;
  let wholesArrived = 0;
  let wholesReleased = 0;

  function drain(epochs: Epochs): void {
    for (let release = epochs.release(wholesReleased); release; release = epochs.release(wholesReleased)) {
      releasable.push(release);
      heldStates--;
    }
  }

  function drainWhole(): void {
    for (let release = whole.release(wholesReleased); release; release = whole.release(wholesReleased)) {
      releasable.push(release);
      heldStates--;
      wholesReleased++;
      const heldWholes = wholesArrived - wholesReleased;
      if (heldStates === heldWholes) continue;
      for (const { epochs } of accounts.values()) drain(epochs);
      for (const epochs of strangers.values()) drain(epochs);
    }
  }

  function sequenceOf(state: StateMessage): Epochs {
    if (state.stream === undefined) return whole;
    const id = streamId(state.stream);
    const known = accounts.get(id)?.epochs ?? strangers.get(id);
    if (known !== undefined) return known;
    const stranger = new Epochs();
    strangers.set(id, stranger);
    return stranger;
  }

  return {
    received(stream) {
      const account = accounts.get(streamId(stream));
      if (account === undefined) throw new Error('the ledger has no account for the record’s stream');
      account.received++;
      account.unsettled++;
      const ticket: Ticket = { stream: account.stream };
      entries.set(ticket, { account, epoch: account.epochs.receive(), wholeEpoch: whole.receive() });
      return ticket;
    },

    settle(ticket, outcome) {
      const entry = entries.get(ticket);
      if (entry === undefined) throw new Error('a record was settled twice');
      entries.delete(ticket);
      const { account, epoch, wholeEpoch } = entry;
      const rejected = outcome.kind === 'rejected';
      account.unsettled--;
      account.outcomes[outcome.kind]++;
      if (rejected) {
        const { code } = outcome.error;
        account.rejectedByCode.set(code, (account.rejectedByCode.get(code) ?? 0) + 1);
      }
      account.epochs.settle(epoch, rejected);
      whole.settle(wholeEpoch, rejected);
      drain(account.epochs);
      drainWhole();
      return releasable.length > 0;
    },

    checkpoint(state) {
      const sequence = sequenceOf(state);
      sequence.close(state, wholesArrived);
      heldStates++;
      if (sequence === whole) {
        wholesArrived++;
        drainWhole();
      } else drain(sequence);
      return releasable.length > 0;
    },

    takeReleasable() {
      const taken = releasable;
      releasable = [];
      return taken;
    },

    get heldStates() {
      return heldStates;
    },

    unsettled: (stream) =>
      stream === undefined ? entries.size : (accounts.get(streamId(stream))?.unsettled ?? 0),

    counts: () =>
      [...accounts.values()].map(({ stream, received, unsettled, outcomes, rejectedByCode }) => ({
        stream,
        received,
        unsettled,
        outcomes: { ...outcomes },
        rejectedByCode: new Map(rejectedByCode),
      })),

    verifyBalance() {
      for (const { received, outcomes } of accounts.values()) {
        const settled = OUTCOMES.reduce((sum, kind) => sum + outcomes[kind], 0);
        if (received !== settled) {
          throw new Error(
            `the counts of a stream are out of balance: ${received} received, ${settled} settled`,
          );
        }
      }
      if (heldStates > 0) throw new Error(`${heldStates} STATE messages were never released`);
    },
  };
}

function openAccount(stream: StreamDescriptor): Account {
  const none = {
    created: 0,
    updated: 0,
    deleted: 0,
    accepted: 0,
    unchanged: 0,
    superseded: 0,
    skipped: 0,
    rejected: 0,
  };
  return {
    stream,
    epochs: new Epochs(),
    outcomes: none,
    rejectedByCode: new Map(),
    received: 0,
    unsettled: 0,
  };
}
