import { type Answer, Refusal } from '../../answer.ts';
import type { Context } from '../../context.ts';
import { field, type JsonObject } from '../../json.ts';
import { itemText } from '../../store/item.ts';
import type { Item } from '../../store/records.ts';
import type { ItemDefinition } from '../items/definition.ts';
import { date, text, texts } from '../items/fields.ts';
import { itemResource } from '../items/resource.ts';
import { notFound } from '../object-resource.ts';
import { shownAccount, shownOrganization } from '../people/shown-relations.ts';
import type { RestRequest } from '../resource.ts';
import { answerParticipants, meetingParents, participantList } from './participants.ts';
import { answerTranscript, replaceTranscript, speeches } from './transcripts.ts';

const meeting: ItemDefinition = {
  path: 'meetings',
  title: 'Meeting',
  table: (world) => world.items('meetings'),
  fields: {
    title: text,
    description: text,
    location: text,
    startDateTime: date,
    endDateTime: date,
    recordingUrl: text,
    summary: text,
    riskAssessment: text,
    keyPoints: texts,
    participants: participantList,
    source: text,
  },
  required: ['externalId', 'title', 'participants'],
  createOnly: ['participants', 'source'],
  empty: { keyPoints: [], participants: [] },
  writes: 'undocumented',
  removal: 'archive',
  scopes: ({ world, ...rest }, parentId) =>
    [...world.items('meetings').all()].filter((item) =>
      meetingParents({ world, ...rest }, item).includes(parentId),
    ),
  settle(context, fields, body, purpose, item) {
    if (purpose === 'update') refuseArchived(item);
    else speeches(context, body, 'transcript');
    return fields;
  },
  written(context, item, body, purpose) {
    const transcript = field(body, 'transcript') ?? null;
    if (purpose === 'create' && transcript !== null) replaceTranscript(context, item, transcript);
  },
  show: shownMeeting,
  extra: answerBelow,
};

export const meetings = itemResource(meeting);

/** The endpoints below a meeting: its participants and its transcript. */
function answerBelow(context: Context, request: RestRequest): Answer | undefined {
  const [, id = '', below] = request.segments;
  if (below !== 'participants' && below !== 'transcript') return undefined;
  const found = context.world.items('meetings').find(id);
  if (found === undefined) return notFound(meeting.title, context.switches);
  if (request.method !== 'GET') refuseArchived(found);
  return below === 'participants'
    ? answerParticipants(context, found, request)
    : answerTranscript(context, found, request);
}

function refuseArchived(item: Item | undefined): void {
  if ((item?.archivedAtMs ?? null) !== null) throw new Refusal(400, 'Meeting is archived');
}

function shownMeeting(context: Context, item: Item): JsonObject {
  const parents = context.switches.has('meeting-accounts-empty') ? [] : meetingParents(context, item);
  const shown = (show: typeof shownAccount) =>
    parents.map((id) => show(context, id)).filter((found) => found !== null);
  return {
    startDate: itemText(item, 'startDateTime')?.slice(0, 10) ?? null,
    endDate: itemText(item, 'endDateTime')?.slice(0, 10) ?? null,
    startTimeZone: null,
    endTimeZone: null,
    externalStatus: null,
    recordingUrlFormatted: itemText(item, 'recordingUrl') ?? null,
    joiningInstructionsUri: null,
    videoConferenceUri: null,
    phoneConferenceNumbers: [],
    conferenceSolution: null,
    accounts: shown(shownAccount),
    organizations: shown(shownOrganization),
    notes: [],
    tasks: [],
  };
}
