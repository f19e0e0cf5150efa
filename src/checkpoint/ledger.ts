import type { RejectionCode } from '../errors/record-error.ts';
import { type StateMessage, type StreamDescriptor, streamId } from '../protocol/messages.ts';
import { OUTCOMES, type Outcome, type OutcomeKind } from './outcome.ts';
import { type HeldState, type SafeState, type StateInterval, StateIntervals } from './state-interval.ts';

/** What became of a stream's records so far. */
export interface StreamCounts {
  readonly stream: StreamDescriptor;
  readonly received: number;
  /** Received and without an outcome yet. */
  readonly unsettled: number;
  readonly outcomes: Readonly<Record<OutcomeKind, number>>;
  readonly rejectedByCode: ReadonlyMap<RejectionCode, number>;
}

/** One record that was received; it is settled once. */
export interface Ticket {
  readonly stream: StreamDescriptor;
}

/**
 * Which records were received, what became of each, and which STATEs may go out. It does no I/O and every call takes constant
 * time a record.
 *
 * A STREAM state is releasable when every record received before it on its stream is settled, a GLOBAL or LEGACY
 * one when every record of every stream is; each goes out after the ones before it. A state of a stream that the
 * catalog lacks may cover any of the rows, so it waits for every record of every stream too, and counts none: their
 * own streams count them (Contract 6). Should an input mix both kinds, which the Airbyte platform forbids, a state
 * never overtakes a GLOBAL that arrived before it.
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
  takeReleasable(): SafeState[];
  /** The STATEs taken last are out. */
  published(states: number): void;
  /** STATEs that wait for records to settle. */
  readonly heldStates: number;
  /** For each sequence that holds STATEs: the oldest one, and what it waits for. */
  held(): HeldState[];
  /** Records without an outcome, of one stream or of all. */
  unsettled(stream?: StreamDescriptor): number;
  /** One entry for each stream that the ledger was made for, in that order. */
  counts(): StreamCounts[];
  /** @throws Error when a stream's received records are not the sum of their outcomes, or a STATE was never published */
  verifyBalance(): void;
}

export interface LedgerOptions {
  /** Never release a STATE that covers a rejected record (`rejected_records.policy` fail_fast). */
  readonly holdsRejected: boolean;
}

interface Account {
  readonly stream: StreamDescriptor;
  readonly intervals: StateIntervals;
  readonly outcomes: Record<OutcomeKind, number>;
  readonly rejectedByCode: Map<RejectionCode, number>;
  received: number;
  unsettled: number;
}

/** A ticket with what the ledger knows of its record: one object a record, since very many may wait at once. */
interface Entry extends Ticket {
  isOpen: boolean;
  readonly account: Account;
  readonly interval: StateInterval;
  readonly globalInterval: StateInterval;
  readonly strangerInterval: StateInterval;
}

/** @param streams the configured catalog's streams */
export function createLedger(
  streams: readonly StreamDescriptor[],
  { holdsRejected }: LedgerOptions = { holdsRejected: false },
): Ledger {
  const accounts = new Map(streams.map((stream) => [streamId(stream), openAccount(stream, holdsRejected)]));
  /** The STATEs of streams that the catalog lacks. */
  const strangers = new StateIntervals(holdsRejected);
  const globals = new StateIntervals(holdsRejected);
  let open = 0;
  let releasable: SafeState[] = [];
  let heldStates = 0;
  let unpublished = 0;
  let globalsReceived = 0;
  let globalsReleased = 0;

  function releaseStates(intervals: StateIntervals): void {
    for (
      let release = intervals.release(globalsReleased);
      release;
      release = intervals.release(globalsReleased)
    ) {
      releasable.push(
        intervals === strangers ? { ...release, recordCount: 0, rejectedRecordCount: 0 } : release,
      );
      heldStates--;
    }
  }

  function releaseGlobals(): void {
    for (
      let release = globals.release(globalsReleased);
      release;
      release = globals.release(globalsReleased)
    ) {
      releasable.push(release);
      heldStates--;
      globalsReleased++;
      const heldGlobals = globalsReceived - globalsReleased;
      if (heldStates === heldGlobals) continue;
      for (const { intervals } of accounts.values()) releaseStates(intervals);
      releaseStates(strangers);
    }
  }

  function sequenceOf(state: StateMessage): StateIntervals {
    if (state.stream === undefined) return globals;
    return accounts.get(streamId(state.stream))?.intervals ?? strangers;
  }

  return {
    received(stream) {
      const account = accounts.get(streamId(stream));
      if (account === undefined) throw new Error('the ledger has no account for the record’s stream');
      account.received++;
      account.unsettled++;
      const ticket: Entry = {
        stream: account.stream,
        isOpen: true,
        account,
        interval: account.intervals.receive(),
        globalInterval: globals.receive(),
        strangerInterval: strangers.receive(),
      };
      open++;
      return ticket;
    },

    settle(ticket, outcome) {
      const entry = ticket as Entry;
      if (!entry.isOpen) throw new Error('a record was settled twice');
      entry.isOpen = false;
      open--;
      const { account, interval, globalInterval, strangerInterval } = entry;
      const rejected = outcome.kind === 'rejected';
      account.unsettled--;
      account.outcomes[outcome.kind]++;
      if (rejected) {
        const { code } = outcome.error;
        account.rejectedByCode.set(code, (account.rejectedByCode.get(code) ?? 0) + 1);
      }
      account.intervals.settle(interval, rejected);
      globals.settle(globalInterval, rejected);
      strangers.settle(strangerInterval, rejected);
      releaseStates(account.intervals);
      releaseStates(strangers);
      releaseGlobals();
      return releasable.length > 0;
    },

    checkpoint(state) {
      const sequence = sequenceOf(state);
      sequence.close(state, globalsReceived);
      heldStates++;
      unpublished++;
      if (sequence === globals) {
        globalsReceived++;
        releaseGlobals();
      } else releaseStates(sequence);
      return releasable.length > 0;
    },

    takeReleasable() {
      const taken = releasable;
      releasable = [];
      return taken;
    },

    published(states) {
      unpublished -= states;
    },

    get heldStates() {
      return heldStates;
    },

    held: () =>
      [...[...accounts.values()].map(({ intervals }) => intervals), strangers, globals]
        .map((intervals) => intervals.held())
        .filter((held) => held !== undefined),

    unsettled: (stream) => (stream === undefined ? open : (accounts.get(streamId(stream))?.unsettled ?? 0)),

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
      if (unpublished > 0) throw new Error(`${unpublished} STATE messages were received and never emitted`);
    },
  };
}

function openAccount(stream: StreamDescriptor, holdsRejected: boolean): Account {
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
    intervals: new StateIntervals(holdsRejected),
    outcomes: none,
    rejectedByCode: new Map(),
    received: 0,
    unsettled: 0,
  };
}
