import type { JsonObject } from '../json.ts';
import { deleteReferring } from './item.ts';
import type { User } from './records.ts';
import { mergeTraits } from './traits.ts';
import type { World } from './world.ts';
import { learnTraits } from './written-traits.ts';

export interface UserChanges {
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly avatar?: string | null | undefined;
  readonly joinDate?: string | null | undefined;
  readonly unsubscribedFromConversations?: boolean | undefined;
  /** Vitally's ids. */
  readonly accountIds?: readonly string[] | undefined;
  readonly organizationIds?: readonly string[] | undefined;
  readonly relations?: 'add' | 'replace' | undefined;
  readonly traits?: JsonObject | undefined;
}

export function createUser(world: World, externalId: string): User {
  const user = {
    ...world.users.identity(externalId),
    name: null,
    email: null,
    avatar: null,
    joinDate: null,
    unsubscribedFromConversations: false,
    accountIds: new Set<string>(),
    organizationIds: new Set<string>(),
    deletionScheduled: false,
    deleteOn: null,
  };
  world.users.add(user);
  return user;
}

export function changeUser(world: World, user: User, changes: UserChanges): void {
  world.journal.write('users', user, () => applyChanges(world, user, changes));
}

function applyChanges(world: World, user: User, changes: UserChanges): void {
  if (changes.name !== undefined) user.name = changes.name;
  if (changes.email !== undefined) setEmail(world, user, changes.email);
  if (changes.avatar !== undefined) user.avatar = changes.avatar;
  if (changes.joinDate !== undefined) user.joinDate = changes.joinDate;
  if (changes.unsubscribedFromConversations !== undefined)
    user.unsubscribedFromConversations = changes.unsubscribedFromConversations;
  const replace = changes.relations === 'replace';
  if (replace && changes.accountIds !== undefined)
    for (const id of user.accountIds) unlinkAccount(world, user, id);
  if (replace && changes.organizationIds !== undefined)
    for (const id of user.organizationIds) unlinkOrganization(world, user, id);
  for (const id of changes.accountIds ?? []) linkAccount(world, user, id);
  for (const id of changes.organizationIds ?? []) linkOrganization(world, user, id);
  learnTraits(world, { model: 'users' }, changes.traits);
  mergeTraits(user.traits, changes.traits);
  world.users.touch(user);
}

function linkAccount(world: World, user: User, accountId: string): void {
  user.accountIds.add(accountId);
  world.usersOfAccount.add(accountId, user);
}

function unlinkAccount(world: World, user: User, accountId: string): void {
  user.accountIds.delete(accountId);
  world.usersOfAccount.remove(accountId, user);
}

function linkOrganization(world: World, user: User, organizationId: string): void {
  user.organizationIds.add(organizationId);
  world.usersOfOrganization.add(organizationId, user);
}

function unlinkOrganization(world: World, user: User, organizationId: string): void {
  user.organizationIds.delete(organizationId);
  world.usersOfOrganization.remove(organizationId, user);
}

function setEmail(world: World, user: User, email: string | null): void {
  if (user.email !== null) {
    world.usersByEmail.remove(user.email.toLowerCase(), user);
    world.usersByEmailDomain.remove(emailDomain(user.email), user);
  }
  user.email = email;
  if (email === null) return;
  world.usersByEmail.add(email.toLowerCase(), user);
  world.usersByEmailDomain.add(emailDomain(email), user);
}

function emailDomain(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase();
}

/** The account is deleted, or the user is taken from it. */
export function leaveAccount(world: World, user: User, accountId: string): void {
  world.journal.write('users', user, () => unlinkAccount(world, user, accountId));
}

export function leaveOrganization(world: World, user: User, organizationId: string): void {
  world.journal.write('users', user, () => unlinkOrganization(world, user, organizationId));
}

/** A deletion that Vitally carries out later. */
export function scheduleDeletion(world: World, user: User, deleteOn: string | null): void {
  world.journal.write('users', user, () => {
    user.deletionScheduled = true;
    user.deleteOn = deleteOn;
    world.users.touch(user);
  });
}

export function deleteUser(world: World, user: User): void {
  setEmail(world, user, null);
  for (const id of user.accountIds) unlinkAccount(world, user, id);
  for (const id of user.organizationIds) unlinkOrganization(world, user, id);
  deleteReferring(world, 'userId', user.id);
  world.users.delete(user);
  world.journal.deleted('users', user);
}

/** Deletes a user whose last account or organization is gone. */
export function deleteIfOrphan(world: World, user: User): void {
  if (user.accountIds.size === 0 && user.organizationIds.size === 0) deleteUser(world, user);
}
