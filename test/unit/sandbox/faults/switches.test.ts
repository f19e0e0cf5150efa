import { describe, expect, test } from 'vitest';
import {
  SANDBOX_SWITCHES,
  type Sandbox,
  type SwitchName,
  startSandbox,
} from '../../../../src/sandbox/index.ts';
import { type Api, at, idIn, type Reply, seedCouple } from '../../../support/sandbox/client.ts';
import { ITEM_SWITCHES } from '../../../support/sandbox/item-switches.ts';
import { withSandbox } from '../../../support/sandboxes.ts';

/** What is looked at, and what is seen without the switch and with it. */
interface Shown {
  probe(api: Api, sandbox: Sandbox): Promise<unknown>;
  readonly off: unknown;
  readonly on: unknown;
}

const NOBODY = '00000000-0000-4000-8000-000000000000';
const GOOD = { type: 'account', accountId: 'good', messageId: 'good' };
const BAD = { type: 'account', messageId: 'bad' };
const OK = { message: 'Success.' };
const ADA = { id: 'x', name: 'Ada', email: 'ada@vendor.test', licenseStatus: 'active' };

const status = async (reply: Promise<Reply>) => (await reply).status;
const statusAndBody = async (reply: Promise<Reply>) => {
  const { status, body } = await reply;
  return [status, body];
};
const header = async (reply: Promise<Reply>, name: string) => (await reply).headers[name];

const duplicate = async (api: Api) => {
  const reply = await api.post('/accounts', { externalId: 'a1', name: 'Again' });
  return [reply.status, at(reply.body, 'error') ?? at(reply.body, 'name')];
};
const missing = (api: Api) => statusAndBody(api.put('/accounts/nobody', { name: 'x' }));
const mixedBatch = async (api: Api, sandbox: Sandbox) => {
  const reply = await api.analytics('batch', [BAD, GOOD]);
  return [reply.status, sandbox.accounts.byExternalId('good') !== undefined];
};
const exhausted = async (api: Api): Promise<Reply> => {
  for (;;) {
    const reply = await api.get('/accounts');
    if (reply.status === 429) return reply;
  }
};
const blocked = (message: object): Shown => ({
  probe: (api) => status(api.analytics('batch', [GOOD, { ...message, messageId: 'm' }])),
  off: 200,
  on: 400,
});

