import { describe, expect, test } from 'vitest';
import type { Route } from '../../../../src/mapping/route.ts';
import { routeOf } from '../../../support/routes.ts';
import { openWorkspace, type Workspace, type WorkspaceOptions, writeOf } from '../../../support/workspace.ts';

const users = routeOf('user');

const READINGS: readonly (readonly string[])[] = [
  [],
  ['put-creates'],
  ['put-replaces-relations'],
  ['users-need-relations-on-update'],
  ['post-refuses-duplicate'],
  ['post-refuses-duplicate', 'put-replaces-relations', 'users-need-relations-on-update'],
  ['not-found-200', 'put-replaces-relations'],
  ['no-created-at'],
];

/** Two accounts, an organization and the user u-1 of account a-1. */
async function openPopulated(options: WorkspaceOptions = {}): Promise<Workspace> {
  const workspace = await openWorkspace(options);
  workspace.seed('organizations', { externalId: 'o-1', name: 'Org' });
  workspace.seed('accounts', { externalId: 'a-1', name: 'A1' }, { externalId: 'a-2', name: 'A2' });
  workspace.seed('users', { externalId: 'u-1', name: 'Ann', email: 'ann@x.io', accountIds: ['a-1'] });
  return workspace;
}

function userIn(workspace: Workspace, key: string): unknown {
  return Object.entries(workspace.sandbox.snapshot().users).find(([externalId]) => externalId === key)?.[1];
}

describe.each(READINGS.map((profile) => ({ profile, name: profile.join(' + ') || 'as documented' })))(
  'users, Vitally read as: $name',
  ({ profile }) => {
    test.each([
      { given: 'your own id', ids: () => ['a-1', 'a-2'] },
      {
        given: "Vitally's id",
        ids: (w: Workspace) => [w.idOf('accounts', 'a-1'), w.idOf('accounts', 'a-2')],
      },
      { given: 'one of each', ids: (w: Workspace) => ['a-1', w.idOf('accounts', 'a-2')] },
      { given: 'the same account twice', ids: (w: Workspace) => ['a-1', w.idOf('accounts', 'a-1'), 'a-2'] },
    ])('a new user’s accounts given by $given', async ({ ids }) => {
      const workspace = await openPopulated({ profile });
      const row = writeOf('u-2', { accountIds: ids(workspace), organizationIds: ['o-1'], email: 'b@x.io' });
      expect(await workspace.outcome(users, row)).toBe('created');
      expect(workspace.asked().filter((line) => line === 'POST /users')).toHaveLength(1);
      expect(userIn(workspace, 'u-2')).toMatchObject({
        email: 'b@x.io',
        accounts: ['a-1', 'a-2'],
        organizations: ['o-1'],
      });
    });

    test('what a user has already stays beside what the row brings', async () => {
      const workspace = await openPopulated({ profile });
      expect(await workspace.outcome(users, writeOf('u-1', { accountIds: ['a-2'] }))).toBe('updated');
      expect(userIn(workspace, 'u-1')).toMatchObject({ name: 'Ann', accounts: ['a-1', 'a-2'] });
    });

    test('a row without accounts updates an existing user', async () => {
      const workspace = await openPopulated({ profile });
      expect(await workspace.outcome(users, writeOf('u-1', { name: 'Anna' }))).toBe('updated');
      expect(userIn(workspace, 'u-1')).toMatchObject({ name: 'Anna', accounts: ['a-1'] });
    });

    test('a row that brings nothing new is unchanged', async () => {
      const workspace = await openPopulated({ profile });
      const row = writeOf('u-1', { name: 'Ann', accountIds: ['a-1'] });
      expect(await workspace.outcome(users, row)).toBe('unchanged');
      expect(workspace.asked().filter((line) => !line.startsWith('GET '))).toEqual([]);
    });

    test.each(['search', 'me+you@x.io', '0b7b41f4-15d2-4c7c-9d3f-2f1c4e6a8b90'])(
      'the key %j is created, found again and deleted',
      async (key) => {
        const workspace = await openPopulated({ profile: [...profile, 'user-delete-immediate'] });
        expect(await workspace.outcome(users, writeOf(key, { accountIds: ['a-1'] }))).toBe('created');
        expect(await workspace.outcome(users, writeOf(key, { name: 'N' }))).toBe('updated');
        expect(userIn(workspace, key)).toMatchObject({ name: 'N', accounts: ['a-1'] });
        expect(await workspace.outcome(routeOf('user', { mode: 'delete' }), writeOf(key))).toBe('deleted');
        expect(userIn(workspace, key)).toBeUndefined();
      },
    );
  },
);

