import { describe, expect, test } from 'vitest';
import { Ledger } from '../../../src/checkpoint/ledger.ts';
import { StatePublisher } from '../../../src/checkpoint/state-publisher.ts';
import { RecordError } from '../../../src/errors/record-error.ts';
import type { StateMessage } from '../../../src/protocol/messages.ts';
import type { Rejections } from '../../../src/rejected/rejections.ts';

const STREAM = { name: 'rows', namespace: undefined };

function stateOf(line: number): StateMessage {
  return { type: 'STATE', line, raw: `state ${line}`, stream: STREAM };
}

/** A publisher that write down what they do; `flush` may be made to fail or to wait. */
function recording(flush: () => Promise<void> = async () => {}) {
  const done: string[] = [];
  const crashes: unknown[] = [];
  const ledger = new Ledger([STREAM]);
  const rejections: Rejections = {
    reject: async () => {},
    report: () => [],
    firstAtMs: undefined,
    close: async () => {},
    flush: async () => {
      await flush();
      done.push('flush');
    },
  };
  const publisher = new StatePublisher({
    ledger,
    rejections,
    acknowledge: async (raw, { recordCount, rejectedRecordCount }) => {
      done.push(`${raw}: ${recordCount} + ${rejectedRecordCount}`);
    },
    texts: {
      take: async (state) => state,
      textOf: async (state) => state.raw,
      leave: (state) => done.push(`gone ${state.line}`),
    },
    shutdown: { crash: (error) => crashes.push(error) },
  });
  return { ledger, publisher, done, crashes };
}

test('states leave in order, each after the rejections that it covers are on disk', async () => {
  const { ledger, publisher, done } = recording();
  ledger.settle(ledger.received(STREAM), { kind: 'created' });
  for (const line of [1, 2]) ledger.checkpoint(stateOf(line));
  publisher.publish();
  await publisher.flush();
  expect(done).toEqual(['flush', 'state 1: 1 + 0', 'gone 1', 'state 2: 0 + 0', 'gone 2']);
});

test('what becomes safe while others leave follows them', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { ledger, publisher, done } = recording(() => promise);
  ledger.checkpoint(stateOf(1));
  publisher.publish();
  ledger.checkpoint(stateOf(2));
  publisher.publish();
  resolve();
  await publisher.flush();
  expect(done).toEqual(['flush', 'state 1: 0 + 0', 'gone 1', 'flush', 'state 2: 0 + 0', 'gone 2']);
});

test('a store that fails keeps its state back and is told of', async () => {
  const full = new Error('disk full');
  const { ledger, publisher, done, crashes } = recording(async () => {
    throw full;
  });
  ledger.checkpoint(stateOf(1));
  publisher.publish();
  await publisher.flush();
  expect(done).toEqual([]);
  expect(crashes).toEqual([full]);
});

test('with nothing to give nothing is done', async () => {
  const { publisher, done } = recording();
  publisher.publish();
  await publisher.flush();
  expect(done).toEqual([]);
});

const UNSAFE = new RecordError({ code: 'refused', message: '', fix: '' });

describe.each([0, 1, 2])('%i microtasks of flushing rejected records', (flushTurns) => {
  test.each(Array.from({ length: 13 }, (_, microtasks) => ({ microtasks })))(
    'a state that becomes safe $microtasks microtasks after another leaves too',
    async ({ microtasks }) => {
      const { ledger, publisher, done } = recording(() => turns(flushTurns));
      ledger.checkpoint(stateOf(1));
      publisher.publish();
      await turns(microtasks);
      ledger.settle(ledger.received(STREAM), { kind: 'rejected', error: UNSAFE });
      ledger.checkpoint(stateOf(2));
      publisher.publish();
      await new Promise((resolve) => setImmediate(resolve));
      expect(done.filter((line) => line.startsWith('state'))).toEqual(['state 1: 0 + 0', 'state 2: 0 + 1']);
      expect(() => ledger.verifyBalance()).not.toThrow();
    },
  );

  test.each(Array.from({ length: 13 }, (_, microtasks) => ({ microtasks })))(
    'flush $microtasks microtasks after a state became safe ends when it has left',
    async ({ microtasks }) => {
      const { ledger, publisher, done } = recording(() => turns(flushTurns));
      ledger.checkpoint(stateOf(1));
      publisher.publish();
      await turns(microtasks);
      ledger.checkpoint(stateOf(2));
      await publisher.flush();
      expect(done.at(-1)).toBe('gone 2');
    },
  );
});

test('after one that could not be emitted none leaves: it would say that the records before it are safe', async () => {
  let calls = 0;
  const { ledger, publisher, done, crashes } = recording(async () => {
    calls += 1;
    if (calls === 1) throw new Error('disk full');
  });
  ledger.checkpoint(stateOf(1));
  publisher.publish();
  await publisher.flush();
  ledger.checkpoint(stateOf(2));
  publisher.publish();
  await publisher.flush();
  expect(done).toEqual([]);
  expect(crashes).toHaveLength(1);
  expect(() => ledger.verifyBalance()).toThrow('2 STATE messages were received and never emitted');
});

async function turns(microtasks: number): Promise<void> {
  for (let turn = 0; turn < microtasks; turn++) await undefined;
}
