import { expect, test } from 'vitest';
import type { Sandbox, SwitchName } from '../../../src/sandbox/index.ts';
import { record } from '../../support/messages.ts';
import { idOf, itemIdOf, seedPlaces } from '../../support/objects/places.ts';
import { refusal, refusedBy, type Sync, syncTwice } from '../../support/objects/syncs.ts';
import { countsOf } from '../../support/output.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const ASKED = '2026-01-31T09:30:00.000Z';
const LATER = '2026-02-28T09:30:00.000Z';

const OLD = ['upsert-old', 'update-old', 'by-id-old', 'append-old', 'delete-old', 'same', 'same-too'];

function seedResponses(sandbox: Sandbox): void {
  seedPlaces(sandbox);
  sandbox.seed(
    'npsResponses',
    OLD.map((externalId) => ({ externalId, userId: 'ann', respondedAt: ASKED, score: 3, feedback: 'Slow' })),
  );
}

/** Every mode, on responses that are there and on others; users in every way they can be named. */
function everyMode(sandbox: Sandbox): Sync {
  const modes = ['upsert', 'update', 'append', 'delete'];
  return {
    streams: [
      ...modes.map((mode) => ({ stream: mode, object: 'nps_response', mode })),
      { stream: 'by_id', object: 'nps_response', mode: 'update', match_on: 'id' },
      { stream: 'log', object: 'nps_response', mode: 'append', keyless: true },
    ],
    rows: [
      record('upsert', { id: 'upsert-old', userId: 'ann', respondedAt: LATER, score: '9', feedback: null }),
      record('upsert', { id: 'own', user: 'bob', respondedAt: LATER, score: 0, feedback: 'No <b>HTML</b>' }),
      record('upsert', {
        id: 'vitallys',
        userId: idOf(sandbox, 'users', 'cid'),
        respondedAt: LATER,
        score: 10,
      }),
      record('upsert', { id: 'email', userEmail: 'Ann@ACME.test', respondedAt: LATER, score: 7.0 }),
      record('upsert', { id: 'same', userId: 'ann', respondedAt: ASKED, score: 3, feedback: 'Slow' }),
      // A PUT wants user, time and score again: what the row leaves out is kept.
      record('update', { id: 'update-old', feedback: 'Better' }),
      record('update', { id: 'none', userId: 'ann', respondedAt: LATER, score: 1 }),
      record('update', { id: 'same-too', score: 3 }),
      record('by_id', { id: itemIdOf(sandbox, 'npsResponses', 'by-id-old'), userId: 'bob' }),
      record('append', { id: 'append-old', userId: 'ann', respondedAt: LATER, score: 1 }),
      record('append', { id: 'append-new', userId: 'ann', respondedAt: LATER, score: 1 }),
      record('log', { userId: 'bob', respondedAt: LATER, score: 5 }),
      record('log', { userId: 'bob', respondedAt: LATER, score: 6 }),
      record('delete', { id: 'delete-old' }),
      record('delete', { id: 'none' }),
    ],
  };
}

const BEFORE = { userId: 'ann', respondedAt: ASKED, score: 3, feedback: 'Slow' };

const LEFT = {
  'upsert-old': { userId: 'ann', respondedAt: LATER, score: 9 },
  own: { userId: 'bob', respondedAt: LATER, score: 0, feedback: 'No <b>HTML</b>' },
  vitallys: { userId: 'cid', respondedAt: LATER, score: 10 },
  email: { userId: 'ann', respondedAt: LATER, score: 7 },
  'update-old': { ...BEFORE, feedback: 'Better' },
  'by-id-old': { ...BEFORE, userId: 'bob' },
  'append-old': BEFORE,
  'append-new': { userId: 'ann', respondedAt: LATER, score: 1 },
  same: BEFORE,
  'same-too': BEFORE,
};

const REST = {
  update: { received: 3, updated: 1, unchanged: 1, skipped: 1 },
  by_id: { received: 1, updated: 1 },
  append: { received: 2, created: 1, skipped: 1 },
  log: { received: 2, created: 2 },
  delete: { received: 2, deleted: 1, skipped: 1 },
};
const REST_AGAIN = {
  update: { received: 3, unchanged: 2, skipped: 1 },
  by_id: { received: 1, unchanged: 1 },
  append: { received: 2, skipped: 2 },
  log: { received: 2, skipped: 2 },
  delete: { received: 2, skipped: 2 },
};

