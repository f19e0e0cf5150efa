import { Refusal } from '../answer.ts';
import { optionalText } from '../fields.ts';
import { field } from '../json.ts';
import { findConversation } from './conversations.ts';
import { itemResource, postItem } from './item-resource.ts';
import { messageDefinition } from './message-definition.ts';
import { notFound, requireBody } from './object-resource.ts';
import type { RestResource } from './resource.ts';
import { withParticipants } from './seeded-participants.ts';

const resource = itemResource(messageDefinition);

/** Messages: made below their conversation, read and deleted by themselves, never listed (Vitally REST reference, messages). */
export const messages: RestResource = {
  ...resource,
  handle: (context, request) =>
    request.segments.length === 2 ? resource.handle(context, request) : undefined,
  scoped(context, { method, segments, body }) {
    const [parent, id = '', , more] = segments;
    if (parent !== 'conversations' || more !== undefined || method !== 'POST') return undefined;
    const conversation = findConversation(context, id);
    if (conversation === undefined) return notFound('Conversation', context.switches);
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
