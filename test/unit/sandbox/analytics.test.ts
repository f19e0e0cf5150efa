import { describe, expect, test } from 'vitest';
import { ANALYTICS_AUTHORIZATION, at, seedCouple } from '../../support/sandbox/client.ts';
import { withSandbox } from '../../support/sandboxes.ts';

const event = (n: number) => ({
  type: 'track',
  event: 'Clicked',
  userId: 'u1',
  properties: { n },
  messageId: `m${n}`,
});

describe('messages', () => {
  test('organization, account, user and track in one batch', () =>
    withSandbox({}, async (api, sandbox) => {
      const reply = await api.analytics('batch', [
        { type: 'organization', organizationId: 'o1', traits: { name: 'Org', tier: 1 }, messageId: '1' },
        {
          type: 'account',
          accountId: 'a1',
          organizationId: 'o1',
          traits: { name: 'Acme', mrr: 5 },
          messageId: '2',
        },
        {
          type: 'user',
          userId: 'u1',
          accountId: 'a1',
          traits: {
            name: 'Ann',
            email: 'ann@acme.test',
            avatar: 'https://acme.test/a.png',
            createdAt: '2026-01-01',
            x: 1,
          },
          messageId: '3',
        },
        { ...event(4), timestamp: '2026-02-01T00:00:00Z', accountId: 'a1', unknown: 'dropped' },
      ]);
      expect([reply.status, reply.body]).toEqual([200, { message: 'Success.' }]);
      expect(sandbox.snapshot()).toEqual({
        organizations: { o1: { name: 'Org', avatar: null, traits: { tier: 1 } } },
        accounts: { a1: { name: 'Acme', avatar: null, organization: 'o1', traits: { mrr: 5 } } },
        users: {
          u1: {
            name: 'Ann',
            email: 'ann@acme.test',
            avatar: 'https://acme.test/a.png',
            joinDate: '2026-01-01',
            unsubscribedFromConversations: false,
            deletionScheduled: false,
            accounts: ['a1'],
            organizations: [],
            traits: { x: 1 },
          },
        },
        events: {
          m4: {
            event: 'Clicked',
            userId: 'u1',
            accountId: 'a1',
            timestamp: '2026-02-01T00:00:00Z',
            properties: { n: 4 },
          },
        },
      });
      expect(at(sandbox.accounts.byExternalId('a1'), 'mrr')).toBe(5);
    }));

  test('a user with an unseen account creates that account', () =>
    withSandbox({}, async (api, sandbox) => {
      await api.analytics('user', { userId: 'u1', accountId: 'new', traits: {}, messageId: '1' });
      expect(sandbox.accounts.byExternalId('new')).toMatchObject({
        externalId: 'new',
        name: null,
        usersCount: 1,
      });
    }));

  test('links add up, unlink takes one away, unknown ones are let pass', () =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      const links = () => at(sandbox.snapshot(), 'users', 'u1', 'accounts');
      await api.analytics('user', { userId: 'u1', accountId: 'a2', traits: {}, messageId: '1' });
      await api.analytics('user', { userId: 'u1', organizationId: 'o1', traits: {}, messageId: '2' });
      expect(links()).toEqual(['a1', 'a2']);
      expect((await api.analytics('unlink', { userId: 'u1', accountId: 'a1', messageId: '3' })).status).toBe(
        200,
      );
      expect((await api.analytics('unlink', { userId: 'u9', accountId: 'a9', messageId: '4' })).status).toBe(
        200,
      );
      expect(links()).toEqual(['a2']);
      expect(at(sandbox.snapshot(), 'users', 'u1', 'organizations')).toEqual(['o1']);
    }));

  test('ids are external ids: a UUID of ours names another record', () =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      const id = String(at(sandbox.accounts.byExternalId('a1'), 'id'));
      await api.analytics('account', { accountId: id, messageId: '1' });
      expect(sandbox.accounts.size).toBe(2);
    }));

  test('traits merge and null removes', () =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      await api.analytics('account', { accountId: 'a1', messageId: '1', traits: { plan: null, seats: 2 } });
      expect(at(sandbox.snapshot(), 'accounts', 'a1')).toMatchObject({ name: 'Acme', traits: { seats: 2 } });
    }));
});

describe('deduplication', () => {
  test('by messageId, whatever the message says', () =>
    withSandbox({}, async (api, sandbox) => {
      await api.analytics('batch', [event(1), event(1), { ...event(1), event: 'Other' }]);
      await api.analytics('track', event(1));
      await api.analytics('account', { accountId: 'lost', messageId: 'm1' });
      expect(sandbox.events()).toEqual([
        { messageId: 'm1', event: 'Clicked', userId: 'u1', properties: { n: 1 } },
      ]);
      expect(sandbox.accounts.size).toBe(0);
    }));

  test('by the message itself where it has a timestamp alone', () =>
    withSandbox({}, async (api, sandbox) => {
      const { messageId: _, ...bare } = { ...event(1), timestamp: '2026-01-01T00:00:00Z' };
      await api.analytics('batch', [bare, bare, { ...bare, timestamp: '2026-01-01T00:00:01Z' }]);
      expect(sandbox.events()).toHaveLength(2);
    }));
});