const SHOWN: Record<SwitchName, Shown> = {
  ...ITEM_SWITCHES,
  'put-creates': {
    probe: async (api, sandbox) => {
      const reply = await api.put('/accounts/new', { name: 'New' });
      return [reply.status, at(sandbox.snapshot(), 'accounts', 'new', 'name')];
    },
    off: [404, undefined],
    on: [200, 'New'],
  },
  'post-refuses-duplicate': {
    probe: duplicate,
    off: [200, 'Again'],
    on: [409, 'Account with this externalId already exists'],
  },
  'post-refuses-duplicate-400': {
    probe: duplicate,
    off: [200, 'Again'],
    on: [400, 'Account with this externalId already exists'],
  },
  'post-answers-201': {
    probe: async (api) => [
      await status(api.post('/accounts', { externalId: 'new', name: 'New' })),
      await status(api.post('/accounts', { externalId: 'new', name: 'New' })),
    ],
    off: [200, 200],
    on: [201, 200],
  },
  'put-replaces-relations': {
    probe: async (api, sandbox) => {
      sandbox.seed(
        'accounts',
        ['a2', 'a3'].map((externalId) => ({ externalId, name: externalId })),
      );
      const seen = [];
      await api.put('/users/u1', { accountIds: [idIn(sandbox, 'accounts', 'a2')] });
      seen.push(at(sandbox.snapshot(), 'users', 'u1', 'accounts'));
      await api.post('/users', { externalId: 'u1', accountIds: [idIn(sandbox, 'accounts', 'a3')] });
      seen.push(at(sandbox.snapshot(), 'users', 'u1', 'accounts'));
      await api.put('/users/u1', { name: 'no word of accounts' });
      seen.push(at(sandbox.snapshot(), 'users', 'u1', 'accounts'));
      return seen;
    },
    off: [
      ['a1', 'a2'],
      ['a1', 'a2', 'a3'],
      ['a1', 'a2', 'a3'],
    ],
    on: [['a2'], ['a3'], ['a3']],
  },
  'users-need-relations-on-update': {
    probe: async (api, sandbox) => {
      const accountIds = [idIn(sandbox, 'accounts', 'a1')];
      return [
        await status(api.put('/users/u1', { name: 'x' })),
        at((await api.put('/users/u1', { name: 'x', accountIds: [] })).body, 'error'),
        await status(api.put('/users/u1', { name: 'x', accountIds })),
      ];
    },
    off: [200, undefined, 200],
    on: [400, 'Must specify at least one of: accountIds or organizationIds', 200],
  },
  'message-envelope': {
    probe: async (api) => [
      (await api.get('/accounts/nobody')).body,
      (await api.raw('/resources/accounts')).body,
      (await api.analytics('batch', {})).body,
    ],
    off: [
      { error: 'Account not found' },
      { error: 'Authorization header not present.' },
      { error: 'a batch must be an array' },
    ],
    on: [
      { message: 'Account not found' },
      { message: 'Authorization header not present.' },
      { message: 'a batch must be an array' },
    ],
  },
  'not-found-400': {
    probe: missing,
    off: [404, { error: 'Account not found' }],
    on: [400, { error: 'Account not found' }],
  },
  'not-found-200': {
    probe: missing,
    off: [404, { error: 'Account not found' }],
    on: [200, { error: 'Account not found' }],
  },
  'unknown-parent-accepted': {
    probe: async (api) => [
      await status(api.post('/accounts', { externalId: 'x', name: 'x', organizationId: NOBODY })),
      await status(api.post('/users', { externalId: 'x', accountIds: [NOBODY] })),
      await status(api.put('/users/u1', { organizationIds: [NOBODY] })),
    ],
    off: [400, 400, 400],
    on: [200, 200, 200],
  },
  'page-limit-400': {
    probe: async (api) => [
      await status(api.get('/users?limit=100')),
      await status(api.get('/users?limit=101')),
    ],
    off: [200, 200],
    on: [200, 400],
  },
  'no-at-end': {
    probe: async (api) => at((await api.get('/users')).body, 'atEnd'),
    off: true,
    on: undefined,
  },
  'empty-page': {
    probe: async (api, sandbox) => {
      sandbox.seed(
        'accounts',
        ['a2', 'a3', 'a4'].map((externalId) => ({ externalId, name: externalId })),
      );
      const sizes = [];
      for (let from = ''; from !== 'null'; ) {
        const { body } = await api.get(`/accounts?limit=2${from}`);
        sizes.push(at(body, 'results', 'length'));
        const next = at(body, 'next');
        from = next === null ? 'null' : `&from=${encodeURIComponent(String(next))}`;
      }
      return sizes;
    },
    off: [2, 2],
    on: [2, 0, 2],
  },
  'no-created-at': {
    probe: async (api) => {
      const { body } = await api.get('/users/u1');
      return [body, at(body, 'accounts', 0)].map((shown) => Reflect.has(Object(shown), 'createdAt'));
    },
    off: [true, true],
    on: [false, false],
  },
  'standard-traits-hidden': {
    probe: async (api) => {
      const reply = await api.put('/accounts/a1', { traits: { mrr: 5 } });
      return [at(reply.body, 'mrr'), at(reply.body, 'traits')];
    },
    off: [5, { plan: 'pro', mrr: 5 }],
    on: [5, { plan: 'pro' }],
  },
  'no-source-lookup': {
    probe: async (api, sandbox) => {
      sandbox.seed('notes', [{ externalId: 'n1', accountId: 'a1', note: 'x', noteDate: '2026-01-01' }]);
      return [await status(api.get('/notes/n1?source=zapier')), await status(api.get('/notes/n1'))];
    },
    off: [200, 404],
    on: [404, 404],
  },
  'conversation-path-external-id': {
    probe: async (api, sandbox) => {
      sandbox.seed('conversations', [{ externalId: 'c1', subject: 'x' }]);
      return [
        await status(api.get('/conversations/c1')),
        await status(api.put('/conversations/c1', { subject: 'y' })),
      ];
    },
    off: [404, 404],
    on: [200, 200],
  },
  'conversation-put-needs-subject': {
    probe: async (api, sandbox) => {
      sandbox.seed('conversations', [{ externalId: 'c1', subject: 'x' }]);
      const id = at(sandbox.items('conversations').byExternalId('c1'), 'id');
      return [
        await status(api.put(`/conversations/${id}`, { messages: [] })),
        await status(api.put(`/conversations/${id}`, { subject: 'y' })),
      ];
    },
    off: [200, 200],
    on: [400, 200],
  },
  'admin-search-results': {
    probe: async (api, sandbox) => {
      sandbox.seed('admins', [{ id: 'x', name: 'Ada', email: 'ada@vendor.test' }]);
      const found = await statusAndBody(api.get('/admins/search?email=ada%40vendor.test'));
      return [found, await statusAndBody(api.get('/admins/search?email=bob%40vendor.test'))];
    },
    off: [
      [200, ADA],
      [404, { error: 'Admin not found' }],
    ],
    on: [
      [200, { results: [ADA] }],
      [200, { results: [] }],
    ],
  },
  'user-delete-immediate': {
    probe: async (api) => [await status(api.delete('/users/u1')), await status(api.get('/users/u1'))],
    off: [204, 200],
    on: [204, 404],
  },
  'organizations-off': {
    probe: async (api) => [
      await status(api.get('/organizations?limit=1')),
      await status(api.analytics('organization', { organizationId: 'o', messageId: 'm' })),
      await status(api.get('/accounts?limit=1')),
    ],
    off: [200, 200, 200],
    on: [403, 400, 200],
  },
  'rest-off': {
    probe: async (api) => [
      await statusAndBody(api.get('/admins')),
      await status(api.analytics('batch', [GOOD])),
    ],
    off: [[200, { results: [], next: null, atEnd: true }], 200],
    on: [[403, { error: 'REST API is not enabled for this workspace' }], 200],
  },
  'analytics-off': {
    probe: async (api) => [
      await statusAndBody(api.analytics('batch', [GOOD])),
      await status(api.get('/admins')),
    ],
    off: [[200, OK], 200],
    on: [[403, { error: 'Analytics API is not enabled for this workspace' }], 200],
  },
  'no-rate-headers': {
    probe: async (api) =>
      Object.keys((await api.get('/users')).headers).filter((name) => name.includes('ratelimit')).length,
    off: 6,
    on: 0,
  },
  'x-rate-headers-only': {
    probe: async (api) => [
      await header(api.get('/users'), 'ratelimit-limit'),
      await header(api.get('/users'), 'x-ratelimit-limit'),
    ],
    off: ['3, 3;window=60', '3, 3;window=60'],
    on: [undefined, '3, 3;window=60'],
  },
  'rate-headers-only': {
    probe: async (api) => [
      await header(api.get('/users'), 'ratelimit-limit'),
      await header(api.get('/users'), 'x-ratelimit-limit'),
    ],
    off: ['3, 3;window=60', '3, 3;window=60'],
    on: ['3, 3;window=60', undefined],
  },
  'reset-epoch': {
    probe: async (api) => Number(await header(api.get('/users'), 'ratelimit-reset')) > 1_000_000_000,
    off: false,
    on: true,
  },
  'retry-after': {
    probe: async (api) => (await exhausted(api)).headers['retry-after'],
    off: undefined,
    on: '20',
  },
  'sliding-window': {
    probe: async (api) => (await exhausted(api)).headers['ratelimit-reset'],
    off: '20',
    on: '60',
  },
  'fixed-window': {
    probe: async (api) => (await exhausted(api)).headers['ratelimit-reset'],
    off: '20',
    on: '45',
  },
  'analytics-rejects-whole-batch': { probe: mixedBatch, off: [400, false], on: [400, false] },
  'analytics-skips-bad': { probe: mixedBatch, off: [400, false], on: [400, true] },
  'analytics-drops-bad': { probe: mixedBatch, off: [400, false], on: [200, true] },
  'analytics-loses': {
    probe: async (api, sandbox) => {
      const reply = await api.analytics('batch', [GOOD]);
      return [reply.status, sandbox.accounts.byExternalId('good') !== undefined];
    },
    off: [200, true],
    on: [200, false],
  },
  'analytics-alters': {
    probe: async (api, sandbox) => {
      await api.analytics('account', { accountId: 'a1', messageId: 'm', traits: { plan: 'pro', seats: 2 } });
      return at(sandbox.snapshot(), 'accounts', 'a1', 'traits');
    },
    off: { plan: 'pro', seats: 2 },
    on: { plan: 'pro (altered)', seats: 2 },
  },
  'analytics-413': {
    probe: (api) => status(api.analytics('batch', [{ ...GOOD, traits: { long: 'x'.repeat(50_000) } }])),
    off: 200,
    on: 413,
  },
  'analytics-null-kept': {
    probe: async (api, sandbox) => {
      await api.analytics('account', { accountId: 'a1', messageId: 'm', traits: { plan: null, name: null } });
      return [
        at(sandbox.snapshot(), 'accounts', 'a1', 'traits'),
        at(sandbox.snapshot(), 'accounts', 'a1', 'name'),
      ];
    },
    off: [{}, null],
    on: [{ plan: 'pro' }, 'Acme'],
  },
  'analytics-reverses-batch': {
    probe: async (api, sandbox) => {
      const messages = [1, 2].map((n) => ({ ...GOOD, messageId: `m${n}`, traits: { n } }));
      await api.analytics('batch', messages);
      return at(sandbox.snapshot(), 'accounts', 'good', 'traits', 'n');
    },
    off: 2,
    on: 1,
  },
  'empty-batch-accepted': { probe: (api) => status(api.analytics('batch', [])), off: 400, on: 200 },
  'blocked-organization': blocked({ type: 'organization', organizationId: 'o' }),
  'blocked-account': {
    probe: async (api) => [
      await status(api.analytics('account', { accountId: 'x', messageId: 'x' })),
      await status(api.analytics('batch', [GOOD])),
      await status(api.analytics('track', { event: 'e', accountId: 'x', properties: {}, messageId: 'y' })),
    ],
    off: [200, 200, 200],
    on: [400, 400, 200],
  },
  'blocked-user': blocked({ type: 'user', userId: 'u', accountId: 'a', traits: {} }),
  'blocked-track': blocked({ type: 'track', userId: 'u', event: 'e', properties: {} }),
  'blocked-unlink': blocked({ type: 'unlink', userId: 'u', accountId: 'a' }),
};

