import { afterEach, expect, test, vi } from 'vitest';
import { watchLongWaits } from '../../../../src/pipeline/waitlist/long-wait.ts';
import { ParentWaitlist } from '../../../../src/pipeline/waitlist/parent-waitlist.ts';
import { ExpectedParents } from '../../../../src/write/associations/expected-parents.ts';
import { jobOf } from '../../../support/jobs.ts';
import { routeOf } from '../../../support/routes.ts';

const MINUTE_MS = 60_000;

afterEach(() => {
  vi.useRealTimers();
});

function watched(): { readonly list: ParentWaitlist; readonly warnings: string[]; readonly end: () => void } {
  vi.useFakeTimers();
  const routes = ['crm', 'billing'].map((stream) => routeOf('account', { stream }));
  const list = new ParentWaitlist({
    expected: new ExpectedParents([...routes, routeOf('user', { stream: 'people' })]),
    openFile: async () => undefined,
    now: Date.now,
  });
  const warnings: string[] = [];
  return { list, warnings, end: watchLongWaits({ waitlist: list, warn: (text) => warnings.push(text) }) };
}

test('rows that wait for ten minutes are told of once, with the streams that may bring their parents', async () => {
  const { list, warnings, end } = watched();
  await vi.advanceTimersByTimeAsync(5 * MINUTE_MS);
  await list.hold(jobOf(routeOf('user'), 'u-1', 1), { object: 'account', id: 'a-1' });
  await list.hold(jobOf(routeOf('user'), 'u-2', 2), { object: 'account', id: 'a-2' });
  await list.hold(jobOf(routeOf('nps_response'), 'n-1', 3), { object: 'user', id: 'u-9' });
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS - 1);
  expect(warnings).toEqual([]);
  await vi.advanceTimersByTimeAsync(60 * MINUTE_MS);
  expect(warnings).toEqual([
    'rows wait for records that streams of this run may still bring: 2 rows for 2 accounts of streams "crm" and ' +
      '"billing", 1 row for 1 user of stream "people". The STATEs behind them wait too. Put the streams of parents ' +
      'first, so that nothing has to wait.',
  ]);
  end();
  expect(vi.getTimerCount()).toBe(0);
});

test('rows that wait one after another, each for less than ten minutes, are not told of', async () => {
  const { list, warnings, end } = watched();
  for (let round = 0; round < 5; round++) {
    const id = `a-${round}`;
    await list.hold(jobOf(routeOf('user'), `u-${round}`, round), { object: 'account', id });
    await vi.advanceTimersByTimeAsync(9 * MINUTE_MS);
    list.appeared('account', { externalId: id });
  }
  expect(warnings).toEqual([]);
  end();
});
