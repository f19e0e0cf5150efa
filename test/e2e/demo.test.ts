import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { dataSet } from '../../demo/data-set.ts';
import { Api } from '../support/sandbox/client.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('the demo', () => {
  let screen = '';
  let lines: string[] = [];

  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['demo/main.ts'], { cwd: ROOT });
    screen = stdout.trimEnd();
    lines = screen.split('\n');
    const kept = / in (\S+\/first-run)/.exec(screen)?.[1];
    if (kept !== undefined) rmSync(dirname(dirname(kept)), { recursive: true });
  });

  test('shows one screenful', () => {
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(100);
  });

  test.each([
    ['the rows that were sent', /^932 rows of 8 tables/m],
    ['acknowledged states', /8 of 8 states acknowledged/],
    [
      'what landed',
      /12 organizations, 75 accounts, 215 users, 297 events, 60 notes, 60 tasks, 89 NPS, 110 sites$/m,
    ],
    ['an account by its own id', /^TIED TO ACCOUNT cus-\d{4} \(\w+ \w+\) by its own id/m],
    ['a note that is tied to it', /^ {2}note note-\d{4}, \S.* by \w+@vendor\.example$/m],
    ['a task that is tied to it', /^ {2}task task-\d{4}, \S.* for \w+@vendor\.example$/m],
    ['an NPS score that is tied to it', /^ {2}NPS response nps-\d{4}: \d+ points by user con-\d{4}$/m],
    ['a custom object that is tied to it', /^ {2}custom object site-\d{4}, Site \d+: \{"city":/m],
    ['both APIs', /[1-9]\d* REST and [1-9]\d* Analytics requests/],
    ['a row without its key', /\d missing_key/],
    ['a value that its field cannot hold', /\d bad_value/],
    ['a parent that nobody knows', /\d unknown_association/],
    ['a record without what it needs', /\d missing_field/],
    ['how to mend them', /fix: /],
    ['the rejected-records file', /mart\.dim_customers \(5\)/],
    ['a line of it', /\{"type":"RECORD".*"rejection":\{"code":"missing_key"/],
    // Scores are written blindly until their list was read: how many are unchanged depends on which came first.
    ['rows skipped in the second run', /unchanged: 215 dim_contacts, 60 notes, 60 tasks(, \d+ nps)?$/m],
    ['that nothing is there twice', /as many as before: nothing doubled$/m],
  ])('shows %s', (_what, words) => {
    expect(screen).toMatch(words);
  });
});

test('with --keep the sandbox stays open until a signal, with what the demo wrote', async () => {
  const child = spawn(process.execPath, ['demo/main.ts', '--keep'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let shown = '';
  for await (const text of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    shown += text;
    if (shown.includes('\nLook at it:') && shown.includes('\nStop it:')) break;
  }
  const [, url = ''] = /^Look at it: +(\S+)\/$/m.exec(shown) ?? [];
  expect((await new Api(url).control('GET', 'stats')).body).toMatchObject({ accounts: 75, users: 215 });
  child.kill('SIGINT');
  expect(await once(child, 'close')).toEqual([0, null]);
  const kept = / in (\S+\/first-run)/.exec(shown)?.[1];
  if (kept !== undefined) rmSync(dirname(dirname(kept)), { recursive: true });
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
      'notes',
      'tasks',
      'nps',
      'dim_sites',
    ]);
  });

  test.each(dataSet())('has only $name with one key each', ({ rows, primaryKey }) => {
    const keys = rows.map((row) => row[primaryKey]).filter((key) => key !== null && key !== '');
    expect(new Set(keys).size).toBe(keys.length);
  });
});
