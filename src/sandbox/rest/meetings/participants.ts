import { randomUUID } from 'node:crypto';
import { type Answer, NO_CONTENT, ok, Refusal } from '../../answer.ts';
import type { Context } from '../../context.ts';
import { optionalText, requiredText } from '../../fields.ts';
import { field, isObject, type JsonObject, type JsonValue } from '../../json.ts';
import { changeItem } from '../../store/item.ts';
import type { Item, User } from '../../store/records.ts';
import type { FieldReader } from '../items/fields.ts';
import { adminReference, oneOf } from '../items/fields.ts';
import { notFound, requireBody } from '../object-resource.ts';
import type { RestRequest } from '../resource.ts';

const PEOPLE = ['userId', 'vitallyUserId', 'email'] as const;
const TYPES = oneOf(['organizer', 'attendee']);
const RESPONSES = oneOf(['needsAction', 'accepted', 'tentative', 'declined']);

/** All participants; at least one must belong to an account or organization (vitally-api.md, "Meetings"). */
export const participantList: FieldReader = (context, body, name) => {
  const given = field(body, name);
  if (given === undefined || given === null) return given;
  if (!Array.isArray(given) || !given.every(isObject))
    throw new Refusal(400, `${name} must be an array of objects`);
  const read = given.map((participant) => readParticipant(context, participant));
  if (read.every((participant) => parentsOfParticipant(context, participant).length === 0))
    throw new Refusal(400, 'at least one participant must belong to an account or organization');
  return read;
};

/** Vitally's ids of the accounts and organizations that a meeting belongs to. */
export function meetingParents(context: Context, meeting: Item): string[] {
  return [...new Set(participantsOf(meeting).flatMap((one) => parentsOfParticipant(context, one)))];
}

export function addParticipant(context: Context, meeting: Item, body: JsonObject): Answer {
  const given = readParticipant(context, body);
  const isSame = (other: JsonObject) => PEOPLE.every((name) => other[name] === given[name]);
  const known = participantsOf(meeting);
  const added = { ...given, id: known.find(isSame)?.id ?? given.id ?? null };
  changeItem(context.world, meeting, {
    fields: { participants: [...known.filter((other) => !isSame(other)), added] },
  });
  return ok(added);
}

export function removeParticipant(context: Context, meeting: Item, id: string): Answer {
  const known = participantsOf(meeting);
  const left = known.filter((one) => one.id !== id);
  if (left.length === known.length) return notFound('Participant', context.switches);
  changeItem(context.world, meeting, { fields: { participants: left } });
  return NO_CONTENT;
}

/** Answers `/resources/meetings/:id/participants[/:participantId]`; `undefined` where there is no such endpoint. */
export function answerParticipants(
  context: Context,
  meeting: Item,
  { method, segments, body }: RestRequest,
): Answer | undefined {
  const [, , , participantId, more] = segments;
  if (more !== undefined) return undefined;
  if (method === 'POST' && participantId === undefined)
    return addParticipant(context, meeting, requireBody(body));
  if (method !== 'DELETE' || participantId === undefined) return undefined;
  return removeParticipant(context, meeting, participantId);
}

function participantsOf(meeting: Item): JsonObject[] {
  const value = meeting.fields.get('participants');
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function readParticipant(context: Context, given: JsonObject): JsonObject {
  const named = PEOPLE.filter((name) => (optionalText(given, name) ?? null) !== null);
  const [person] = named;
  if (person === undefined || named.length > 1)
    throw new Refusal(400, `exactly one of ${PEOPLE.join(', ')} is required`);
  requiredText(given, person);
  requiredText(given, 'type');
  const vitallyUserId = adminReference(context, given, 'vitallyUserId') ?? null;
  const userId = optionalText(given, 'userId') ?? null;
  if (userId !== null && context.world.users.byExternalId(userId) === undefined)
    throw new Refusal(400, 'userId is not the externalId of a user');
  return {
    id: randomUUID(),
    userId,
    vitallyUserId,
    email: optionalText(given, 'email') ?? null,
    type: TYPES(context, given, 'type') ?? null,
    responseStatus: RESPONSES(context, given, 'responseStatus') ?? 'needsAction',
  };
}

function parentsOfParticipant({ world }: Context, { userId, email }: JsonObject): string[] {
  return usersNamed(userId, email).flatMap((user) => [...user.accountIds, ...user.organizationIds]);

  function usersNamed(externalId: JsonValue | undefined, address: JsonValue | undefined): User[] {
    const user = typeof externalId === 'string' ? world.users.byExternalId(externalId) : undefined;
    const byEmail = typeof address === 'string' ? [...world.usersByEmail.get(address.toLowerCase())] : [];
    return user === undefined ? byEmail : [user];
  }
}
