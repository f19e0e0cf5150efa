import { type Answer, Refusal } from '../../answer.ts';
import type { Context } from '../../context.ts';
import { optionalText, optionalTexts, requiredText } from '../../fields.ts';
import { field, type JsonObject } from '../../json.ts';
import { customObjectNamed, instanceKey } from '../../store/custom-object.ts';
import { renameItem } from '../../store/item.ts';
import type { Item } from '../../store/records.ts';
import type { ItemDefinition } from '../items/definition.ts';
import { accountReference, adminReference, organizationReference, text } from '../items/fields.ts';
import { itemResource } from '../items/resource.ts';
import { seedItem } from '../items/seed.ts';
import { notFound } from '../object-resource.ts';
import { shownAccount, shownOrganization } from '../people/shown-relations.ts';
import type { RestRequest, RestResource } from '../resource.ts';
import { searchInstances } from './instance-search.ts';

/** Further accounts of an instance: linked in the app, here by a seed with `customers`, their external ids. */
const LINKED = 'linkedCustomerIds';

/**
 * The instances of one custom object. `customerId` is an account. A single instance can't be read (vitally-api.md,
 * "Custom objects").
 */
export function instanceDefinition(customObjectId: string): ItemDefinition {
  return {
    path: 'instances',
    title: 'Instance',
    table: (world) => world.instancesOf(customObjectId),
    fields: {
      name: text,
      customerId: accountReference,
      organizationId: organizationReference,
      description: text,
      ownedByVitallyUserId: adminReference,
      createdByVitallyUserId: adminReference,
    },
    required: ['name'],
    createOnly: ['createdByVitallyUserId'],
    writes: 'undocumented',
    mayArchive: true,
    lacks: ['GET'],
    find: ({ world }, id) => world.instancesOf(customObjectId).byId(id),
    settle(_context, fields, _body, purpose, item) {
      const owner = (name: string) => (name in fields ? fields[name] : (item?.fields.get(name) ?? null));
      if (purpose === 'create' && (owner('customerId') ?? owner('organizationId') ?? null) === null)
        throw new Refusal(400, 'customerId or organizationId is required');
      return fields;
    },
    written({ world }, item, body, purpose) {
      const externalId = field(body, 'externalId');
      if (purpose === 'update' && typeof externalId === 'string') renameItem(world, item, externalId);
      // The worst of what a PUT may do to accounts that were linked in the app: no source tells.
      if (purpose === 'update' && field(body, 'customerId') !== undefined) item.fields.delete(LINKED);
    },
    show: (context, item) => ({ customObjectId, ...shownOwners(context, item) }),
  };
}

/** Answers `/resources/customObjects/:id/instances…`; `undefined` where there is no such endpoint. */
export function answerInstances(context: Context, request: RestRequest): Answer | undefined {
  const [, customObjectId = '', below, id] = request.segments;
  if (below !== 'instances') return undefined;
  if (context.world.items('customObjects').byId(customObjectId) === undefined)
    return notFound('Custom object', context.switches);
  const definition = instanceDefinition(customObjectId);
  if (id === 'search' && request.method === 'GET')
    return searchInstances(definition, customObjectId, context, request.query);
  if (id === undefined && request.method === 'DELETE') {
    context.world.collectionDeletes += 1;
    throw new Refusal(405, 'Method Not Allowed');
  }
  return itemResource(definition).handle(context, { ...request, segments: request.segments.slice(2) });
}

/** All instances, for a seed that names their custom object; requests reach them only through that object. */
export const instances: RestResource = {
  path: 'instances',
  handle: () => undefined,
  scoped: () => undefined,
  recordKey({ world }, { segments: [, customObjectId = '', , id], body }) {
    const given = id ?? (body === undefined ? undefined : field(body, 'externalId'));
    if (typeof given !== 'string') return undefined;
    return instanceKey(customObjectId, world.instancesOf(customObjectId).find(given)?.externalId ?? given);
  },
  seed(context, body) {
    const given = requiredText(body, 'customObjectId');
    const found = customObjectNamed(context.world, given);
    if (found === undefined) throw new Refusal(400, 'customObjectId is not a custom object');
    const definition = instanceDefinition(found.id);
    seedItem(definition, context, body);
    const linked = optionalTexts(body, 'customers')?.map((id) => context.world.accounts.find(id)?.id ?? id);
    const externalId = optionalText(body, 'externalId');
    if (linked === undefined || typeof externalId !== 'string') return;
    definition.table(context.world).byExternalId(externalId)?.fields.set(LINKED, linked);
  },
  inspect: (context) => {
    const inspections = () =>
      [...context().world.instances.keys()]
        .map((id) => itemResource(instanceDefinition(id)).inspect?.(context))
        .filter((inspection) => inspection !== undefined);
    return {
      get size() {
        return inspections().reduce((sum, { size }) => sum + size, 0);
      },
      all: () => inspections().flatMap((inspection) => inspection.all()),
      byExternalId: (externalId) =>
        inspections()
          .map((inspection) => inspection.byExternalId(externalId))
          .find((found) => found !== undefined),
    };
  },
};

function shownOwners(context: Context, item: Item): JsonObject {
  const customer = shownAccount(context, item.fields.get('customerId'));
  const linked = [item.fields.get(LINKED) ?? []].flat().map((id) => shownAccount(context, id));
  const organization = shownOrganization(context, item.fields.get('organizationId'));
  return {
    customer,
    customers: [customer, ...linked].filter((account) => account !== null),
    organization,
    organizations: organization === null ? [] : [organization],
  };
}
