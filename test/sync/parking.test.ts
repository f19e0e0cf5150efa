import { describe, expect, test } from 'vitest';
import type { Job } from '../../src/sync/job.ts';
import { Parking } from '../../src/sync/parking.ts';
import { routeOf } from '../routing/fixtures.ts';
import { jobOf } from './jobs.ts';

const users = routeOf('user');
const A1 = { object: 'account', id: 'a-1' };

function waitingJob(line: number, characters = 0): Job {
  const job = jobOf(users, `u-${line}`, line);
  return { ...job, rows: job.rows.map((row) => ({ ...row, raw: row.raw.padEnd(characters) })) };
}

describe('a row waits', () => {
  test('until its parent appears, and for no other', () => {
    const parking = new Parking(new Set(['account']), Date.now);
    const [first, second, other] = [waitingJob(1), waitingJob(2), waitingJob(3)];
    expect(parking.take(first, A1)).toBe(true);
    expect(parking.take(second, A1)).toBe(true);
    expect(parking.take(other, { object: 'account', id: 'a-2' })).toBe(true);
    expect(parking.appeared('organization', ['a-1'])).toEqual([]);
    expect(parking.appeared('account', ['a-3'])).toEqual([]);
    expect(parking.appeared('account', ['a-9', 'a-1'])).toEqual([first, second]);
    expect(parking.appeared('account', ['a-1'])).toEqual([]);
    expect(parking.size).toBe(1);
    expect(parking.all()).toEqual([other]);
    expect(parking.size).toBe(0);
    expect(parking.appeared('account', ['a-2'])).toEqual([]);
  });

  test('for an e-mail whatever its case', () => {
    const parking = new Parking(new Set(['user']), Date.now);
    parking.take(waitingJob(1), { object: 'user', id: 'Ann@x.io' });
    expect(parking.appeared('user', ['ann@X.io'])).toHaveLength(1);
  });

  test('again after it was tried', () => {
    const parking = new Parking(new Set(['account']), Date.now);
    const job = waitingJob(1);
    parking.take(job, A1);
    parking.appeared('account', ['a-1']);
    expect(parking.take(job, A1)).toBe(true);
    expect(parking.all()).toEqual([job]);
  });
});

describe('a row doesn’t wait', () => {
  test.each([
    { what: 'where nothing is missing', producers: ['account'], missing: undefined },
    { what: 'for what this run doesn’t create', producers: ['organization'], missing: A1 },
  ])('$what', ({ producers, missing }) => {
    expect(new Parking(new Set(producers), Date.now).take(waitingJob(1), missing)).toBe(false);
  });

  test('once the parking is closed', () => {
    const parking = new Parking(new Set(['account']), Date.now);
    parking.close();
    expect(parking.take(waitingJob(1), A1)).toBe(false);
  });

  test('beyond 20,000 rows, until some have left', () => {
    const parking = new Parking(new Set(['account']), Date.now);
    for (let line = 0; line < 20_000; line++) parking.take(waitingJob(line), { ...A1, id: `a-${line}` });
    expect(parking.take(waitingJob(20_000), A1)).toBe(false);
    parking.appeared('account', ['a-7']);
    expect(parking.take(waitingJob(20_000), A1)).toBe(true);
  });

  test('beyond 8 Mi characters, until some have left', () => {
    const parking = new Parking(new Set(['account']), Date.now);
    const half = 4 * 1024 * 1024;
    expect(parking.take(waitingJob(1, half), A1)).toBe(true);
    expect(parking.take(waitingJob(2, half), A1)).toBe(true);
    expect(parking.take(waitingJob(3), A1)).toBe(false);
    parking.all();
    expect(parking.take(waitingJob(3), A1)).toBe(true);
  });

  test('behind one that waits, beyond the same bounds, until that has left', () => {
    const parking = new Parking(new Set(['account']), Date.now);
    const [job, other] = [waitingJob(1), waitingJob(2)];
    const [row] = waitingJob(3).rows;
    if (row === undefined) throw new Error('a job without rows');
    expect(parking.join(job, row)).toBe(false);
    parking.take(job, A1);
    for (let rows = 1; rows < 20_000; rows++) expect(parking.join(job, row)).toBe(true);
    expect(parking.join(job, row)).toBe(false);
    expect(parking.take(other, A1)).toBe(false);
    parking.all();
    expect(parking.take(other, A1)).toBe(true);
    expect(parking.join(other, { ...row, raw: ' '.repeat(33 * 1024 * 1024) })).toBe(false);
  });

  test('again once it was given up', () => {
    const parking = new Parking(new Set(['account']), Date.now);
    const job = waitingJob(1);
    parking.take(job, A1);
    expect(parking.giveUp(job)).toEqual([job]);
    expect(parking.size).toBe(0);
    expect(parking.take(job, A1)).toBe(false);
  });
});
