import { expect, test } from 'vitest';
import { PackedLists } from '../../../../../src/vitally/records/listed/packed-lists.ts';
import { packedRoom } from '../../../../../src/vitally/records/listed/packed-room.ts';
import { listedRule } from '../../../../../src/write/rest/compare/listed-changes.ts';

const MEBIBYTE = 2 ** 20;
const accounts = { path: '/resources/accounts' };
const users = { path: '/resources/users' };

function listsOf(room = { records: 100, bytes: 8 * MEBIBYTE }): PackedLists {
  return new PackedLists(listedRule, room);
}

test('a record is found in its own collection alone, and compared by the type of each field', () => {
  const lists = listsOf();
  lists.keep(users, {
    id: 'u',
    externalId: 'e',
    email: 'Ada@Acme.example',
    joinDate: '2026-01-01T00:00:00Z',
  });
  const found = lists.get(users, 'either', 'e');
  expect(found).toMatchObject({ id: 'u', externalId: 'e', updatedAt: undefined });
  expect(found?.compare('email', 'ada@acme.example')).toBe('same');
  expect(found?.compare('joinDate', '2026-01-01T01:00:00+01:00')).toBe('same');
  expect(found?.compare('name', 'Ada')).toBe('empty');
  expect(lists.get(accounts, 'either', 'e')).toBeUndefined();
  expect(lists.isUnsure(accounts, 'either', 'e')).toBe(false);
});

test('under `either` your own id comes first', () => {
  const lists = listsOf();
  lists.keep(users, { id: 'x' });
  lists.keep(users, { id: 'y', externalId: 'x' });
  expect(lists.get(users, 'either', 'x')).toMatchObject({ id: 'y' });
});

test.each([
  ['was written since', [{ id: 'u', externalId: 'e' }], 'u'],
  [
    'shares its name',
    [
      { id: 'u', externalId: 'e' },
      { id: 'v', externalId: 'e' },
    ],
    undefined,
  ],
  ['is archived', [{ id: 'u', externalId: 'e', archivedAt: '2026-01-01T00:00:00Z' }], undefined],
])('a record that %s is neither found nor absent', (_, records, written) => {
  const lists = listsOf();
  for (const record of records) lists.keep(users, record);
  if (written !== undefined) lists.drop(users, { id: written });
  expect(lists.get(users, 'externalId', 'e')).toBeUndefined();
  expect(lists.isUnsure(users, 'externalId', 'e')).toBe(true);
  expect(lists.isUnsure(users, 'externalId', 'other')).toBe(false);
});

test('collections share their room, and each call takes its own', () => {
  const room = { records: 2, bytes: 8 * MEBIBYTE };
  for (const lists of [listsOf(room), listsOf(room)]) {
    expect(lists.keep(users, { id: 'a' })).toBe(true);
    expect(lists.keep(accounts, { id: 'a' })).toBe(true);
    expect(lists.keep(accounts, { id: 'b' })).toBe(false);
  }
});

test('records that no object declares are not kept', () => {
  expect(listsOf().keep({ path: '/resources/unheard' }, { id: 'a' })).toBe(false);
});

test.each([
  ['much memory', 8192, 1_000_000],
  ['a heap of 2 GiB', 2048, 800_000],
  ['that of a container of 256 MiB', 168, 65_625],
  ['next to none', 4, 0],
])('%s: room for a share of it', (_, heap, records) => {
  const room = packedRoom(heap * MEBIBYTE);
  expect(room.records).toBe(records);
  expect(room.bytes).toBe((records / 1_000_000) * 320 * MEBIBYTE);
});
