import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeAccount, createAccount, deleteAccount } from '../../../src/sandbox/store/account.ts';
import { EventStore } from '../../../src/sandbox/store/event-store.ts';
import {
  changeOrganization,
  createOrganization,
  deleteOrganization,
} from '../../../src/sandbox/store/organization.ts';
import { changeUser, createUser, deleteUser, leaveAccount } from '../../../src/sandbox/store/user.ts';
import { World } from '../../../src/sandbox/store/world.ts';

const key = fc.constantFrom('1', '2', '3');
const step = fc.oneof(
  fc.record({ do: fc.constant('organization' as const), id: key }),
  fc.record({ do: fc.constant('account' as const), id: key, parent: fc.option(key) }),
  fc.record({
    do: fc.constant('user' as const),
    id: key,
    accounts: fc.array(key),
    organizations: fc.array(key),
    email: fc.option(fc.constantFrom('a@x.test', 'A@X.test', 'b@y.test')),
    relations: fc.constantFrom('add' as const, 'replace' as const),
  }),
  fc.record({ do: fc.constant('unlink' as const), id: key, parent: key }),
  fc.record({ do: fc.constantFrom('drop-organization', 'drop-account', 'drop-user'), id: key }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function take(world: World, action: Step): void {
  const { id } = action;
  if ('accounts' in action) {
    const idsIn = (table: World['accounts'] | World['organizations'], ids: readonly string[]) =>
      ids.map((externalId) => table.byExternalId(externalId)?.id).filter((found) => found !== undefined);
    changeUser(world, world.users.find(id) ?? createUser(world, id), {
      email: action.email,
      accountIds: idsIn(world.accounts, action.accounts),
      organizationIds: idsIn(world.organizations, action.organizations),
      relations: action.relations,
    });
  } else if (action.do === 'unlink' && 'parent' in action) {
    const user = world.users.find(id);
    const account = world.accounts.find(action.parent);
    if (user !== undefined && account !== undefined) leaveAccount(world, user, account.id);
  } else if ('parent' in action) {
    const parent = action.parent === null ? null : world.organizations.find(action.parent)?.id;
    changeAccount(world, world.accounts.find(id) ?? createAccount(world, id), { organizationId: parent });
  } else if (action.do === 'organization') {
    changeOrganization(world, world.organizations.find(id) ?? createOrganization(world, id), { name: 'x' });
  } else drop(world, action.do, id);
}

function drop(world: World, what: string, id: string): void {
  const organization = world.organizations.find(id);
  const account = world.accounts.find(id);
  const user = world.users.find(id);
  if (what === 'drop-organization' && organization !== undefined) deleteOrganization(world, organization);
  if (what === 'drop-account' && account !== undefined) deleteAccount(world, account);
  if (what === 'drop-user' && user !== undefined) deleteUser(world, user);
}

test('links lead both ways, to records that are there, whatever is done', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const world = new World(() => 0);
      for (const action of steps) take(world, action);
      const users = [...world.users.all()];
      const accounts = [...world.accounts.all()];
      for (const user of users) {
        for (const id of user.accountIds) expect(world.accounts.byId(id)).toBeDefined();
        for (const id of user.organizationIds) expect(world.organizations.byId(id)).toBeDefined();
      }
      for (const { id } of accounts)
        expect(new Set(world.usersOfAccount.get(id))).toEqual(
          new Set(users.filter((user) => user.accountIds.has(id))),
        );
      for (const { id } of world.organizations.all()) {
        const members = users.filter((user) => user.organizationIds.has(id));
        expect(new Set(world.usersOfOrganization.get(id))).toEqual(new Set(members));
        const owned = accounts.filter((account) => account.organizationId === id);
        expect(new Set(world.accountsOfOrganization.get(id))).toEqual(new Set(owned));
      }
      for (const account of accounts)
        if (account.organizationId !== null)
          expect(world.organizations.byId(account.organizationId)).toBeDefined();
      for (const email of ['a@x.test', 'b@y.test']) {
        const named = users.filter((user) => user.email?.toLowerCase() === email);
        expect(new Set(world.usersByEmail.get(email))).toEqual(new Set(named));
      }
    }),
  );
});

test('both orders hold every record once, newest first', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const world = new World(() => 0);
      for (const action of steps) {
        take(world, action);
        for (const by of ['createdAt', 'updatedAt'] as const) {
          const sorted = world.accounts.sorted(by);
          const orders = sorted.map((account) =>
            by === 'createdAt' ? account.createdOrder : account.updatedOrder,
          );
          expect(orders).toEqual(orders.toSorted((left, right) => right - left));
          expect(new Set(sorted)).toEqual(new Set(world.accounts.all()));
        }
      }
    }),
    { numRuns: 50 },
  );
});

test('events are kept in order, a messageId once, the last 50 at hand', () => {
  const events = new EventStore();
  for (let n = 0; n < 120; n++) events.add(`m${n}`, { messageId: `m${n}`, properties: { n } });
  expect(events.size).toBe(120);
  expect(events.all().map((event) => event.messageId)).toEqual(
    Array.from({ length: 120 }, (_, n) => `m${n}`),
  );
  expect(events.recent().map((event) => event.messageId)).toEqual(
    Array.from({ length: 50 }, (_, n) => `m${119 - n}`),
  );
});
