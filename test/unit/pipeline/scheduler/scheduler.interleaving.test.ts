import { expect, test } from 'vitest';
import { Ledger } from '../../../../src/checkpoint/ledger.ts';
import { StatePublisher } from '../../../../src/checkpoint/state-publisher.ts';
import { ReadAhead } from '../../../../src/pipeline/read-ahead.ts';
import { ResultNotes } from '../../../../src/pipeline/result-notes.ts';
import { LaneFinder } from '../../../../src/pipeline/scheduler/lane-finder.ts';
import { Scheduler } from '../../../../src/pipeline/scheduler/scheduler.ts';
import { Shutdown } from '../../../../src/pipeline/shutdown.ts';
import { StateRoom } from '../../../../src/pipeline/state-room.ts';
import { ParentWaitlist } from '../../../../src/pipeline/waitlist/parent-waitlist.ts';
import type { RecordMessage } from '../../../../src/protocol/messages.ts';
import { FileNames } from '../../../../src/rejected/file-name.ts';
import { createRejections } from '../../../../src/rejected/rejections.ts';
import { NO_STORE } from '../../../../src/rejected/store.ts';
import type { Answer, VitallyRequest } from '../../../../src/vitally/http/answer.ts';
import { ExpectedParents } from '../../../../src/write/associations/expected-parents.ts';
import { InFlightWrites } from '../../../../src/write/in-flight-writes.ts';
import { AccountUnlinker } from '../../../../src/write/memberships/account-unlinker.ts';
import { LostAnswers } from '../../../../src/write/rest/lost-answers.ts';
import { Writer } from '../../../../src/write/writer.ts';
import { routeOf } from '../../../support/routes.ts';
import { associationsOver, no, ok } from '../../../support/scripted.ts';
import { writeOf } from '../../../support/workspace.ts';

const ACCOUNTS = routeOf('account', { stream: 'accounts' });
const USERS = routeOf('user', { stream: 'users' });
const STREAMS = [ACCOUNTS, USERS].map(({ stream, namespace }) => ({ name: stream, namespace }));

/** A workspace whose look-ups and POSTs of accounts take so many microtasks; there is no account before the POST. */
function vitally(lookUpTicks: number, postTicks: number) {
  let hasAccount = false;
  return async ({ method, path }: VitallyRequest): Promise<Answer> => {
    const isAccount = path.includes('/accounts');
    if (method === 'POST') {
      if (isAccount) await microtasks(postTicks);
      hasAccount ||= isAccount;
      return ok({ id: isAccount ? 'v-a' : 'v-u', externalId: isAccount ? 'a-1' : 'u-1' });
    }
    const there = hasAccount;
    if (isAccount) await microtasks(lookUpTicks);
    if (path.includes('limit='))
      return ok({ results: there ? [{ id: 'v-a', externalId: 'a-1' }] : [], next: null });
    return there && isAccount ? ok({ id: 'v-a', externalId: 'a-1' }) : no('not_found');
  };
}

async function microtasks(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await null;
}

function schedulerOver(send: (request: VitallyRequest) => Promise<Answer>) {
  const routes = [ACCOUNTS, USERS];
  const ledger = new Ledger(STREAMS);
  const shutdown = new Shutdown();
  const inFlight = new InFlightWrites();
  const expected = new ExpectedParents(routes);
  const waitlist = new ParentWaitlist({ expected, openFile: async () => undefined, now: () => 0 });
  const readAhead = new ReadAhead({ maxRows: 100, maxCharacters: 10_000 });
  const rejections = createRejections({
    files: new FileNames(),
    store: NO_STORE,
    redact: (text) => text,
    warn: async () => {},
  });
  const known = associationsOver(send, { expected, inFlight });
  const unlinker = new AccountUnlinker(undefined);
  const beforeDelete = async () => () => {};
  const rest = {
    ...known,
    inFlight,
    read: send,
    commit: send,
    lostAnswers: new LostAnswers(),
    skipUnchanged: true,
    lookFirst: false,
    now: Date.now,
    beforeDelete,
    sleep: async () => {},
    unlinker,
  };
  const scheduler = new Scheduler({
    routes,
    writer: new Writer({
      apis: { rest, batcher: undefined, unlinker, beforeDelete },
      analytics: undefined,
      warn: async () => {},
    }),
    laneFinder: new LaneFinder({ routes, inFlight, recordCache: known.recordCache, named: known.named }),
    inFlight,
    waitlist,
    readAhead,
    ledger,
    rejections,
    statePublisher: new StatePublisher({
      ledger,
      rejections,
      acknowledge: async () => {},
      texts: new StateRoom(readAhead, waitlist),
      shutdown,
    }),
    notes: new ResultNotes((text) => text),
    plan: undefined,
    outcomeLog: undefined,
    shutdown,
    coalesce: true,
    failFast: false,
  });
  return { scheduler, ledger, shutdown, waitlist };
}

function recordOf(stream: RecordMessage['stream'], line: number): RecordMessage {
  return { type: 'RECORD', line, raw: '{}', stream, data: {}, nulled: new Set() };
}

const macrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test.each(Array.from({ length: 60 }, (_, ticks) => ticks))(
  'a row is not left waiting for a parent that appears while it is looked for: POST of %i microtasks',
  async (postTicks) => {
    const [accounts, users] = STREAMS;
    if (accounts === undefined || users === undefined) throw new Error('two streams');
    for (let lookUpTicks = 0; lookUpTicks < 60; lookUpTicks++) {
      const { scheduler, ledger, shutdown, waitlist } = schedulerOver(vitally(lookUpTicks, postTicks));
      const child = { route: USERS, write: writeOf('u-1', { accountIds: ['a-1'] }) };
      await scheduler.submit(recordOf(users, 1), ledger.received(users), child);
      const parent = { route: ACCOUNTS, write: writeOf('a-1', { name: 'Acme' }) };
      await scheduler.submit(recordOf(accounts, 2), ledger.received(accounts), parent);
      await macrotask();
      expect(shutdown.cause).toBeUndefined();
      expect({ lookUpTicks, unsettled: ledger.unsettled(), waiting: waitlist.rows }).toEqual({
        lookUpTicks,
        unsettled: 0,
        waiting: 0,
      });
    }
  },
);
