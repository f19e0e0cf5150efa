import type { Switches } from '../faults/switches.ts';
import type { JsonObject } from '../json.ts';
import { deleteReferring } from './item.ts';
import type { Account } from './records.ts';
import { shownIdentity } from './show.ts';
import { mergeTraits, shownTraits, standardTraits } from './traits.ts';
import { deleteIfOrphan, leaveAccount } from './user.ts';
import type { World } from './world.ts';
import { learnTraits } from './written-traits.ts';

export interface AccountChanges {
  readonly name?: string | null | undefined;
  readonly avatar?: string | null | undefined;
  /** Vitally's id; `null` unlinks. */
  readonly organizationId?: string | null | undefined;
  readonly ownerId?: null | undefined;
  readonly traits?: JsonObject | undefined;
}

export function createAccount(world: World, externalId: string): Account {
  const account = {
    ...world.accounts.identity(externalId),
    name: null,
    avatar: null,
    organizationId: null,
    ownerId: null,
  };
  world.accounts.add(account);
  return account;
}

export function changeAccount(world: World, account: Account, changes: AccountChanges): void {
  world.journal.write('accounts', account, () => {
    if (changes.name !== undefined) account.name = changes.name;
    if (changes.avatar !== undefined) account.avatar = changes.avatar;
    if (changes.ownerId !== undefined) account.ownerId = changes.ownerId;
    if (changes.organizationId !== undefined) moveToOrganization(world, account, changes.organizationId);
    learnTraits(world, { model: 'accounts' }, changes.traits);
    mergeTraits(account.traits, changes.traits);
    world.accounts.touch(account);
  });
}

function moveToOrganization(world: World, account: Account, organizationId: string | null): void {
  if (account.organizationId !== null) world.accountsOfOrganization.remove(account.organizationId, account);
  if (organizationId !== null) world.accountsOfOrganization.add(organizationId, account);
  account.organizationId = organizationId;
}

/** Its users go too, unless they have another account or organization (vitally-api.md, "Accounts"). Events stay. */
export function deleteAccount(world: World, account: Account): void {
  for (const user of [...world.usersOfAccount.get(account.id)]) {
    leaveAccount(world, user, account.id);
    deleteIfOrphan(world, user);
  }
  moveToOrganization(world, account, null);
  deleteReferring(world, 'accountId', account.id);
  deleteReferring(world, 'customerId', account.id);
  world.accounts.delete(account);
  world.journal.deleted('accounts', account);
}

export function isChurned(account: Account): boolean {
  return account.traits.has('churnedAt');
}

export function showAccount(world: World, account: Account, switches: Switches): JsonObject {
  return {
    ...shownIdentity(account, switches),
    name: account.name,
    traits: shownTraits(account.traits, switches),
    organizationId: account.organizationId,
    accountOwnerId: account.ownerId,
    ...standardTraits(account.traits),
    firstSeenTimestamp: null,
    lastSeenTimestamp: null,
    lastInboundMessageTimestamp: null,
    lastOutboundMessageTimestamp: null,
    usersCount: world.usersOfAccount.get(account.id).size,
    npsDetractorCount: 0,
    npsPassiveCount: 0,
    npsPromoterCount: 0,
    npsScore: null,
    healthScore: null,
    csmId: null,
    accountExecutiveId: null,
    keyRoles: [],
    segments: [],
  };
}
