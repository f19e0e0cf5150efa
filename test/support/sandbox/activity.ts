import type { Sandbox } from '../../../src/sandbox/index.ts';
import { at, idIn, seedCouple } from './client.ts';

export const NOBODY = '00000000-0000-4000-8000-000000000000';

/** What a note and a task need beside their account. */
export const NOTE = { externalId: 'n1', note: '<p>Hello</p>', noteDate: '2026-03-01T09:00:00Z' };
export const TASK = { externalId: 't1', name: 'Call back' };

/** Vitally's ids of what {@link seedWorkspace} puts in. */
export interface Workspace {
  readonly account: string;
  readonly organization: string;
  readonly user: string;
  readonly admin: string;
}

/** An organization, an account of it and a user of that; a team member; a category of notes and one of tasks. */
export function seedWorkspace(sandbox: Sandbox): Workspace {
  seedCouple(sandbox);
  sandbox.seed('admins', [{ name: 'Ada', email: 'ada@vendor.test' }]);
  sandbox.seed('noteCategories', [{ name: 'Call' }]);
  sandbox.seed('taskCategories', [{ name: 'Chore' }]);
  return {
    account: idIn(sandbox, 'accounts', 'a1'),
    organization: idIn(sandbox, 'organizations', 'o1'),
    user: idIn(sandbox, 'users', 'u1'),
    admin: String(at(sandbox.items('admins').all(), 0, 'id')),
  };
}

/** Vitally's id of the first record of a kind, or of the one with that external id. */
export function itemId(sandbox: Sandbox, kind: string, externalId?: string): string {
  const items = sandbox.items(kind);
  return String(at(externalId === undefined ? items.all()[0] : items.byExternalId(externalId), 'id'));
}

/** The external ids of the records of a list, newest first. */
export function listed(body: unknown): string[] {
  const results = at(body, 'results');
  return Array.isArray(results) ? results.map((record) => String(at(record, 'externalId'))) : [];
}
