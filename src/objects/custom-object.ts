import type { VitallyObject } from './object.ts';
import { parents } from './parents.ts';

/**
 * Instances of a custom object, which the stream names. vitally-api.md, "Custom objects", and for messages
 * vitally-api.md, "Custom object messages". In a REST body "customer" means account.
 */
export const customObject: VitallyObject = {
  name: 'custom_object',
  plural: 'custom objects',
  title: 'Custom object',
  streamNames: ['custom_object', 'custom_objects'],
  keys: ['externalId', 'id'],
  modes: ['upsert', 'update', 'append', 'delete'],
  fields: {
    name: {
      type: 'text',
      title: 'Name',
      description: 'The name shown in Vitally.',
      analyticsField: 'name',
      neverNull: true,
    },
    accountId: {
      ...parents.accountId,
      restName: 'customerId',
      listedIn: 'customers',
      otherNames: ['customerId'],
      analyticsField: 'accountId',
    },
    organizationId: {
      ...parents.organizationId,
      listedIn: 'organizations',
      analyticsField: 'organizationId',
    },
    ownedByVitallyUserId: {
      type: 'id',
      title: 'Owner',
      description: "The team member who owns it: an e-mail or Vitally's id. REST only.",
      association: 'admin',
      aliases: ['owner', 'ownerEmail'],
    },
    createdByVitallyUserId: {
      type: 'id',
      title: 'Creator',
      otherNames: ['creatorEmail'],
      description: "The team member who made it: an e-mail or Vitally's id. REST only.",
      association: 'admin',
      neverNull: true,
      createOnly: true,
    },
    description: {
      type: 'text',
      title: 'Description',
      description: 'What it is, taken when it is created. REST only.',
      neverNull: true,
      createOnly: true,
    },
  },
  requiredToCreate: ['name', ['accountId', 'organizationId']],
  others: 'traits',
  definedByWorkspace: true,
  foreignPlaces: {
    fate: 'reject',
    only: 'lists',
    reason:
      'an instance is written with one account or organization; Vitally may show it with several, and documents no way to link more',
    remedy: 'Give the one that it belongs to as accountId or organizationId.',
  },
  traitModel: 'customObjects',
  rest: {
    path: '/resources/customObjects/:customObject/instances',
    lookup: 'instances',
    looksFirst: true,
    listFilter: 'archived=false',
    archivesOnDelete: true,
    deletesByIdOnly: true,
  },
  analytics: { type: 'customobjectinstance', keyField: 'externalId' },
};
