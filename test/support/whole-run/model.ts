import type { Row } from './rows.ts';
import type { Kind, Scenario } from './streams.ts';

/** What a row comes to, as far as the contract settles it: a row that is written may be told in several ways. */
export type Fate = 'written' | 'rejected' | 'skipped' | 'deleted';

/** A record as rows leave it. Traits and fields that hold nothing are left out. */
export interface Held {
  readonly fields: Map<string, unknown>;
  /** Whether it is the one that was there before the run: rows name it by Vitally's id. */
  readonly seeded: boolean;
}

export type World = ReadonlyMap<Kind, Map<string, Held>>;

/** Parents before what hangs off them: children wait for parents, wherever in the input these come. */
const LEVELS: readonly (readonly Kind[])[] = [
  ['organizations'],
  ['accounts'],
  ['users'],
  ['links', 'notes', 'tasks', 'sites', 'events'],
];
const NEEDED: Readonly<Record<Kind, readonly string[]>> = {
  organizations: ['name'],
  accounts: ['name'],
  users: ['accounts'],
  notes: ['note', 'note_date', 'accountId'],
  tasks: ['name', 'accountId'],
  sites: ['name', 'accountId'],
  links: [],
  events: [],
};
const COLUMNS: readonly string[] = ['name', 'note', 'note_date', 'plan', 'seats', 'step', 'email', 'tags'];

export function seededWorld(): World {
  const held = (fields: object): Held => ({ fields: new Map(Object.entries(fields)), seeded: true });
  const two = (letter: string, fields: object): Map<string, Held> =>
    new Map([0, 1].map((index) => [`${letter}${index}`, held(fields)]));
  const users = [0, 1].map((index): [string, Held] => [
    `u${index}`,
    held({ email: `u${index}@x.test`, accounts: new Set(['a0']) }),
  ]);
  return new Map<Kind, Map<string, Held>>([
    ['organizations', two('o', { name: 'Old' })],
    ['accounts', new Map([...two('a', { name: 'Old' }), ['x0', held({ name: 'Old' })]])],
    ['users', new Map(users)],
    ['notes', two('n', { note: 'Old', accountId: 'a0' })],
    ['tasks', new Map()],
    ['sites', two('s', { name: 'Old', accountId: 'a0' })],
    ['links', new Map()],
    ['events', new Map()],
  ]);
}

/** Writes the rows one by one, in the order of the input, into the world; what becomes of each. */
export function writeAll(rows: readonly Row[], world: World, scenario: Scenario): Map<Row, Fate> {
  const fates = new Map<Row, Fate>();
  for (const kinds of LEVELS) {
    for (const row of rows) if (kinds.includes(row.kind)) fates.set(row, writeOne(row, world, scenario));
  }
  return fates;
}

function table(world: World, kind: Kind): Map<string, Held> {
  const found = world.get(kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

function writeOne(row: Row, world: World, scenario: Scenario): Fate {
  const { draw, kind, key, data } = row;
  const { mode, by } = draw.stream;
  if (data._ab_cdc_deleted_at !== undefined && !scenario.deletes) return 'skipped';
  if (kind === 'links') return link(row, world);
  if (key === undefined) return 'rejected';
  const records = table(world, kind);
  const known = records.get(key);
  const found = by === 'id' && known?.seeded !== true ? undefined : known;
  if (mode === 'delete' || data._ab_cdc_deleted_at !== undefined) {
    if (found === undefined) return 'skipped';
    records.delete(key);
    return 'deleted';
  }
  if ('mrr' in data || data.note_date === 'soon') return 'rejected';
  if (mode === 'update' && found === undefined) return 'skipped';
  if (mode === 'append' && found !== undefined) return kind === 'events' ? 'written' : 'skipped';
  if (!hasParent(row, world)) return 'rejected';
  const fields = fieldsOf(row);
  if (found === undefined && NEEDED[kind].some((name) => (fields.get(name) ?? null) === null))
    return 'rejected';
  records.set(key, { fields: merged(found?.fields, fields, row, scenario), seeded: found?.seeded ?? false });
  return 'written';
}

function hasParent({ kind, parent }: Row, world: World): boolean {
  if (parent === undefined) return true;
  return table(world, kind === 'accounts' ? 'organizations' : 'accounts').has(parent);
}

function link({ user: name, parent }: Row, world: World): Fate {
  const user = name === undefined ? undefined : table(world, 'users').get(name);
  if (user === undefined || parent === undefined || !table(world, 'accounts').has(parent)) return 'rejected';
  user.fields.set('accounts', new Set([...accountsOf(user.fields), parent]));
  return 'written';
}

function accountsOf(fields: ReadonlyMap<string, unknown>): string[] {
  return [...((fields.get('accounts') as Set<string> | undefined) ?? [])];
}

function fieldsOf({ data, parent, kind }: Row): Map<string, unknown> {
  const fields = new Map(Object.entries(data).filter(([name]) => COLUMNS.includes(name)));
  if (typeof data.email === 'string') fields.set('email', data.email.toLowerCase());
  if (parent !== undefined) {
    if (kind === 'users') fields.set('accounts', new Set([parent]));
    else fields.set(kind === 'accounts' ? 'organization' : 'accountId', parent);
  }
  return fields;
}

function merged(
  before: ReadonlyMap<string, unknown> | undefined,
  row: ReadonlyMap<string, unknown>,
  { kind, draw }: Row,
  { replace, ifEmpty, keepNulls }: Scenario,
): Map<string, unknown> {
  const result = new Map(before);
  const isIfEmpty = ifEmpty && draw.stream.name === 'accounts_rest';
  for (const [name, value] of row) {
    const held = before?.get(name);
    if (name === 'plan' && isIfEmpty && held !== undefined) continue;
    if (value === null) {
      if (!(keepNulls && kind === 'users')) result.delete(name);
    } else if (name === 'accounts' && !replace)
      result.set(name, new Set([...accountsOf(result), ...accountsOf(row)]));
    else if (name === 'tags' && !replace)
      result.set(name, [...new Set([...((held as string[] | undefined) ?? []), ...(value as string[])])]);
    else result.set(name, value);
  }
  return result;
}

/** The world in the form of a sandbox's snapshot, what no row says left out. */
export function contentOf(world: World): Record<string, Record<string, object>> {
  const kinds = [...world].filter(([kind]) => kind !== 'links' && kind !== 'events');
  return Object.fromEntries(
    kinds.map(([kind, records]) => [
      kind,
      Object.fromEntries([...records].sort().map(([key, { fields }]) => [key, shown(fields)])),
    ]),
  );
}

function shown(fields: ReadonlyMap<string, unknown>): object {
  const kept = [...fields].filter(([name, value]) => name !== 'note_date' && value !== null);
  return Object.fromEntries(
    kept.sort().map(([name, value]) => [name, value instanceof Set ? [...value].sort() : tagsSorted(value)]),
  );
}

function tagsSorted(value: unknown): unknown {
  return Array.isArray(value) ? value.toSorted() : value;
}
