import type { VitallyObject } from './object.ts';

/**
 * That a user belongs to an account. Linking is a write of the user with the account among its accounts, by either
 * API; taking a user out of an account is for the Analytics API alone (vitally-api.md, "Unlinking").
 */
export const userAccount: VitallyObject = {
  name: 'user_account',
  plural: 'user accounts',
  title: 'User in an account',
  streamNames: ['user_account', 'user_accounts'],
  keys: [],
  keyFields: ['userId', 'accountId'],
  modes: ['append', 'delete'],
  fields: {
    userId: {
      type: 'id',
      title: 'User',
      description: "The user: your own id or Vitally's.",
      association: 'user',
      aliases: ['user'],
      otherNames: ['email'],
      analyticsField: 'userId',
      neverNull: true,
    },
    accountId: {
      type: 'id',
      title: 'Account',
      description: "The account: your own id or Vitally's.",
      association: 'account',
      aliases: ['account'],
      analyticsField: 'accountId',
      neverNull: true,
    },
  },
  requiredToCreate: ['userId', 'accountId'],
  // Where a PUT replaces a user's accounts, two links at the same time would lose one.
  lane: { object: 'user', field: 'userId' },
  others: 'nowhere',
  analytics: { type: 'user', keyField: 'userId' },
  transports: { append: ['rest', 'analytics'], delete: ['analytics'] },
};