test.each<{ readonly profile: readonly SwitchName[] }>([
  { profile: [] },
  { profile: ['activity-post-refuses-duplicate'] },
  { profile: ['activity-post-refuses-duplicate', 'not-found-400', 'message-envelope'] },
  { profile: ['activity-post-duplicates', 'not-found-200', 'post-answers-201'] },
  { profile: ['unknown-parent-accepted', 'empty-page', 'no-at-end', 'page-limit-400'] },
])(
  'responses come out the same under every reading, and once however often they are sent: $profile',
  async ({ profile }) => {
    const sandbox = await openSandbox({ profile });
    seedResponses(sandbox);
    const { counts, content } = await syncTwice(sandbox, everyMode(sandbox));
    // POST is a documented upsert, so that nobody looks first; where it refuses what is there, that is learned.
    const looksFirst = profile.includes('activity-post-refuses-duplicate');
    expect(counts).toEqual([
      {
        ...REST,
        // Whether the row that changes nothing is written depends on whether a list was read before its turn.
        upsert: looksFirst
          ? { received: 5, created: 3, updated: 1, unchanged: 1 }
          : expect.objectContaining({ received: 5, created: 3 }),
      },
      {
        ...REST_AGAIN,
        upsert: looksFirst ? { received: 5, unchanged: 5 } : expect.objectContaining({ received: 5 }),
      },
    ]);
    const logged = Object.values(content.npsResponses ?? {}).filter((one) =>
      [5, 6].includes(Number(at(one, 'score'))),
    );
    expect(logged).toMatchObject([{ userId: 'bob' }, { userId: 'bob' }]);
    expect(content.npsResponses).toMatchObject(LEFT);
    expect(Object.keys(content.npsResponses ?? {})).toHaveLength(Object.keys(LEFT).length + logged.length);
  },
);

test.each<{ readonly profile: readonly SwitchName[] }>([
  { profile: ['not-found-400', 'message-envelope'] },
  { profile: ['not-found-200'] },
])(
  'a response of nobody, or of several, is refused and says who was sought: $profile',
  async ({ profile }) => {
    const sandbox = await openSandbox({ profile });
    seedPlaces(sandbox);
    sandbox.seed('users', [{ externalId: 'ann-too', email: 'ann@acme.test', accountIds: ['globex'] }]);
    const whole = { userId: 'ann', respondedAt: ASKED, score: 5 };
    const { program, refused } = await refusedBy(sandbox, {
      streams: [{ stream: 'nps', object: 'nps_response' }],
      rows: [
        record('nps', { ...whole, id: 'user', userId: 'nobody' }),
        record('nps', { ...whole, id: 'email', userId: 'nobody@acme.test' }),
        record('nps', { ...whole, id: 'emails', userId: 'ANN@acme.test' }),
        record('nps', { ...whole, id: 'team', userId: 'tess@team.test' }),
        record('nps', { ...whole, id: 'high', score: 11 }),
        record('nps', { ...whole, id: 'half', score: 7.5 }),
        record('nps', { id: 'undated', userId: 'ann', score: 5 }),
        record('nps', { ...whole, id: 'good' }),
      ],
    });
    expect(countsOf(program.summary, 'nps')).toEqual({ received: 8, created: 1, rejected: 7 });
    const unknown = 'unknown_association';
    expect(Object.fromEntries(refused)).toEqual({
      user: refusal(unknown, 'userId', 'user "nobody"'),
      email: refusal(unknown, 'userId', 'user "nobody@acme.test"'),
      emails: refusal('ambiguous_association', 'userId', idOf(sandbox, 'users', 'ann-too')),
      team: refusal(unknown, 'userId', 'user "tess@team.test"'),
      high: refusal('bad_value', 'score', '10'),
      half: refusal('bad_value', 'score', 'whole number'),
      undated: refusal('missing_field', 'respondedAt', 'respondedAt'),
    });
    expect(sandbox.items('npsResponses').size).toBe(1);
  },
);
