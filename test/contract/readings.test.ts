import { expect, test } from 'vitest';
import type { Sandbox, SwitchName } from '../../src/sandbox/index.ts';
import { catalogOf, configFor, record, state } from '../support/messages.ts';
import { contentOf, countsOf } from '../support/output.ts';
import { runInProcess } from '../support/run-command.ts';
import { at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';

const MODES = ['upsert', 'update', 'append', 'delete'] as const;
type Mode = (typeof MODES)[number];
const OBJECTS = { accounts: 'account', users: 'user' } as const;

/** For each mode a record that is there before, and the places that users belong to. */
function seedRecords(sandbox: Sandbox): void {
  const account = (externalId: string) => ({
    externalId,
    name: 'Before',
    traits: { plan: 'free', kept: true, gone: 1, mrr: 5 },
  });
  sandbox.seed('accounts', ['home', 'other', ...MODES.map((mode) => `${mode}-old`), 'same'].map(account));
  sandbox.seed(
    'users',
    [...MODES.map((mode) => `${mode}-old`), 'same'].map((externalId) => ({
      externalId,
      name: 'Before',
      accountIds: ['home'],
      traits: { kept: true, gone: 1 },
    })),
  );
}

/** For each mode a row for the record that is there, and one for a record that isn't. */
function rowsOf(mode: Mode): string[] {
  return [
    record(`accounts_${mode}`, { id: `${mode}-old`, name: 'After', plan: 'pro', mrr: 7, gone: null }),
    record(`accounts_${mode}`, { id: `${mode}-new`, name: 'New', plan: 'pro', mrr: 8 }),
    record(`users_${mode}`, { id: `${mode}-old`, name: 'After', accountId: 'other', gone: null }),
    record(`users_${mode}`, { id: `${mode}-new`, name: 'New', accountIds: ['home', 'other'] }),
  ];
}

const NOTHING_NEW = [
  record('accounts_update', { id: 'same', name: 'Before', plan: 'free', mrr: 5 }),
  record('users_update', { id: 'same', name: 'Before', accountId: 'home', kept: true }),
];

const BEFORE = { account: { plan: 'free', kept: true, gone: 1, mrr: 5 }, user: { kept: true, gone: 1 } };
const AFTER_ACCOUNT = { name: 'After', traits: { plan: 'pro', kept: true, mrr: 7 } };
const AFTER_USER = { name: 'After', accounts: ['home', 'other'], traits: { kept: true } };
const NEW_ACCOUNT = { name: 'New', traits: { plan: 'pro', mrr: 8 } };
const NEW_USER = { name: 'New', accounts: ['home', 'other'], traits: {} };

/** What each mode leaves under every reading. */
const LEFT = {
  accounts: {
    'upsert-old': AFTER_ACCOUNT,
    'upsert-new': NEW_ACCOUNT,
    'update-old': AFTER_ACCOUNT,
    'append-old': { name: 'Before', traits: BEFORE.account },
    'append-new': NEW_ACCOUNT,
    home: { name: 'Before' },
    other: { name: 'Before' },
    same: { name: 'Before', traits: BEFORE.account },
  },
  users: {
    'upsert-old': AFTER_USER,
    'upsert-new': NEW_USER,
    'update-old': AFTER_USER,
    'append-old': { name: 'Before', accounts: ['home'], traits: BEFORE.user },
    'append-new': NEW_USER,
    'delete-old': { deletionScheduled: true },
    same: { name: 'Before', accounts: ['home'], traits: BEFORE.user },
  },
};

const OUTCOMES = {
  upsert: { received: 2, created: 1, updated: 1 },
  update: { received: 3, updated: 1, skipped: 1, unchanged: 1 },
  append: { received: 2, created: 1, skipped: 1 },
  delete: { received: 2, deleted: 1, skipped: 1 },
};

test.each<{ readonly profile: readonly SwitchName[] }>([
  { profile: [] },
  { profile: ['put-creates'] },
  { profile: ['post-refuses-duplicate'] },
  { profile: ['post-refuses-duplicate-400'] },
  { profile: ['post-answers-201'] },
  { profile: ['put-replaces-relations'] },
  { profile: ['users-need-relations-on-update'] },
  { profile: ['put-replaces-relations', 'users-need-relations-on-update', 'put-creates'] },
  { profile: ['message-envelope'] },
  { profile: ['message-envelope', 'post-refuses-duplicate-400', 'not-found-400'] },
  { profile: ['not-found-400'] },
  { profile: ['not-found-200'] },
  { profile: ['no-created-at'] },
  { profile: ['no-created-at', 'post-refuses-duplicate'] },
  { profile: ['standard-traits-hidden'] },
  { profile: ['empty-page', 'no-at-end', 'page-limit-400'] },
  { profile: ['no-rate-headers'] },
  { profile: ['x-rate-headers-only'] },
  { profile: ['rate-headers-only', 'reset-epoch'] },
  { profile: ['sliding-window'] },
])('REST writes the same under every reading: $profile', async ({ profile }) => {
  const sandbox = await openSandbox({ profile });
  seedRecords(sandbox);
  const names = Object.keys(OBJECTS).flatMap((plural) => MODES.map((mode) => `${plural}_${mode}`));
  const streams = Object.entries(OBJECTS).flatMap(([plural, object]) =>
    MODES.map((mode) => ({ stream: `${plural}_${mode}`, object, mode })),
  );
  const config = configFor(sandbox, { analytics_api_token: undefined, streams });
  const states = names.map((name) => state(name, 1));
  const rows = [...MODES.flatMap(rowsOf), ...NOTHING_NEW, ...states];
  const program = await runInProcess('write', { config, catalog: catalogOf(...names) }, rows);
  expect({ code: program.code, errors: program.errors, stderr: program.stderr }).toEqual({
    code: 0,
    errors: [],
    stderr: '',
  });
  const { accounts, users } = await contentOf(sandbox);
  expect({ accounts, users }).toMatchObject(LEFT);
  expect(Object.keys(accounts).sort()).toEqual(Object.keys(LEFT.accounts).sort());
  expect(Object.keys(users).sort()).toEqual(Object.keys(LEFT.users).sort());
  const counts = Object.fromEntries(names.map((name) => [name, countsOf(program.summary, name)]));
  const wanted = Object.fromEntries(names.map((name) => [name, OUTCOMES[modeOf(name)]]));
  // Without a createdAt nothing tells whether a POST made an account or found it: it counts as updated.
  const untold = profile.includes('no-created-at') ? { accounts_upsert: { received: 2, updated: 2 } } : {};
  expect(counts).toEqual({ ...wanted, ...untold });
  expect(program.messagesOf('STATE')).toHaveLength(names.length);
  expect(at(program.summary, 'requests', 'retried')).toBe(0);
  expect(at(program.summary, 'requests', 'rest')).toBe(sandbox.requests().length);
});

function modeOf(stream: string): Mode {
  const mode = MODES.find((one) => stream.endsWith(`_${one}`));
  if (mode === undefined) throw new Error('a stream without a mode');
  return mode;
}
