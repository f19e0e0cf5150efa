import type { VitallyObject } from './object.ts';

/** A meeting has one, which a POST creates or replaces (vitally-api.md, "Transcripts"). */
export const meetingTranscript: VitallyObject = {
  name: 'meeting_transcript',
  plural: 'meeting transcripts',
  title: 'Meeting transcript',
  streamNames: ['meeting_transcript', 'meeting_transcripts', 'transcript', 'transcripts'],
  keys: ['externalId', 'id'],
  keyOf: 'meeting',
  modes: ['upsert', 'update', 'append'],
  fields: {
    transcript: {
      type: 'json',
      items: 'speech',
      title: 'Transcript',
      description:
        'Who said what: a list of {speaker, sentences} or its JSON text. A speaker has an externalId; a sentence has text and, in milliseconds, startTime and endTime.',
      neverNull: true,
    },
  },
  requiredToCreate: ['transcript'],
  others: 'nowhere',
  foreignPlaces: {
    fate: 'reject',
    reason:
      'a transcript is that of its meeting, whose accounts and organizations are those of its participants',
    remedy: 'Name users of the account among the participants of the meeting.',
  },
  lane: { object: 'meeting' },
  rest: { path: '/resources/meetings/:meeting/transcript', looksFirst: true },
};
