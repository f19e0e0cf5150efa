import { Refusal } from '../answer.ts';
import { optionalObject, requiredText } from '../fields.ts';
import { field, type JsonObject } from '../json.ts';
import { type MessageType, validateOneOf } from './message.ts';

const KEPT_FIELDS = [
  'messageId',
  'event',
  'userId',
  'accountId',
  'organizationId',
  'timestamp',
  'properties',
];

export const track: MessageType = {
  type: 'track',
  validate(message) {
    requiredText(message, 'event');
    validateOneOf(message, ['userId', 'accountId', 'organizationId']);
    if (optionalObject(message, 'properties') === undefined) throw new Refusal(400, 'properties is required');
  },
  recordKey: (message) => `events:${String(field(message, 'messageId'))}`,
  apply(world, message) {
    const isNew = world.events.add(requiredText(message, 'messageId'), kept(message));
    world.journal.count('events', isNew ? 'created' : 'unchanged');
  },
};

function kept(message: JsonObject): JsonObject {
  return Object.fromEntries(
    KEPT_FIELDS.filter((name) => Object.hasOwn(message, name)).map((name) => [
      name,
      field(message, name) ?? null,
    ]),
  );
}
