import { expect, test } from 'vitest';
import { type Kept, type RejectionPolicy, verdict } from '../../../src/report/exit-policy.ts';
import { countsOf } from '../../support/counts.ts';
import { routeOf } from '../../support/routes.ts';

const NOWHERE: Kept = { place: undefined, firstAtMs: undefined, dryRun: false };

const rejecting = (maxPercent?: number): RejectionPolicy => ({ policy: 'continue', maxPercent });

test.each<{ policy: RejectionPolicy; rejected: number; of: number; fails: boolean }>([
  { policy: { policy: 'fail_at_end' }, rejected: 0, of: 10, fails: false },
  { policy: { policy: 'fail_at_end' }, rejected: 1, of: 1_000, fails: true },
  { policy: { policy: 'fail_fast' }, rejected: 1, of: 10, fails: true },
  { policy: rejecting(), rejected: 10, of: 10, fails: false },
  { policy: rejecting(10), rejected: 1, of: 10, fails: false },
  { policy: rejecting(10), rejected: 2, of: 10, fails: true },
  { policy: rejecting(0), rejected: 1, of: 1_000, fails: true },
  { policy: rejecting(0), rejected: 0, of: 0, fails: false },
  { policy: rejecting(100), rejected: 5, of: 5, fails: false },
])('$policy with $rejected of $of rejected: fails is $fails', ({ policy, rejected, of, fails }) => {
  const counts = [countsOf(of, { created: of - rejected, rejected }, { refused: rejected })];
  expect(verdict(policy, [routeOf('account')], counts, NOWHERE) !== undefined).toBe(fails);
});

test('each stream is judged by itself, and those above are named with their counts', () => {
  const counts = [
    countsOf(100, { created: 99, rejected: 1 }, { refused: 1 }),
    countsOf(10, { created: 5, rejected: 5 }, { refused: 2, bad_key: 3 }),
  ];
  const routes = [routeOf('account'), routeOf('user', { stream: 'people', namespace: 'mart' })];
  const error = verdict(rejecting(20), routes, counts, NOWHERE);
  expect(error?.message).toContain('5 of 10 records of stream mart.people (3 bad_key, 2 refused)');
  expect(error?.message).not.toContain('stream rows');
  expect(error?.message).toContain('object_storage_config');
});

test('it says where the records are kept', () => {
  const counts = [countsOf(1, { rejected: 1 }, { refused: 1 }, 'unrouted')];
  const error = verdict({ policy: 'fail_at_end' }, [], counts, {
    ...NOWHERE,
    place: 'rejected/42',
    firstAtMs: Date.UTC(2026, 2, 2, 8),
  });
  expect(error?.message).toContain('kept under rejected/42');
  expect(error?.message).toContain('stream unrouted');
  expect(error?.message).toContain('the first at 2026-03-02 08:00:00 UTC');
  expect(error?.stream?.name).toBe('unrouted');
});

test('of several streams none is singled out; a dry run claims nothing written', () => {
  const counts = [countsOf(1, { rejected: 1 }, { refused: 1 }), countsOf(1, { rejected: 1 }, { refused: 1 })];
  const routes = [routeOf('account'), routeOf('user')];
  const error = verdict({ policy: 'fail_at_end' }, routes, counts, { ...NOWHERE, dryRun: true });
  expect(error?.stream).toBeUndefined();
  expect(error?.message).toMatch(/^Dry run: .*Nothing was written/);
  expect(error?.message).not.toContain('Everything else is written');
});
