import type { Sandbox, Snapshot } from '../../../src/sandbox/index.ts';
import { catalogOf, configFor, configured, record, state } from '../messages.ts';
import { at } from '../sandbox/client.ts';
import { type ModelRow, type Parent, WORST_ORDER } from './customer-rows.ts';

const ROWS_PER_STATE = 4;

/** What a workspace has before any row comes: a team member and the names in its settings. */
export function seedSettings(sandbox: Sandbox): void {
  sandbox.seed('admins', [{ name: 'Ada', email: 'ada@vendor.test' }]);
  sandbox.seed('noteCategories', [{ name: 'Call' }]);
  sandbox.seed('taskCategories', [{ name: 'Chore' }]);
  sandbox.seed('projectTemplates', [{ name: 'Onboarding', projectName: 'Onboard' }]);
  sandbox.seed('customObjects', [{ name: 'site', label: 'Site', writeMode: 'writable' }]);
}

/** The APIs that a sync has tokens for. Without the Analytics API there are no events. */
export type Apis = 'both' | 'rest';

export function streamsOf(apis: Apis): readonly ModelRow['stream'][] {
  return apis === 'both' ? [...WORST_ORDER, 'events'] : WORST_ORDER;
}

/** Config and catalog of a sync of the whole model. */
export function modelSync(
  sandbox: Sandbox,
  apis: Apis,
  more: object = {},
): { readonly config: object; readonly catalog: object } {
  return {
    config: configFor(sandbox, {
      ...(apis === 'rest' && { analytics_api_token: undefined }),
      streams: [{ stream: 'sites', object: 'custom_object:Site' }],
      ...more,
    }),
    catalog: catalogOf(...streamsOf(apis).map((name) => configured(name, { key: keyOf(name) }))),
  };
}

/** Links and projects are known by several fields. */
function keyOf(name: ModelRow['stream']): string | null {
  if (name === 'user_accounts' || name === 'projects') return null;
  return name === 'meeting_transcripts' ? 'meetingId' : 'id';
}

/**
 * The rows as lines in the worst order, events spread over everything; a STATE every few rows of a stream and after
 * its last, whose cursor is the number of rows up to there.
 */
export function inWorstOrder(rows: readonly ModelRow[], apis: Apis): string[] {
  const lines = WORST_ORDER.flatMap((name) => linesOf(name, rows));
  if (apis === 'rest') return lines;
  const events = linesOf('events', rows);
  const every = Math.ceil(lines.length / events.length);
  return events.flatMap((event, index) => [...lines.slice(index * every, (index + 1) * every), event]);
}

function linesOf(name: ModelRow['stream'], rows: readonly ModelRow[]): string[] {
  const lines = rows.filter((row) => row.stream === name).map(({ data }) => record(name, data));
  return lines.flatMap((line, index) => {
    const cursor = index + 1;
    return cursor % ROWS_PER_STATE === 0 || cursor === lines.length ? [line, state(name, cursor)] : [line];
  });
}

type Content = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** What the rows leave in Vitally, by kind and key; a user is in the accounts of its own row and of its links. */
export function contentOfRows(rows: readonly ModelRow[]): Content {
  const content: Record<string, Record<string, Readonly<Record<string, unknown>>>> = {};
  for (const { lands } of rows) {
    const [kind, key, fields] = lands;
    const before = content[kind]?.[key];
    const accounts = [before?.accounts, fields.accounts].flat().filter((id) => typeof id === 'string');
    content[kind] = {
      ...content[kind],
      [key]: { ...before, ...fields, ...(kind === 'users' && { accounts: accounts.sort() }) },
    };
  }
  return content;
}

/** A snapshot by the kinds and keys of {@link contentOfRows}. */
export function modelContent(snapshot: Snapshot): Record<string, unknown> {
  const { instances, events, ...others } = snapshot;
  const byStep = Object.values(events).map((event) => [`step ${at(event, 'properties', 'step')}`, event]);
  return {
    ...others,
    ...(byStep.length > 0 && { events: Object.fromEntries(byStep) }),
    ...(instances !== undefined && { sites: at(instances, 'site') }),
  };
}

/** Rows that cannot land, for what they hang off is missing or cannot land itself; each with what it lacks. */
export function orphans(rows: readonly ModelRow[], missing: Parent): Map<ModelRow, Parent[]> {
  const lacking = new Set<Parent>([missing]);
  const found = new Map<ModelRow, Parent[]>();
  for (let before = -1; before < lacking.size; ) {
    before = lacking.size;
    for (const row of rows) {
      const lacks = row.parents.filter((parent) => lacking.has(parent));
      if (lacks.length === 0) continue;
      found.set(row, lacks);
      if (row.makes !== undefined) lacking.add(row.makes);
    }
  }
  return found;
}
