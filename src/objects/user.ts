import type { VitallyObject } from './object.ts';

/** vitally-api.md, "Users"; vitally-api.md, "Analytics messages". */
export const user: VitallyObject = {
  name: 'user',
  plural: 'users',
  title: 'User',
  streamNames: ['user', 'users'],
  keys: ['externalId', 'id', 'email'],
  modes: ['upsert', 'update', 'append', 'delete'],
  fields: {
    accountIds: {
      type: 'ids',
      title: 'Accounts',
      description:
        "The accounts the user belongs to: your own ids or Vitally's; a list, JSON text or one value.",
      association: 'account',
      aliases: ['accountId'],
      analyticsField: 'accountId',
      neverNull: true,
    },
    organizationIds: {
      type: 'ids',
      title: 'Organizations',
      description:
        "The organizations the user belongs to: your own ids or Vitally's; a list, JSON text or one value.",
      association: 'organization',
      aliases: ['organizationId'],
      analyticsField: 'organizationId',
      neverNull: true,
    },
    name: { type: 'text', title: 'Name', description: 'Full name.', analyticsTrait: 'name' },
    email: { type: 'email', title: 'E-mail', description: 'E-mail address.', analyticsTrait: 'email' },
    avatar: { type: 'text', title: 'Avatar', description: 'Address of a picture.', analyticsTrait: 'avatar' },
    joinDate: {
      type: 'datetime',
      title: 'Join date',
      otherNames: ['createdAt', 'joinedAt'],
      description: 'When the user joined.',
      analyticsTrait: 'createdAt',
    },
    unsubscribedFromConversations: {
      type: 'boolean',
      title: 'Unsubscribed from conversations',
      description: 'True keeps the user out of campaigns and conversations. REST only.',
      neverNull: true,
    },
  },
  deleteFields: {
    deleteOn: {
      type: 'date',
      title: 'Delete on',
      description:
        'In mode delete, the day on which the user is deleted, such as 2026-12-31; at once where there is none.',
    },
  },
  hints: {
    deleteOn: 'the day of a deletion is read in mode delete alone; here the column stays a trait.',
  },
  requiredToCreate: [['accountIds', 'organizationIds']],
  others: 'traits',
  traitModel: 'users',
  rest: { path: '/resources/users', search: '/resources/users/search' },
  analytics: { type: 'user', keyField: 'userId' },
};
