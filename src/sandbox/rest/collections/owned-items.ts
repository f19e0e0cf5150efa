import { Refusal } from '../../answer.ts';
import type { Context } from '../../context.ts';
import { field, type JsonObject } from '../../json.ts';
import type { Item, ItemKind } from '../../store/records.ts';
import type { ItemDefinition } from '../items/definition.ts';
import { accountReference, organizationReference } from '../items/fields.ts';
import type { Purpose } from '../object-resource.ts';
import { shownAccount, shownOrganization } from '../people/shown-relations.ts';
import type { RestRequest } from '../resource.ts';

/** What notes and tasks share: an account or organization owns them, and a PUT without tags removes their tags. */
export function ownedItems(kind: 'notes' | 'tasks') {
  return {
    path: kind,
    table: (world) => world.items(kind),
    empty: { tags: [] },
    clearedOnPut: ['tags'],
    removal: 'archive',
    find: findBySource(kind),
    listed: hasSource,
    settle: requireParent,
    scopes: 'own',
  } satisfies Partial<ItemDefinition>;
}

export const ownerFields = { accountId: accountReference, organizationId: organizationReference };

export function shownOwners(context: Context, item: Item): JsonObject {
  return {
    account: shownAccount(context, item.fields.get('accountId')),
    organization: shownOrganization(context, item.fields.get('organizationId')),
  };
}

function requireParent(
  _context: Context,
  fields: JsonObject,
  body: JsonObject,
  _purpose: Purpose,
  item: Item | undefined,
): JsonObject {
  const owners = ['accountId', 'organizationId'].map((name) => {
    const given = field(body, name);
    return given === undefined ? item?.fields.get(name) : given;
  });
  if (owners.every((id) => id === undefined || id === null))
    throw new Refusal(400, 'accountId or organizationId is required');
  return fields;
}

/**
 * Found by Vitally's id. The caller's id needs `?source=` and never serves a DELETE (vitally-api.md, "Notes and tasks").
 * A record that the API made has no source, and no page says which source finds it: here any does.
 */
function findBySource(kind: ItemKind): NonNullable<ItemDefinition['find']> {
  return ({ world, switches }: Context, id: string, { method, query }: RestRequest) => {
    const known = world.items(kind).byId(id);
    if (known !== undefined || method === 'DELETE') return known;
    const named = world.items(kind).byExternalId(id);
    const source = query.get('source');
    if (named === undefined || !source) return undefined;
    if (!named.fields.get('source')) return switches.has('no-source-lookup') ? undefined : named;
    return isFrom(named, source) ? named : undefined;
  };
}

function hasSource(_context: Context, item: Item, query: URLSearchParams): boolean {
  const source = query.get('source');
  return !source || isFrom(item, source);
}

function isFrom(item: Item, source: string): boolean {
  return String(item.fields.get('source') ?? '').toLowerCase() === source.toLowerCase();
}
