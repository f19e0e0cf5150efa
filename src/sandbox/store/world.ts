import type { JsonObject } from '../json.ts';
import { EventStore } from './event-store.ts';
import { Journal } from './journal.ts';
import { MultiMap } from './multi-map.ts';
import type { Account, Item, ItemKind, Organization, TraitOwner, User } from './records.ts';
import { Table } from './table.ts';

/** Kinds of items whose traits `customFields` lists (vitally-api.md, "Traits"). */
const WITH_TRAITS: ReadonlySet<ItemKind> = new Set(['notes', 'tasks', 'projects', 'conversations']);

/** All records of the sandbox. A link between records has Vitally's id of the other one, in both directions. */
export class World {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly journal = new Journal();
  readonly organizations: Table<Organization>;
  readonly accounts: Table<Account>;
  readonly users: Table<User>;
  readonly events = new EventStore();
  /** Trait definitions: read-only over the APIs, put in by `seed`. */
  readonly customFields: JsonObject[] = [];
  /** Traits that were written, by model, custom object and path. */
  readonly writtenTraits = new Map<string, JsonObject>();
  /** The object whose traits the items of a table have. */
  readonly traitOwners = new Map<Table<Item>, TraitOwner>();
  /** By Vitally's id of their custom object, because external ids are unique only within one. */
  readonly instances = new Map<string, Table<Item>>();
  /** Items by every id in a field of theirs whose name ends in `Id`. */
  readonly itemsByReference = new MultiMap<Item>();
  /** Requests that would have erased a whole collection. */
  collectionDeletes = 0;
  readonly #items = new Map<ItemKind, Table<Item>>();
  readonly #kinds = new Map<Table<Item>, ItemKind>();

  readonly accountsOfOrganization = new MultiMap<Account>();
  readonly usersOfOrganization = new MultiMap<User>();
  readonly usersOfAccount = new MultiMap<User>();
  readonly usersByEmail = new MultiMap<User>();
  readonly usersByEmailDomain = new MultiMap<User>();
  /** The conversations that a user was ever in a message of; none is taken back. */
  readonly conversationsOfUser = new MultiMap<Item>();

  constructor(now: () => number) {
    this.now = now;
    this.organizations = new Table(now);
    this.accounts = new Table(now);
    this.users = new Table(now);
  }

  items(kind: ItemKind): Table<Item> {
    const known = this.#items.get(kind);
    if (known !== undefined) return known;
    const made = new Table<Item>(this.now);
    if (WITH_TRAITS.has(kind)) this.traitOwners.set(made, { model: kind });
    this.#items.set(kind, made);
    this.#kinds.set(made, kind);
    return made;
  }

  kindOf(table: Table<Item>): ItemKind | 'instances' {
    return this.#kinds.get(table) ?? 'instances';
  }

  instancesOf(customObjectId: string): Table<Item> {
    const known = this.instances.get(customObjectId);
    if (known !== undefined) return known;
    const made = new Table<Item>(this.now);
    this.traitOwners.set(made, { model: 'customObjects', customObjectId });
    this.instances.set(customObjectId, made);
    return made;
  }

  /** Empties it. The tables stay the same objects, since others hold them. */
  clear(): void {
    const tables = [this.organizations, this.accounts, this.users, ...this.#items.values()];
    for (const table of tables) table.clear();
    for (const table of this.instances.values()) this.traitOwners.delete(table);
    const links = [
      this.itemsByReference,
      this.accountsOfOrganization,
      this.usersOfOrganization,
      this.usersOfAccount,
      this.usersByEmail,
      this.usersByEmailDomain,
      this.conversationsOfUser,
    ];
    for (const map of links) map.clear();
    this.events.clear();
    this.customFields.length = 0;
    this.writtenTraits.clear();
    this.instances.clear();
    this.collectionDeletes = 0;
  }
}
