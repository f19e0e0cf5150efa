import { describe, expect, test } from 'vitest';
import { isJsonObject } from '../../../../src/json/guards.ts';
import type { JsonObject } from '../../../../src/json/json.ts';
import { parseLossless } from '../../../../src/json/parse.ts';
import type { Route, Write } from '../../../../src/mapping/route.ts';
import { eventId, messagesOf } from '../../../../src/write/analytics/message.ts';
import { routeOf } from '../../../support/routes.ts';
import { writeOf } from '../../../support/workspace.ts';

const UUID_V8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/;
const users = routeOf('user', { transport: 'analytics' });
const events = routeOf('event', { keyColumns: ['event_id'] });

function sent(
  route: Route,
  write: Write,
  associations: Record<string, readonly string[]> = {},
): JsonObject[] {
  return messagesOf(route, write, new Map(Object.entries(associations))).map(({ text, bytes }) => {
    expect(bytes).toBe(Buffer.byteLength(text));
    const message = parseLossless(text);
    if (!isJsonObject(message)) throw new Error('no message');
    return message;
  });
}

describe('what a row becomes', () => {
  test('organization: fields that are traits over this API stand among them', () => {
    const write = writeOf('o-1', { name: 'Org' }, { mrr: 5, plan: 'pro' });
    expect(sent(routeOf('organization'), write)).toEqual([
      {
        type: 'organization',
        organizationId: 'o-1',
        messageId: expect.any(String),
        traits: { name: 'Org', mrr: 5, plan: 'pro' },
      },
    ]);
  });

  test('account: its organization by your own id', () => {
    const write = writeOf('a-1', { name: 'Acme', organizationId: 'v-1' }, {});
    expect(sent(routeOf('account'), write, { organizationId: ['o-1'] })).toEqual([
      {
        type: 'account',
        accountId: 'a-1',
        organizationId: 'o-1',
        messageId: expect.any(String),
        traits: { name: 'Acme' },
      },
    ]);
  });

  test('user: joinDate is the trait createdAt', () => {
    const write = writeOf(
      'u-1',
      { name: 'Ann', email: 'a@x.io', joinDate: '2026-01-01T00:00:00.000Z' },
      { role: 'x' },
    );
    expect(sent(users, write, { accountId: ['a-1'] })).toEqual([
      {
        type: 'user',
        userId: 'u-1',
        accountId: 'a-1',
        messageId: expect.any(String),
        traits: { name: 'Ann', email: 'a@x.io', createdAt: '2026-01-01T00:00:00.000Z', role: 'x' },
      },
    ]);
  });

  test.each([
    { associations: { accountId: ['a', 'b', 'c'] }, pairs: [['a'], ['b'], ['c']] },
    { associations: { accountId: ['a', 'b'], organizationId: ['o'] }, pairs: [['a', 'o'], ['b']] },
    {
      associations: { accountId: ['a'], organizationId: ['o', 'p'] },
      pairs: [
        ['a', 'o'],
        [undefined, 'p'],
      ],
    },
    { associations: {}, pairs: [[]] },
  ])('user of $associations: one message for each', ({ associations, pairs }) => {
    const messages = sent(users, writeOf('u-1', {}, { role: 'x' }), associations);
    expect(messages.map(({ accountId, organizationId }) => [accountId, organizationId])).toEqual(
      pairs.map(([account, organization]) => [account, organization]),
    );
    expect(new Set(messages.map((message) => message.messageId)).size).toBe(messages.length);
    for (const message of messages) expect(message).toMatchObject({ userId: 'u-1', traits: { role: 'x' } });
  });

  test('event: properties, a timestamp only where there is one', () => {
    const write = writeOf('e-1', { event: 'Login', accountId: 'a-1', userId: null }, { page: '/', n: null });
    const [message] = sent(events, write, { accountId: ['a-1'] });
    expect(message).toEqual({
      type: 'track',
      accountId: 'a-1',
      event: 'Login',
      messageId: expect.stringMatching(UUID_V8),
      properties: { page: '/', n: null },
    });
    const [timed] = sent(events, writeOf('e-1', { event: 'x', timestamp: '2026-01-01T00:00:00.000Z' }));
    expect(timed).toMatchObject({ timestamp: '2026-01-01T00:00:00.000Z' });
  });

  test('event: a messageId of the row’s own is sent as it is', () => {
    const [message] = sent(events, writeOf('e-1', { event: 'x', messageId: 'mine-1' }));
    expect(message).toMatchObject({ messageId: 'mine-1' });
  });

  test('hostile names are data', () => {
    const traits = JSON.parse('{"__proto__": 1, "constructor": 2, "toString": 3}');
    const [message] = messagesOf(
      users,
      { ...writeOf('u-1'), traits: new Map(Object.entries(traits)) },
      new Map(),
    );
    expect(message?.text).toContain('"traits":{"__proto__":1,"constructor":2,"toString":3}');
  });
});

describe('the id of an event', () => {
  const base = writeOf('e-1', { event: 'Login', accountId: 'a-1' }, { page: '/' });
  const unkeyed = writeOf(undefined, { event: 'Login', accountId: 'a-1' }, { page: '/', n: 1 });

  test.each<{ what: string; one: [Route, Write]; other: [Route, Write]; same: boolean }>([
    { what: 'the same row again', one: [events, base], other: [events, base], same: true },
    {
      what: 'one key, other content',
      one: [events, base],
      other: [events, writeOf('e-1', { event: 'Logout' })],
      same: true,
    },
    { what: 'another key', one: [events, base], other: [events, { ...base, key: 'e-2' }], same: false },
    {
      what: 'another stream',
      one: [events, base],
      other: [routeOf('event', { stream: 'other' }), base],
      same: false,
    },
    {
      what: 'another namespace',
      one: [events, base],
      other: [routeOf('event', { namespace: 'mart' }), base],
      same: false,
    },
    {
      what: 'without a key, the columns in another order',
      one: [events, unkeyed],
      other: [events, writeOf(undefined, { accountId: 'a-1', event: 'Login' }, { n: 1, page: '/' })],
      same: true,
    },
    {
      what: 'without a key, other content',
      one: [events, unkeyed],
      other: [events, writeOf(undefined, { event: 'Login', accountId: 'a-1' }, { page: '/', n: 2 })],
      same: false,
    },
    {
      what: 'a field against a property of the same name',
      one: [events, writeOf(undefined, { event: 'x' }, {})],
      other: [events, writeOf(undefined, {}, { event: 'x' })],
      same: false,
    },
    {
      what: 'a key against content that looks like one',
      one: [events, writeOf('e-1')],
      other: [events, writeOf(undefined)],
      same: false,
    },
  ])('$what: same is $same', ({ one, other, same }) => {
    const [first, second] = [eventId(...one), eventId(...other)];
    expect(first === second).toBe(same);
    expect(first).toMatch(UUID_V8);
  });
});

test('rows of records get an id of their own each time: only a retry of one message bears its id again', () => {
  const write = writeOf('u-1', { name: 'Ann' });
  const [first] = sent(users, write);
  const [second] = sent(users, write);
  expect(first?.messageId).not.toBe(second?.messageId);
});

test('an object without messages is a bug', () => {
  const { analytics: _none, ...object } = users.object;
  expect(() => messagesOf({ ...users, object }, writeOf('u-1'), new Map())).toThrow('no Analytics message');
});
