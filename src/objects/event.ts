import type { VitallyObject } from './object.ts';

/** There is no REST endpoint for events (vitally-api.md, "Events"). */
export const event: VitallyObject = {
  name: 'event',
  plural: 'events',
  title: 'Event',
  streamNames: ['event', 'events', 'track', 'tracks', 'trackEvent', 'trackEvents'],
  keys: ['externalId'],
  fieldOfKey: 'messageId',
  modes: ['append'],
  fields: {
    event: {
      type: 'text',
      title: 'Event',
      description: 'The name of what happened.',
      aliases: ['eventName'],
      analyticsField: 'event',
      neverNull: true,
    },
    userId: {
      type: 'id',
      title: 'User',
      description: 'Your own id of the user who did it.',
      analyticsField: 'userId',
      neverNull: true,
    },
    accountId: {
      type: 'id',
      title: 'Account',
      description: 'Your own id of the account it happened in.',
      analyticsField: 'accountId',
      neverNull: true,
    },
    organizationId: {
      type: 'id',
      title: 'Organization',
      description: 'Your own id of the organization it happened in.',
      analyticsField: 'organizationId',
      neverNull: true,
    },
    timestamp: {
      type: 'datetime',
      title: 'Timestamp',
      description: 'When it happened; the time of arrival where left out.',
      analyticsField: 'timestamp',
      neverNull: true,
    },
    messageId: {
      type: 'id',
      title: 'Message id',
      description: 'A unique id of the event, sent as it is; made from stream and key where left out.',
      analyticsField: 'messageId',
      neverNull: true,
    },
  },
  requiredToCreate: ['event', ['accountId', 'userId', 'organizationId']],
  others: 'properties',
  analytics: { type: 'track', keyField: 'messageId' },
};
