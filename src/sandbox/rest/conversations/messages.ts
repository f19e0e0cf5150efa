import type { Answer } from '../../answer.ts';
import { Refusal } from '../../answer.ts';
import type { Context } from '../../context.ts';
import { optionalText } from '../../fields.ts';
import { field } from '../../json.ts';
import type { Item } from '../../store/records.ts';
import { itemResource, postItem } from '../items/resource.ts';
import { showItem } from '../items/show.ts';
import { notFound, requireBody } from '../object-resource.ts';
import { page, readSort } from '../paging.ts';
import type { RestResource } from '../resource.ts';
import { findConversation } from './conversations.ts';
import { messageDefinition, messagesOf } from './message-definition.ts';
import { withParticipants } from './seeded-participants.ts';

const resource = itemResource(messageDefinition);

/**
 * Messages. They are made below their conversation, and read and deleted by themselves. The list of a conversation's
 * messages is undocumented, but a client in production calls it (vitally-api.md, "Messages").
 */
export const messages: RestResource = {
  ...resource,
  handle: (context, request) =>
    request.segments.length === 2 ? resource.handle(context, request) : undefined,
  scoped(context, { method, segments, body, query }) {
    const [parent, id = '', , more] = segments;
    if (parent !== 'conversations' || more !== undefined) return undefined;
    if (method !== 'POST' && method !== 'GET') return undefined;
    const conversation = findConversation(context, id);
    if (conversation === undefined) return notFound('Conversation', context.switches);
    if (method === 'GET') return listMessages(context, conversation, query);
    return postItem(messageDefinition, context, { ...requireBody(body), conversationId: conversation.id });
  },
  recordKey({ world }, { segments, body }) {
    const id = segments[0] === 'messages' ? segments[1] : field(body ?? {}, 'externalId');
    if (typeof id !== 'string') return undefined;
    return `messages:${world.items('messages').find(id)?.externalId ?? id}`;
  },
  seed(context, body) {
    const { world } = context;
    const conversation = world.items('conversations').find(optionalText(body, 'conversationId') ?? '');
    if (conversation === undefined) throw new Refusal(400, 'conversationId is not the id of a conversation');
    resource.seed(context, withParticipants(world, body));
  },
};

function listMessages(context: Context, conversation: Item, query: URLSearchParams): Answer {
  const order = readSort(query) === 'createdAt' ? 'createdOrder' : 'updatedOrder';
  const sorted = messagesOf(context.world, conversation).sort((left, right) => right[order] - left[order]);
  return page(sorted, query, context.switches, (item) => showItem(messageDefinition, context, item, false));
}
