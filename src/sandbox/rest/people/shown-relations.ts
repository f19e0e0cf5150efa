import type { Context } from '../../context.ts';
import type { Switches } from '../../faults/switches.ts';
import type { JsonObject, JsonValue } from '../../json.ts';
import { showAccount } from '../../store/account.ts';
import { showOrganization } from '../../store/organization.ts';
import type { Item, ItemKind } from '../../store/records.ts';
import { shownIdentity } from '../../store/show.ts';
import { showUser } from '../../store/show-user.ts';

/** A field that holds one of Vitally's ids or is empty. */
type Reference = JsonValue | undefined;

export function shownAccount({ world, switches }: Context, id: Reference): JsonObject | null {
  const account = typeof id === 'string' ? world.accounts.byId(id) : undefined;
  return account === undefined ? null : showAccount(world, account, switches);
}

export function shownOrganization({ world, switches }: Context, id: Reference): JsonObject | null {
  const organization = typeof id === 'string' ? world.organizations.byId(id) : undefined;
  return organization === undefined ? null : showOrganization(world, organization, switches);
}

export function shownUser({ world, switches }: Context, id: Reference): JsonObject | null {
  const user = typeof id === 'string' ? world.users.byId(id) : undefined;
  return user === undefined ? null : showUser(world, user, switches);
}

/** A team member as the search for one shows it, without times. */
export function shownAdmin({ world }: Context, id: Reference): JsonObject | null {
  const admin = typeof id === 'string' ? world.items('admins').byId(id) : undefined;
  return admin === undefined ? null : showAdmin(admin);
}

export function showAdmin(admin: Item): JsonObject {
  return {
    id: admin.id,
    name: admin.fields.get('name') ?? null,
    email: admin.fields.get('email') ?? null,
    licenseStatus: admin.fields.get('licenseStatus') ?? 'active',
  };
}

export function shownCategory(
  { world, switches }: Context,
  kind: ItemKind,
  id: Reference,
): JsonObject | null {
  const category = typeof id === 'string' ? world.items(kind).byId(id) : undefined;
  return category === undefined ? null : showCategory(category, switches);
}

export function showCategory(category: Item, switches: Switches): JsonObject {
  const { externalId: _none, ...identity } = shownIdentity(category, switches);
  return { ...identity, name: category.fields.get('name') ?? null };
}
