import { accountContent, organizationContent, userContent } from '../control/snapshot.ts';
import { itemContent, itemKey } from '../control/snapshot-items.ts';
import { field, isObject, type JsonObject } from '../json.ts';
import { ITEM_KINDS, type Item, type Keyed, type Stored } from '../store/records.ts';
import type { Table } from '../store/table.ts';
import type { World } from '../store/world.ts';

/** The records of one kind as the page shows them. */
export interface Kind {
  /** Its part of an address: `accounts`, `noteCategories`, `instances.site`. */
  readonly slug: string;
  /** What its outcomes are counted under. */
  readonly counted: string;
  /** As in `note categories`. */
  readonly title: string;
  readonly size: number;
  /** In the order of their creation. */
  records(): IteratorObject<Shown>;
  /** By Vitally's id. */
  byId(id: string): Shown | undefined;
  /** By your own id. */
  byKey(key: string): Shown | undefined;
}

/** A record with what tells it from others. */
export interface Shown {
  readonly kind: Kind;
  readonly record: Stored;
  /** Its external id, else what else names it. */
  readonly key: string;
  /** Fields without associations by Vitally's ids: those have labels. */
  content(): JsonObject;
}

/** Organizations, accounts, users, and the kinds of which there are records. */
export function kindsOf(world: World): Kind[] {
  const labels = { get: (id: string) => labelOf(world, id), has: (id: string) => isKnown(world, id) };
  const items = ITEM_KINDS.map((slug) =>
    kind(
      { slug, counted: slug, title: spaced(slug) },
      world.items(slug),
      (item) => itemKey(item, labels),
      (item) => itemContent(item, labels),
    ),
  );
  const instances = [...world.instances].map(([id, table]) => {
    const name = customObjectName(world, id);
    return kind(
      { slug: `instances.${name}`, counted: 'instances', title: `instances of ${name}` },
      table,
      (item) => itemKey(item, labels),
      (item) => itemContent(item, labels),
    );
  });
  return [...people(world), ...[...items, ...instances].filter(({ size }) => size > 0)];
}

function people(world: World): Kind[] {
  const key = ({ externalId }: Keyed) => externalId;
  const named = (slug: string) => ({ slug, counted: slug, title: slug });
  return [
    kind(named('organizations'), world.organizations, key, organizationContent),
    kind(named('accounts'), world.accounts, key, (account) => accountContent(world, account)),
    kind(named('users'), world.users, key, (user) => userContent(world, user)),
  ];
}

function kind<R extends Stored>(
  names: Pick<Kind, 'slug' | 'counted' | 'title'>,
  table: Table<R>,
  key: (record: R) => string,
  content: (record: R) => JsonObject,
): Kind {
  const made: Kind = {
    ...names,
    size: table.size,
    records: () => table.all().map(shown),
    byId(id) {
      const record = table.byId(id);
      return record === undefined ? undefined : shown(record);
    },
    byKey(key) {
      const record = table.byExternalId(key);
      return record === undefined ? undefined : shown(record);
    },
  };
  return made;

  function shown(record: R): Shown {
    return { kind: made, record, key: key(record), content: () => content(record) };
  }
}

/** The record that has this id of Vitally's, whatever its kind. */
export function locate(kinds: readonly Kind[], id: string): Shown | undefined {
  for (const one of kinds) {
    const found = one.byId(id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The address of a record's own page. */
export function addressOf({ kind, record }: Shown): string {
  return `/records/${encodeURIComponent(kind.slug)}/${encodeURIComponent(record.id)}`;
}

/** Fields and traits as one flat list for a table; what is empty is left out. */
export function filledFields(content: JsonObject): [string, unknown][] {
  const { traits, ...fields } = content;
  return [...Object.entries(fields), ...(isObject(traits) ? Object.entries(traits) : [])].filter(
    ([, value]) => !isEmpty(value),
  );
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || value === false || (Array.isArray(value) && value.length === 0);
}

/** What a reader calls a record, besides its key. */
export function nameIn(content: JsonObject): string | undefined {
  const found = ['name', 'subject', 'title', 'email']
    .map((name) => field(content, name))
    .find((value) => typeof value === 'string' && value !== '');
  return typeof found === 'string' ? found : undefined;
}

function labelOf(world: World, id: string): string | undefined {
  const person = [world.organizations, world.accounts, world.users].find(
    (table) => table.byId(id) !== undefined,
  );
  if (person !== undefined) return person.byId(id)?.externalId ?? undefined;
  const item = itemOf(world, id);
  if (item === undefined) return undefined;
  const texts = [item.externalId, item.fields.get('email'), item.fields.get('name')];
  return texts.find((text) => typeof text === 'string') ?? id;
}

function isKnown(world: World, id: string): boolean {
  return labelOf(world, id) !== undefined;
}

function itemOf(world: World, id: string): Item | undefined {
  for (const slug of ITEM_KINDS) {
    const item = world.items(slug).byId(id);
    if (item !== undefined) return item;
  }
  return undefined;
}

function customObjectName(world: World, id: string): string {
  const name = world.items('customObjects').byId(id)?.fields.get('name');
  return typeof name === 'string' ? name : id;
}

/** `noteCategories` as `note categories`. */
export function spaced(slug: string): string {
  return slug === 'npsResponses'
    ? 'NPS responses'
    : slug.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