describe('refused', () => {
  test.each([
    { endpoint: 'organization', body: { messageId: 'm' }, error: 'organizationId is required' },
    { endpoint: 'account', body: { accountId: 7, messageId: 'm' }, error: 'accountId must be a string' },
    {
      endpoint: 'account',
      body: { accountId: 'a', messageId: 'm', traits: [] },
      error: 'traits must be an object',
    },
    { endpoint: 'account', body: { accountId: 'a' }, error: 'messageId or timestamp is required' },
    { endpoint: 'account', body: { accountId: 'a', messageId: 5 }, error: 'messageId must be a string' },
    {
      endpoint: 'account',
      body: { accountId: 'a', timestamp: 'now' },
      error: 'timestamp must be an ISO 8601 date',
    },
    { endpoint: 'user', body: { userId: 'u', accountId: 'a', messageId: 'm' }, error: 'traits is required' },
    {
      endpoint: 'user',
      body: { userId: 'u', traits: {}, messageId: 'm' },
      error: 'one of accountId, organizationId is required',
    },
    {
      endpoint: 'user',
      body: { userId: 'u', accountId: ['a'], traits: {}, messageId: 'm' },
      error: 'accountId must be a string',
    },
    { endpoint: 'track', body: { userId: 'u', properties: {}, messageId: 'm' }, error: 'event is required' },
    { endpoint: 'track', body: { event: 'e', userId: 'u', messageId: 'm' }, error: 'properties is required' },
    {
      endpoint: 'track',
      body: { event: 'e', properties: {}, messageId: 'm' },
      error: 'one of userId, accountId, organizationId is required',
    },
    { endpoint: 'unlink', body: { userId: 'u', messageId: 'm' }, error: 'accountId is required' },
    { endpoint: 'batch', body: event(1), error: 'a batch must be an array' },
    { endpoint: 'batch', body: [], error: 'a batch must not be empty' },
    { endpoint: 'batch', body: ['x'], error: 'a message must be an object' },
    { endpoint: 'batch', body: [{ ...event(1), type: 'identify' }], error: 'type is not a kind of message' },
    {
      endpoint: 'batch',
      body: Array.from({ length: 101 }, (_, n) => event(n)),
      error: 'a batch must not have more than 100 messages',
    },
  ])('$endpoint: $error', ({ endpoint, body, error }) =>
    withSandbox({}, async (api, sandbox) => {
      const reply = await api.analytics(endpoint, body);
      expect([reply.status, reply.body]).toEqual([400, { error }]);
      expect(sandbox.snapshot()).toEqual({ organizations: {}, accounts: {}, users: {}, events: {} });
    }),
  );

  test('a batch of 100 is taken', () =>
    withSandbox({}, async (api, sandbox) => {
      await api.analytics(
        'batch',
        Array.from({ length: 100 }, (_, n) => event(n)),
      );
      expect(sandbox.events()).toHaveLength(100);
      expect(sandbox.requests().map(({ messageCount }) => messageCount)).toEqual([100]);
    }));

  test.each([
    { method: 'GET', path: 'batch', status: 404 },
    { method: 'POST', path: 'identify', status: 404 },
    { method: 'POST', path: 'batch/x', status: 404 },
  ] as const)('$method $path: $status', ({ method, path, status }) =>
    withSandbox({}, async (api) => {
      const headers = { authorization: ANALYTICS_AUTHORIZATION, 'content-type': 'application/json' };
      expect(
        (await api.raw(`/analytics/v1/${path}`, { method, headers, text: method === 'GET' ? '' : '[]' }))
          .status,
      ).toBe(status);
    }),
  );
});

describe('delay', () => {
  test('messages are applied later, in order; settle waits for them', () =>
    withSandbox({ analyticsDelayMs: 250 }, async (api, sandbox) => {
      for (const n of [1, 2, 3]) {
        const message = { accountId: 'a1', messageId: `m${n}`, traits: { n } };
        expect((await api.analytics('account', message)).status).toBe(200);
      }
      expect(sandbox.accounts.size).toBe(0);
      await sandbox.settle();
      expect(at(sandbox.snapshot(), 'accounts', 'a1', 'traits', 'n')).toBe(3);
      await sandbox.settle();
    }));

  test('close lets go of what waits', async () => {
    await withSandbox({ analyticsDelayMs: 60_000 }, async (api, sandbox) => {
      await api.analytics('account', { accountId: 'a1', messageId: 'm' });
      const settled = sandbox.settle();
      await sandbox.close();
      await settled;
      expect(sandbox.accounts.size).toBe(0);
    });
  });
});
