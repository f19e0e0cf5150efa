import { expect, test } from 'vitest';
import { Admission } from '../../../../src/pipeline/scheduler/admission.ts';
import { LaneFinder } from '../../../../src/pipeline/scheduler/lane-finder.ts';
import { NamedLists } from '../../../../src/vitally/records/named-lists.ts';
import { RecordCache } from '../../../../src/vitally/records/record-cache.ts';
import { InFlightWrites } from '../../../../src/write/in-flight-writes.ts';
import { jobOf } from '../../../support/jobs.ts';
import { routeOf } from '../../../support/routes.ts';
import { no, ok } from '../../../support/scripted.ts';

const BY_ID = routeOf('user', { matchOn: 'id', mode: 'update' });
const OWN = routeOf('user');
const ACCOUNT = routeOf('account');

/** Look-ups of users take so many microtasks, each its own number; `late` rejects instead. */
function admissionOver(ticksOf: (key: string) => number, fault?: Error) {
  const pushed: string[] = [];
  const crashes: unknown[] = [];
  const inFlight = new InFlightWrites();
  const send = async ({ path }: { readonly path: string }) => {
    const key = path.split('/').at(-1) ?? '';
    for (let tick = 0; tick < ticksOf(key); tick++) await Promise.resolve();
    if (fault !== undefined) throw fault;
    return key.startsWith('v-') ? ok({ id: key, externalId: key.replace('v-', 'u-') }) : no('not_found');
  };
  const admission = new Admission({
    inFlight,
    laneFinder: new LaneFinder({
      routes: [BY_ID, OWN, ACCOUNT],
      inFlight,
      recordCache: new RecordCache(send),
      named: new NamedLists(send),
    }),
    lanes: {
      enter: async ({ rows, laneKey }) => {
        pushed.push(`${rows[0]?.line} ${laneKey}`);
      },
    },
    shutdown: { crash: (error) => crashes.push(error) },
  });
  const rowOf = (route: typeof OWN, key: string, line: number) => {
    const [row] = jobOf(route, key, line).rows;
    if (row === undefined) throw new Error('no row');
    return row;
  };
  return { admission, pushed, crashes, rowOf };
}

test('rows of an object keep their order, however long each look-up takes', async () => {
  for (let first = 0; first <= 12; first++) {
    for (let second = 0; second <= 12; second += 3) {
      const { admission, pushed, rowOf } = admissionOver((key) => (key === 'v-1' ? first : second));
      await admission.admit(BY_ID, rowOf(BY_ID, 'v-1', 1));
      await admission.admit(BY_ID, rowOf(BY_ID, 'v-2', 2));
      await admission.admit(OWN, rowOf(OWN, 'u-1', 3));
      await admission.admit(OWN, rowOf(OWN, 'u-3', 4));
      await admission.idle();
      expect(pushed).toEqual([
        '1 user externalId u-1',
        '2 user externalId u-2',
        '3 user externalId u-1',
        '4 user externalId u-3',
      ]);
    }
  }
});

test('rows of another object don’t wait for them', async () => {
  const { admission, pushed, rowOf } = admissionOver(() => 50);
  await admission.admit(BY_ID, rowOf(BY_ID, 'v-1', 1));
  await admission.admit(ACCOUNT, rowOf(ACCOUNT, 'a-1', 2));
  expect(pushed).toEqual(['2 account externalId a-1']);
  await admission.idle();
  expect(pushed).toHaveLength(2);
});

test('a look-up that ends the run is told once for each row, and nobody waits for ever', async () => {
  const fault = new Error('unreachable');
  const { admission, pushed, crashes, rowOf } = admissionOver(() => 1, fault);
  await admission.admit(BY_ID, rowOf(BY_ID, 'v-1', 1));
  await admission.admit(BY_ID, rowOf(BY_ID, 'v-2', 2));
  await admission.idle();
  expect(pushed).toEqual([]);
  expect(crashes).toEqual([fault, fault]);
});

test('the reader waits where many rows do', async () => {
  const { admission, pushed, rowOf } = admissionOver(() => 5);
  for (let line = 0; line < 100; line++) await admission.admit(BY_ID, rowOf(BY_ID, `v-${line}`, line));
  expect(pushed.length).toBeGreaterThan(60);
  await admission.idle();
  expect(pushed.map((text) => Number(text.split(' ')[0]))).toEqual(
    Array.from({ length: 100 }, (_, line) => line),
  );
});
