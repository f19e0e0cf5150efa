import { type Answer, ok, Refusal } from '../../answer.ts';
import type { Context } from '../../context.ts';
import type { Switches } from '../../faults/switches.ts';
import { optionalBoolean, optionalDate, optionalObject, optionalText, optionalTexts } from '../../fields.ts';
import type { JsonObject } from '../../json.ts';
import type { User } from '../../store/records.ts';
import { showUser } from '../../store/show-user.ts';
import { changeUser, createUser, deleteUser, scheduleDeletion, type UserChanges } from '../../store/user.ts';
import type { World } from '../../store/world.ts';
import { objectResource, type Purpose } from '../object-resource.ts';
import type { RestRequest } from '../resource.ts';

/** vitally-api.md, "Users". */
const NEEDS_RELATIONS = 'Must specify at least one of: accountIds or organizationIds';

export const users = objectResource({
  path: 'users',
  title: 'User',
  table: (world) => world.users,
  show: showUser,
  parse,
  create: createUser,
  change: changeUser,
  remove({ world, switches }, user, query) {
    const deleteOn = query.get('deleteOn');
    if (deleteOn !== null && !isDay(deleteOn)) throw new Refusal(400, 'deleteOn must be a date');
    if (deleteOn === null && switches.has('user-delete-immediate')) return deleteUser(world, user);
    scheduleDeletion(world, user, deleteOn);
  },
  scopes: {
    accounts: (world, id) => world.usersOfAccount.get(id),
    organizations: usersOfOrganization,
  },
  resolveSeed: (world, body) => ({
    ...body,
    ...seededParents(body, 'accountIds', world.accounts),
    ...seededParents(body, 'organizationIds', world.organizations),
  }),
  extra: (context, request) =>
    request.method === 'GET' && request.segments[1] === 'search' && request.segments.length === 2
      ? search(context, request)
      : undefined,
});

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}

function parse({ world, switches }: Context, body: JsonObject, purpose: Purpose): UserChanges {
  const accountIds = parents(body, 'accountIds', world.accounts, switches);
  const organizationIds = parents(body, 'organizationIds', world.organizations, switches);
  const related = (accountIds?.given ?? 0) + (organizationIds?.given ?? 0) > 0;
  if (!related && (purpose === 'create' || switches.has('users-need-relations-on-update')))
    throw new Refusal(400, NEEDS_RELATIONS);
  return {
    name: optionalText(body, 'name'),
    email: optionalText(body, 'email'),
    avatar: optionalText(body, 'avatar'),
    joinDate: optionalDate(body, 'joinDate'),
    unsubscribedFromConversations: optionalBoolean(body, 'unsubscribedFromConversations'),
    accountIds: accountIds?.known,
    organizationIds: organizationIds?.known,
    relations: switches.has('put-replaces-relations') ? 'replace' : 'add',
    traits: optionalObject(body, 'traits'),
  };
}

/** The users of an organization and of its accounts. */
function usersOfOrganization(world: World, id: string): ReadonlySet<User> {
  const accounts = [...world.accountsOfOrganization.get(id)];
  const groups = [
    world.usersOfOrganization.get(id),
    ...accounts.map((one) => world.usersOfAccount.get(one.id)),
  ];
  return new Set(groups.flatMap((users) => [...users]));
}

/** Only Vitally's ids are taken here (vitally-api.md, "Users"). */
function parents(body: JsonObject, name: string, table: ParentTable, switches: Switches) {
  const ids = optionalTexts(body, name);
  if (ids === undefined) return undefined;
  const known = ids.filter((id) => table.byId(id) !== undefined);
  if (known.length < ids.length && !switches.has('unknown-parent-accepted'))
    throw new Refusal(400, `${name} has an id that is not one of ours`);
  return { given: ids.length, known };
}

type ParentTable = World['accounts'] | World['organizations'];

function seededParents(body: JsonObject, name: string, table: ParentTable): JsonObject {
  const ids = optionalTexts(body, name);
  return ids === undefined ? {} : { [name]: ids.map((id) => table.find(id)?.id ?? id) };
}

function search({ world, switches }: Context, { query }: RestRequest): Answer {
  const criteria = ['externalId', 'email', 'emailSubdomain'].filter((name) => query.has(name));
  const [criterion] = criteria;
  if (criterion === undefined || criteria.length > 1)
    throw new Refusal(400, 'exactly one of externalId, email, emailSubdomain is required');
  const found = findUsers(world, criterion, query.get(criterion) ?? '');
  return ok({ results: found.map((user) => showUser(world, user, switches)) });
}

function findUsers(world: World, criterion: string, value: string): User[] {
  if (criterion === 'email') return [...world.usersByEmail.get(value.toLowerCase())];
  if (criterion === 'emailSubdomain') return [...world.usersByEmailDomain.get(value.toLowerCase())];
  const user = world.users.byExternalId(value);
  return user === undefined ? [] : [user];
}
