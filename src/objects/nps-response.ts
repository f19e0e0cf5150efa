import type { VitallyObject } from './object.ts';

/** An upsert by external id; a PUT needs user, time and score again (vitally-api.md, "NPS responses"). */
export const npsResponse: VitallyObject = {
  name: 'nps_response',
  plural: 'NPS responses',
  title: 'NPS response',
  streamNames: ['nps', 'nps_response', 'nps_responses'],
  keys: ['externalId', 'id'],
  modes: ['upsert', 'update', 'append', 'delete'],
  fields: {
    userId: {
      type: 'id',
      title: 'User',
      description: "The user who answered: your own id, Vitally's or an e-mail.",
      association: 'user',
      aliases: ['user', 'userEmail'],
      otherNames: ['email'],
      neverNull: true,
      keptOnPut: true,
    },
    respondedAt: {
      type: 'datetime',
      title: 'Responded at',
      description: 'When the user answered.',
      neverNull: true,
      keptOnPut: true,
    },
    score: {
      type: 'number',
      title: 'Score',
      description: 'A whole number from 0 to 10.',
      range: { min: 0, max: 10 },
      neverNull: true,
      keptOnPut: true,
    },
    feedback: {
      type: 'text',
      title: 'Feedback',
      description: 'What the user wrote beside the score.',
      otherNames: ['comment', 'comments'],
    },
  },
  requiredToCreate: ['userId', 'respondedAt', 'score'],
  others: 'nowhere',
  foreignPlaces: {
    fate: 'leave out',
    reason: 'the accounts and organizations of an NPS response are those of its user',
    remedy: '',
  },
  derivesKey: true,
  rest: { path: '/resources/npsResponses' },
};
