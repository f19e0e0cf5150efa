import type { VitallyObject } from './object.ts';
import { moneyAndDates } from './standard-traits.ts';

/** vitally-api.md, "Organizations"; vitally-api.md, "Analytics messages". */
export const organization: VitallyObject = {
  name: 'organization',
  plural: 'organizations',
  title: 'Organization',
  streamNames: ['organization', 'organizations'],
  keys: ['externalId', 'id'],
  modes: ['upsert', 'update', 'append', 'delete'],
  fields: {
    name: {
      type: 'text',
      title: 'Name',
      description: 'The name shown in Vitally.',
      analyticsTrait: 'name',
      neverNull: true,
    },
    ...moneyAndDates,
  },
  requiredToCreate: ['name'],
  others: 'traits',
  traitModel: 'organizations',
  rest: { path: '/resources/organizations' },
  analytics: { type: 'organization', keyField: 'organizationId', madeByOthers: true },
};
