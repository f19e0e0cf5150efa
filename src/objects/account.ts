import type { VitallyObject } from './object.ts';
import { moneyAndDates } from './standard-traits.ts';

/** vitally-api.md, "Accounts"; vitally-api.md, "Analytics messages". */
export const account: VitallyObject = {
  name: 'account',
  plural: 'accounts',
  title: 'Account',
  streamNames: ['account', 'accounts'],
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
    organizationId: {
      type: 'id',
      title: 'Organization',
      description: "The organization it belongs to: your own id or Vitally's. Null takes it out.",
      association: 'organization',
      analyticsField: 'organizationId',
    },
    ...moneyAndDates,
  },
  requiredToCreate: ['name'],
  others: 'traits',
  traitModel: 'accounts',
  // The list shows active accounts alone unless asked for all (vitally-api.md, "Accounts").
  rest: { path: '/resources/accounts', listFilter: 'status=activeOrChurned' },
  analytics: { type: 'account', keyField: 'accountId' },
};