test('relations replace: the row’s list stands alone where Vitally replaces', async () => {
  const workspace = await openPopulated({ profile: ['put-replaces-relations'] });
  const route = routeOf('user', { relations: 'replace' });
  expect(await workspace.outcome(route, writeOf('u-1', { accountIds: ['a-2'] }))).toBe('updated');
  expect(userIn(workspace, 'u-1')).toMatchObject({ accounts: ['a-2'] });
});

test.each([
  { fields: { accountIds: ['a-9'] }, code: 'unknown_association' },
  { fields: { organizationIds: ['o-9'] }, code: 'unknown_association' },
  { fields: { accountIds: ['0b7b41f4-15d2-4c7c-9d3f-2f1c4e6a8b90'] }, code: 'unknown_association' },
  { fields: { accountIds: [], name: 'X' }, code: 'missing_field' },
  { fields: { name: 'X' }, code: 'missing_field' },
])('a new user with $fields is rejected as $code', async ({ fields, code }) => {
  const workspace = await openPopulated();
  expect(await workspace.outcome(users, writeOf('u-9', fields))).toBe(code);
  expect(workspace.asked().filter((line) => !line.startsWith('GET '))).toEqual([]);
});

test('the rejection names the field and keeps the id out of its message', async () => {
  const { write } = await openPopulated();
  const { outcome } = await write(users, writeOf('u-9', { accountIds: ['acct-secret'] }));
  expect(outcome).toMatchObject({
    kind: 'rejected',
    error: {
      field: 'accountIds',
      message: expect.not.stringContaining('acct-secret'),
      detail: expect.stringContaining('acct-secret'),
    },
  });
});

test('a parent known to be missing is not asked for again, until this run creates it', async () => {
  const { outcome, asked } = await openPopulated();
  const row = writeOf('u-9', { accountIds: ['a-9'] });
  expect(await outcome(users, row)).toBe('unknown_association');
  expect(await outcome(users, writeOf('u-8', { accountIds: ['a-9'] }))).toBe('unknown_association');
  expect(asked()).toEqual(['GET /accounts/a-9']);
  await outcome(routeOf('account'), writeOf('a-9', { name: 'Late' }));
  asked();
  expect(await outcome(users, row)).toBe('created');
  expect(asked()).toEqual(['GET /users/u-9', 'POST /users']);
});

test('a hundred users of one account take one look-up of it', async () => {
  const { outcome, asked } = await openPopulated();
  const rows = Array.from({ length: 100 }, (_, index) => writeOf(`n-${index}`, { accountIds: ['a-1'] }));
  await Promise.all(rows.map((row) => outcome(users, row)));
  expect(asked().filter((line) => line === 'GET /accounts/a-1')).toHaveLength(1);
});

test('an account’s organization is looked up, and null takes it out', async () => {
  const { outcome, sandbox } = await openPopulated();
  const accounts = routeOf('account');
  await outcome(accounts, writeOf('a-1', { name: 'A1', organizationId: 'o-1' }));
  expect(sandbox.snapshot().accounts).toMatchObject({ 'a-1': { organization: 'o-1' } });
  await outcome(accounts, writeOf('a-1', { organizationId: null }));
  expect(sandbox.snapshot().accounts).toMatchObject({ 'a-1': { organization: null } });
});

