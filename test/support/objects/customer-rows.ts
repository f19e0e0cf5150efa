/** What others hang off. */
type ParentKind = 'organization' | 'account' | 'user' | 'conversation' | 'meeting';

/** A record that others hang off, as a rejection names it: `account "a1"`. */
export type Parent = `${ParentKind} "${string}"`;

/** The streams of a whole customer model in the worst order: what hangs off others comes first. */
export const WORST_ORDER = [
  'messages',
  'meeting_transcripts',
  'user_accounts',
  'nps_responses',
  'notes',
  'tasks',
  'projects',
  'sites',
  'meetings',
  'conversations',
  'users',
  'accounts',
  'organizations',
] as const;

export interface ModelRow {
  readonly stream: (typeof WORST_ORDER)[number] | 'events';
  readonly data: Readonly<Record<string, unknown>>;
  /** Records that must be there for it to land. */
  readonly parents: readonly Parent[];
  /** The record it makes, where others may hang off it. */
  readonly makes?: Parent;
  /** Where it is found when it has landed, and what is said there: kind, key, content. */
  readonly lands: readonly [string, string, Readonly<Record<string, unknown>>];
}

const ORGANIZATIONS = 3;
const ADA = 'ada@vendor.test';
const DAY = '2026-03-02T09:00:00Z';

/** Everything of `size` customers, tied together by the user's own ids, by names and by e-mails. */
export function modelRows(size: number): ModelRow[] {
  return [
    ...Array.from({ length: ORGANIZATIONS }, (_, index) => organizationRow(`o${index}`)),
    ...Array.from({ length: size }, (_, index) => [
      ...companyRows(index, `a${(index + 1) % size}`),
      ...talkRows(index),
      ...workRows(index),
    ]).flat(),
  ];
}

function organizationRow(id: string): ModelRow {
  return {
    stream: 'organizations',
    data: { id, name: `Group ${id}` },
    parents: [],
    makes: `organization "${id}"`,
    lands: ['organizations', id, { name: `Group ${id}` }],
  };
}

/** An account, its user, the user's link to another account, and an event. */
function companyRows(index: number, otherAccount: string): ModelRow[] {
  const [organization, account, user] = [`o${index % ORGANIZATIONS}`, `a${index}`, `u${index}`];
  const email = `user${index}@customer.test`;
  return [
    {
      stream: 'accounts',
      data: { id: account, name: `Customer ${index}`, organizationId: organization, plan: 'pro' },
      parents: [`organization "${organization}"`],
      makes: `account "${account}"`,
      lands: ['accounts', account, { name: `Customer ${index}`, organization, traits: { plan: 'pro' } }],
    },
    {
      stream: 'users',
      data: { id: user, name: `User ${index}`, email, accountId: account },
      parents: [`account "${account}"`],
      makes: `user "${user}"`,
      lands: ['users', user, { name: `User ${index}`, email, accounts: [account] }],
    },
    {
      stream: 'user_accounts',
      data: { userId: user, accountId: otherAccount },
      parents: [`user "${user}"`, `account "${otherAccount}"`],
      lands: ['users', user, { accounts: [otherAccount] }],
    },
    {
      stream: 'events',
      data: {
        id: `e${index}`,
        event: 'Opened',
        userId: user,
        accountId: account,
        timestamp: DAY,
        step: index,
      },
      parents: [],
      lands: ['events', `step ${index}`, { event: 'Opened', userId: user, accountId: account }],
    },
  ];
}

/** A conversation with three messages, an NPS response, and a meeting with its transcript. */
function talkRows(index: number): ModelRow[] {
  const [user, conversation, meeting] = [`u${index}`, `c${index}`, `m${index}`];
  const parents: Parent[] = [`user "${user}"`];
  const speech = {
    speaker: { externalId: user },
    sentences: [{ text: 'Hello', startTime: 0, endTime: 900 }],
  };
  return [
    {
      stream: 'conversations',
      data: { id: conversation, subject: `Talk ${index}` },
      parents: [],
      makes: `conversation "${conversation}"`,
      lands: ['conversations', conversation, { subject: `Talk ${index}` }],
    },
    ...[0, 1, 2].map((number) => messageRow(conversation, user, number)),
    {
      stream: 'nps_responses',
      data: { id: `s${index}`, userId: user, score: index % 11, respondedAt: DAY },
      parents,
      lands: ['npsResponses', `s${index}`, { userId: user, score: index % 11 }],
    },
    {
      stream: 'meetings',
      data: { id: meeting, title: `Meeting ${index}`, participants: [user, ADA, 'guest@elsewhere.test'] },
      parents,
      makes: `meeting "${meeting}"`,
      lands: [
        'meetings',
        meeting,
        {
          title: `Meeting ${index}`,
          participants: [{ userId: user }, { vitallyUserId: ADA }, { email: 'guest@elsewhere.test' }],
        },
      ],
    },
    {
      stream: 'meeting_transcripts',
      data: { meetingId: meeting, transcript: [speech] },
      parents: [`meeting "${meeting}"`],
      lands: ['meetingTranscripts', meeting, { meetingId: meeting, transcript: [speech] }],
    },
  ];
}

function messageRow(conversation: string, user: string, number: number): ModelRow {
  const [from, to] = number % 2 === 0 ? [user, ADA] : [ADA, user];
  const [sender, receiver] = [from, to].map((id) => ({ type: id === user ? 'user' : 'admin', id }));
  const message = `<p>Message ${number}</p>`;
  const id = `${conversation}-${number}`;
  return {
    stream: 'messages',
    data: { id, conversationId: conversation, message, from, to, timestamp: DAY },
    parents: [`conversation "${conversation}"`, `user "${user}"`],
    lands: ['messages', id, { conversationId: conversation, message, from: sender, to: [receiver] }],
  };
}

/** A note, a task, a project and a site of an account. */
function workRows(index: number): ModelRow[] {
  const account = `a${index}`;
  const parents: Parent[] = [`account "${account}"`];
  const note = { note: `<p>Note ${index}</p>`, noteDate: DAY, tags: ['new', 'hot'] };
  const [task, rollout, site] = [`Task ${index}`, `Rollout ${index}`, `Site ${index}`];
  return [
    {
      stream: 'notes',
      data: { id: `n${index}`, accountId: account, ...note, author: ADA, category: 'Call' },
      parents,
      lands: ['notes', `n${index}`, { ...note, accountId: account, authorId: ADA, categoryId: 'Call' }],
    },
    {
      stream: 'tasks',
      data: { id: `t${index}`, name: task, accountId: account, assignee: ADA, category: 'Chore' },
      parents,
      lands: [
        'tasks',
        `t${index}`,
        { name: task, accountId: account, assignedToId: ADA, categoryId: 'Chore' },
      ],
    },
    {
      stream: 'projects',
      data: { template: 'Onboarding', accountId: account, name: rollout, owner: ADA },
      parents,
      lands: [
        'projects',
        `${account} / Onboarding / ${rollout}`,
        { name: rollout, accountId: account, templateId: 'Onboarding', ownedByVitallyUserId: ADA },
      ],
    },
    {
      stream: 'sites',
      data: { id: `site${index}`, name: site, accountId: account, city: 'Oslo' },
      parents,
      lands: ['sites', `site${index}`, { name: site, customerId: account, traits: { city: 'Oslo' } }],
    },
  ];
}
