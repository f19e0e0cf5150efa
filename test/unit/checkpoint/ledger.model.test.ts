import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ledger, type Ticket } from '../../../src/checkpoint/ledger.ts';
import { RecordError } from '../../../src/errors/record-error.ts';
import type { StateMessage, StreamDescriptor } from '../../../src/protocol/messages.ts';

const STREAMS: readonly StreamDescriptor[] = [
  { name: 'a', namespace: undefined },
  { name: 'a', namespace: 'mart' },
  { name: 'b', namespace: undefined },
];
const STRANGER: StreamDescriptor = { name: 'stranger', namespace: undefined };
const REFUSED = new RecordError({ code: 'refused', message: '', fix: '' });

type Event =
  | {
      readonly kind: 'record';
      readonly stream: StreamDescriptor;
      readonly ticket: Ticket;
      outcome?: 'ok' | 'rejected';
    }
  | { readonly kind: 'state'; readonly state: StateMessage; released: boolean };

/** The contract read word by word over the whole history, at quadratic cost. */
class Model {
  readonly history: Event[] = [];

  covers(state: StateMessage, stream: StreamDescriptor): boolean {
    return state.stream === undefined || state.stream === STRANGER || state.stream === stream;
  }

  mayLeave(index: number, state: StateMessage): boolean {
    return this.history.slice(0, index).every((event) => {
      if (event.kind === 'record') return event.outcome !== undefined || !this.covers(state, event.stream);
      const ordered = event.state.stream === undefined || event.state.stream === state.stream;
      return event.released || !(ordered || state.stream === undefined);
    });
  }

  counts(index: number, state: StateMessage): { recordCount: number; rejectedRecordCount: number } {
    if (state.stream === STRANGER) return { recordCount: 0, rejectedRecordCount: 0 };
    const earlier = this.history.slice(0, index);
    const previous = earlier.findLastIndex(
      (event) => event.kind === 'state' && event.state.stream === state.stream,
    );
    const records = earlier
      .slice(previous + 1)
      .filter((event) => event.kind === 'record')
      .filter((event) => this.covers(state, event.stream));
    const rejected = records.filter((event) => event.outcome === 'rejected').length;
    return { recordCount: records.length - rejected, rejectedRecordCount: rejected };
  }
}

interface Pair {
  readonly model: Model;
  readonly ledger: Ledger;
  lines: number;
}

function received({ model, ledger }: Pair, streamIndex: number): void {
  const stream = STREAMS[streamIndex] ?? STRANGER;
  model.history.push({ kind: 'record', stream, ticket: ledger.received(stream) });
}

function settled({ model, ledger }: Pair, choice: number, outcome: 'ok' | 'rejected'): void {
  const open = model.history.filter((event) => event.kind === 'record' && event.outcome === undefined);
  const event = open[choice % Math.max(1, open.length)];
  if (event?.kind !== 'record') return;
  event.outcome = outcome;
  ledger.settle(event.ticket, outcome === 'ok' ? { kind: 'created' } : { kind: 'rejected', error: REFUSED });
}

function checkpointed(pair: Pair, stream: StreamDescriptor | undefined): void {
  const state: StateMessage = { type: 'STATE', line: ++pair.lines, raw: '{}', stream };
  pair.model.history.push({ kind: 'state', state, released: false });
  pair.ledger.checkpoint(state);
}

/** Each release is allowed and counted right; none that is allowed is left behind. */
function compare({ model, ledger }: Pair): void {
  for (const release of ledger.takeSafe()) {
    const index = model.history.findIndex((event) => event.kind === 'state' && event.state === release.state);
    const event = model.history[index];
    if (event?.kind !== 'state') throw new Error('a state was released that never came');
    expect(event.released).toBe(false);
    expect(model.mayLeave(index, release.state)).toBe(true);
    expect(release).toEqual({ state: release.state, ...model.counts(index, release.state) });
    event.released = true;
    ledger.published(1);
  }
  const held = model.history.filter((event) => event.kind === 'state' && !event.released);
  expect(ledger.heldStates).toBe(held.length);
  model.history.forEach((event, index) => {
    if (event.kind === 'state' && !event.released) expect(model.mayLeave(index, event.state)).toBe(false);
  });
  const open = model.history.filter((event) => event.kind === 'record' && event.outcome === undefined);
  expect(ledger.unsettled()).toBe(open.length);
}

type Step = (pair: Pair) => void;

const record = fc.nat(STREAMS.length - 1).map(
  (index): Step =>
    (pair) =>
      received(pair, index),
);
const settle = fc.tuple(fc.nat(), fc.constantFrom('ok' as const, 'rejected' as const)).map(
  ([choice, outcome]): Step =>
    (pair) =>
      settled(pair, choice, outcome),
);
const streamState = fc.constantFrom(...STREAMS, STRANGER).map(
  (stream): Step =>
    (pair) =>
      checkpointed(pair, stream),
);
const wholeState = fc.constant<Step>((pair) => checkpointed(pair, undefined));

test.each([
  ['STREAM states', fc.oneof(record, record, settle, streamState)],
  ['GLOBAL states', fc.oneof(record, record, settle, wholeState)],
  ['both, which no source should mix', fc.oneof(record, record, settle, streamState, wholeState)],
])('any interleaving releases what the contract says: %s', (_, step) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.infiniteStream(fc.nat()), (steps, choices) => {
      const pair: Pair = { model: new Model(), ledger: new Ledger(STREAMS), lines: 0 };
      for (const take of steps) {
        take(pair);
        compare(pair);
      }
      while (pair.ledger.unsettled() > 0) {
        settled(pair, choices.next().value, 'ok');
        compare(pair);
      }
      expect(pair.model.history.every((event) => event.kind === 'record' || event.released)).toBe(true);
      pair.ledger.verifyBalance();
    }),
    { numRuns: 300 },
  );
});