describe('matched on e-mail', () => {
  const byEmail = routeOf('user', { matchOn: 'email' });
  const modes: readonly { mode: Route['mode']; none: string }[] = [
    { mode: 'update', none: 'skipped' },
    { mode: 'delete', none: 'skipped' },
  ];

  test.each(['update', 'upsert'] as const)(
    'is unchanged in mode %s where the row gives another external id, which Vitally never changes',
    async (mode) => {
      const workspace = await openPopulated();
      const route = routeOf('user', { matchOn: 'email', mode });
      const row = writeOf('ann@x.io', { email: 'ann@x.io', externalId: 'u-other', name: 'Ann' });
      expect(await workspace.outcome(route, row)).toBe('unchanged');
      expect(await workspace.outcome(route, writeOf('ann@x.io', { externalId: 'u-other' }))).toBe(
        'unchanged',
      );
      expect(workspace.asked().filter((line) => !line.startsWith('GET '))).toEqual([]);
    },
  );

  test.each(modes)(
    '$mode: no hit is $none, whatever the case one hit is the one, several are refused',
    async ({ mode, none }) => {
      const workspace = await openPopulated();
      workspace.seed(
        'users',
        { externalId: 'd-1', email: 'twin@x.io', accountIds: ['a-1'] },
        { externalId: 'd-2', email: 'Twin@x.io', accountIds: ['a-1'] },
      );
      const route = routeOf('user', { matchOn: 'email', mode });
      expect(await workspace.outcome(route, writeOf('nobody+1@x.io', { name: 'N' }))).toBe(none);
      expect(workspace.asked()).toEqual(['GET /users/search?email=nobody%2B1%40x.io']);
      expect(await workspace.outcome(route, writeOf('ANN@x.io', { name: 'N' }))).toBe(`${mode}d`);
      expect(await workspace.outcome(route, writeOf('twin@x.io', { name: 'N' }))).toBe('ambiguous_key');
      const twins = [userIn(workspace, 'd-1'), userIn(workspace, 'd-2')];
      expect(twins).toEqual([
        expect.objectContaining({ name: null, deletionScheduled: false }),
        expect.objectContaining({ name: null, deletionScheduled: false }),
      ]);
    },
  );

  test('upsert creates a user where the row brings an external id', async () => {
    const workspace = await openPopulated();
    const row = writeOf('new@x.io', { email: 'new@x.io', externalId: 'u-7', accountIds: ['a-1'] });
    expect(await workspace.outcome(byEmail, row)).toBe('created');
    expect(userIn(workspace, 'u-7')).toMatchObject({ email: 'new@x.io' });
  });

  test('upsert updates the one hit and never sends an external id to it', async () => {
    const workspace = await openPopulated();
    const row = writeOf('ann@x.io', { email: 'ann@x.io', externalId: 'u-other', name: 'Anna' });
    expect(await workspace.outcome(byEmail, row)).toBe('updated');
    expect(userIn(workspace, 'u-1')).toMatchObject({ name: 'Anna' });
    expect(workspace.sandbox.requests().at(-1)?.body).not.toHaveProperty('externalId');
  });

  test.each([
    { fields: { accountIds: ['a-1'] }, code: 'missing_field', why: 'no external id to create one' },
    {
      fields: { accountIds: ['a-1'], externalId: 'u-1' },
      code: 'already_taken',
      why: 'another user holds it',
    },
  ])('upsert of an unknown e-mail: $why', async ({ fields, code }) => {
    const workspace = await openPopulated();
    expect(await workspace.outcome(byEmail, writeOf('new@x.io', { email: 'new@x.io', ...fields }))).toBe(
      code,
    );
    expect(userIn(workspace, 'u-1')).toMatchObject({ email: 'ann@x.io' });
  });
});

describe('matched on Vitally’s id', () => {
  const byId = routeOf('user', { matchOn: 'id' });

  test('upsert updates the record and can’t create one', async () => {
    const workspace = await openPopulated();
    const id = workspace.idOf('users', 'u-1');
    expect(await workspace.outcome(byId, writeOf(id, { name: 'Anna' }))).toBe('updated');
    expect(workspace.asked()).toEqual([`GET /users/${id}`, `PUT /users/${id}`]);
    const unknown = writeOf('0b7b41f4-15d2-4c7c-9d3f-2f1c4e6a8b90', { name: 'X', accountIds: ['a-1'] });
    expect(await workspace.outcome(byId, unknown)).toBe('unknown_key');
  });

  test('an external id is not an id of Vitally’s', async () => {
    const workspace = await openPopulated();
    expect(await workspace.outcome(byId, writeOf('u-1', { name: 'X' }))).toBe('unknown_key');
    const deletion = routeOf('user', { matchOn: 'id', mode: 'delete' });
    expect(await workspace.outcome(deletion, writeOf('u-1'))).toBe('skipped');
    expect(await workspace.outcome(deletion, writeOf(workspace.idOf('users', 'u-1')))).toBe('deleted');
    expect(userIn(workspace, 'u-1')).toMatchObject({ deletionScheduled: true });
  });
});
