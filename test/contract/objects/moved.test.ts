import { expect, test } from 'vitest';
import type { SwitchName } from '../../../src/sandbox/index.ts';
import { record } from '../../support/messages.ts';
import { seedPlaces } from '../../support/objects/places.ts';
import { syncTwice } from '../../support/objects/syncs.ts';
import { at } from '../../support/sandbox/client.ts';
import { openSandbox } from '../../support/sandboxes.ts';

const NOTED = '2026-01-31T09:30:00.000Z';
const OBJECTS = ['note', 'task'] as const;
const MODES = ['upsert', 'update', 'append'];

/** What a note or task needs, whose text is this. */
function bodyOf(object: (typeof OBJECTS)[number], text: string): Readonly<Record<string, string>> {
  return object === 'note' ? { note: text, noteDate: NOTED } : { name: text };
}

test.each<{ readonly profile: readonly SwitchName[] }>([
  { profile: [] },
  { profile: ['activity-post-refuses-duplicate'] },
  { profile: ['activity-post-duplicates'] },
])(
  'what another account has is moved by upsert and update, left alone by append, never copied: $profile',
  async ({ profile }) => {
    const sandbox = await openSandbox({ profile });
    seedPlaces(sandbox);
    for (const object of OBJECTS) {
      const old = MODES.map((externalId) => ({ externalId, accountId: 'acme', ...bodyOf(object, 'Before') }));
      sandbox.seed(`${object}s`, old);
    }
    const streams = OBJECTS.flatMap((object) =>
      MODES.map((mode) => ({ stream: `${object}_${mode}`, object, mode })),
    );
    const { counts, content } = await syncTwice(sandbox, {
      streams,
      rows: streams.map(({ stream, object, mode }) =>
        record(stream, { id: mode, accountId: 'globex', ...bodyOf(object, 'After') }),
      ),
    });
    const outcomes = (kind: string) =>
      Object.fromEntries(
        streams.map(({ stream, mode }) => [
          stream,
          { received: 1, [mode === 'append' ? 'skipped' : kind]: 1 },
        ]),
      );
    expect(counts).toEqual([outcomes('updated'), outcomes('unchanged')]);
    for (const kind of ['notes', 'tasks'] as const) {
      const accounts = Object.entries(content[kind] ?? {}).map(([id, item]) => [id, at(item, 'accountId')]);
      expect(Object.fromEntries(accounts)).toEqual({ upsert: 'globex', update: 'globex', append: 'acme' });
    }
  },
);
