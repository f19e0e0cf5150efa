import type { Sandbox } from '../../../src/sandbox/index.ts';
import { at } from '../sandbox/client.ts';

/** Kinds with an id of Vitally's to ask for. */
export type PlaceKind = 'organizations' | 'accounts' | 'users';

/** What activity hangs off: accounts of an organization, users, team members, categories and a custom object. */
export function seedPlaces(sandbox: Sandbox): void {
  sandbox.seed('organizations', [
    { externalId: 'holding', name: 'Holding' },
    { externalId: 'other-holding', name: 'Other holding' },
  ]);
  sandbox.seed('accounts', [
    { externalId: 'acme', name: 'Acme', organizationId: 'holding' },
    { externalId: 'globex', name: 'Globex' },
    { externalId: 'initech', name: 'Initech' },
  ]);
  sandbox.seed('users', [
    { externalId: 'ann', name: 'Ann', email: 'ann@acme.test', accountIds: ['acme'] },
    { externalId: 'bob', name: 'Bob', email: 'bob@globex.test', accountIds: ['globex'] },
    { externalId: 'cid', name: 'Cid', email: 'cid@holding.test', organizationIds: ['holding'] },
  ]);
  sandbox.seed('admins', [
    { name: 'Tess', email: 'tess@team.test' },
    { name: 'Theo', email: 'theo@team.test' },
  ]);
  sandbox.seed('noteCategories', [{ name: 'Call' }, { name: 'Visit' }]);
  sandbox.seed('taskCategories', [{ name: 'Renewal' }, { name: 'Visit' }]);
  sandbox.seed('customObjects', [{ name: 'site', label: 'Site', writeMode: 'writable' }]);
}

/** Vitally's id of a record that is there, by its external id. */
export function idOf(sandbox: Sandbox, kind: PlaceKind, externalId: string): string {
  return idFrom(sandbox[kind].byExternalId(externalId));
}

/** Vitally's id of a note, task and so on, by its external id. */
export function itemIdOf(sandbox: Sandbox, kind: string, externalId: string): string {
  return idFrom(sandbox.items(kind).byExternalId(externalId));
}

/** Vitally's id of what a name or an e-mail tells apart, a category or a team member. */
export function namedIdOf(sandbox: Sandbox, kind: string, name: string): string {
  const items = sandbox.items(kind).all();
  return idFrom(items.find((item) => at(item, 'name') === name || at(item, 'email') === name));
}

function idFrom(record: unknown): string {
  const id = at(record, 'id');
  if (typeof id !== 'string') throw new Error('there is no such record');
  return id;
}
