import { expect, test } from 'vitest';
import type { SwitchName } from '../../../src/sandbox/index.ts';
import { at } from '../../sandbox/client.ts';
import { record } from '../messages.ts';
import { sandboxFor } from '../sandboxes.ts';
import { seedPlaces } from './places.ts';
import { syncTwice } from './syncs.ts';

const NOTED = '2026-01-31T09:30:00.000Z';
const BEFORE = { note: { note: 'Before', noteDate: NOTED }, task: { name: 'Before' } };
const AFTER = { note: { note: 'After', noteDate: NOTED }, task: { name: 'After' } };

const READINGS: readonly (readonly SwitchName[])[] = [
  [],
  ['activity-post-refuses-duplicate'],
  ['activity-post-duplicates'],
];

test.each(READINGS.flatMap((profile) => (['note', 'task'] as const).map((object) => ({ object, profile }))))(
  'a $object that another account has is moved by upsert and update, left alone by append, never copied: $profile',
  async ({ object, profile }) => {
    const sandbox = await sandboxFor({ profile });
    seedPlaces(sandbox);
    const kind = `${object}s` as const;
    const modes = ['upsert', 'update', 'append'];
    sandbox.seed(
      kind,
      modes.map((externalId) => ({ externalId, accountId: 'acme', ...BEFORE[object] })),
    );
    const { counts, content } = await syncTwice(sandbox, {
      streams: modes.map((mode) => ({ stream: mode, object, mode })),
      rows: modes.map((mode) => record(mode, { id: mode, accountId: 'globex', ...AFTER[object] })),
    });
    expect(counts).toEqual([
      {
        upsert: { received: 1, updated: 1 },
        update: { received: 1, updated: 1 },
        append: { received: 1, skipped: 1 },
      },
      {
        upsert: { received: 1, unchanged: 1 },
        update: { received: 1, unchanged: 1 },
        append: { received: 1, skipped: 1 },
      },
    ]);
    const accounts = Object.entries(content[kind] ?? {}).map(([id, item]) => [id, at(item, 'accountId')]);
    expect(Object.fromEntries(accounts)).toEqual({ upsert: 'globex', update: 'globex', append: 'acme' });
  },
);
