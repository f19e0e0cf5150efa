import { canonical, field, type JsonObject, type JsonValue, sortedObject } from '../json.ts';
import { eventContent } from '../store/event-store.ts';
import type { Account, Keyed, Organization, User } from '../store/records.ts';
import type { Table } from '../store/table.ts';
import type { World } from '../store/world.ts';
import { type ItemsSnapshot, itemsSnapshot } from './snapshot-items.ts';

/** Everything in a comparable form, without ids and times of Vitally's: records by external id, associations too, events by messageId; other kinds where there are any. */
export interface Snapshot extends ItemsSnapshot {
  readonly organizations: JsonObject;
  readonly accounts: JsonObject;
  readonly users: JsonObject;
  readonly events: JsonObject;
}

export function snapshot(world: World): Snapshot {
  return {
    organizations: byExternalId(world.organizations, organizationContent),
    accounts: byExternalId(world.accounts, (account) => accountContent(world, account)),
    users: byExternalId(world.users, (user) => userContent(world, user)),
    events: sortedObject(
      world.events.all().map((event) => [String(field(event, 'messageId')), eventContent(event)]),
    ),
    ...itemsSnapshot(world),
  };
}

export function organizationContent({ name, avatar, traits }: Organization): JsonObject {
  return { name, avatar, traits: traitsContent(traits) };
}

export function accountContent(world: World, { name, avatar, organizationId, traits }: Account): JsonObject {
  const organization = organizationId === null ? undefined : world.organizations.byId(organizationId);
  return { name, avatar, organization: organization?.externalId ?? null, traits: traitsContent(traits) };
}

export function userContent(world: World, user: User): JsonObject {
  return {
    name: user.name,
    email: user.email,
    avatar: user.avatar,
    joinDate: user.joinDate,
    unsubscribedFromConversations: user.unsubscribedFromConversations,
    deletionScheduled: user.deletionScheduled,
    ...(user.deleteOn !== null && { deleteOn: user.deleteOn }),
    accounts: externalIds(world.accounts, user.accountIds),
    organizations: externalIds(world.organizations, user.organizationIds),
    traits: traitsContent(user.traits),
  };
}

function traitsContent(traits: ReadonlyMap<string, JsonValue>): JsonValue {
  return canonical(Object.fromEntries(traits));
}

function byExternalId<R extends Keyed>(table: Table<R>, content: (record: R) => JsonObject): JsonObject {
  return sortedObject([...table.all()].map((record) => [record.externalId, content(record)]));
}

function externalIds<R extends Keyed>(table: Table<R>, ids: ReadonlySet<string>): string[] {
  return [...ids].map((id) => table.byId(id)?.externalId ?? id).sort();
}
