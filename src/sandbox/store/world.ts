import type { JsonObject } from '../json.ts';
import { EventStore } from './event-store.ts';
import { MultiMap } from './multi-map.ts';
import type { Account, Organization, User } from './records.ts';
import { Table } from './table.ts';

/** Everything that the sandbox holds. Links between records are by Vitally's ids, each with its way back. */
export class World {
  readonly organizations: Table<Organization>;
  readonly accounts: Table<Account>;
  readonly users: Table<User>;
  readonly events = new EventStore();
  /** Team members and trait definitions: read-only over the APIs, put in by `seed`. */
  readonly admins: JsonObject[] = [];
  readonly customFields: JsonObject[] = [];

  readonly accountsOfOrganization = new MultiMap<Account>();
  readonly usersOfOrganization = new MultiMap<User>();
  readonly usersOfAccount = new MultiMap<User>();
  readonly usersByEmail = new MultiMap<User>();
  readonly usersByEmailDomain = new MultiMap<User>();

  constructor(now: () => number) {
    this.organizations = new Table(now);
    this.accounts = new Table(now);
    this.users = new Table(now);
  }
}
