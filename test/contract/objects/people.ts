import type { Sandbox } from '../../../src/sandbox/index.ts';
import { idIn } from '../../sandbox/client.ts';

export const ADA = 'ada@vendor.test';

/** An account with two users, another one with none, and a team member. */
export function seedPeople(sandbox: Sandbox): void {
  sandbox.seed('admins', [
    { name: 'Ada', email: ADA },
    { name: 'Bo', email: 'bo@vendor.test' },
  ]);
  sandbox.seed('organizations', [{ externalId: 'o1', name: 'Org' }]);
  sandbox.seed('accounts', [
    { externalId: 'a1', name: 'Acme', organizationId: 'o1' },
    { externalId: 'a2', name: 'Bolt' },
  ]);
  sandbox.seed('users', [
    { externalId: 'u1', email: 'Ann@acme.test', accountIds: ['a1'] },
    { externalId: 'u2', accountIds: ['a1'] },
  ]);
}

/** One user, named in every way that a row may name one. */
export const WAYS_TO_NAME_A_USER: readonly { readonly way: string; name(sandbox: Sandbox): string }[] = [
  { way: 'own id', name: () => 'u1' },
  { way: "Vitally's id", name: (sandbox) => idIn(sandbox, 'users', 'u1') },
  { way: 'e-mail in another case', name: () => 'ANN@acme.test' },
];
