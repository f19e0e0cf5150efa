import { expect, test } from 'vitest';
import type { Job } from '../../../../src/pipeline/scheduler/job.ts';
import { type JobEnd, Lanes } from '../../../../src/pipeline/scheduler/lanes.ts';
import { InFlightWrites } from '../../../../src/write/in-flight-writes.ts';
import { jobOf, linesOf } from '../../../support/jobs.ts';
import { routeOf } from '../../../support/routes.ts';

const MICROTASKS = Array.from({ length: 13 }, (_, count) => count);

/** Lanes whose first job ends when it is told to; every other job ends at once. */
function lanesWithGate(concurrency: number, firstEnd: JobEnd = 'settled') {
  const gate = Promise.withResolvers<void>();
  const inFlight = new InFlightWrites();
  const atWork = new Set<string>();
  const ran: number[] = [];
  const lanes = new Lanes({
    concurrency: { rest: concurrency, analytics: concurrency },
    coalesce: true,
    inFlight,
    waitlist: { hasMemory: true },
    run: async (job: Job) => {
      job.sealed = true;
      expect(atWork.has(job.laneKey)).toBe(false);
      atWork.add(job.laneKey);
      const isFirst = ran.length === 0;
      ran.push(...linesOf(job));
      if (isFirst) await gate.promise;
      atWork.delete(job.laneKey);
      return isFirst ? firstEnd : 'settled';
    },
    shutdown: {
      crash: (error) => {
        throw error;
      },
    },
  });
  return { lanes, inFlight, ran, gate };
}

async function microtasks(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await null;
}

const macrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const ROUTES = [
  { rows: 'rows that coalesce', route: routeOf('account') },
  { rows: 'rows that do not', route: routeOf('account', { mode: 'append' }) },
];

test.each(MICROTASKS)(
  'each job runs once where the next comes %i microtasks after one ended',
  async (count) => {
    for (const { route } of ROUTES) {
      for (const concurrency of [1, 2, 8]) {
        const { lanes, ran, gate } = lanesWithGate(concurrency);
        await lanes.push(jobOf(route, 'a', 1));
        await macrotask();
        gate.resolve();
        await microtasks(count);
        await lanes.push(jobOf(route, 'a', 2));
        await microtasks(count);
        await lanes.push(jobOf(route, 'a', 3));
        await macrotask();
        await lanes.idle();
        expect(ran).toEqual([1, 2, 3]);
      }
    }
  },
);

test.each(MICROTASKS)('what ends waits for nobody: idle after %i microtasks', async (count) => {
  const { lanes, inFlight, ran, gate } = lanesWithGate(1);
  for (const line of [1, 2, 3]) await lanes.push(jobOf(routeOf('account', { mode: 'append' }), 'a', line));
  gate.resolve();
  await microtasks(count);
  await lanes.idle();
  expect(ran).toEqual([1, 2, 3]);
  expect(inFlight.running('account', 'a')).toBeUndefined();
});

test.each(MICROTASKS)('a full house lets pushes go on, %i microtasks apart', async (count) => {
  const { lanes, ran, gate } = lanesWithGate(1);
  const reading = (async () => {
    for (let line = 1; line <= 1_200; line++) await lanes.push(jobOf(routeOf('account'), `a-${line}`, line));
  })();
  await macrotask();
  gate.resolve();
  await microtasks(count);
  await reading;
  await lanes.idle();
  expect(ran).toEqual(Array.from({ length: 1_200 }, (_, index) => index + 1));
});
