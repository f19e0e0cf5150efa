import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { dataSet } from '../../demo/data-set.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('the demo', () => {
  let screen = '';
  let lines: string[] = [];

  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['demo/main.ts'], { cwd: ROOT });
    screen = stdout.trimEnd();
    lines = screen.split('\n');
    const file = / in (\S+\.jsonl)/.exec(screen)?.[1];
    if (file !== undefined) rmSync(dirname(dirname(dirname(file))), { recursive: true });
  });

  test('shows one screenful', () => {
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(100);
  });

  test.each([
    ['the rows that were sent', /^612 rows of 4 tables/m],
    ['acknowledged states', /4 of 4 states acknowledged/],
    ['what landed', /12 organizations, 75 accounts, 215 users, 297 events$/m],
    ['both APIs', /[1-9]\d* REST and [1-9]\d* Analytics requests/],
    ['a row without its key', /\d missing_key/],
    ['a value that its field cannot hold', /\d bad_value/],
    ['a parent that nobody knows', /\d unknown_association/],
    ['a record without what it needs', /\d missing_field/],
    ['how to mend them', /fix: /],
    ['the rejected-records file', /5 in \S+first-run\/mart\.dim_customers\.jsonl/],
    ['a line of it', /\{"type":"RECORD".*"rejection":\{"code":"missing_key"/],
    ['rows skipped in the second run', /dim_contacts.*215 unchanged/],
    ['that nothing is there twice', /215 users, 297 events: nothing doubled$/m],
  ])('shows %s', (_what, words) => {
    expect(screen).toMatch(words);
  });
});

describe('its data set', () => {
  test('is the same in every run', () => {
    expect(dataSet()).toEqual(dataSet());
  });

  test('has parents before children', () => {
    expect(dataSet().map(({ name }) => name)).toEqual([
      'dim_groups',
      'dim_customers',
      'dim_contacts',
      'usage_events',
    ]);
  });

  test.each(dataSet())('has only $name with one key each', ({ rows, primaryKey }) => {
    const keys = rows.map((row) => row[primaryKey]).filter((key) => key !== null && key !== '');
    expect(new Set(keys).size).toBe(keys.length);
  });
});
