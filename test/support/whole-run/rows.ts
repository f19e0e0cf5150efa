import type { Sandbox } from '../../../src/sandbox/index.ts';
import type { Draw, Kind, Scenario } from './streams.ts';

/** A row with its columns, and what it means to the model. */
export interface Row {
  readonly draw: Draw;
  readonly data: Readonly<Record<string, unknown>>;
  readonly kind: Kind;
  /** The record's external id, however the row names it; `undefined` where the row has no key. */
  readonly key: string | undefined;
  readonly parent: string | undefined;
  /** A link's user. */
  readonly user: string | undefined;
  /** Its place in the input, from 1; `undefined` where the row doesn't say it. */
  readonly step: number | undefined;
}

const LETTER: Readonly<Record<Kind, string>> = {
  organizations: 'o',
  accounts: 'a',
  users: 'u',
  notes: 'n',
  tasks: 't',
  sites: 's',
  links: 'l',
  events: 'e',
};
const DAY = '2026-03-02T09:00:00.000Z';

/** What is there before the run: two of each kind that rows may name by Vitally's id. */
export function seedWorkspace(sandbox: Sandbox): void {
  const two = (make: (index: number) => object): never[] => [make(0), make(1)] as never[];
  sandbox.seed('customObjects', [{ name: 'site', label: 'Site', writeMode: 'writable' }]);
  sandbox.seed(
    'organizations',
    two((index) => ({ externalId: `o${index}`, name: 'Old' })),
  );
  sandbox.seed(
    'accounts',
    two((index) => ({ externalId: `a${index}`, name: 'Old' })),
  );
  sandbox.seed('accounts', [{ externalId: 'x0', name: 'Old' }]);
  sandbox.seed(
    'users',
    two((index) => ({ externalId: `u${index}`, email: `u${index}@x.test`, accountIds: ['a0'] })),
  );
  sandbox.seed(
    'notes',
    two((index) => ({ externalId: `n${index}`, accountId: 'a0', note: 'Old', noteDate: DAY })),
  );
  sandbox.seed('instances', [
    { customObjectId: 'site', externalId: 's0', name: 'Old', customerId: 'a0' },
    { customObjectId: 'site', externalId: 's1', name: 'Old', customerId: 'a0' },
  ]);
}

/** Vitally's ids of what is there before the run, by external id. */
export function seededIds(sandbox: Sandbox): ReadonlyMap<string, string> {
  const all = [
    sandbox.organizations,
    sandbox.accounts,
    sandbox.users,
    sandbox.items('notes'),
    sandbox.items('instances'),
  ].flatMap((kind) => kind.all());
  return new Map(all.map(({ externalId, id }) => [String(externalId), String(id)]));
}

/** The rows of a scenario; those that would make its meaning doubtful are left out. */
export function rowsOf({ rows, replace, apis }: Scenario, ids: ReadonlyMap<string, string>): Row[] {
  const all = rows
    .filter(
      ({ stream: { kind } }) => !(kind === 'links' && replace) && !(kind === 'events' && apis === 'rest'),
    )
    .map((draw, index) => rowOf(draw, index + 1, ids));
  // Vitally archives a note that is deleted, and what it does to one that is written again is not documented.
  const last = (key: string | undefined): number =>
    all.findIndex((row) => row.key === key && deletesNote(row));
  return all.filter(({ kind, key }, index) => {
    const deleted = kind === 'notes' && key !== undefined ? last(key) : -1;
    return deleted === -1 || index <= deleted;
  });
}

export function deletesNote({ kind, draw, data }: Row): boolean {
  return kind === 'notes' && (draw.stream.mode === 'delete' || data._ab_cdc_deleted_at !== undefined);
}

/** Accounts that are deleted have no children. */
function keyOf({ stream: { kind, mode, by }, key, parent }: Draw): string {
  if (by === 'id') return `${LETTER[kind]}${key % 2}`;
  const childless = kind === 'accounts' && (mode === 'delete' || parent % 2 === 1);
  return childless ? `x${key % 2}` : `${LETTER[kind]}${key}`;
}

