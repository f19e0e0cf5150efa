import { type Answer, ok, Refusal } from '../../answer.ts';
import type { Context } from '../../context.ts';
import { field } from '../../json.ts';
import type { Item } from '../../store/records.ts';
import { customFieldsOf } from '../collections/custom-fields.ts';
import type { ItemDefinition } from '../items/definition.ts';
import { showItem } from '../items/show.ts';

const CRITERIA = ['id', 'externalId', 'customerId', 'organizationId', 'customFieldId'];

/** A bare array, found by exactly one criterion and never paged (vitally-api.md, "Custom objects"). */
export function searchInstances(
  definition: ItemDefinition,
  customObjectId: string,
  context: Context,
  query: URLSearchParams,
): Answer {
  const { world, switches } = context;
  for (const name of ['limit', 'from'])
    if (query.has(name)) throw new Refusal(400, `${name} is not a parameter of this search`);
  const [criterion, another] = CRITERIA.filter((name) => query.has(name));
  const isPair = query.has('customFieldValue');
  if (criterion === undefined || another !== undefined || isPair !== (criterion === 'customFieldId'))
    throw new Refusal(
      400,
      `exactly one of ${CRITERIA.join(', ')} is required, customFieldId with customFieldValue`,
    );
  const value = query.get(criterion) ?? '';
  const found =
    criterion === 'customFieldId'
      ? byCustomField(definition, customObjectId, context, value, query.get('customFieldValue') ?? '')
      : byField(definition, context, criterion, value);
  const shown = found
    .filter(({ archivedAtMs }) => archivedAtMs === null || switches.has('deletes-archive'))
    .map((item) => showItem(definition, { world, switches }, item, true));
  return ok(switches.has('instance-search-results') ? { results: shown } : shown);
}

/** All instances that match: with the switch `activity-post-duplicates` several may have one external id. */
function byField(definition: ItemDefinition, { world }: Context, criterion: string, value: string): Item[] {
  const home = definition.table(world);
  if (criterion === 'id') return [home.byId(value)].filter((item) => item !== undefined);
  if (criterion === 'externalId') {
    if (home.byExternalId(value) === undefined) return [];
    return [...home.all()].filter(({ externalId }) => externalId === value);
  }
  return [...world.itemsByReference.get(value)].filter(
    (item) => item.home === home && item.fields.get(criterion) === value,
  );
}

function byCustomField(
  definition: ItemDefinition,
  customObjectId: string,
  { world }: Context,
  customFieldId: string,
  value: string,
): Item[] {
  const trait = customFieldsOf(world, customObjectId).find((one) => field(one, 'id') === customFieldId);
  if (trait === undefined) throw new Refusal(400, 'customFieldId is not one of this custom object');
  const path = String(field(trait, 'path'));
  return [...definition.table(world).all()].filter((item) => {
    const held = item.traits.get(path);
    return held !== undefined && String(held) === value;
  });
}
