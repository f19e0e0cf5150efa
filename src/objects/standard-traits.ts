import type { Field } from './object.ts';

/**
 * Standard fields of accounts and organizations that Vitally takes only among the traits (vitally-api.md, "Traits"),
 * and `avatar`, a special trait of the Analytics API.
 */
export const moneyAndDates: Readonly<Record<string, Field>> = {
  mrr: {
    type: 'number',
    in: 'traits',
    title: 'MRR',
    description: 'Monthly recurring revenue.',
  },
  nextRenewalDate: {
    type: 'datetime',
    in: 'traits',
    title: 'Next renewal date',
    description: 'When the contract renews next.',
  },
  churnedAt: {
    type: 'datetime',
    in: 'traits',
    title: 'Churned at',
    description: 'When the customer churned; null brings it back to active.',
  },
  trialEndDate: {
    type: 'datetime',
    in: 'traits',
    title: 'Trial end date',
    description: 'When the trial ends.',
  },
  avatar: {
    type: 'text',
    in: 'traits',
    title: 'Avatar',
    description: 'Address of a picture.',
  },
};
