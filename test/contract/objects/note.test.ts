import { expect, test } from 'vitest';
import type { Sandbox, SwitchName } from '../../../src/sandbox/index.ts';
import { record } from '../../support/messages.ts';
import { ITEM_READINGS } from '../../support/objects/item-readings.ts';
import { idOf, itemIdOf, namedIdOf, seedPlaces } from '../../support/objects/places.ts';
import { refusal, refusedBy, type Sync, syncTwice } from '../../support/objects/syncs.ts';
import { countsOf } from '../../support/output.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const NOTED = '2026-01-31T09:30:00.000Z';
const LATER = '2026-02-28T09:30:00.000Z';

/** For each mode a note that is there before, tagged and with traits. */
const OLD = ['upsert-old', 'update-old', 'by-id-old', 'append-old', 'delete-old', 'same', 'same-too'];

function seedNotes(sandbox: Sandbox): void {
  seedPlaces(sandbox);
  sandbox.seed(
    'notes',
    OLD.map((externalId) => ({
      externalId,
      accountId: 'acme',
      note: '<p>Before</p>',
      noteDate: NOTED,
      subject: 'Before',
      tags: ['kept'],
      traits: { stage: 'open', kept: true, gone: 1 },
    })),
  );
}

/** Every mode, on notes that are there and on others; parents and people in every way they can be named. */
function everyMode(sandbox: Sandbox): Sync {
  const note = '<p>After</p>';
  return {
    streams: [
      ...['upsert', 'update', 'append', 'delete'].map((mode) => ({ stream: mode, object: 'note', mode })),
      { stream: 'by_id', object: 'note', mode: 'update', match_on: 'id' },
      { stream: 'log', object: 'note', mode: 'append', keyless: true },
    ],
    rows: [
      record('upsert', { id: 'upsert-old', accountId: 'acme', note, noteDate: LATER, gone: null }),
      record('upsert', {
        id: 'upsert-new',
        accountId: idOf(sandbox, 'accounts', 'globex'),
        note: '<p onclick="x()">After</p><script>no()</script>',
        noteDate: LATER,
        author: 'Tess@team.test',
        category: 'call',
        tags: ['a', 'b'],
        stage: 'won',
      }),
      record('upsert', {
        id: 'of-organization',
        organizationId: 'holding',
        note,
        noteDate: LATER,
        authorId: namedIdOf(sandbox, 'admins', 'theo@team.test'),
        categoryId: namedIdOf(sandbox, 'noteCategories', 'Visit'),
      }),
      record('upsert', {
        id: 'same',
        accountId: 'acme',
        note: '<p>Before</p>',
        noteDate: NOTED,
        stage: 'open',
      }),
      record('update', { id: 'update-old', note, stage: null, tags: ['new'] }),
      record('update', { id: 'none', note, accountId: 'acme', noteDate: LATER }),
      record('update', { id: 'same-too', subject: 'Before' }),
      record('by_id', { id: itemIdOf(sandbox, 'notes', 'by-id-old'), subject: 'After' }),
      record('append', { id: 'append-old', accountId: 'acme', note, noteDate: LATER }),
      record('append', { id: 'append-new', accountId: 'acme', note, noteDate: LATER }),
      record('log', { accountId: 'acme', note: 'First', noteDate: NOTED }),
      record('log', { accountId: 'acme', note: 'Second', noteDate: NOTED }),
      record('delete', { id: 'delete-old' }),
      record('delete', { id: 'none' }),
    ],
  };
}

const BEFORE = {
  accountId: 'acme',
  note: '<p>Before</p>',
  noteDate: NOTED,
  subject: 'Before',
  tags: ['kept'],
  traits: { stage: 'open', kept: true, gone: 1 },
  archived: false,
};
const AFTER = { note: '<p>After</p>', noteDate: LATER };

const LEFT = {
  'upsert-old': { ...BEFORE, ...AFTER, traits: { stage: 'open', kept: true } },
  'upsert-new': {
    ...AFTER,
    accountId: 'globex',
    authorId: 'tess@team.test',
    categoryId: 'Call',
    tags: ['a', 'b'],
    traits: { stage: 'won' },
    archived: false,
  },
  'of-organization': {
    ...AFTER,
    organizationId: 'holding',
    authorId: 'theo@team.test',
    categoryId: 'Visit',
    traits: {},
    archived: false,
  },
  'update-old': {
    ...BEFORE,
    note: '<p>After</p>',
    tags: ['kept', 'new'],
    traits: { kept: true, gone: 1 },
  },
  'by-id-old': { ...BEFORE, subject: 'After' },
  'append-old': BEFORE,
  'append-new': { ...AFTER, accountId: 'acme', traits: {}, archived: false },
  'delete-old': { ...BEFORE, archived: true },
  same: BEFORE,
  'same-too': BEFORE,
};

