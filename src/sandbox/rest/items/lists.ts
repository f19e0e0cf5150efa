import { type Answer, Refusal } from '../../answer.ts';
import type { Context } from '../../context.ts';
import type { Item } from '../../store/records.ts';
import { findParent, notFound } from '../object-resource.ts';
import { page, readSort } from '../paging.ts';
import type { RestRequest } from '../resource.ts';
import type { ItemDefinition } from './definition.ts';
import { showItem } from './show.ts';

/** One page of all records. */
export function listAll(definition: ItemDefinition, context: Context, query: URLSearchParams): Answer {
  return list(definition, context, definition.table(context.world).sorted(readSort(query)), query);
}

/** One page of the records of an account or organization; `undefined` where there is no such list. */
export function listScoped(
  definition: ItemDefinition,
  context: Context,
  { method, segments, query }: RestRequest,
): Answer | undefined {
  const [parent, parentId, , more] = segments;
  const { scopes } = definition;
  if (method !== 'GET' || scopes === undefined || parentId === undefined || more !== undefined)
    return undefined;
  if (parent !== 'accounts' && parent !== 'organizations') return undefined;
  const known = findParent(context, parent, parentId);
  if (known === undefined) return notFound('Parent', context.switches);
  const items = scopes === 'own' ? ownItems(definition, context, known.id) : [...scopes(context, known.id)];
  const order = readSort(query) === 'createdAt' ? 'createdOrder' : 'updatedOrder';
  return list(
    definition,
    context,
    items.sort((left, right) => right[order] - left[order]),
    query,
  );
}

function ownItems(definition: ItemDefinition, { world }: Context, parentId: string): Item[] {
  const home = definition.table(world);
  return [...world.itemsByReference.get(parentId)].filter(
    (item) =>
      item.home === home &&
      (item.fields.get('accountId') === parentId || item.fields.get('organizationId') === parentId),
  );
}

function list(
  definition: ItemDefinition,
  context: Context,
  sorted: readonly Item[],
  query: URLSearchParams,
): Answer {
  const isShown = archivedFilter(context, query);
  const shown = sorted.filter((item) => isShown(item) && (definition.listed?.(context, item, query) ?? true));
  return page(shown, query, context.switches, (item) => showItem(definition, context, item, false));
}

/** `archived=true` shows only archived records, `false` only live ones. The docs leave open what its absence shows. */
function archivedFilter({ switches }: Context, query: URLSearchParams): (item: Item) => boolean {
  const archived = query.get('archived');
  if (archived === null && switches.has('lists-show-archived')) return () => true;
  if (archived !== null && archived !== 'true' && archived !== 'false')
    throw new Refusal(400, 'archived must be true or false');
  return (item) => (item.archivedAtMs !== null) === (archived === 'true');
}
