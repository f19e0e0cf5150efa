import { expect, test } from 'vitest';
import { ParentWaitlist } from '../../../../src/pipeline/waitlist/parent-waitlist.ts';
import { SpillFile } from '../../../../src/pipeline/waitlist/spill-file.ts';
import { ExpectedParents } from '../../../../src/write/associations/expected-parents.ts';
import { jobOf, linesOf } from '../../../support/jobs.ts';
import { routeOf } from '../../../support/routes.ts';

const MISSING = { object: 'account', id: 'a-1' };
const NAMES = { externalId: 'a-1' };

function fail(error: unknown): never {
  throw error;
}

function waitlist(options: { maxCharacters?: number; hasFile?: boolean } = {}): ParentWaitlist {
  return new ParentWaitlist({
    expected: new ExpectedParents([routeOf('account')]),
    openFile: async () => (options.hasFile === false ? undefined : await SpillFile.open({ onTrouble: fail })),
    now: () => 0,
    ...(options.maxCharacters !== undefined && { maxCharacters: options.maxCharacters }),
  });
}

test.each([
  { where: 'in memory', options: {} },
  { where: 'in the file', options: { maxCharacters: 0 } },
])('a row waits $where until its parent appears', async ({ options }) => {
  const list = waitlist(options);
  const job = jobOf(routeOf('user'), 'u-1', 1);
  expect(await list.hold(job, MISSING)).toBe('held');
  expect(list.waiting()).toEqual([{ object: 'account', rows: 1, parents: 1, streams: ['rows'] }]);
  expect(list.appeared('account', NAMES)).toEqual([job]);
  expect(list.rows).toBe(0);
  await list.dispose();
});

test('without a file what memory cannot hold finds no room, and what cannot come is not waited for', async () => {
  const list = waitlist({ maxCharacters: 0, hasFile: false });
  const job = jobOf(routeOf('user'), 'u-1', 1);
  expect(await list.hold(job, MISSING)).toBe('no_room');
  expect(linesOf(job)).toEqual([1]);
  expect(await list.hold(job, { object: 'meeting', id: 'm' })).toBe('not_coming');
  expect(list.rows).toBe(0);
});

test('an attempt that began before its parent appeared, or was given up, is outdated', () => {
  const list = waitlist();
  const before = list.moment;
  expect(list.changedSince(before, MISSING)).toBe(false);
  list.appeared('account', NAMES);
  expect(list.changedSince(before, MISSING)).toBe(true);
  expect(list.changedSince(before, { object: 'account', id: 'other' })).toBe(false);
  expect(list.changedSince(list.moment, MISSING)).toBe(false);
  const later = list.moment;
  list.close('account');
  expect(list.changedSince(later, { object: 'account', id: 'other' })).toBe(true);
});
