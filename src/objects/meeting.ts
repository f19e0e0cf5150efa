import type { VitallyObject } from './object.ts';

/**
 * vitally-api.md, "Meetings". A DELETE archives the meeting. Its participants and transcript are given when it
 * is created; afterwards they have endpoints of their own, and no PUT takes them.
 */
export const meeting: VitallyObject = {
  name: 'meeting',
  plural: 'meetings',
  title: 'Meeting',
  streamNames: ['meeting', 'meetings'],
  keys: ['externalId', 'id'],
  modes: ['upsert', 'update', 'append', 'delete'],
  fields: {
    title: {
      type: 'text',
      title: 'Title',
      description: 'What it is called.',
      otherNames: ['name', 'subject'],
      neverNull: true,
    },
    participants: {
      type: 'json',
      items: 'attendee',
      title: 'Participants',
      otherNames: ['participantEmails', 'attendees', 'attendeeEmails'],
      description:
        'Who took part: your own user ids, e-mails, or objects with one of userId, vitallyUserId and email, beside type (organizer or attendee) and responseStatus; a list, JSON text or one. One of them must belong to an account or organization. An existing meeting gets those who are missing; with relations replace, the others leave it.',
      neverNull: true,
    },
    description: {
      type: 'text',
      title: 'Description',
      description: 'What it is about.',
      otherNames: ['body'],
    },
    location: { type: 'text', title: 'Location', description: 'Where it takes place.' },
    startDateTime: {
      type: 'datetime',
      title: 'Start',
      description: 'When it starts.',
      otherNames: ['start', 'startTime', 'startsAt', 'startAt', 'startDate'],
    },
    endDateTime: {
      type: 'datetime',
      title: 'End',
      description: 'When it ends.',
      otherNames: ['end', 'endTime', 'endsAt', 'endAt', 'endDate'],
    },
    recordingUrl: { type: 'text', title: 'Recording', description: 'Address of a recording.' },
    summary: { type: 'text', title: 'Summary', description: 'What was said, in short.' },
    riskAssessment: { type: 'text', title: 'Risk assessment', description: 'What it says about risk.' },
    keyPoints: {
      type: 'texts',
      title: 'Key points',
      description: 'What matters of it: a list, JSON text or one value.',
    },
    source: {
      type: 'text',
      title: 'Source',
      description: 'The system that it comes from.',
      neverNull: true,
      createOnly: true,
    },
    transcript: {
      type: 'json',
      items: 'speech',
      title: 'Transcript',
      description:
        'Who said what: a list of {speaker, sentences} or its JSON text. That of an existing meeting is replaced where it differs.',
      neverNull: true,
    },
  },
  requiredToCreate: ['title', 'participants'],
  others: 'traits',
  foreignPlaces: {
    fate: 'reject',
    reason: 'the accounts and organizations of a meeting are those of its participants',
    remedy: 'Name users of the account in participants.',
  },
  derivesKey: true,
  rest: {
    path: '/resources/meetings',
    looksFirst: true,
    listFilter: 'archived=false',
  },
};
