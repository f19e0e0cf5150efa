import type { JsonObject, JsonValue } from '../../src/json/json.ts';
import type { Route, Write } from '../../src/mapping/route.ts';
import { InFlightWrites } from '../../src/write/in-flight-writes.ts';
import { AccountUnlinker } from '../../src/write/memberships/account-unlinker.ts';
import type { WriteContext } from '../../src/write/rest/context.ts';
import { LostAnswers } from '../../src/write/rest/lost-answers.ts';
import type { Result } from '../../src/write/result.ts';
import { associationsOver, type Script } from './scripted.ts';
import { openWorkspace, type Workspace, type WorkspaceOptions } from './workspace.ts';

/** What Vitally's documents leave open and matters to conversations, messages, meetings and transcripts. */
export const READINGS = [
  [],
  ['activity-post-refuses-duplicate'],
  ['activity-post-duplicates'],
  ['conversation-path-external-id'],
  ['conversation-put-needs-subject'],
  ['admin-search-results'],
  ['not-found-200', 'no-created-at'],
  ['not-found-400', 'post-answers-201'],
  ['meeting-accounts-empty', 'lists-show-archived'],
].map((profile) => ({ profile, name: profile.join(' + ') || 'as documented' }));

export const ANN = { externalId: 'u-1', name: 'Ann', email: 'ann@acme.com' };
export const BEN = { externalId: 'u-2', name: 'Ben', email: 'ben@acme.com' };
export const CSM = { name: 'Cleo', email: 'csm@us.com' };

export interface Talks extends Workspace {
  /** Vitally's ids. */
  readonly ann: string;
  readonly ben: string;
  readonly csm: string;
  /** A record of a kind as Vitally shows it. */
  shown(kind: string, externalId: string): JsonObject;
  vitallyId(kind: string, externalId: string): string;
  /** Writes rows together and gives their outcomes in a word each. */
  outcomes(route: Route, ...writes: readonly Write[]): Promise<string[]>;
  refusal(route: Route, write: Write): Promise<Extract<Result['outcome'], { kind: 'rejected' }>['error']>;
}

/** A workspace with an account, two users of it, and a team member. */
export async function openTalks(options: WorkspaceOptions = {}): Promise<Talks> {
  const workspace = await openWorkspace(options);
  const { sandbox, seed, connection, idOf, write } = workspace;
  seed('accounts', { externalId: 'a-1', name: 'Acme' });
  seed(
    'users',
    { ...ANN, accountIds: [idOf('accounts', 'a-1')] },
    { ...BEN, accountIds: [idOf('accounts', 'a-1')] },
  );
  seed('admins', CSM);
  const shown = (kind: string, externalId: string): JsonObject => {
    const record = sandbox.items(kind).byExternalId(externalId);
    if (record === undefined) throw new Error(`no ${kind} ${externalId}`);
    return record;
  };
  return {
    ...workspace,
    ann: idOf('users', 'u-1'),
    ben: idOf('users', 'u-2'),
    csm: String(sandbox.items('admins').all()[0]?.id),
    shown,
    vitallyId: (kind, externalId) => String(shown(kind, externalId).id),
    async outcomes(route, ...writes) {
      const results = await connection.writer.writeGroup(route, writes);
      return results.map(({ outcome }) => (outcome.kind === 'rejected' ? outcome.error.code : outcome.kind));
    },
    async refusal(route, row) {
      const { outcome } = await write(route, row);
      if (outcome.kind !== 'rejected') throw new Error(`not rejected but ${outcome.kind}`);
      return outcome.error;
    },
  };
}

/** A seeded message from Ann to the team member. */
export function messageFrom(externalId: string, more: JsonObject = {}): JsonObject {
  return {
    externalId,
    message: `<p>${externalId}</p>`,
    from: { type: 'user', id: 'u-1' },
    to: [{ type: 'admin', id: CSM.email }],
    timestamp: '2026-01-01T10:00:00.000Z',
    ...more,
  };
}

/** The fields of a message row, people as the mapping leaves them. */
export function messageFields(conversationId: string, more: Record<string, JsonValue> = {}): JsonObject {
  return {
    conversationId,
    message: '<p>Hello</p>',
    from: { id: 'u-1' },
    to: [{ id: CSM.email }],
    ...more,
  };
}

/** What a writer needs, answered by a script. */
export function contextOver(script: Script): WriteContext {
  return {
    ...associationsOver(script.send),
    inFlight: new InFlightWrites(),
    read: script.send,
    commit: script.send,
    lostAnswers: new LostAnswers(),
    skipUnchanged: true,
    lookFirst: false,
    now: Date.now,
    beforeDelete: async () => () => {},
    sleep: async () => {},
    unlinker: new AccountUnlinker(undefined),
  };
}
