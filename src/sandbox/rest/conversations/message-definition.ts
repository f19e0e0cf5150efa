import type { Context } from '../../context.ts';
import { itemText } from '../../store/item.ts';
import type { Item } from '../../store/records.ts';
import type { World } from '../../store/world.ts';
import { html } from '../items/clean-html.ts';
import type { ItemDefinition } from '../items/definition.ts';
import { date, text } from '../items/fields.ts';
import { isOfType, participant, participantIds, participants } from './participants.ts';

/** The fields of a message, whether it is sent alone or with its conversation (vitally-api.md, "Messages"). */
export const messageDefinition: ItemDefinition = {
  path: 'messages',
  title: 'Message',
  table: (world) => world.items('messages'),
  fields: {
    conversationId: text,
    message: html,
    timestamp: date,
    from: participant,
    to: participants,
    cc: participants,
    bcc: participants,
  },
  required: ['externalId', 'message', 'from', 'to'],
  empty: { cc: [], bcc: [] },
  writes: 'undocumented',
  lacks: ['PUT'],
  shows: 'fields',
  find: ({ world }, id, { method }) =>
    method === 'DELETE' ? world.items('messages').byId(id) : world.items('messages').find(id),
  written: indexParticipants,
  show: (_context, message) => ({
    type: isOfType(message.fields.get('from'), 'user') ? 'inbound' : 'outbound',
    externalUrl: null,
    timestamp: itemText(message, 'timestamp') ?? new Date(message.createdAtMs).toISOString(),
  }),
  seedReferences: { conversationId: 'conversations' },
};

/** The messages of a conversation in the order of their creation. */
export function messagesOf(world: World, conversation: Item): Item[] {
  const home = world.items('messages');
  return [...world.itemsByReference.get(conversation.id)]
    .filter((item) => item.home === home)
    .sort((left, right) => left.createdOrder - right.createdOrder);
}

/** The index keeps a user who is in no message any more, so its readers must look again. */
function indexParticipants({ world }: Context, message: Item): void {
  const conversation = world.items('conversations').byId(itemText(message, 'conversationId') ?? '');
  if (conversation === undefined) return;
  for (const id of participantIds([message], 'user')) world.conversationsOfUser.add(id, conversation);
}
