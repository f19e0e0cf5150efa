import { Refusal } from '../../answer.ts';
import type { Context } from '../../context.ts';
import { requiredText } from '../../fields.ts';
import { field, isObject, type JsonObject } from '../../json.ts';
import { changeItem, createItem, deleteReferring } from '../../store/item.ts';
import type { Item } from '../../store/records.ts';
import { readChanges } from '../items/changes.ts';
import { text } from '../items/fields.ts';
import { itemResource } from '../items/resource.ts';
import { showItem } from '../items/show.ts';
import { shownAccount, shownAdmin, shownUser } from '../people/shown-relations.ts';
import type { RestResource } from '../resource.ts';
import { messageDefinition, messagesOf } from './message-definition.ts';
import { participantIds } from './participants.ts';
import { withParticipants } from './seeded-participants.ts';

const resource = itemResource({
  path: 'conversations',
  title: 'Conversation',
  table: (world) => world.items('conversations'),
  fields: { subject: text },
  required: ['subject', 'messages'],
  writes: 'undocumented',
  find: findConversation,
  settle(context, fields, body, purpose) {
    if (
      purpose === 'update' &&
      context.switches.has('conversation-put-needs-subject') &&
      !field(body, 'subject')
    )
      throw new Refusal(400, 'subject is required');
    for (const message of givenMessages(body)) {
      requiredText(message, 'externalId');
      readChanges(messageDefinition, context, message, 'create', undefined);
    }
    return fields;
  },
  written(context, conversation, body) {
    for (const message of givenMessages(body)) writeMessage(context, conversation, message);
  },
  removed: ({ world }, conversation) => deleteReferring(world, 'conversationId', conversation.id),
  scopes: conversationsOf,
  show: (context, conversation, single) => ({
    status: null,
    rating: null,
    ...(single ? shownContent(context, conversation) : {}),
  }),
});

/**
 * Conversations with their messages. The participants decide to which accounts a conversation belongs (vitally-api.md,
 * "Conversations").
 */
export const conversations: RestResource = {
  ...resource,
  seed(context, body) {
    const messages = givenMessages(body).map((message) => withParticipants(context.world, message));
    resource.seed(context, { ...body, messages });
  },
};

/** The conversation of a path id, which in the docs is Vitally's. */
export function findConversation({ world, switches }: Context, id: string): Item | undefined {
  const table = world.items('conversations');
  return switches.has('conversation-path-external-id') ? table.find(id) : table.byId(id);
}

/** @throws Refusal (400) where they are no list of objects. */
function givenMessages(body: JsonObject): JsonObject[] {
  const given = field(body, 'messages') ?? [];
  if (!Array.isArray(given) || !given.every(isObject))
    throw new Refusal(400, 'messages must be an array of objects');
  return given;
}

/** Changes the message of this conversation that has the external id, and adds any other. */
function writeMessage(context: Context, conversation: Item, body: JsonObject): void {
  const { world } = context;
  const { fields, traits } = readChanges(messageDefinition, context, body, 'create', undefined);
  const externalId = requiredText(body, 'externalId');
  const known = messagesOf(world, conversation).find((message) => message.externalId === externalId);
  const message = known ?? createItem(world.items('messages'), externalId);
  changeItem(world, message, { fields: { ...fields, conversationId: conversation.id }, traits });
  messageDefinition.written?.(context, message, body, 'create');
}

/** The conversations that users of an account or organization are in. */
function conversationsOf({ world }: Context, parentId: string): Set<Item> {
  const users = [...world.usersOfAccount.get(parentId), ...world.usersOfOrganization.get(parentId)];
  const found = new Set(users.flatMap(({ id }) => [...world.conversationsOfUser.get(id)]));
  const userIds = new Set(users.map(({ id }) => id));
  const home = world.items('conversations');
  for (const conversation of found) {
    const isThere = home.byId(conversation.id) !== undefined;
    const present = participantIds(messagesOf(world, conversation), 'user');
    if (!isThere || !present.some((id) => userIds.has(id))) found.delete(conversation);
  }
  return found;
}

function shownContent(context: Context, conversation: Item): JsonObject {
  const messages = messagesOf(context.world, conversation);
  const userIds = participantIds(messages, 'user');
  const accountIds = new Set(userIds.flatMap((id) => [...(context.world.users.byId(id)?.accountIds ?? [])]));
  const isThere = (shown: JsonObject | null) => shown !== null;
  return {
    externalUrl: null,
    accounts: [...accountIds].map((id) => shownAccount(context, id)),
    users: userIds.map((id) => shownUser(context, id)).filter(isThere),
    admins: participantIds(messages, 'admin')
      .map((id) => shownAdmin(context, id))
      .filter(isThere),
    messages: messages.map((message) => showItem(messageDefinition, context, message, true)),
  };
}
