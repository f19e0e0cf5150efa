import { expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/json/json.ts';
import type { Answer, VitallyRequest } from '../../../../src/vitally/http/answer.ts';
import { PackedLists } from '../../../../src/vitally/records/listed/packed-lists.ts';
import { type Collection, RecordCache } from '../../../../src/vitally/records/record-cache.ts';
import { listedRule } from '../../../../src/write/rest/compare/listed-changes.ts';
import { no, ok } from '../../../support/scripted.ts';

const ACCOUNTS: Collection = { path: '/resources/accounts' };
const MEBIBYTE = 2 ** 20;
/** Bodies so long that 8 MiB hold few of them. */
const LONG = 'x'.repeat(100_000);

function accountOf(index: number, extra: JsonObject = {}): JsonObject {
  return { id: `v-${index}`, externalId: `a-${index}`, name: `Account ${index}`, traits: { LONG }, ...extra };
}

async function listedWorkspace(size = 300, records = 1_000) {
  const asked: string[] = [];
  const send = async ({ path }: VitallyRequest): Promise<Answer> => {
    asked.push(path);
    if (path.includes('?')) {
      const from = Number(/from=(\d+)/.exec(path)?.[1] ?? 0);
      const results = Array.from({ length: Math.min(100, size - from) }, (_, at) => accountOf(from + at));
      return ok({ results, next: from + 100 < size ? String(from + 100) : null });
    }
    const index = Number(path.split('-').at(-1));
    return index < size ? ok(accountOf(index)) : no('not_found');
  };
  const listed = new PackedLists(listedRule, { records, bytes: 8 * MEBIBYTE });
  const recordCache = new RecordCache(send, { listed });
  const find = async (
    index: number,
    need: 'values' | 'fields' = 'values',
    trust: 'list' | 'record' = 'list',
  ) => {
    const before = asked.length;
    const finding = await recordCache.find(ACCOUNTS, 'externalId', `a-${index}`, need, trust);
    return { finding, requests: asked.length - before };
  };
  return { recordCache, asked, find };
}

async function listedWhole(size = 300, records = 1_000) {
  const workspace = await listedWorkspace(size, records);
  for (let index = 0; index < size; index++) await workspace.find(index);
  return workspace;
}

test('a record whose body is forgotten is compared by what is packed, and read where its fields are needed', async () => {
  const { find } = await listedWhole();
  const { finding, requests } = await find(0);
  expect(requests).toBe(0);
  expect(finding).toMatchObject({
    kind: 'found',
    record: { id: 'v-0', externalId: 'a-0', fields: undefined },
  });
  const listed = finding.kind === 'found' ? finding.record.listed : undefined;
  expect(listed?.compare('name', 'Account 0')).toBe('same');
  expect(listed?.compare('name', 'Other')).toBe('different');
  const whole = await find(0, 'fields');
  expect(whole.requests).toBe(1);
  expect(whole.finding).toMatchObject({ record: { fields: { name: 'Account 0' } } });
});

test.each([
  ['forgotten', (cache: RecordCache) => cache.forget(ACCOUNTS, { externalId: 'a-50' })],
  ['taken in by message', (cache: RecordCache) => cache.markAccepted(ACCOUNTS, { externalId: 'a-50' })],
])('a record that the run has written, %s, is asked for again and never absent', async (_, write) => {
  const { recordCache, find } = await listedWhole();
  write(recordCache);
  expect(recordCache.peek(ACCOUNTS, 'externalId', 'a-50')).toBeUndefined();
  const { finding, requests } = await find(50);
  expect({ kind: finding.kind, requests }).toEqual({ kind: 'found', requests: 1 });
});

test('a record that the run deleted is absent, and one that the list lacks is', async () => {
  const { recordCache, find } = await listedWhole();
  recordCache.markDeleted(ACCOUNTS, { id: 'v-0' });
  expect(recordCache.peek(ACCOUNTS, 'externalId', 'a-0')).toEqual({ kind: 'absent' });
  expect(await find(900)).toEqual({ finding: { kind: 'absent' }, requests: 0 });
});

test('a record with a message under way is no known one when a page shows it, nor absent', async () => {
  const { recordCache, find } = await listedWorkspace();
  recordCache.markAccepted(ACCOUNTS, { externalId: 'a-0' });
  for (let index = 1; index < 300; index++) await find(index);
  expect(recordCache.peek(ACCOUNTS, 'externalId', 'a-0')).toBeUndefined();
  expect((await find(0)).finding.kind).toBe('found');
});

test('what a single read shows newer counts, also once its body is forgotten', async () => {
  const { recordCache, find } = await listedWhole();
  const newer = accountOf(0, { name: 'Newer', updatedAt: '2026-11-26T12:00:00.000Z' });
  recordCache.observe(ACCOUNTS, newer, recordCache.now);
  for (let index = 100; index < 250; index++) await find(index, 'fields');
  const known = recordCache.peek(ACCOUNTS, 'id', 'v-0');
  const record = known?.kind === 'found' ? known.record : undefined;
  expect(record?.fields).toBeUndefined();
  recordCache.forgetAbsence(ACCOUNTS, { externalId: 'none' });
  expect(record?.listed?.compare('name', 'Newer')).toBe('same');
});

test('at the bound what is kept still counts, further records are read singly, and none is taken for absent', async () => {
  const { asked, find } = await listedWhole(300, 150);
  expect(asked.filter((path) => path.includes('?')).length).toBe(2);
  expect((await find(0)).requests).toBe(0);
  expect((await find(299)).finding.kind).toBe('found');
  expect(await find(900)).toEqual({ finding: { kind: 'absent' }, requests: 1 });
});
