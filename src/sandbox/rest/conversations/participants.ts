import { Refusal } from '../../answer.ts';
import type { Context } from '../../context.ts';
import { requiredText } from '../../fields.ts';
import { field, isObject, type JsonObject, type JsonValue } from '../../json.ts';
import type { Item } from '../../store/records.ts';
import type { FieldReader } from '../items/fields.ts';

/** The fields of a message that name its participants. */
export const ROLES = ['from', 'to', 'cc', 'bcc'] as const;

/** One `{type, id}`. */
export const participant: FieldReader = (context, body, name) => {
  const given = field(body, name) ?? undefined;
  return given === undefined ? undefined : readParticipant(context, given, name);
};

/** A list of `{type, id}`. */
export const participants: FieldReader = (context, body, name) => {
  const given = field(body, name) ?? undefined;
  if (given === undefined) return undefined;
  if (!Array.isArray(given)) throw new Refusal(400, `${name} must be an array of {type, id}`);
  return given.map((value) => readParticipant(context, value, name));
};

/** A user or a team member, by Vitally's id alone (vitally-api.md, "Messages"). */
function readParticipant({ world, switches }: Context, value: JsonValue, name: string): JsonObject {
  if (!isObject(value)) throw new Refusal(400, `${name} must be made of {type, id}`);
  const type = requiredText(value, 'type');
  if (type !== 'user' && type !== 'admin')
    throw new Refusal(400, `${name} has a type that is neither admin nor user`);
  const id = requiredText(value, 'id');
  const known = type === 'user' ? world.users.byId(id) : world.items('admins').byId(id);
  if (known === undefined && !switches.has('unknown-parent-accepted'))
    throw new Refusal(
      400,
      `${name} has an id that is not the id of ${type === 'user' ? 'a user' : 'an admin'}`,
    );
  return { type, id };
}

/** Vitally's ids of the participants of that type, each once. */
export function participantIds(messages: Iterable<Item>, type: 'admin' | 'user'): string[] {
  const ids = new Set<string>();
  for (const { fields } of messages)
    for (const one of ROLES.flatMap((role) => [fields.get(role) ?? []].flat()))
      if (isOfType(one, type) && isObject(one)) ids.add(String(field(one, 'id')));
  return [...ids];
}

export function isOfType(value: JsonValue | undefined, type: 'admin' | 'user'): boolean {
  return isObject(value) && field(value, 'type') === type;
}
