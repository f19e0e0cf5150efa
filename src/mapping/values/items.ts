import { isJsonObject, own } from '../../json/guards.ts';
import type { JsonObject, JsonValue } from '../../json/json.ts';
import type { ItemKind } from '../../objects/object.ts';
import { badValue, reject, type ValuePlace, within } from './bad-value.ts';
import { coerceId, coerceObjects, elementsOf } from './lists.ts';
import { coerce, isBlank } from './values.ts';

type Given = Exclude<JsonValue, null>;

/** vitally-api.md, "Messages". */
const PARTICIPANT_TYPES = ['user', 'admin'];

/** vitally-api.md, "Meetings". */
const ATTENDEE_TYPES = ['organizer', 'attendee'];
const RESPONSES = ['needsAction', 'accepted', 'tentative', 'declined'];

const PERSON_FIX = 'Give a user id, an e-mail, or an object with one of them.';
const SPEECH_FIX =
  'Give a list of {"speaker": {"externalId"}, "sentences": [{"text", "startTime", "endTime"}]}, or its JSON text.';

/**
 * The elements of a list that Vitally reads, each in its one form ({@link ItemKind}). Members that the form lacks are
 * left out.
 *
 * @throws RecordError `bad_value` that says which element is wrong
 */
export function coerceItems(
  kind: Exclude<ItemKind, 'message'>,
  value: Given,
  place: ValuePlace,
): JsonObject[] {
  if (kind === 'speech') {
    return coerceObjects(value, place).map((item, index) => speech(item, within(place, index)));
  }
  const people = elementsOf(value) ?? reject(place, 'a list of people', value, PERSON_FIX);
  const read = kind === 'participant' ? participant : attendee;
  return people.flatMap((item, index) => {
    return item === null || isBlank(item) ? [] : [read(item, within(place, index))];
  });
}

function participant(item: Given, place: ValuePlace): JsonObject {
  if (!isJsonObject(item)) return { id: idOf(item, place) };
  const [, id] = identity(item, ['id', 'email'], place);
  return { id, ...choice(item, 'type', PARTICIPANT_TYPES, place) };
}

function attendee(item: Given, place: ValuePlace): JsonObject {
  const ordinary = { type: 'attendee' };
  if (!isJsonObject(item)) return { id: idOf(item, place), ...ordinary };
  const [name, id] = identity(item, ['id', 'userId', 'vitallyUserId', 'email'], place);
  return {
    [name]: id,
    ...ordinary,
    ...choice(item, 'type', ATTENDEE_TYPES, place),
    ...choice(item, 'responseStatus', RESPONSES, place),
  };
}

function speech(item: JsonObject, place: ValuePlace): JsonObject {
  const speaker = own(item, 'speaker') ?? null;
  const spoken = own(item, 'sentences') ?? null;
  if (speaker === null) throw badValue(place, 'the speaker is missing', SPEECH_FIX);
  if (spoken === null) throw badValue(place, 'the sentences are missing', SPEECH_FIX);
  const at = within(place, 'sentences');
  const sentences = elementsOf(spoken) ?? reject(at, 'a list of sentences', spoken, SPEECH_FIX);
  return {
    speaker: speakerOf(speaker, within(place, 'speaker')),
    sentences: sentences.map((sentence, index) => sentenceOf(sentence, within(at, index))),
  };
}

function speakerOf(given: Given, place: ValuePlace): JsonObject {
  if (!isJsonObject(given)) return { externalId: idOf(given, place) };
  const [, externalId] = identity(given, ['externalId'], place);
  return {
    externalId,
    ...member(given, 'email', 'email', place),
    ...member(given, 'name', 'text', place),
  };
}

function sentenceOf(given: JsonValue, place: ValuePlace): JsonObject {
  if (typeof given === 'string') return { text: given };
  if (!isJsonObject(given)) return reject(place, 'a sentence', given, SPEECH_FIX);
  const text = own(given, 'text');
  if (typeof text !== 'string') throw badValue(place, 'its text is missing', SPEECH_FIX);
  return {
    text,
    ...member(given, 'startTime', 'number', place),
    ...member(given, 'endTime', 'number', place),
  };
}

/** The one member that says who it is, and its value as text. */
function identity(item: JsonObject, names: readonly string[], place: ValuePlace): readonly [string, string] {
  const given = names.filter((name) => !isBlank(own(item, name) ?? ''));
  const [name] = given;
  if (name === undefined || given.length > 1) {
    const problem = `${name === undefined ? 'none' : 'more than one'} of its ${names.join(', ')} is there`;
    throw badValue(place, problem, 'Say who it is in exactly one way.');
  }
  return [name, idOf(own(item, name) ?? null, within(place, name))];
}

function idOf(value: JsonValue, place: ValuePlace): string {
  return coerceId(value, place) ?? reject(place, 'an id', value, PERSON_FIX);
}

function member(
  item: JsonObject,
  name: string,
  type: 'text' | 'email' | 'number',
  place: ValuePlace,
): JsonObject {
  const value = coerce(type, own(item, name) ?? null, within(place, name));
  return value === null ? {} : { [name]: value };
}

function choice(item: JsonObject, name: string, choices: readonly string[], place: ValuePlace): JsonObject {
  const value = own(item, name) ?? null;
  if (value === null || isBlank(value)) return {};
  if (typeof value === 'string' && choices.includes(value)) return { [name]: value };
  throw badValue(
    within(place, name),
    `one of ${choices.join(', ')} was wanted`,
    `Give one of ${choices.join(', ')}.`,
  );
}
