import { type Answer, ok, Refusal } from '../../answer.ts';
import type { Context } from '../../context.ts';
import { keptText, optionalObject, optionalText, requiredText } from '../../fields.ts';
import type { JsonObject } from '../../json.ts';
import { changeAccount, createAccount, deleteAccount, isChurned, showAccount } from '../../store/account.ts';
import type { Account } from '../../store/records.ts';
import { adminId } from '../items/seed.ts';
import { notFound, objectResource, type Purpose } from '../object-resource.ts';
import type { RestRequest } from '../resource.ts';

export const accounts = objectResource({
  path: 'accounts',
  title: 'Account',
  table: (world) => world.accounts,
  show: showAccount,
  parse(context, body, purpose) {
    return {
      ownerId: ownerId(body, purpose),
      name: purpose === 'create' ? requiredText(body, 'name') : keptText(body, 'name'),
      organizationId: organizationId(context, body, purpose),
      traits: optionalObject(body, 'traits'),
    };
  },
  create: createAccount,
  change: changeAccount,
  remove: ({ world }, account) => deleteAccount(world, account),
  listed: (account, query) => hasStatus(account, query.get('status') ?? 'active'),
  resolveSeed(world, { accountOwnerId: _owner, ...body }) {
    const organization = world.organizations.find(optionalText(body, 'organizationId') ?? '');
    return organization === undefined ? body : { ...body, organizationId: organization.id };
  },
  seeded(world, account, body) {
    const owner = optionalText(body, 'accountOwnerId');
    if (typeof owner === 'string') account.ownerId = adminId(world, owner) ?? owner;
  },
  scopes: {
    organizations: (world, id) => world.accountsOfOrganization.get(id),
  },
  extra: healthScores,
});

/** Vitally computes these and does not document their shape, so an account of the sandbox has none. */
function healthScores({ world, switches }: Context, { method, segments }: RestRequest): Answer | undefined {
  const [, id = '', below, more] = segments;
  if (method !== 'GET' || below !== 'healthScores' || more !== undefined) return undefined;
  const account = world.accounts.find(id);
  return account === undefined
    ? notFound('Account', switches)
    : ok({ accountId: account.id, healthScore: null, healthScores: [] });
}

function hasStatus(account: Account, status: string): boolean {
  if (status === 'activeOrChurned') return true;
  if (status !== 'active' && status !== 'churned')
    throw new Refusal(400, 'status must be active, churned or activeOrChurned');
  return isChurned(account) === (status === 'churned');
}

/** An owner is set in the app, here by a seed, and taken off by a PUT alone (vitally-api.md, "Accounts"). */
function ownerId(body: JsonObject, purpose: Purpose): null | undefined {
  const given = optionalText(body, 'accountOwnerId');
  if ((given ?? null) !== null) throw new Refusal(400, 'accountOwnerId can only be null');
  return purpose === 'update' && given === null ? null : undefined;
}

/** POST takes only Vitally's id, PUT either id (vitally-api.md, "Accounts"). */
function organizationId(
  { world, switches }: Context,
  body: JsonObject,
  purpose: Purpose,
): string | null | undefined {
  const given = optionalText(body, 'organizationId');
  if (given === undefined || given === null) return given;
  const organization =
    purpose === 'create' ? world.organizations.byId(given) : world.organizations.find(given);
  if (organization !== undefined) return organization.id;
  if (switches.has('unknown-parent-accepted')) return undefined;
  throw new Refusal(400, 'organizationId is not the id of an organization');
}
