import { expect, test } from 'vitest';
import { nearestName } from '../../../../src/config/schema/nearest-name.ts';

const KNOWN = ['sync_key', 'match_on', 'mode', 'nulls', 'if_empty', 'other_columns'];

test.each([
  { name: 'sync_kye', nearest: 'sync_key' },
  { name: 'syncKey', nearest: 'sync_key' },
  { name: 'SYNC-KEY', nearest: 'sync_key' },
  { name: 'matchon', nearest: 'match_on' },
  { name: 'modes', nearest: 'mode' },
  { name: 'null', nearest: 'nulls' },
  { name: 'other_colums', nearest: 'other_columns' },
  { name: 'rows', nearest: undefined },
  { name: 'node_module', nearest: undefined },
  { name: '', nearest: undefined },
  { name: '__proto__', nearest: undefined },
  { name: 'x'.repeat(1_000_000), nearest: undefined },
])('$name was meant for $nearest', ({ name, nearest }) => {
  expect(nearestName(name, KNOWN)).toBe(nearest);
});

test('of several, the one with the fewest mistyped characters', () => {
  expect(nearestName('relationz', ['relatione', 'relations', 'relation'])).toBe('relatione');
  expect(nearestName('sync_key', ['sync_keys', 'sync_key'])).toBe('sync_key');
});