function rowOf(draw: Draw, index: number, ids: ReadonlyMap<string, string>): Row {
  const { stream, fault } = draw;
  const { kind, mode, by } = stream;
  const key = keyOf(draw);
  const step = draw.stepped && mode !== 'delete' && kind !== 'links' ? index : undefined;
  const strict = mode === 'update' || mode === 'append';
  const parentKind = parentKindOf(kind);
  const number = strict && draw.parent === 9 && kind !== 'links' ? 0 : draw.parent;
  const hasParent =
    parentKind !== undefined &&
    (kind === 'links' || (mode !== 'delete' && draw.whole && !(kind === 'accounts' && draw.naming === 1)));
  const parent = hasParent ? `${LETTER[parentKind]}${number}` : undefined;
  const places = { key, parent, ids };
  const names = { externalId: { id: key }, id: { vid: ids.get(key) }, email: mail(key, draw), both: {} }[by];
  const values = mode === 'delete' ? {} : valuesOf(draw, places);
  const noKey = fault === 'no key' && kind !== 'links' && kind !== 'events';
  const bad = fault === 'bad value' && mode !== 'delete' && ['accounts', 'notes'].includes(kind);
  const marked = fault === 'marked deleted' && kind === 'notes' && stream.name === 'notes';
  const data = {
    ...values,
    ...(noKey ? Object.fromEntries(Object.keys(names).map((name) => [name, null])) : names),
    ...(step !== undefined && { step }),
    ...(bad && (kind === 'accounts' ? { mrr: 'a lot' } : { note_date: 'soon' })),
    ...(marked && { _ab_cdc_deleted_at: DAY }),
  };
  return { draw, data, kind, key: noKey ? undefined : key, parent, user: userOf(draw), step };
}

interface Places {
  readonly key: string;
  readonly parent: string | undefined;
  readonly ids: ReadonlyMap<string, string>;
}

function parentKindOf(kind: Kind): Kind | undefined {
  if (kind === 'organizations' || kind === 'events') return undefined;
  return kind === 'accounts' ? 'organizations' : 'accounts';
}

function mail(key: string, { naming }: Draw): { email: string } {
  return { email: `${naming === 1 ? key.toUpperCase() : key}@x.test` };
}

/** Now and then one that never comes. */
function userOf({ stream, key, seats }: Draw): string | undefined {
  if (stream.kind !== 'links') return undefined;
  return key === 3 && seats === null ? 'u9' : `u${key}`;
}

function valuesOf(draw: Draw, { key, parent, ids }: Places): Readonly<Record<string, unknown>> {
  const { stream, whole, plan, seats, tags, naming } = draw;
  const place = parent !== undefined && naming === 2 ? (ids.get(parent) ?? parent) : parent;
  const traits = { ...(plan !== undefined && { plan }), ...(seats !== undefined && { seats }) };
  const account = place === undefined ? {} : { account_id: place };
  const tagged = tags === undefined ? {} : { tags };
  switch (stream.kind) {
    case 'organizations':
      return { ...traits, ...(whole && { name: `N${draw.parent}` }) };
    case 'accounts':
      return {
        ...traits,
        ...(whole && { name: `N${draw.parent}` }),
        ...(place !== undefined && { organization_id: place }),
      };
    case 'users':
      return {
        ...traits,
        ...(stream.by !== 'id' && mail(key, draw)),
        ...(stream.by === 'email' && stream.mode === 'upsert' && { external_id: key }),
        ...(place !== undefined && { account_ids: [place] }),
      };
    case 'links': {
      const user = userOf(draw) ?? '';
      const named = [user, mail(user, draw).email, ids.get(user) ?? user][naming];
      return { user_id: named, account_id: place };
    }
    case 'notes':
      return {
        ...traits,
        ...account,
        ...tagged,
        ...(whole && { note: `<p>N${draw.parent}</p>`, note_date: DAY }),
      };
    case 'tasks':
    case 'sites':
      return {
        ...traits,
        ...account,
        ...(stream.kind === 'tasks' && tagged),
        ...(whole && { name: `N${draw.parent}` }),
      };
    case 'events':
      return { event: 'Opened', user_id: `u${draw.parent}`, timestamp: DAY };
  }
}
