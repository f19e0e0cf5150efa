import { Refusal } from '../answer.ts';
import { optionalObject, optionalText, requiredText } from '../fields.ts';
import { field } from '../json.ts';
import { instanceKey } from '../store/custom-object.ts';
import { changeItem, createItem } from '../store/item.ts';
import { accountIds } from './account.ts';
import { type MessageType, validateOneOf } from './message.ts';
import { organizationIds } from './organization.ts';
import { splitTraits } from './special-traits.ts';

/**
 * Creates or updates by external id (vitally-api.md, "Custom object messages"). Of an unknown custom object it is
 * lost: nothing is stated.
 */
export const customObjectInstance: MessageType = {
  type: 'customobjectinstance',
  validate(message) {
    requiredText(message, 'externalId');
    requiredText(message, 'customObjectId');
    optionalText(message, 'name');
    validateOneOf(message, ['accountId', 'organizationId']);
    if (optionalObject(message, 'traits') === undefined) throw new Refusal(400, 'traits is required');
  },
  recordKey: (message) =>
    instanceKey(String(field(message, 'customObjectId')), String(field(message, 'externalId'))),
  apply(world, message, switches) {
    const customObjectId = requiredText(message, 'customObjectId');
    if (world.items('customObjects').byId(customObjectId) === undefined) return;
    const externalId = requiredText(message, 'externalId');
    const home = world.instancesOf(customObjectId);
    const instance = home.byExternalId(externalId) ?? createItem(home, externalId);
    const name = optionalText(message, 'name');
    const [customerId] = accountIds(world, message);
    const [organizationId] = organizationIds(world, message);
    changeItem(world, instance, {
      fields: {
        ...(typeof name === 'string' ? { name } : {}),
        ...(customerId === undefined ? {} : { customerId }),
        ...(organizationId === undefined ? {} : { organizationId }),
      },
      traits: splitTraits(message, [], switches).traits,
    });
  },
};
