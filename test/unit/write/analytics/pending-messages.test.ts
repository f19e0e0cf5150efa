import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/json/json.ts';
import { namesGiven } from '../../../../src/mapping/names-given.ts';
import type { Write } from '../../../../src/mapping/route.ts';
import { SendAborted } from '../../../../src/vitally/http/send-aborted.ts';
import { type LookupBy, RecordCache } from '../../../../src/vitally/records/record-cache.ts';
import { PendingMessages } from '../../../../src/write/analytics/pending-messages.ts';
import { routeOf } from '../../../support/routes.ts';
import { no, ok } from '../../../support/scripted.ts';
import { writeOf } from '../../../support/workspace.ts';

const USERS = { path: '/resources/users', search: '/resources/users/search' };
const BEFORE = {
  id: 'v-1',
  externalId: 'u-1',
  email: 'ann@x.io',
  name: 'Old',
  traits: {},
  accountIds: ['va'],
};
const STARTED = Date.UTC(2026, 0, 1);

function stamp(afterMs: number): string {
  return new Date(STARTED + afterMs).toISOString();
}

/** Vitally on a clock of its own, that shows what `at` says of the one user at each moment. */
function vitallyShowing(at: (elapsedMs: number) => JsonObject | undefined) {
  let elapsedMs = 0;
  const waits: number[] = [];
  const asked: string[] = [];
  const recordCache = new RecordCache(async ({ path }) => {
    asked.push(path);
    if (path.startsWith('/resources/accounts')) return ok({ id: 'va', externalId: 'a' });
    const record = at(elapsedMs);
    if (path.includes('?')) return ok({ results: record === undefined ? [] : [record] });
    return record === undefined ? no('not_found') : ok(record);
  });
  const pending = new PendingMessages({
    recordCache,
    now: () => elapsedMs,
    sleep: async (ms) => {
      waits.push(ms);
      elapsedMs += ms;
    },
  });
  const take = (write: Write): void => {
    const route = routeOf('user', { transport: 'analytics' });
    pending.add(USERS, route, write, STARTED + elapsedMs, pending.held(USERS, write));
    recordCache.markAccepted(USERS, namesGiven(route, write));
  };
  const pass = (ms: number): void => {
    elapsedMs += ms;
  };
  const waited = (): number => waits.reduce((sum, ms) => sum + ms, 0);
  return { recordCache, pending, take, pass, waited, asked };
}

const NEW = writeOf('u-1', { name: 'New', email: 'ann@x.io' }, { plan: 'pro' });

