import type { VitallyObject } from './object.ts';

/**
 * vitally-api.md, "Conversations". Vitally takes its accounts and users from who takes part in its messages,
 * and never sends anything to anybody.
 */
export const conversation: VitallyObject = {
  name: 'conversation',
  plural: 'conversations',
  title: 'Conversation',
  streamNames: ['conversation', 'conversations'],
  keys: ['externalId', 'id'],
  modes: ['upsert', 'update', 'append', 'delete'],
  fields: {
    subject: {
      type: 'text',
      title: 'Subject',
      otherNames: ['title'],
      description: 'What it is about.',
      neverNull: true,
      keptOnPut: true,
    },
    messages: {
      type: 'json',
      items: 'message',
      title: 'Messages',
      description:
        'Messages, each with externalId, message, from and to, as a list or its JSON text. Those there already are matched by their externalId, none is taken away.',
      neverNull: true,
    },
  },
  requiredToCreate: ['subject'],
  others: 'traits',
  foreignPlaces: {
    fate: 'reject',
    reason: 'the accounts and organizations of a conversation are those of the users in its messages',
    remedy: 'Name these users in the from and to of its messages.',
  },
  traitModel: 'conversations',
  derivesKey: true,
  rest: { path: '/resources/conversations', lookup: 'list', looksFirst: true, deletesByIdOnly: true },
};
