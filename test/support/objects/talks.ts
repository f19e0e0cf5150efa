import type { Sandbox } from '../../../src/sandbox/index.ts';
import { idOf, seedPlaces } from './places.ts';

export const TESS = 'tess@team.test';
export const KEPT = { kept: true, gone: 1 };
/** A shape of id that nobody has. */
export const NOBODY = '00000000-0000-4000-8000-000000000000';

/** Every way in which a row may name the user Ann. */
export function waysToNameAnn(sandbox: Sandbox): unknown[] {
  const id = idOf(sandbox, 'users', 'ann');
  return ['ann', id, 'ANN@acme.test', { type: 'user', id: 'ann' }, { type: 'user', id }];
}

/** Who says what to whom, as a message shows it. */
export function said(message: string, from: string, ...to: readonly string[]): object {
  const person = (id: string) => ({ type: id === TESS ? 'admin' : 'user', id });
  return { message, from: person(from), to: to.map(person) };
}

/** For each of the names a conversation `<name>-old` with one message `<name>-1`. */
export function seedConversations(sandbox: Sandbox, names: readonly string[]): void {
  seedPlaces(sandbox);
  sandbox.seed(
    'conversations',
    names.map((name) => ({
      externalId: `${name}-old`,
      subject: 'Before',
      messages: [{ externalId: `${name}-1`, ...said('<p>First</p>', 'ann', TESS) }],
      traits: KEPT,
    })),
  );
}
