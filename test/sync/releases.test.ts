import { expect, test } from 'vitest';
import type { StateMessage } from '../../src/protocol/messages.ts';
import { createLedger } from '../../src/sync/ledger.ts';
import type { Rejections } from '../../src/sync/rejections.ts';
import { Releases } from '../../src/sync/releases.ts';

const STREAM = { name: 'rows', namespace: undefined };

function stateOf(line: number): StateMessage {
  return { type: 'STATE', line, raw: `state ${line}`, stream: STREAM };
}

/** Releases that write down what they do; `flush` may be made to fail or to wait. */
function recording(flush: () => Promise<void> = async () => {}) {
  const done: string[] = [];
  const crashes: unknown[] = [];
  const ledger = createLedger([STREAM]);
  const rejections: Rejections = {
    refuse: async () => {},
    close: async () => {},
    flush: async () => {
      await flush();
      done.push('flush');
    },
  };
  const releases = new Releases({
    ledger,
    rejections,
    acknowledge: async (raw, { recordCount, rejectedRecordCount }) => {
      done.push(`${raw}: ${recordCount} + ${rejectedRecordCount}`);
    },
    onReleased: (state) => done.push(`gone ${state.line}`),
    onCrash: (error) => crashes.push(error),
  });
  return { ledger, releases, done, crashes };
}

test('states leave in order, each after the rejections that it covers are on disk', async () => {
  const { ledger, releases, done } = recording();
  ledger.settle(ledger.received(STREAM), { kind: 'created' });
  for (const line of [1, 2]) ledger.checkpoint(stateOf(line));
  releases.begin();
  await releases.idle();
  expect(done).toEqual(['flush', 'state 1: 1 + 0', 'gone 1', 'state 2: 0 + 0', 'gone 2']);
});

test('what becomes safe while others leave follows them', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { ledger, releases, done } = recording(() => promise);
  ledger.checkpoint(stateOf(1));
  releases.begin();
  ledger.checkpoint(stateOf(2));
  releases.begin();
  resolve();
  await releases.idle();
  expect(done).toEqual(['flush', 'state 1: 0 + 0', 'gone 1', 'flush', 'state 2: 0 + 0', 'gone 2']);
});

test('a store that fails keeps its state back and is told of', async () => {
  const full = new Error('disk full');
  const { ledger, releases, done, crashes } = recording(async () => {
    throw full;
  });
  ledger.checkpoint(stateOf(1));
  releases.begin();
  await releases.idle();
  expect(done).toEqual([]);
  expect(crashes).toEqual([full]);
});

test('with nothing to give nothing is done', async () => {
  const { releases, done } = recording();
  releases.begin();
  await releases.idle();
  expect(done).toEqual([]);
});
