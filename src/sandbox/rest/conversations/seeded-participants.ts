import { field, isObject, type JsonObject, type JsonValue } from '../../json.ts';
import type { World } from '../../store/world.ts';
import { adminId } from '../items/seed.ts';
import { isOfType, ROLES } from './participants.ts';

/** The body of a seeded message, whose users may be named by external id and team members by e-mail, with Vitally's ids. */
export function withParticipants(world: World, message: JsonObject): JsonObject {
  const given = ROLES.filter((role) => field(message, role) !== undefined);
  return {
    ...message,
    ...Object.fromEntries(given.map((role) => [role, resolved(world, field(message, role) ?? null)])),
  };
}

function resolved(world: World, value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((one) => resolved(world, one));
  const given = isObject(value) ? field(value, 'id') : undefined;
  if (!isObject(value) || typeof given !== 'string') return value;
  const id = isOfType(value, 'user') ? world.users.find(given)?.id : adminId(world, given);
  return { ...value, id: id ?? given };
}
