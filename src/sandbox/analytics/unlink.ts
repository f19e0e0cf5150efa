import { requiredText } from '../fields.ts';
import { field } from '../json.ts';
import { changeUser, leaveAccount } from '../store/user.ts';
import type { MessageType } from './message.ts';

/** Takes a user from an account; unknown ones are let pass. */
export const unlink: MessageType = {
  type: 'unlink',
  validate(message) {
    requiredText(message, 'userId');
    requiredText(message, 'accountId');
  },
  recordKey: (message) => `users:${String(field(message, 'userId'))}`,
  apply(world, message) {
    const record = world.users.byExternalId(requiredText(message, 'userId'));
    const account = world.accounts.byExternalId(requiredText(message, 'accountId'));
    if (record === undefined || account === undefined) return;
    leaveAccount(world, record, account.id);
    changeUser(world, record, {});
  },
};
