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
    // No other name finds it: null in a column for a contact's or seller's e-mail must not take owners off.
    accountOwnerId: {
      type: 'id',
      title: 'Account owner',
      description:
        "Null takes the owner off; an owner is set in Vitally's app alone, so a column of this name that holds anything else becomes a trait. REST only.",
      onlyNull: true,
    },
    ...moneyAndDates,
  },
  requiredToCreate: ['name'],
  others: 'traits',
  hints: {
    accountOwnerId:
      "the owner of an account is set in Vitally's app alone: null takes the owner off, and anything else stays a trait.",
  },
  traitModel: 'accounts',
  // The list shows active accounts alone unless asked for all (vitally-api.md, "Accounts").
  rest: { path: '/resources/accounts', listFilter: 'status=activeOrChurned' },
  analytics: { type: 'account', keyField: 'accountId', madeByOthers: true },
};
