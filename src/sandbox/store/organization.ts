import type { Switches } from '../faults/switches.ts';
import type { JsonObject } from '../json.ts';
import { deleteAccount } from './account.ts';
import { deleteReferring } from './item.ts';
import type { Organization } from './records.ts';
import { shownIdentity } from './show.ts';
import { mergeTraits, shownTraits, standardTraits } from './traits.ts';
import { deleteIfOrphan, leaveOrganization } from './user.ts';
import type { World } from './world.ts';
import { learnTraits } from './written-traits.ts';

export interface OrganizationChanges {
  readonly name?: string | null | undefined;
  readonly avatar?: string | null | undefined;
  readonly traits?: JsonObject | undefined;
}

export function createOrganization(world: World, externalId: string): Organization {
  const organization = { ...world.organizations.identity(externalId), name: null, avatar: null };
  world.organizations.add(organization);
  return organization;
}

export function changeOrganization(
  world: World,
  organization: Organization,
  changes: OrganizationChanges,
): void {
  world.journal.write('organizations', organization, () => {
    if (changes.name !== undefined) organization.name = changes.name;
    if (changes.avatar !== undefined) organization.avatar = changes.avatar;
    learnTraits(world, { model: 'organizations' }, changes.traits);
    mergeTraits(organization.traits, changes.traits);
    world.organizations.touch(organization);
  });
}

/** Destroys what belongs to it alone (vitally-api.md, "Organizations"): its accounts, and users of nothing else. */
export function deleteOrganization(world: World, organization: Organization): void {
  for (const account of [...world.accountsOfOrganization.get(organization.id)]) deleteAccount(world, account);
  for (const user of [...world.usersOfOrganization.get(organization.id)]) {
    leaveOrganization(world, user, organization.id);
    deleteIfOrphan(world, user);
  }
  deleteReferring(world, 'organizationId', organization.id);
  world.organizations.delete(organization);
  world.journal.deleted('organizations', organization);
}

export function showOrganization(world: World, organization: Organization, switches: Switches): JsonObject {
  return {
    ...shownIdentity(organization, switches),
    name: organization.name,
    traits: shownTraits(organization.traits, switches),
    organizationOwnerId: null,
    firstPaidDate: null,
    ...standardTraits(organization.traits),
    usersCount: world.usersOfOrganization.get(organization.id).size,
    accountsCount: world.accountsOfOrganization.get(organization.id).size,
    healthScore: null,
    csmId: null,
    accountExecutiveId: null,
    keyRoles: [],
    segments: [],
    npsDetractorCount: 0,
    npsPassiveCount: 0,
    npsPromoterCount: 0,
    npsScore: null,
    lastSeenTimestamp: null,
  };
}
