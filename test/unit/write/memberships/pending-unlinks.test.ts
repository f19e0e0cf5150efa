import { describe, expect, test } from 'vitest';
import { RecordError } from '../../../../src/errors/record-error.ts';
import type { KnownRecord } from '../../../../src/vitally/records/known-record.ts';
import { RecordCache } from '../../../../src/vitally/records/record-cache.ts';
import { PendingUnlinks } from '../../../../src/write/memberships/pending-unlinks.ts';
import { ok } from '../../../support/scripted.ts';

const USER = 'v-1';

function user(...accountIds: readonly string[]): KnownRecord {
  return { id: USER, externalId: 'u-1', fields: { id: USER, name: 'Ann', accountIds: [...accountIds] } };
}

/** Vitally shows these accounts, one list a read, the last of them ever after. */
function departuresOf(...shown: readonly (readonly string[])[]) {
  const reads: string[] = [];
  const waits: number[] = [];
  const recordCache = new RecordCache(async ({ path }) => {
    const accountIds = shown[Math.min(reads.push(path), shown.length) - 1] ?? [];
    return ok({ id: USER, externalId: 'u-1', name: 'Ann', accountIds: [...accountIds] });
  });
  let elapsedMs = 0;
  const pendingUnlinks = new PendingUnlinks({
    recordCache,
    now: () => elapsedMs,
    sleep: async (ms) => {
      elapsedMs += ms;
      waits.push(ms);
    },
  });
  return { pendingUnlinks, reads, waits };
}

function accountsOf(record: KnownRecord): unknown {
  return record.fields?.accountIds;
}

describe('a user who leaves no account', () => {
  test('is as it was shown, and is not asked for', async () => {
    const { pendingUnlinks, reads } = departuresOf();
    pendingUnlinks.add('v-2', 'a-1');
    const shown = user('a-1');
    expect(await pendingUnlinks.appliedTo(shown, ['a-1'])).toBe(shown);
    expect(reads).toEqual([]);
  });
});

describe('a user who is about to leave accounts', () => {
  test.each([
    { leaves: ['a-1'], shown: ['a-1', 'a-2'], applied: ['a-2'] },
    { leaves: ['a-1', 'a-3'], shown: ['a-1', 'a-2', 'a-3'], applied: ['a-2'] },
    { leaves: ['a-1'], shown: ['a-1'], applied: [] },
    { leaves: ['a-1'], shown: ['a-2'], applied: ['a-2'] },
  ])('is seen without them at once: of $shown leaves $leaves', async ({ leaves, shown, applied }) => {
    const { pendingUnlinks, reads, waits } = departuresOf();
    for (const account of leaves) pendingUnlinks.add(USER, account);
    const record = await pendingUnlinks.appliedTo(user(...shown), ['a-9']);
    expect(accountsOf(record)).toEqual(applied);
    expect(record.fields).toMatchObject({ name: 'Ann' });
    expect({ reads, waits }).toEqual({ reads: [], waits: [] });
  });

  test('is read where only its id is remembered', async () => {
    const { pendingUnlinks, reads } = departuresOf(['a-1', 'a-2']);
    pendingUnlinks.add(USER, 'a-1');
    const record = await pendingUnlinks.appliedTo({ id: USER, externalId: 'u-1', fields: undefined }, []);
    expect(accountsOf(record)).toEqual(['a-2']);
    expect(reads).toHaveLength(1);
  });

  test('is waited for where one of them is wanted back', async () => {
    const { pendingUnlinks, reads, waits } = departuresOf(['a-1', 'a-2'], ['a-1', 'a-2'], ['a-2']);
    pendingUnlinks.add(USER, 'a-1');
    const record = await pendingUnlinks.appliedTo(user('a-1', 'a-2'), ['a-1']);
    expect(accountsOf(record)).toEqual(['a-2']);
    expect(waits).toEqual([500, 1_000, 2_000]);
    expect(reads).toHaveLength(3);
  });

  test('has left once Vitally no longer shows it: what comes back later stays', async () => {
    const { pendingUnlinks, waits } = departuresOf();
    pendingUnlinks.add(USER, 'a-1');
    await pendingUnlinks.appliedTo(user('a-2'), []);
    const back = user('a-1', 'a-2');
    expect(await pendingUnlinks.appliedTo(back, ['a-1'])).toBe(back);
    expect(waits).toEqual([]);
  });

  test('is waited for within a bound, and the row is refused', async () => {
    const { pendingUnlinks, reads, waits } = departuresOf(['a-1']);
    pendingUnlinks.add(USER, 'a-1');
    const error: unknown = await pendingUnlinks
      .appliedTo(user('a-1'), ['a-1'])
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RecordError);
    expect(error).toMatchObject({ code: 'unsure', field: 'accountIds' });
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(300_000);
    expect(reads).toHaveLength(waits.length);
  });
});