describe('a REST write of a record whose message was taken in', () => {
  test('waits for a change where the record held the values before: the message may still be to come', async () => {
    const held = { ...BEFORE, name: 'New', email: 'ann@x.io', traits: { plan: 'pro' } };
    const applied = { ...held, updatedAt: new Date(STARTED + 3_000).toISOString() };
    const { pending, recordCache, take, waited } = vitallyShowing((ms) => (ms < 3_000 ? held : applied));
    await recordCache.find(USERS, 'externalId', 'u-1', 'fields');
    take(NEW);
    await pending.untilShown(USERS, 'externalId', 'u-1');
    expect(waited()).toBeGreaterThanOrEqual(3_000);
  });

  describe('of which nothing was known, and which shows the values at the first look', () => {
    const shown = (updatedAt: string): JsonObject => ({
      ...BEFORE,
      name: 'New',
      traits: { plan: 'pro' },
      updatedAt,
    });

    test('waits for a change where it was last changed before: the message may still be to come', async () => {
      const { pending, take, waited } = vitallyShowing((ms) => shown(stamp(ms < 3_000 ? -5_000 : 3_000)));
      take(NEW);
      await pending.untilShown(USERS, 'externalId', 'u-1');
      expect(waited()).toBe(3_500);
    });

    test('goes on after five minutes without a change: the message would change nothing', async () => {
      const { pending, take, waited } = vitallyShowing(() => shown(stamp(-5_000)));
      take(NEW);
      await pending.untilShown(USERS, 'externalId', 'u-1');
      expect(waited()).toBe(300_000);
    });

    test('goes on at once where it was changed about then, as the clocks are known to a second', async () => {
      const { pending, take, waited } = vitallyShowing(() => shown(stamp(-900)));
      take(NEW);
      await pending.untilShown(USERS, 'externalId', 'u-1');
      expect(waited()).toBe(0);
    });
  });

  test.each<{ by: LookupBy; value: string }>([
    { by: 'externalId', value: 'u-1' },
    { by: 'id', value: 'v-1' },
    { by: 'email', value: 'Ann@x.io' },
    { by: 'either', value: 'u-1' },
    { by: 'either', value: 'ann@x.io' },
  ])('waits until REST shows its values, by $by $value', async ({ by, value }) => {
    const applied = { ...BEFORE, name: 'New', traits: { plan: 'pro' } };
    const { pending, take, waited } = vitallyShowing((ms) => (ms < 6_000 ? BEFORE : applied));
    take(NEW);
    await pending.untilShown(USERS, by, value);
    expect(waited()).toBe(7_500);
    // Once seen there is nothing to wait for.
    await pending.untilShown(USERS, by, value);
    expect(waited()).toBe(7_500);
  });

  test('waits for one that is not there yet', async () => {
    const { pending, take, waited } = vitallyShowing((ms) =>
      ms < 2_000 ? undefined : { ...BEFORE, name: 'New', traits: { plan: 'pro' } },
    );
    take(NEW);
    await pending.untilShown(USERS, 'externalId', 'u-1');
    expect(waited()).toBe(3_500);
  });

  test('waits for an account that the message adds', async () => {
    const { pending, take, waited } = vitallyShowing((ms) => ({
      ...BEFORE,
      accountIds: ms < 1_000 ? ['v-other'] : ['v-other', 'va'],
    }));
    take(writeOf('u-1', { accountIds: ['a'] }));
    await pending.untilShown(USERS, 'externalId', 'u-1');
    expect(waited()).toBe(1_500);
  });

  test('goes on where the values are shown otherwise, but the record was changed since', async () => {
    const { pending, take, waited } = vitallyShowing((ms) => ({
      ...BEFORE,
      name: 'NEW',
      updatedAt: stamp(ms < 1_000 ? -5_000 : 900),
    }));
    take(NEW);
    await pending.untilShown(USERS, 'externalId', 'u-1');
    expect(waited()).toBe(1_500);
  });

  test('takes a change within the clocks’ error for its own where the record was known before', async () => {
    const held = { ...BEFORE, name: 'New', email: 'ann@x.io', traits: { plan: 'pro' } };
    const { pending, recordCache, take, waited } = vitallyShowing(() => ({
      ...held,
      updatedAt: stamp(-900),
    }));
    recordCache.remember(USERS, { ...held, updatedAt: stamp(-5_000) });
    take(NEW);
    await pending.untilShown(USERS, 'externalId', 'u-1');
    expect(waited()).toBe(0);
  });

  test('takes no change for its own that was there before', async () => {
    const { pending, take, recordCache, waited } = vitallyShowing((ms) => ({
      ...BEFORE,
      name: 'NEW',
      // The clocks differ: what is older than the message bears a later time.
      updatedAt: stamp(ms < 3_000 ? 400 : 2_900),
    }));
    recordCache.remember(USERS, { ...BEFORE, updatedAt: stamp(400) });
    take(NEW);
    await pending.untilShown(USERS, 'externalId', 'u-1');
    expect(waited()).toBe(3_500);
  });

  test('of several messages the last counts: what the first changed says nothing', async () => {
    const { pending, take, pass, waited } = vitallyShowing((ms) => ({
      ...BEFORE,
      name: ms < 6_000 ? 'FIRST' : 'SECOND',
      updatedAt: stamp(ms < 5_000 ? -5_000 : ms < 6_000 ? 5_000 : 6_000),
    }));
    take(writeOf('u-1', { name: 'First' }));
    pass(1_000);
    take(writeOf('u-1', { name: 'Second' }));
    await pending.untilShown(USERS, 'externalId', 'u-1');
    expect(1_000 + waited()).toBeGreaterThan(6_000);
  });

  test('is given up five minutes after the message, whoever comes, with few questions', async () => {
    const { pending, take, waited, asked } = vitallyShowing(() => BEFORE);
    take(NEW);
    const late = () => pending.untilShown(USERS, 'externalId', 'u-1');
    await expect(late()).rejects.toMatchObject({ code: 'unsure' });
    expect(waited()).toBe(300_000);
    expect(asked.length).toBeLessThan(20);
    await expect(late()).rejects.toMatchObject({ code: 'unsure' });
    expect(waited()).toBe(300_000);
  });
});

test('other records wait for nothing, and cost no question', async () => {
  const { pending, take, asked, waited } = vitallyShowing(() => BEFORE);
  await pending.untilShown(USERS, 'email', 'bob@x.io');
  take(NEW);
  await pending.untilShown(USERS, 'externalId', 'u-2');
  await pending.untilShown({ path: '/resources/accounts' }, 'id', 'v-2');
  expect(asked).toEqual([]);
  expect(waited()).toBe(0);
});

test('a stop ends the wait at once', async () => {
  const recordCache = new RecordCache(async () => ok(BEFORE));
  const pending = new PendingMessages({
    recordCache,
    now: () => 0,
    sleep: async () => {
      throw new SendAborted('The run is stopping.');
    },
  });
  pending.add(USERS, routeOf('user'), NEW, STARTED, pending.held(USERS, NEW));
  await expect(pending.untilShown(USERS, 'externalId', 'u-1')).rejects.toThrow(SendAborted);
});
