import { describe, expect, test } from 'vitest';
import { Ledger } from '../../../src/checkpoint/ledger.ts';
import { OUTCOMES, type Outcome } from '../../../src/checkpoint/outcome.ts';
import { RecordError, type RejectionCode } from '../../../src/errors/record-error.ts';
import type { StateMessage, StreamDescriptor } from '../../../src/protocol/messages.ts';

const A: StreamDescriptor = { name: 'a', namespace: undefined };
const B: StreamDescriptor = { name: 'b', namespace: undefined };
const A_OF_MART: StreamDescriptor = { name: 'a', namespace: 'mart' };
const STRANGER: StreamDescriptor = { name: 'not in the catalog', namespace: undefined };
const WRITTEN: Outcome = { kind: 'updated' };

function rejected(code: RejectionCode): Outcome {
  return { kind: 'rejected', error: new RecordError({ code, message: '', fix: '' }) };
}

let lines = 0;

function state(stream?: StreamDescriptor): StateMessage {
  return { type: 'STATE', line: ++lines, raw: '{}', stream };
}

/** What the ledger releases now: each state with its counts. */
function taken(ledger: Ledger): [StateMessage, number, number][] {
  const releases = ledger.takeSafe();
  ledger.published(releases.length);
  return releases.map((release) => [release.state, release.recordCount, release.rejectedRecordCount]);
}

describe('a STREAM state', () => {
  test('with nothing before it goes out at once, with zeros', () => {
    const ledger = new Ledger([A]);
    const first = state(A);
    expect(ledger.checkpoint(first)).toBe(true);
    expect(taken(ledger)).toEqual([[first, 0, 0]]);
    expect(taken(ledger)).toEqual([]);
  });

  test('waits for every record before it and for none after it', () => {
    const ledger = new Ledger([A]);
    const before = [ledger.received(A), ledger.received(A)] as const;
    const first = state(A);
    expect(ledger.checkpoint(first)).toBe(false);
    const after = ledger.received(A);
    expect(ledger.heldStates).toBe(1);
    expect(ledger.settle(after, WRITTEN)).toBe(false);
    expect(ledger.settle(before[1], rejected('bad_value'))).toBe(false);
    expect(ledger.settle(before[0], WRITTEN)).toBe(true);
    expect(taken(ledger)).toEqual([[first, 1, 1]]);
    const second = state(A);
    ledger.checkpoint(second);
    expect(taken(ledger)).toEqual([[second, 1, 0]]);
    expect(ledger.heldStates).toBe(0);
  });

  test('never overtakes an earlier one of its stream', () => {
    const ledger = new Ledger([A]);
    const slow = ledger.received(A);
    const [first, second, third] = [state(A), state(A), state(A)];
    ledger.checkpoint(first);
    const fast = ledger.received(A);
    ledger.checkpoint(second);
    ledger.checkpoint(third);
    ledger.settle(fast, WRITTEN);
    expect(taken(ledger)).toEqual([]);
    ledger.settle(slow, WRITTEN);
    expect(taken(ledger)).toEqual([
      [first, 1, 0],
      [second, 1, 0],
      [third, 0, 0],
    ]);
  });

  test('doesn’t wait for other streams, of the same name in another namespace too', () => {
    const ledger = new Ledger([A, B, A_OF_MART]);
    ledger.received(B);
    ledger.received(A_OF_MART);
    const ticket = ledger.received(A);
    const first = state(A);
    ledger.checkpoint(first);
    ledger.settle(ticket, WRITTEN);
    expect(taken(ledger)).toEqual([[first, 1, 0]]);
  });

  test('of a stream that the catalog lacks waits for every record before it, and counts none', () => {
    const ledger = new Ledger([A, B]);
    const [a, b] = [ledger.received(A), ledger.received(B)];
    const [first, second, own] = [state(STRANGER), state({ name: 'another', namespace: 'mart' }), state(A)];
    ledger.checkpoint(first);
    const later = ledger.received(A);
    ledger.checkpoint(second);
    ledger.checkpoint(own);
    expect(taken(ledger)).toEqual([]);
    ledger.settle(a, WRITTEN);
    ledger.settle(b, rejected('refused'));
    expect(taken(ledger)).toEqual([[first, 0, 0]]);
    ledger.settle(later, WRITTEN);
    expect(taken(ledger)).toEqual([
      [own, 2, 0],
      [second, 0, 0],
    ]);
  });

  test.each([
    { what: 'STREAM', stream: A, others: true },
    { what: 'unknown stream', stream: STRANGER, others: true },
    { what: 'GLOBAL', stream: undefined, others: false },
  ])('$what: one that covers a rejected record is never released where that is asked for', (given) => {
    const { stream, others } = given;
    const ledger = new Ledger([A, B], { holdsRejected: true });
    const [before, covers, after, other] = [state(stream), state(stream), state(stream), state(B)];
    ledger.checkpoint(before);
    const ticket = ledger.received(A);
    ledger.checkpoint(covers);
    ledger.settle(ticket, rejected('refused'));
    ledger.checkpoint(after);
    ledger.settle(ledger.received(B), WRITTEN);
    ledger.checkpoint(other);
    expect(taken(ledger).map(([message]) => message)).toEqual(others ? [before, other] : [before]);
    const held = { state: covers, states: 2, unsettled: 0, rejected: 1 };
    expect(ledger.held()).toContainEqual(held);
  });
});

