import { describe, expect, test } from 'vitest';
import { startSandbox } from '../../../src/sandbox/index.ts';
import { type Api, idIn, seedCouple } from '../../support/sandbox/client.ts';
import { withSandbox } from '../../support/sandboxes.ts';

const user = (id: string, messageId: string) => ({
  type: 'user',
  userId: id,
  accountId: 'a1',
  traits: {},
  messageId,
});

interface Case {
  readonly what: string;
  readonly perKey: number;
  readonly sends: readonly ((api: Api, id: string) => Promise<unknown>)[];
}

const CASES: readonly Case[] = [
  {
    what: 'two records',
    perKey: 1,
    sends: [
      (api) => api.put('/users/u1', {}),
      (api) => api.put('/users/u2', {}),
      (api) => api.put('/accounts/u1', {}),
    ],
  },
  {
    what: "one record under Vitally's id and its external id",
    perKey: 2,
    sends: [(api) => api.put('/users/u1', {}), (api, id) => api.delete(`/users/${id}`)],
  },
  {
    what: 'a creation and a change of the record that it makes',
    perKey: 2,
    sends: [
      (api) => api.post('/accounts', { externalId: 'new', name: 'x' }),
      (api) => api.put('/accounts/new', { name: 'y' }),
    ],
  },
  {
    what: 'REST and Analytics on one record',
    perKey: 2,
    sends: [
      (api) => api.put('/users/u1', {}),
      (api) => api.analytics('batch', [user('u2', '1'), user('u1', '2')]),
    ],
  },
  {
    what: 'two batches that share a record',
    perKey: 2,
    sends: [
      (api) => api.analytics('batch', [user('u1', '1')]),
      (api) => api.analytics('unlink', { userId: 'u1', accountId: 'a1', messageId: '2' }),
    ],
  },
  {
    what: 'one record twice in a batch',
    perKey: 1,
    sends: [(api) => api.analytics('batch', [user('u1', '1'), user('u1', '2')])],
  },
  {
    what: 'reads of one record',
    perKey: 0,
    sends: [(api) => api.get('/users/u1'), (api) => api.get('/users/u1')],
  },
];

describe('requests at once about one record', () => {
  test.each(CASES)('$what: $perKey', ({ sends, perKey }) =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      const id = idIn(sandbox, 'users', 'u1');
      sandbox.stall();
      const sent = sends.map((send) => send(api, id));
      while (sandbox.maxConcurrent < sends.length) await new Promise((resolve) => setImmediate(resolve));
      sandbox.release();
      await Promise.all(sent);
      expect(sandbox.maxConcurrent).toBe(sends.length);
      expect(sandbox.maxConcurrentPerKey).toBe(perKey);
    }),
  );

  test('one after the other is never two at once, even after a time-out', () =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      sandbox.setFaults({ rate: 0, kinds: [], seed: 1, sequence: ['none', 'reset-after', 'truncated'] });
      for (let n = 0; n < 5; n++) await api.put('/users/u1', { name: `${n}` }).catch(() => undefined);
      expect([sandbox.maxConcurrent, sandbox.maxConcurrentPerKey]).toEqual([1, 1]);
    }));
});

test('latency is waited', () =>
  withSandbox({ latencyMs: 50 }, async (api) => {
    const sentAt = performance.now();
    await api.get('/accounts');
    expect(performance.now() - sentAt).toBeGreaterThan(45);
  }));

test('close ends requests that wait for an answer', async () => {
  await withSandbox({}, async (api, sandbox) => {
    sandbox.stall();
    const waiting = api.get('/accounts').catch((error: unknown) => error);
    while (sandbox.requests().length < 1) await new Promise((resolve) => setImmediate(resolve));
    await sandbox.close();
    expect(await waiting).toBeInstanceOf(Error);
  });
});

test('a port that is taken is an error', () =>
  withSandbox({}, async (_api, sandbox) => {
    const port = Number(new URL(sandbox.url).port);
    await expect(startSandbox({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  }));
