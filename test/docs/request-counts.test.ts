import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/json/json.ts';
import { BY_REST, catalogOf, configFor, record } from '../support/messages.ts';
import { runInProcess } from '../support/run-command.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { ROOT } from '../support/sources.ts';
import { rowsOf, sectionOf } from './headings.ts';

const ROWS = 1_000;
/** What a row costs depends a little on which answers come first. */
const TOLERANCE = 0.1;

interface Case {
  readonly entry: object;
  readonly row: (index: number) => object;
  readonly config?: object;
  /** Accounts that Vitally has: 100 for rows to hang off, or one for each row. */
  readonly accounts: number;
}

const account = (index: number): JsonObject => ({ externalId: `a-${index}`, name: `Account ${index}` });
const ofAccount = (index: number): object => ({ id: `r-${index}`, account_id: `a-${index % 100}` });
const renamed = (index: number): object => ({ id: `a-${index}`, name: `Renamed ${index}` });
const upserted = { object: 'account', sync_key: ['id'] };

/** By the first cell of the page's table. */
const CASES: Readonly<Record<string, Case>> = {
  events: {
    entry: { object: 'event', sync_key: ['id'] },
    row: (index) => ({ ...ofAccount(index), event: 'Opened' }),
    config: { rest_api_token: undefined },
    accounts: 100,
  },
  'new accounts, both tokens': {
    entry: upserted,
    row: (index) => ({ id: `a-${index}`, name: `Account ${index}` }),
    accounts: 0,
  },
  'new users of 100 accounts, both tokens': {
    entry: { object: 'user', sync_key: ['id'] },
    row: ofAccount,
    accounts: 100,
  },
  'new accounts, REST token alone': {
    entry: upserted,
    row: (index) => ({ id: `a-${index}`, name: `Account ${index}` }),
    config: BY_REST,
    accounts: 0,
  },
  'accounts that are there unchanged, REST token alone': {
    entry: upserted,
    row: (index) => ({ id: `a-${index}`, name: `Account ${index}` }),
    config: BY_REST,
    accounts: ROWS,
  },
  'accounts that are there, each changed, REST token alone': {
    entry: upserted,
    row: renamed,
    config: BY_REST,
    accounts: ROWS,
  },
  'accounts to update, each changed': {
    entry: { ...upserted, mode: 'update' },
    row: renamed,
    accounts: ROWS,
  },
  'new notes of 100 accounts': {
    entry: { object: 'note', sync_key: ['id'] },
    row: (index) => ({ ...ofAccount(index), note: 'Called', note_date: '2026-11-01' }),
    accounts: 100,
  },
  'accounts to delete': {
    entry: { ...upserted, mode: 'delete' },
    row: (index) => ({ id: `a-${index}` }),
    accounts: ROWS,
  },
};

const page = readFileSync(join(ROOT, 'docs/vitally.md'), 'utf8');
const told = rowsOf(sectionOf(page, 'Performance considerations'));

test('the page counts the requests of every case', () => {
  expect(told.map(([name]) => name).sort()).toEqual(Object.keys(CASES).sort());
});

test.each(told)(`${ROWS} rows, %s: about %s requests`, async (name = '', count = '') => {
  const { entry, row, config = {}, accounts } = CASES[name] ?? expect.fail(`no case ${name}`);
  const sandbox = await openSandbox();
  sandbox.seed(
    'accounts',
    Array.from({ length: accounts }, (_, index) => account(index)),
  );
  const { summary, failure } = await runInProcess(
    'write',
    {
      config: configFor(sandbox, {
        streams: [{ stream: 'rows', ...entry }],
        verify_accepted: 'off',
        ...config,
      }),
      catalog: catalogOf('rows'),
    },
    Array.from({ length: ROWS }, (_, index) => record('rows', row(index))),
  );
  expect(failure).toBeUndefined();
  const requests = Number(at(summary, 'requests', 'rest')) + Number(at(summary, 'requests', 'analytics'));
  const said = Number(count.replace(',', ''));
  expect(Math.abs(requests - said), `${requests} requests`).toBeLessThanOrEqual(
    Math.max(2, said * TOLERANCE),
  );
});
