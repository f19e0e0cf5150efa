import { optionalObject, requiredText } from '../fields.ts';
import { field, type JsonObject } from '../json.ts';
import { changeOrganization, createOrganization } from '../store/organization.ts';
import type { World } from '../store/world.ts';
import type { MessageType } from './message.ts';
import { splitTraits } from './special-traits.ts';

export const organization: MessageType = {
  type: 'organization',
  validate(message) {
    requiredText(message, 'organizationId');
    optionalObject(message, 'traits');
  },
  recordKey: (message) => `organizations:${String(field(message, 'organizationId'))}`,
  apply(world, message, switches) {
    const { special, traits } = splitTraits(message, ['name', 'avatar'], switches);
    const record = organizationNamed(world, requiredText(message, 'organizationId'));
    changeOrganization(world, record, { name: special.get('name'), avatar: special.get('avatar'), traits });
  },
};

/** Messages have the caller's ids alone; an unseen one creates its record. */
export function organizationNamed(world: World, externalId: string) {
  return world.organizations.byExternalId(externalId) ?? createOrganization(world, externalId);
}

/** Vitally's ids of the organization that a message names: none or one. */
export function organizationIds(world: World, message: JsonObject): string[] {
  const externalId = field(message, 'organizationId');
  return typeof externalId === 'string' ? [organizationNamed(world, externalId).id] : [];
}
