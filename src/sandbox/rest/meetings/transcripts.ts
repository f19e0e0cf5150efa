import { type Answer, ok, Refusal } from '../../answer.ts';
import type { Context } from '../../context.ts';
import { optionalText, requiredText } from '../../fields.ts';
import { field, isObject, type JsonObject, type JsonValue } from '../../json.ts';
import { changeItem, createItem } from '../../store/item.ts';
import type { Item } from '../../store/records.ts';
import type { World } from '../../store/world.ts';
import type { ItemDefinition } from '../items/definition.ts';
import { type FieldReader, reference } from '../items/fields.ts';
import { itemResource } from '../items/resource.ts';
import { showItem } from '../items/show.ts';
import { notFound, requireBody } from '../object-resource.ts';
import type { RestRequest } from '../resource.ts';

/** `[{speaker: {externalId, email?, name?}, sentences: [{text, startTime, endTime}]}]`, times in milliseconds. */
export const speeches: FieldReader = (_context, body, name) => {
  const given = field(body, name);
  if (given === undefined || given === null) return given;
  if (!Array.isArray(given)) throw new Refusal(400, `${name} must be an array`);
  return given.map(readSpeech);
};

const transcript: ItemDefinition = {
  path: 'meetingTranscripts',
  title: 'Meeting transcript',
  table: (world) => world.items('meetingTranscripts'),
  fields: { meetingId: reference((world) => world.items('meetings'), 'a meeting'), transcript: speeches },
  required: ['meetingId', 'transcript'],
  writes: 'read-only',
  shows: 'fields',
  seedReferences: { meetingId: 'meetings' },
};

/** Transcripts are read here and written below their meeting. */
export const meetingTranscripts = itemResource(transcript);

/** Answers `/resources/meetings/:id/transcript`; `undefined` where there is no such endpoint. */
export function answerTranscript(
  context: Context,
  meeting: Item,
  { method, segments, body }: RestRequest,
): Answer | undefined {
  if (segments.length > 3) return undefined;
  if (method === 'POST') {
    const given = field(requireBody(body), 'transcript') ?? null;
    if (given === null) throw new Refusal(400, 'transcript is required');
    return ok(showItem(transcript, context, replaceTranscript(context, meeting, given), true));
  }
  if (method !== 'GET') return undefined;
  const found = transcriptOf(context.world, meeting);
  if (found === undefined) return notFound('Meeting transcript', context.switches);
  return ok(showItem(transcript, context, found, true));
}

/** A meeting has at most one transcript: a new one replaces it. @throws Refusal (400) */
export function replaceTranscript(context: Context, meeting: Item, given: JsonValue): Item {
  const { world } = context;
  const value = speeches(context, { transcript: given }, 'transcript') ?? [];
  const item = transcriptOf(world, meeting) ?? createItem(world.items('meetingTranscripts'), null);
  changeItem(world, item, { fields: { meetingId: meeting.id, transcript: value } });
  return item;
}

function transcriptOf(world: World, { id }: Item): Item | undefined {
  const home = world.items('meetingTranscripts');
  return [...world.itemsByReference.get(id)].find((item) => item.home === home);
}

function readSpeech(speech: JsonValue): JsonObject {
  const speaker = isObject(speech) ? field(speech, 'speaker') : undefined;
  const sentences = isObject(speech) ? field(speech, 'sentences') : undefined;
  if (!isObject(speaker)) throw new Refusal(400, 'speaker is required');
  if (!Array.isArray(sentences)) throw new Refusal(400, 'sentences is required');
  return {
    speaker: {
      externalId: requiredText(speaker, 'externalId'),
      email: optionalText(speaker, 'email') ?? null,
      name: optionalText(speaker, 'name') ?? null,
    },
    sentences: sentences.map(readSentence),
  };
}

function readSentence(sentence: JsonValue): JsonObject {
  if (!isObject(sentence)) throw new Refusal(400, 'a sentence must be an object');
  return {
    text: requiredText(sentence, 'text'),
    startTime: milliseconds(sentence, 'startTime'),
    endTime: milliseconds(sentence, 'endTime'),
  };
}

function milliseconds(sentence: JsonObject, name: string): number {
  const value = field(sentence, name);
  if (typeof value === 'number' && value >= 0) return value;
  throw new Refusal(400, `${name} must be a number of milliseconds`);
}
