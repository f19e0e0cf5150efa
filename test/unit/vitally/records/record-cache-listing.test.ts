import { expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/json/json.ts';
import type { Answer, VitallyRequest } from '../../../../src/vitally/http/answer.ts';
import { type Collection, RecordCache } from '../../../../src/vitally/records/record-cache.ts';
import { no, ok } from '../../../support/scripted.ts';

const ACCOUNTS: Collection = { path: '/resources/accounts', listFilter: 'status=activeOrChurned' };
const LIST = '/resources/accounts?limit=100&sortBy=createdAt&status=activeOrChurned';

function accountOf(index: number, extra: JsonObject = {}): JsonObject {
  return { id: `v-${index}`, externalId: `a-${index}`, name: `Account ${index}`, ...extra };
}

/** So many accounts behind single reads and a list of pages of 100. */
function workspaceOf(size: number, options: { listed?: boolean; show?: (index: number) => JsonObject } = {}) {
  const { listed = true, show = accountOf } = options;
  const asked: string[] = [];
  const send = async ({ path }: VitallyRequest): Promise<Answer> => {
    asked.push(path);
    const query = /^\/resources\/accounts\?.*?(?:&from=(\d+))?$/.exec(path);
    if (query !== null) {
      if (!listed) return no('refused', 'no');
      const from = Number(query[1] ?? 0);
      const to = Math.min(size, from + 100);
      const results = Array.from({ length: to - from }, (_, index) => show(from + index));
      return ok({ results, next: to < size ? String(to) : null });
    }
    const index = Number(path.split('-').at(-1));
    return index < size ? ok(show(index)) : no('not_found');
  };
  const recordCache = new RecordCache(send);
  const lists = (): string[] => asked.filter((path) => path.includes('?'));
  return { recordCache, asked, lists };
}

async function lookUp(
  recordCache: RecordCache,
  from: number,
  to: number,
  trust: 'record' | 'list',
): Promise<string[]> {
  const kinds: string[] = [];
  for (let index = from; index < to; index++) {
    kinds.push((await recordCache.find(ACCOUNTS, 'externalId', `a-${index}`, 'fields', trust)).kind);
  }
  return kinds;
}

test('a look-up that is alone reads no list', async () => {
  const { recordCache, lists, asked } = workspaceOf(1_000);
  await lookUp(recordCache, 0, 1, 'list');
  expect(lists()).toEqual([]);
  expect(asked).toHaveLength(1);
});

test('further ones have pages read, which answer the rest', async () => {
  const { recordCache, lists, asked } = workspaceOf(300);
  const kinds = await lookUp(recordCache, 0, 300, 'record');
  expect(new Set(kinds)).toEqual(new Set(['found']));
  expect(lists()).toEqual([LIST, `${LIST}&from=100`, `${LIST}&from=200`]);
  expect(asked).toHaveLength(4);
});

test('the cost is never more than twice that of single look-ups', async () => {
  const { recordCache, asked } = workspaceOf(10_000, {});
  const keys = Array.from({ length: 90 }, (_, index) => 9_999 - index);
  for (const index of keys) await recordCache.find(ACCOUNTS, 'externalId', `a-${index}`);
  expect(asked.length).toBeLessThanOrEqual(2 * keys.length);
});

test.each([
  { trust: 'list', asks: 0 },
  { trust: 'record', asks: 1 },
] as const)(
  'once the list is complete a key it lacks costs $asks with trust in the $trust',
  async ({ trust, asks }) => {
    const { recordCache, asked } = workspaceOf(120);
    await lookUp(recordCache, 0, 120, 'list');
    await lookUp(recordCache, 5_000, 5_002, 'list');
    const before = asked.length;
    expect(await lookUp(recordCache, 7_000, 7_001, trust)).toEqual(['absent']);
    expect(asked.length - before).toBe(asks);
  },
);

test('where Vitally doesn’t list them single look-ups go on, and the list is not asked for again', async () => {
  const { recordCache, lists } = workspaceOf(200, { listed: false });
  expect(new Set(await lookUp(recordCache, 0, 200, 'list'))).toEqual(new Set(['found']));
  expect(lists()).toEqual([LIST, LIST.replace('limit=100', 'limit=25')]);
});

test('look-ups at the same time share a page', async () => {
  const { recordCache, lists } = workspaceOf(1_000);
  await lookUp(recordCache, 0, 50, 'list');
  const keys = Array.from({ length: 40 }, (_, index) => `a-${50 + index}`);
  await Promise.all(keys.map((key) => recordCache.find(ACCOUNTS, 'externalId', key, 'fields')));
  expect(lists()).toHaveLength(1);
});

test('what this run knows better is not overwritten by a page', async () => {
  const { recordCache } = workspaceOf(100);
  recordCache.remember(ACCOUNTS, accountOf(99, { name: 'Newer' }));
  recordCache.markAccepted(ACCOUNTS, { externalId: 'a-98' });
  await lookUp(recordCache, 0, 60, 'list');
  expect(recordCache.peek(ACCOUNTS, 'externalId', 'a-99')).toMatchObject({
    record: { fields: { name: 'Newer' } },
  });
  expect(recordCache.peek(ACCOUNTS, 'externalId', 'a-98')).toBeUndefined();
  expect(recordCache.peek(ACCOUNTS, 'externalId', 'a-97')).toMatchObject({
    record: { fields: { name: 'Account 97' } },
  });
});

test('the list is given up when memory is full; its records are found singly', async () => {
  const heavy = (index: number): JsonObject => accountOf(index, { traits: { text: 'x'.repeat(200_000) } });
  const { recordCache, lists } = workspaceOf(300, { show: heavy });
  expect(new Set(await lookUp(recordCache, 0, 100, 'list'))).toEqual(new Set(['found']));
  expect(lists()).toHaveLength(1);
});

test('members of a list that are no records are passed over', async () => {
  const { recordCache } = workspaceOf(100, {
    show: (index) => (index === 70 ? { odd: true } : accountOf(index)),
  });
  expect(await lookUp(recordCache, 0, 60, 'list')).not.toContain('absent');
});
