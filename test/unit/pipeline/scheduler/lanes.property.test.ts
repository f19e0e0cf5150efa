import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Job } from '../../../../src/pipeline/scheduler/job.ts';
import { Lanes } from '../../../../src/pipeline/scheduler/lanes.ts';
import { InFlightWrites } from '../../../../src/write/in-flight-writes.ts';
import { jobOf, linesOf } from '../../../support/jobs.ts';
import { routeOf } from '../../../support/routes.ts';

const ROUTES = [routeOf('account'), routeOf('account', { mode: 'append' }), routeOf('organization')];

const row = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), route: fc.constantFrom(...ROUTES) });

/**
 * Rows pushed while jobs end in an order that the scheduler draws: no key twice in flight, never more jobs than
 * allowed, the rows of a key in the order they came, each run once.
 */
test('lanes keep keys apart and rows in order, whatever the durations', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(row, { maxLength: 40 }),
      fc.integer({ min: 1, max: 4 }),
      async (scheduler, rows, concurrency) => {
        const inFlight = new Set<string>();
        const ran = new Map<string, number[]>();
        const crashes: unknown[] = [];
        const lanes = new Lanes({
          coalesce: true,
          inFlight: new InFlightWrites(),
          waitlist: { hasMemory: true },
          concurrency: { rest: concurrency, analytics: concurrency },
          run: async (job: Job) => {
            job.sealed = true;
            expect(inFlight.has(job.laneKey)).toBe(false);
            inFlight.add(job.laneKey);
            expect(inFlight.size).toBeLessThanOrEqual(concurrency);
            await scheduler.schedule(Promise.resolve());
            ran.set(job.laneKey, [...(ran.get(job.laneKey) ?? []), ...linesOf(job)]);
            inFlight.delete(job.laneKey);
            return 'settled';
          },
          shutdown: { crash: (error) => crashes.push(error) },
        });
        const expected = new Map<string, number[]>();
        const reading = (async () => {
          for (const [line, { key, route }] of rows.entries()) {
            const job = jobOf(route, key, line);
            expected.set(job.laneKey, [...(expected.get(job.laneKey) ?? []), line]);
            await scheduler.schedule(Promise.resolve());
            await lanes.push(job);
          }
        })();
        await scheduler.waitFor(reading.then(() => lanes.idle()));
        expect(crashes).toEqual([]);
        expect(ran).toEqual(expected);
      },
    ),
    { numRuns: 150 },
  );
});
