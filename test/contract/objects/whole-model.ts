import type { Sandbox } from '../../../src/sandbox/index.ts';
import { catalogOf, configFor, record, state, stream } from '../messages.ts';

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

/** What a model's rows make, parents first. */
const PARENT_KINDS = ['organization', 'account', 'user', 'conversation', 'meeting'] as const;
type ParentKind = (typeof PARENT_KINDS)[number];

/** A record that others hang off, as the program names it: `account "a1"`. */
export type Parent = `${ParentKind} "${string}"`;

export interface ModelRow {
  readonly stream: (typeof WORST_ORDER)[number] | 'events';
  readonly data: Readonly<Record<string, unknown>>;
  /** Records that must be there for it to land. */
  readonly parents: readonly Parent[];
  /** The record it makes, where others may hang off it. */
  readonly makes?: Parent;
  /** Its kind and key among what Vitally holds, and what it says there. */
  readonly lands: readonly [kind: string, key: string, content: Readonly<Record<string, unknown>>];
}

/** Columns that are the key of a stream; others have a column `id`, or are known by several fields. */
const KEYS: Readonly<Record<string, string | null>> = {
  meeting_transcripts: 'meetingId',
  user_accounts: null,
  projects: null,
};
const ORGANIZATIONS = 3;
const DAY = '2026-03-02T09:00:00Z';

/** What a workspace has before any row comes: team members and the names in its settings. */
export function seedSettings(sandbox: Sandbox): void {
  sandbox.seed('admins', [{ name: 'Ada', email: 'ada@vendor.test' }]);
  sandbox.seed('noteCategories', [{ name: 'Call' }]);
  sandbox.seed('taskCategories', [{ name: 'Chore' }]);
  sandbox.seed('projectTemplates', [{ name: 'Onboarding', projectName: 'Onboard' }]);
  sandbox.seed('customObjects', [{ name: 'site', label: 'Site', writeMode: 'writable' }]);
}

/** Config and catalog of a sync of the whole model; without an Analytics token there are no events. */
export function modelSync(
  sandbox: Sandbox,
  withAnalytics: boolean,
  more: object = {},
): { readonly config: object; readonly catalog: object } {
  const names = withAnalytics ? [...WORST_ORDER, 'events'] : WORST_ORDER;
  return {
    config: configFor(sandbox, {
      ...(withAnalytics ? {} : { analytics_api_token: undefined }),
      streams: [{ stream: 'sites', object: 'custom_object:Site' }],
      ...more,
    }),
    catalog: catalogOf(
      ...names.map((name) => stream(name, { key: KEYS[name] === undefined ? 'id' : KEYS[name] })),
    ),
  };
}

/** Everything of `size` customers, each of them tied to the others by the user's own ids, names and e-mails. */
export function modelRows(size: number): ModelRow[] {
  return [
    ...Array.from({ length: ORGANIZATIONS }, (_, index): ModelRow => {
      const id = `o${index}`;
      return {
        stream: 'organizations',
        data: { id, name: `Group ${index}` },
        parents: [],
        makes: `organization "${id}"`,
      };
    }),
    ...Array.from({ length: size }, (_, index) => customerRows(index, (index + 1) % size)).flat(),
  ];
}

