import type { RejectionCode } from '../errors/record-error.ts';
import type { StateMessage, StreamDescriptor } from '../protocol/messages.ts';
import { StreamMap } from '../protocol/stream-map.ts';
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

export interface LedgerOptions {
  /** No STATE is safe that covers a rejected record (`rejected_records.policy` fail_fast). */
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

/**
 * Which records were received, what became of each, and which STATEs may go out. It does no I/O: every method is one
 * synchronous step, and takes constant time a record.
 *
 * A STREAM state is safe when every record received before it on its stream is settled, a GLOBAL or LEGACY one when every
 * record of every stream is; each goes out after the ones before it. A state of a stream that the catalog lacks may cover
 * any of the rows, so it waits for every record of every stream too, and counts none: their own streams count them
 * (Contract 6). Should an input mix both kinds, which the Airbyte platform forbids, a state never overtakes a GLOBAL that
 * arrived before it.
 */
export class Ledger {
  readonly #accounts: readonly Account[];
  readonly #byStream: StreamMap<Account>;
  /** The STATEs of streams that the catalog lacks. */
  readonly #strangers: StateIntervals;
  /** GLOBAL and LEGACY STATEs: they are about the whole input. */
  readonly #globals: StateIntervals;
  #unsettled = 0;
  #safe: SafeState[] = [];
  #heldStates = 0;
  #unpublished = 0;
  #globalsReceived = 0;
  #globalsSafe = 0;

  /** @param streams the configured catalog's streams */
  constructor(
    streams: readonly StreamDescriptor[],
    { holdsRejected }: LedgerOptions = { holdsRejected: false },
  ) {
    this.#accounts = streams.map((stream) => openAccount(stream, holdsRejected));
    this.#byStream = new StreamMap(this.#accounts.map((account) => [account.stream, account]));
    this.#strangers = new StateIntervals(holdsRejected);
    this.#globals = new StateIntervals(holdsRejected);
  }

  /** @throws Error for a stream that the ledger was not made for */
  received(stream: StreamDescriptor): Ticket {
    const account = this.#byStream.get(stream);
    if (account === undefined) throw new Error('the ledger has no account for the record’s stream');
    account.received++;
    account.unsettled++;
    const ticket: Entry = {
      stream: account.stream,
      isOpen: true,
      account,
      interval: account.intervals.receive(),
      globalInterval: this.#globals.receive(),
      strangerInterval: this.#strangers.receive(),
    };
    this.#unsettled++;
    return ticket;
  }

  /**
   * @returns whether {@link takeSafe} has something to give
   * @throws Error when the ticket was settled before
   */
  settle(ticket: Ticket, outcome: Outcome): boolean {
    const entry = ticket as Entry;
    if (!entry.isOpen) throw new Error('a record was settled twice');
    entry.isOpen = false;
    this.#unsettled--;
    const { account, interval, globalInterval, strangerInterval } = entry;
    const rejected = outcome.kind === 'rejected';
    account.unsettled--;
    account.outcomes[outcome.kind]++;
    if (rejected) {
      const { code } = outcome.error;
      account.rejectedByCode.set(code, (account.rejectedByCode.get(code) ?? 0) + 1);
    }
    account.intervals.settle(interval, rejected);
    this.#globals.settle(globalInterval, rejected);
    this.#strangers.settle(strangerInterval, rejected);
    this.#gatherSafe(account.intervals);
    this.#gatherSafe(this.#strangers);
    this.#gatherSafeGlobals();
    return this.#safe.length > 0;
  }

  /** @returns whether {@link takeSafe} has something to give */
  checkpoint(state: StateMessage): boolean {
    const sequence = this.#sequenceOf(state);
    sequence.close(state, this.#globalsReceived);
    this.#heldStates++;
    this.#unpublished++;
    if (sequence === this.#globals) {
      this.#globalsReceived++;
      this.#gatherSafeGlobals();
    } else this.#gatherSafe(sequence);
    return this.#safe.length > 0;
  }

  /** The STATEs that became safe since the last call, in the order to emit them. */
  takeSafe(): SafeState[] {
    const taken = this.#safe;
    this.#safe = [];
    return taken;
  }

  /** So many of the STATEs taken last are out. */
  published(states: number): void {
    this.#unpublished -= states;
  }

  /** STATEs that wait for records to settle. */
  get heldStates(): number {
    return this.#heldStates;
  }

  /** For each sequence that holds STATEs: the oldest one, and what it waits for. */
  held(): HeldState[] {
    const ofStreams = this.#accounts.map(({ intervals }) => intervals);
    return [...ofStreams, this.#strangers, this.#globals]
      .map((intervals) => intervals.held())
      .filter((held) => held !== undefined);
  }

  /** Records without an outcome, of one stream or of all. */
  unsettled(stream?: StreamDescriptor): number {
    return stream === undefined ? this.#unsettled : (this.#byStream.get(stream)?.unsettled ?? 0);
  }

  /** One entry for each stream that the ledger was made for, in that order. */
  counts(): StreamCounts[] {
    return this.#accounts.map(({ stream, received, unsettled, outcomes, rejectedByCode }) => ({
      stream,
      received,
      unsettled,
      outcomes: { ...outcomes },
      rejectedByCode: new Map(rejectedByCode),
    }));
  }

  /** @throws Error when a stream's received records are not the sum of their outcomes, or a STATE was never published */
  verifyBalance(): void {
    for (const { received, outcomes } of this.#accounts) {
      const settled = OUTCOMES.reduce((sum, kind) => sum + outcomes[kind], 0);
      if (received !== settled) {
        throw new Error(
          `the counts of a stream are out of balance: ${received} received, ${settled} settled`,
        );
      }
    }
    if (this.#unpublished > 0)
      throw new Error(`${this.#unpublished} STATE messages were received and never emitted`);
  }

  #sequenceOf(state: StateMessage): StateIntervals {
    if (state.stream === undefined) return this.#globals;
    return this.#byStream.get(state.stream)?.intervals ?? this.#strangers;
  }

  #gatherSafe(intervals: StateIntervals): void {
    for (;;) {
      const safe = intervals.takeSafe(this.#globalsSafe);
      if (safe === undefined) return;
      const isStranger = intervals === this.#strangers;
      this.#safe.push(isStranger ? { ...safe, recordCount: 0, rejectedRecordCount: 0 } : safe);
      this.#heldStates--;
    }
  }

  #gatherSafeGlobals(): void {
    for (;;) {
      const safe = this.#globals.takeSafe(this.#globalsSafe);
      if (safe === undefined) return;
      this.#safe.push(safe);
      this.#heldStates--;
      this.#globalsSafe++;
      const heldGlobals = this.#globalsReceived - this.#globalsSafe;
      if (this.#heldStates === heldGlobals) continue;
      for (const { intervals } of this.#accounts) this.#gatherSafe(intervals);
      this.#gatherSafe(this.#strangers);
    }
  }
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
