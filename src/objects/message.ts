import type { VitallyObject } from './object.ts';

/**
 * vitally-api.md, "Messages". They are created under their conversation and read by their own id; Vitally has
 * no PUT for one: an existing message is brought up to date through a PUT of its conversation, which matches messages
 * by external id.
 */
export const message: VitallyObject = {
  name: 'message',
  plural: 'messages',
  title: 'Message',
  streamNames: ['message', 'messages'],
  keys: ['externalId', 'id'],
  modes: ['upsert', 'update', 'append', 'delete'],
  fields: {
    conversationId: {
      type: 'id',
      title: 'Conversation',
      description: "The conversation it is part of: your own id or Vitally's.",
      association: 'conversation',
      aliases: ['conversation'],
      neverNull: true,
      createOnly: true,
    },
    message: {
      type: 'html',
      title: 'Message',
      description: 'The text, in the HTML that Vitally keeps.',
      aliases: ['content', 'body'],
      otherNames: ['text'],
      neverNull: true,
      keptOnPut: true,
    },
    from: {
      type: 'json',
      items: 'participant',
      single: true,
      title: 'From',
      otherNames: ['fromEmail', 'sender', 'senderEmail'],
      description: "The sender: your own user id, a team member's e-mail, or {type, id}.",
      neverNull: true,
      keptOnPut: true,
    },
    to: {
      type: 'json',
      items: 'participant',
      title: 'To',
      otherNames: ['toEmail', 'toEmails', 'recipient', 'recipients', 'recipientEmail'],
      description:
        "The receivers: your own user ids, team members' e-mails, or {type, id}; a list, JSON text or one.",
      neverNull: true,
      keptOnPut: true,
    },
    cc: {
      type: 'json',
      items: 'participant',
      title: 'Cc',
      otherNames: ['ccEmail', 'ccEmails'],
      description: 'Who got a copy, given like the receivers.',
      keptOnPut: true,
    },
    bcc: {
      type: 'json',
      items: 'participant',
      title: 'Bcc',
      otherNames: ['bccEmail', 'bccEmails'],
      description: 'Who got a blind copy, given like the receivers.',
      keptOnPut: true,
    },
    timestamp: {
      type: 'datetime',
      title: 'Timestamp',
      otherNames: ['sentAt'],
      description: 'When it was sent.',
      neverNull: true,
      keptOnPut: true,
    },
  },
  requiredToCreate: ['conversationId', 'message', 'from', 'to'],
  others: 'nowhere',
  foreignPlaces: {
    fate: 'reject',
    reason: 'the accounts and organizations of a message are those of the users who send and receive it',
    remedy: 'Name these users in from and to.',
  },
  lane: { object: 'conversation', field: 'conversationId' },
  derivesKey: true,
  rest: {
    path: '/resources/messages',
    looksFirst: true,
    deletesByIdOnly: true,
  },
};