function customerRows(index: number, next: number): ModelRow[] {
  const [organizationId, accountId, userId] = [`o${index % ORGANIZATIONS}`, `a${index}`, `u${index}`];
  const account: Parent = `account "${accountId}"`;
  const user: Parent = `user "${userId}"`;
  const email = `user${index}@customer.test`;
  const [conversationId, meetingId] = [`c${index}`, `m${index}`];
  const said = (number: number): ModelRow => ({
    stream: 'messages',
    data: {
      id: `${conversationId}-${number}`,
      conversationId,
      message: `<p>Message ${number}</p>`,
      from: number % 2 === 0 ? userId : 'ada@vendor.test',
      to: number % 2 === 0 ? 'ada@vendor.test' : [userId],
      timestamp: DAY,
    },
    parents: [`conversation "${conversationId}"`, user],
  });
  return [
    {
      stream: 'accounts',
      data: { id: accountId, name: `Customer ${index}`, organizationId, plan: 'pro' },
      parents: [`organization "${organizationId}"`],
      makes: account,
    },
    {
      stream: 'users',
      data: { id: userId, name: `User ${index}`, email, accountId },
      parents: [account],
      makes: user,
    },
    {
      stream: 'user_accounts',
      data: { userId, accountId: `a${next}` },
      parents: [user, `account "a${next}"`],
    },
    {
      stream: 'notes',
      data: {
        id: `n${index}`,
        accountId,
        note: `<p>Note ${index}</p>`,
        noteDate: DAY,
        author: 'ada@vendor.test',
        category: 'Call',
        tags: ['new', 'hot'],
      },
      parents: [account],
    },
    {
      stream: 'tasks',
      data: {
        id: `t${index}`,
        name: `Task ${index}`,
        accountId,
        assignee: 'ada@vendor.test',
        category: 'Chore',
      },
      parents: [account],
    },
    {
      stream: 'nps_responses',
      data: { id: `s${index}`, userId, score: index % 11, respondedAt: DAY },
      parents: [user],
    },
    {
      stream: 'conversations',
      data: { id: conversationId, subject: `Talk ${index}` },
      parents: [],
      makes: `conversation "${conversationId}"`,
    },
    ...[0, 1, 2].map(said),
    {
      stream: 'meetings',
      data: {
        id: meetingId,
        title: `Meeting ${index}`,
        participants: [userId, 'ada@vendor.test', 'guest@elsewhere.test'],
      },
      parents: [user],
      makes: `meeting "${meetingId}"`,
    },
    {
      stream: 'meeting_transcripts',
      data: {
        meetingId,
        transcript: [{ speaker: userId, sentences: [{ text: 'Hello', startTime: 0, endTime: 900 }] }],
      },
      parents: [`meeting "${meetingId}"`],
    },
    {
      stream: 'projects',
      data: { template: 'Onboarding', accountId, name: `Rollout ${index}`, owner: 'ada@vendor.test' },
      parents: [account],
    },
    {
      stream: 'sites',
      data: { id: `site${index}`, name: `Site ${index}`, accountId, city: 'Oslo' },
      parents: [account],
    },
    {
      stream: 'events',
      data: { id: `e${index}`, event: 'Opened', userId, accountId, timestamp: DAY, step: index },
      parents: [],
    },
  ];
}

/** The rows as lines in the worst order, a STATE amid and after each stream, events spread over everything. */
export function inWorstOrder(rows: readonly ModelRow[], withEvents: boolean): string[] {
  const lines = WORST_ORDER.flatMap((name) => withStates(name, rows));
  if (!withEvents) return lines;
  const events = withStates('events', rows);
  const every = Math.ceil(lines.length / events.length);
  return events.flatMap((event, index) => [...lines.slice(index * every, (index + 1) * every), event]);
}

function withStates(name: ModelRow['stream'], rows: readonly ModelRow[]): string[] {
  const lines = rows.filter((row) => row.stream === name).map(({ data }) => record(name, data));
  const middle = Math.floor(lines.length / 2);
  return [...lines.slice(0, middle), state(name, middle), ...lines.slice(middle), state(name, lines.length)];
}

/** Rows that cannot land, for what they hang off is not there, or hangs off that itself; each with what it lacks. */
export function orphans(rows: readonly ModelRow[], missing: Parent): Map<ModelRow, Parent[]> {
  const lacking = new Set<Parent>([missing]);
  const found = new Map<ModelRow, Parent[]>();
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const row of rows) {
      const lacks = row.parents.filter((parent) => lacking.has(parent));
      if (lacks.length === 0) continue;
      found.set(row, lacks);
      if (row.makes !== undefined) lacking.add(row.makes);
    }
  }
  return found;
}
