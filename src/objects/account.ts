import type { VitallyObject } from './object.ts';
import { moneyAndDates } from './standard-traits.ts';

/** Vitally REST reference, Accounts; Analytics reference, Account. */
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
  // Vitally REST reference, Accounts: the list shows active accounts alone unless asked for all.
  rest: { path: '/resources/accounts', listFilter: 'status=activeOrChurned' },
  analytics: { type: 'account', keyField: 'accountId' },
};
