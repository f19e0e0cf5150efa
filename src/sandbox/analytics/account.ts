import { optionalObject, optionalText, requiredText } from '../fields.ts';
import { field, type JsonObject } from '../json.ts';
import { changeAccount, createAccount } from '../store/account.ts';
import type { World } from '../store/world.ts';
import type { MessageType } from './message.ts';
import { organizationIds } from './organization.ts';
import { splitTraits } from './special-traits.ts';

export const account: MessageType = {
  type: 'account',
  validate(message) {
    requiredText(message, 'accountId');
    optionalText(message, 'organizationId');
    optionalObject(message, 'traits');
  },
  recordKey: (message) => `accounts:${String(field(message, 'accountId'))}`,
  apply(world, message, switches) {
    const { special, traits } = splitTraits(message, ['name', 'avatar'], switches);
    const record = accountNamed(world, requiredText(message, 'accountId'));
    const organizationId = organizationIds(world, message)[0];
    changeAccount(world, record, {
      name: special.get('name'),
      avatar: special.get('avatar'),
      organizationId,
      traits,
    });
  },
};

function accountNamed(world: World, externalId: string) {
  return world.accounts.byExternalId(externalId) ?? createAccount(world, externalId);
}

/**
 * Vitally's ids of the account that a message names: none or one. An unseen account is created (vitally-api.md,
 * "Analytics messages").
 */
export function accountIds(world: World, message: JsonObject): string[] {
  const externalId = field(message, 'accountId');
  return typeof externalId === 'string' ? [accountNamed(world, externalId).id] : [];
}
