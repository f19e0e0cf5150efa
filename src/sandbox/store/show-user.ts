import type { Switches } from '../faults/switches.ts';
import type { JsonObject } from '../json.ts';
import { showAccount } from './account.ts';
import { showOrganization } from './organization.ts';
import type { User } from './records.ts';
import { shownIdentity } from './show.ts';
import type { World } from './world.ts';

/** A user as REST shows it, its accounts and organizations as full objects. */
export function showUser(world: World, user: User, switches: Switches): JsonObject {
  const accountIds = [...user.accountIds];
  const organizationIds = [...user.organizationIds];
  const accounts = accountIds.map((id) => world.accounts.byId(id)).filter((account) => account !== undefined);
  const organizations = organizationIds
    .map((id) => world.organizations.byId(id))
    .filter((organization) => organization !== undefined);
  return {
    ...shownIdentity(user, switches),
    name: user.name,
    email: user.email,
    avatar: user.avatar,
    joinDate: user.joinDate,
    traits: Object.fromEntries(user.traits),
    firstKnown: new Date(user.createdAtMs).toISOString(),
    lastSeenTimestamp: null,
    lastInboundMessageTimestamp: null,
    lastOutboundMessageTimestamp: null,
    npsLastScore: null,
    npsLastFeedback: null,
    npsLastRespondedAt: null,
    unsubscribedFromConversations: user.unsubscribedFromConversations,
    unsubscribedFromConversationsAt: null,
    deactivatedAt: null,
    permanentlyBounced: false,
    segments: [],
    accountIds,
    organizationIds,
    accounts: accounts.map((account) => showAccount(world, account, switches)),
    organizations: organizations.map((organization) => showOrganization(world, organization, switches)),
  };
}