/** Enough for every probe at 3 requests a minute, and 15 s into a minute. */
const OPTIONS = { requestsPerMinute: 3, now: () => Date.parse('2026-03-01T10:00:15Z') };

describe.each(Object.entries(SHOWN))('%s', (name, { probe, off, on }) => {
  const isBounded = /rate|retry|reset|window/.test(name);
  const options = isBounded ? OPTIONS : { ...OPTIONS, requestsPerMinute: 1000 };

  test('off', () =>
    withSandbox(options, async (api, sandbox) => {
      seedCouple(sandbox);
      expect(await probe(api, sandbox)).toEqual(off);
    }));

  test('on', () =>
    withSandbox({ ...options, profile: [name] }, async (api, sandbox) => {
      sandbox.setProfile([]);
      seedCouple(sandbox);
      sandbox.setProfile([name]);
      expect(await probe(api, sandbox)).toEqual(on);
    }));
});

test('every switch has a description', () => {
  for (const description of Object.values(SANDBOX_SWITCHES)) expect(description).toMatch(/^.{20,120}$/);
});

test('an unknown switch is named', async () => {
  await expect(startSandbox({ profile: ['put-creates', 'nonsense', '__proto__'] })).rejects.toThrow(
    'unknown sandbox switch: nonsense, __proto__',
  );
});
