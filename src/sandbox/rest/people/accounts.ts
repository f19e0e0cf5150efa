import { type Answer, ok, Refusal } from '../../answer.ts';
import type { Context } from '../../context.ts';
import { keptText, optionalObject, optionalText, requiredText } from '../../fields.ts';
import { field, type JsonObject } from '../../json.ts';
import { changeAccount, createAccount, deleteAccount, isChurned, showAccount } from '../../store/account.ts';
import type { Account } from '../../store/records.ts';
import { notFound, objectResource, type Purpose } from '../object-resource.ts';
import type { RestRequest } from '../resource.ts';

export const accounts = objectResource({
  path: 'accounts',
  title: 'Account',
  table: (world) => world.accounts,
  show: showAccount,
  parse(context, body, purpose) {
    if ((field(body, 'accountOwnerId') ?? null) !== null)
      throw new Refusal(400, 'accountOwnerId can only be null');
    return {
      name: purpose === 'create' ? requiredText(body, 'name') : keptText(body, 'name'),
      organizationId: organizationId(context, body, purpose),
      traits: optionalObject(body, 'traits'),
    };
  },
  create: createAccount,
  change: changeAccount,
  remove: ({ world }, account) => deleteAccount(world, account),
  listed: (account, query) => hasStatus(account, query.get('status') ?? 'active'),
  resolveSeed(world, body) {
    const organization = world.organizations.find(optionalText(body, 'organizationId') ?? '');
    return organization === undefined ? body : { ...body, organizationId: organization.id };
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
