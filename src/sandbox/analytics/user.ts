import { Refusal } from '../answer.ts';
import { optionalObject, requiredText } from '../fields.ts';
import { field } from '../json.ts';
import { changeUser, createUser } from '../store/user.ts';
import { accountIds } from './account.ts';
import { type MessageType, validateOneOf } from './message.ts';
import { organizationIds } from './organization.ts';
import { splitTraits } from './special-traits.ts';

export const user: MessageType = {
  type: 'user',
  validate(message) {
    requiredText(message, 'userId');
    validateOneOf(message, ['accountId', 'organizationId']);
    if (optionalObject(message, 'traits') === undefined) throw new Refusal(400, 'traits is required');
  },
  recordKey: (message) => `users:${String(field(message, 'userId'))}`,
  apply(world, message, switches) {
    const { special, traits } = splitTraits(message, ['name', 'email', 'avatar', 'createdAt'], switches);
    const externalId = requiredText(message, 'userId');
    const record = world.users.byExternalId(externalId) ?? createUser(world, externalId);
    changeUser(world, record, {
      name: special.get('name'),
      email: special.get('email'),
      avatar: special.get('avatar'),
      joinDate: special.get('createdAt'),
      accountIds: accountIds(world, message),
      organizationIds: organizationIds(world, message),
      relations: 'add',
      traits,
    });
  },
};