test.each(ITEM_READINGS)(
  'notes come out the same under every reading, and once however often they are sent: $profile',
  async ({ profile }) => {
    const sandbox = await openSandbox({ profile });
    seedNotes(sandbox);
    const { counts, content } = await syncTwice(sandbox, everyMode(sandbox));
    expect(counts[0]).toEqual({
      upsert: { received: 4, created: 2, updated: 1, unchanged: 1 },
      update: { received: 3, updated: 1, unchanged: 1, skipped: 1 },
      by_id: { received: 1, updated: 1 },
      append: { received: 2, created: 1, skipped: 1 },
      log: { received: 2, created: 2 },
      delete: { received: 2, deleted: 1, skipped: 1 },
    });
    expect(counts[1]).toEqual({
      upsert: { received: 4, unchanged: 4 },
      update: { received: 3, unchanged: 2, skipped: 1 },
      by_id: { received: 1, unchanged: 1 },
      append: { received: 2, skipped: 2 },
      log: { received: 2, skipped: 2 },
      delete: { received: 2, skipped: 2 },
    });
    const logged = Object.values(content.notes ?? {}).filter(
      (note) => !String(at(note, 'note')).startsWith('<'),
    );
    expect(logged.map((note) => at(note, 'note')).sort()).toEqual(['First', 'Second']);
    expect(content.notes).toMatchObject(LEFT);
    expect(Object.keys(content.notes ?? {})).toHaveLength(Object.keys(LEFT).length + logged.length);
  },
);

test.each<{ readonly profile: readonly SwitchName[] }>([
  { profile: ['not-found-400', 'message-envelope'] },
  { profile: ['not-found-200', 'admin-search-results'] },
])(
  'a note that names what is not there is refused and says what was sought: $profile',
  async ({ profile }) => {
    const sandbox = await openSandbox({ profile });
    seedPlaces(sandbox);
    sandbox.seed('noteCategories', [{ name: 'visit' }]);
    const whole = { accountId: 'acme', note: 'Hello', noteDate: NOTED };
    const { program, refused } = await refusedBy(sandbox, {
      streams: [{ stream: 'notes', object: 'note' }],
      rows: [
        record('notes', { ...whole, id: 'account', accountId: 'nowhere' }),
        record('notes', { ...whole, id: 'vitallys', accountId: '0b7b41f4-15d2-4c7c-9d3f-2f1c4e6a8b90' }),
        record('notes', { ...whole, id: 'organization', organizationId: 'acme' }),
        record('notes', { ...whole, id: 'author', author: 'nobody@team.test' }),
        record('notes', { ...whole, id: 'author-name', author: 'Tess' }),
        record('notes', { ...whole, id: 'category', category: 'Chat' }),
        record('notes', { ...whole, id: 'categories', category: 'VISIT' }),
        record('notes', { id: 'homeless', note: 'Hello', noteDate: NOTED }),
        record('notes', { id: 'empty', accountId: 'acme', noteDate: NOTED }),
        record('notes', { ...whole, id: 'good' }),
      ],
    });
    expect(countsOf(program.summary, 'notes')).toEqual({ received: 10, created: 1, rejected: 9 });
    const unknown = 'unknown_association';
    expect(Object.fromEntries(refused)).toEqual({
      account: refusal(unknown, 'accountId', 'account "nowhere"'),
      vitallys: refusal(unknown, 'accountId', 'account "0b7b41f4-15d2-4c7c-9d3f-2f1c4e6a8b90"'),
      organization: refusal(unknown, 'organizationId', 'organization "acme"'),
      author: refusal(unknown, 'authorId', 'team member "nobody@team.test"'),
      'author-name': refusal(unknown, 'authorId', 'team member "Tess"'),
      category: refusal(unknown, 'categoryId', 'note category "Chat"'),
      categories: refusal(
        'ambiguous_association',
        'categoryId',
        namedIdOf(sandbox, 'noteCategories', 'visit'),
      ),
      homeless: refusal('missing_field', 'accountId', 'accountId or organizationId'),
      empty: refusal('missing_field', 'note', 'note'),
    });
    expect(
      sandbox
        .items('notes')
        .all()
        .map((note) => at(note, 'externalId')),
    ).toEqual(['good']);
  },
);

test('with relations replace a note keeps the tags of its row alone', async () => {
  const sandbox = await openSandbox();
  seedNotes(sandbox);
  const { counts, content } = await syncTwice(sandbox, {
    streams: [{ stream: 'notes', object: 'note', mode: 'update', relations: 'replace' }],
    rows: [
      record('notes', { id: 'same', tags: ['new'] }),
      record('notes', { id: 'same-too', tags: null }),
      record('notes', { id: 'update-old', subject: 'After' }),
    ],
  });
  expect(counts).toEqual([{ notes: { received: 3, updated: 3 } }, { notes: { received: 3, unchanged: 3 } }]);
  const tags = Object.entries(content.notes ?? {}).map(([id, note]) => [id, at(note, 'tags')]);
  expect(Object.fromEntries(tags)).toMatchObject({ same: ['new'], 'same-too': [], 'update-old': ['kept'] });
});