describe('a state of the whole input', () => {
  test('waits for every stream and counts every stream', () => {
    const ledger = new Ledger([A, B]);
    const [a, b] = [ledger.received(A), ledger.received(B)];
    const first = state();
    ledger.checkpoint(first);
    const later = ledger.received(B);
    ledger.settle(later, WRITTEN);
    ledger.settle(b, rejected('refused'));
    expect(taken(ledger)).toEqual([]);
    ledger.settle(a, WRITTEN);
    expect(taken(ledger)).toEqual([[first, 1, 1]]);
    const second = state();
    ledger.checkpoint(second);
    expect(taken(ledger)).toEqual([[second, 1, 0]]);
  });

  test('goes out at once when there are no streams at all', () => {
    const ledger = new Ledger([]);
    const only = state();
    expect(ledger.checkpoint(only)).toBe(true);
    expect(taken(ledger)).toEqual([[only, 0, 0]]);
  });

  test('is not overtaken by STREAM states after it, and doesn’t overtake those before it', () => {
    const ledger = new Ledger([A, B]);
    const a = ledger.received(A);
    const [streamBefore, whole, strangerAfter, streamAfter, wholeAfter] = [
      state(A),
      state(),
      state(STRANGER),
      state(B),
      state(),
    ];
    ledger.checkpoint(streamBefore);
    ledger.checkpoint(whole);
    ledger.checkpoint(strangerAfter);
    const b = ledger.received(B);
    ledger.checkpoint(streamAfter);
    ledger.checkpoint(wholeAfter);
    ledger.settle(b, WRITTEN);
    expect(taken(ledger)).toEqual([]);
    ledger.settle(a, WRITTEN);
    const released = taken(ledger).map(([message]) => message);
    expect(released.slice(0, 2)).toEqual([streamBefore, whole]);
    expect(new Set(released.slice(2, 4))).toEqual(new Set([streamAfter, strangerAfter]));
    expect(released[4]).toBe(wholeAfter);
  });
});

describe('counts', () => {
  test.each(OUTCOMES.filter((kind) => kind !== 'rejected'))('%s is an outcome of a loaded record', (kind) => {
    const ledger = new Ledger([A]);
    const ticket = ledger.received(A);
    ledger.checkpoint(state(A));
    ledger.settle(ticket, { kind });
    expect(taken(ledger)).toEqual([[expect.anything(), 1, 0]]);
    expect(ledger.counts()[0]?.outcomes[kind]).toBe(1);
    expect(() => ledger.verifyBalance()).not.toThrow();
  });

  test('are kept for each stream, in the order of the catalog', () => {
    const ledger = new Ledger([B, A]);
    for (const code of ['bad_value', 'refused', 'bad_value'] as const) {
      ledger.settle(ledger.received(A), rejected(code));
    }
    ledger.settle(ledger.received(A), { kind: 'created' });
    const open = ledger.received(A);
    const none = { ...Object.fromEntries(OUTCOMES.map((kind) => [kind, 0])) };
    expect(ledger.counts()).toEqual([
      { stream: B, received: 0, unsettled: 0, outcomes: none, rejectedByCode: new Map() },
      {
        stream: A,
        received: 5,
        unsettled: 1,
        outcomes: { ...none, created: 1, rejected: 3 },
        rejectedByCode: new Map([
          ['bad_value', 2],
          ['refused', 1],
        ]),
      },
    ]);
    expect([
      ledger.unsettled(),
      ledger.unsettled(A),
      ledger.unsettled(B),
      ledger.unsettled(STRANGER),
    ]).toEqual([1, 1, 0, 0]);
    ledger.settle(open, WRITTEN);
    expect(ledger.unsettled()).toBe(0);
  });

  test('given out are a copy', () => {
    const ledger = new Ledger([A]);
    const before = ledger.counts()[0];
    ledger.settle(ledger.received(A), WRITTEN);
    expect(before).toMatchObject({ received: 0, outcomes: { updated: 0 } });
  });
});

describe('a bug is an error', () => {
  test('settling twice', () => {
    const ledger = new Ledger([A]);
    const ticket = ledger.received(A);
    ledger.settle(ticket, WRITTEN);
    expect(() => ledger.settle(ticket, WRITTEN)).toThrow('settled twice');
    expect(() => ledger.settle({ stream: A }, WRITTEN)).toThrow('settled twice');
  });

  test('a record of a stream without an account', () => {
    expect(() => new Ledger([A]).received(STRANGER)).toThrow('no account');
    expect(() => new Ledger([A]).received(A_OF_MART)).toThrow('no account');
  });

  test('an end with records unsettled', () => {
    const ledger = new Ledger([A]);
    const ticket = ledger.received(A);
    expect(() => ledger.verifyBalance()).toThrow('1 received, 0 settled');
    ledger.settle(ticket, WRITTEN);
    expect(() => ledger.verifyBalance()).not.toThrow();
  });
});

test('a hundred thousand states held by one slow record go out when it settles', () => {
  const ledger = new Ledger([A, B]);
  const slow = ledger.received(A);
  for (let record = 0; record < 100_000; record++) {
    const ticket = ledger.received(A);
    ledger.checkpoint(state(A));
    ledger.settle(ticket, WRITTEN);
  }
  expect(ledger.heldStates).toBe(100_000);
  ledger.settle(slow, WRITTEN);
  const released = ledger.takeSafe();
  expect(released).toHaveLength(100_000);
  expect(released[0]).toMatchObject({ recordCount: 2 });
  expect(() => ledger.verifyBalance()).toThrow('100000 STATE messages were received and never emitted');
  ledger.published(released.length);
  ledger.verifyBalance();
});
