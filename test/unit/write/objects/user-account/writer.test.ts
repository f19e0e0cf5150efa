import { describe, expect, test } from 'vitest';
import { routeOf } from '../../../../support/routes.ts';
import {
  openWorkspace,
  type Workspace,
  type WorkspaceOptions,
  writeOf,
} from '../../../../support/workspace.ts';

const links = routeOf('user_account', { mode: 'append', keyColumns: [] });
const byMessage = routeOf('user_account', { mode: 'append', keyColumns: [], transport: 'analytics' });
const unlinks = routeOf('user_account', { mode: 'delete', keyColumns: [], transport: 'analytics' });

const WITHOUT_REST = { settings: { restAuthorization: undefined } } as const;
const WITHOUT_ANALYTICS = { settings: { analyticsAuthorization: undefined } } as const;

async function openPeople(options: WorkspaceOptions = {}): Promise<Workspace> {
  const workspace = await openWorkspace(options);
  workspace.seed('accounts', { externalId: 'acme', name: 'Acme' }, { externalId: 'globex', name: 'Globex' });
  workspace.seed('users', { externalId: 'ann', name: 'Ann', accountIds: ['acme'] });
  return workspace;
}

function linkOf(userId: string, accountId: string) {
  return writeOf(`${userId}:${accountId}`, { userId, accountId });
}

function accountsOf({ sandbox }: Workspace): unknown {
  const users = sandbox.snapshot().users as Readonly<Record<string, { readonly accounts: unknown }>>;
  return users.ann?.accounts;
}

describe('linking', () => {
  test.each([
    { profile: [] },
    { profile: ['put-replaces-relations'] },
    { profile: ['users-need-relations-on-update'] },
  ])('adds an account to those that are there: $profile', async ({ profile }) => {
    const workspace = await openPeople({ profile });
    expect(await workspace.outcome(links, linkOf('ann', 'globex'))).toBe('created');
    expect(await workspace.outcome(links, linkOf('ann', 'globex'))).toBe('skipped');
    expect(await workspace.outcome(links, linkOf('ann', 'acme'))).toBe('skipped');
    expect(accountsOf(workspace)).toEqual(['acme', 'globex']);
  });

  test("takes Vitally's ids too", async () => {
    const workspace = await openPeople();
    const row = linkOf(workspace.idOf('users', 'ann'), workspace.idOf('accounts', 'globex'));
    expect(await workspace.outcome(links, row)).toBe('created');
    expect(accountsOf(workspace)).toEqual(['acme', 'globex']);
  });

  test.each([
    { row: linkOf('nobody', 'acme'), code: 'unknown_association' },
    { row: linkOf('ann', 'nowhere'), code: 'unknown_association' },
    { row: writeOf('k', { userId: 'ann' }), code: 'missing_field' },
  ])('refuses a link without two ends: $code', async ({ row, code }) => {
    expect(await (await openPeople()).outcome(links, row)).toBe(code);
  });

  test('goes by message without a REST token', async () => {
    const workspace = await openPeople(WITHOUT_REST);
    expect(await workspace.outcome(byMessage, linkOf('ann', 'globex'))).toBe('accepted');
    expect(accountsOf(workspace)).toEqual(['acme', 'globex']);
  });

  test('that Vitally refuses is a refused row', async () => {
    const workspace = await openPeople({ ...WITHOUT_REST, profile: ['blocked-user'] });
    expect(await workspace.outcome(byMessage, linkOf('ann', 'globex'))).toBe('refused');
  });
});

describe('unlinking', () => {
  test('takes the user out of the account alone', async () => {
    const workspace = await openPeople();
    await workspace.outcome(links, linkOf('ann', 'globex'));
    expect(await workspace.outcome(unlinks, linkOf('ann', 'acme'))).toBe('accepted');
    expect(accountsOf(workspace)).toEqual(['globex']);
  });

  test.each([
    { unknownKey: 'skip' as const, row: linkOf('ann', 'globex'), outcome: 'skipped' },
    { unknownKey: 'reject' as const, row: linkOf('ann', 'globex'), outcome: 'unknown_key' },
    { unknownKey: 'reject' as const, row: linkOf('nobody', 'acme'), outcome: 'unknown_key' },
  ])('of what is not linked: $outcome', async ({ unknownKey, row, outcome }) => {
    const workspace = await openPeople();
    expect(await workspace.outcome({ ...unlinks, unknownKey }, row)).toBe(outcome);
    expect(accountsOf(workspace)).toEqual(['acme']);
  });

  test('takes own ids as they are without a REST token, and none that look like Vitally’s', async () => {
    const workspace = await openPeople(WITHOUT_REST);
    expect(await workspace.outcome(unlinks, linkOf('ann', 'acme'))).toBe('accepted');
    expect(accountsOf(workspace)).toEqual([]);
    const vitallys = linkOf('ann', workspace.idOf('accounts', 'globex'));
    expect(await workspace.outcome(unlinks, vitallys)).toBe('unknown_association');
  });

  test('counts towards delete_limit', async () => {
    const workspace = await openPeople();
    const route = { ...unlinks, deleteLimit: { count: 0 } };
    await expect(workspace.write(route, linkOf('ann', 'acme'))).rejects.toThrow('delete_limit');
    expect(accountsOf(workspace)).toEqual(['acme']);
  });
});

describe.each([
  { what: 'a link', route: byMessage },
  { what: 'an unlink', route: unlinks },
])('$what of a user who is named by e-mail', ({ route }) => {
  test('is refused without a REST token: as an own id it would make another user', async () => {
    const workspace = await openPeople(WITHOUT_REST);
    const before = workspace.sandbox.snapshot();
    const { outcome } = await workspace.write(route, linkOf('ann@x.io', 'acme'));
    expect(outcome).toMatchObject({
      kind: 'rejected',
      error: { code: 'unknown_association', field: 'userId', fix: expect.stringContaining('rest_api_token') },
    });
    expect(workspace.sandbox.snapshot()).toEqual(before);
  });
});

describe('a user’s accounts replaced by a row', () => {
  const replaces = routeOf('user', { relations: 'replace' });

  test.each([{ profile: [] }, { profile: ['put-replaces-relations'] }])(
    'under $profile',
    async ({ profile }) => {
      const workspace = await openPeople({ profile });
      expect(await workspace.outcome(replaces, writeOf('ann', { accountIds: ['globex'] }))).toBe('updated');
      expect(accountsOf(workspace)).toEqual(['globex']);
    },
  );

  test('needs the Analytics API where Vitally only adds', async () => {
    const workspace = await openPeople(WITHOUT_ANALYTICS);
    expect(await workspace.outcome(replaces, writeOf('ann', { accountIds: ['globex'] }))).toBe('refused');
  });

  test('cannot leave an organization where Vitally only adds', async () => {
    const workspace = await openPeople();
    workspace.seed('organizations', { externalId: 'one', name: 'One' }, { externalId: 'two', name: 'Two' });
    workspace.seed('users', { externalId: 'bob', name: 'Bob', organizationIds: ['one'] });
    expect(await workspace.outcome(replaces, writeOf('bob', { organizationIds: ['two'] }))).toBe('refused');
  });
});
