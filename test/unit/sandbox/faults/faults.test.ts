import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FaultDraw } from '../../../../src/sandbox/faults/faults.ts';
import { FAULT_KINDS, type FaultKind, parseFaultPlan } from '../../../../src/sandbox/index.ts';
import { Api, at, seedCouple } from '../../../support/sandbox/client.ts';
import { withSandbox } from '../../../support/sandboxes.ts';

interface Failure {
  readonly applied: boolean;
  /** What the client meets: a status, or the code of an error. */
  readonly met: number | string | RegExp;
  readonly contentType?: string;
}

const FAILURES: Record<FaultKind, Failure> = {
  '429': { applied: false, met: 429 },
  '500': { applied: false, met: 500 },
  '502': { applied: false, met: 502 },
  '503': { applied: false, met: 503 },
  'reset-before': { applied: false, met: /ECONNRESET|UND_ERR_SOCKET/ },
  'reset-after': { applied: true, met: /ECONNRESET|UND_ERR_SOCKET/ },
  timeout: { applied: false, met: 'UND_ERR_HEADERS_TIMEOUT' },
  'timeout-after': { applied: true, met: 'UND_ERR_HEADERS_TIMEOUT' },
  truncated: { applied: true, met: /ECONNRESET|UND_ERR_SOCKET/ },
  html: { applied: false, met: 200, contentType: 'text/html; charset=utf-8' },
  'html-502': { applied: false, met: 502, contentType: 'text/html; charset=utf-8' },
  garbage: { applied: true, met: 200, contentType: 'application/json; charset=utf-8' },
  'html-500-after': { applied: true, met: 500, contentType: 'text/html; charset=utf-8' },
  '502-after': { applied: true, met: 502, contentType: 'text/html; charset=utf-8' },
  '504-late': { applied: false, met: 504, contentType: 'text/html; charset=utf-8' },
  'html-403': { applied: false, met: 403, contentType: 'text/html; charset=utf-8' },
};

const DRAWS = 2_000;

const always = (kind: FaultKind) => ({ rate: 1, kinds: [kind], seed: 1 });

async function meet(call: ReturnType<Api['post']>) {
  try {
    const { status, body, headers } = await call;
    return { met: status, body, contentType: headers['content-type'] };
  } catch (error) {
    return { met: String(at(error, 'code')), body: undefined, contentType: undefined };
  }
}

describe.each(Object.entries(FAILURES))('%s', (name, { applied, met, contentType }) => {
  const { kinds } = parseFaultPlan({ kinds: [name] });
  const [kind = '500'] = kinds;

  test.each([
    { api: 'REST', send: (api: Api) => api.post('/accounts', { externalId: 'x', name: 'x' }) },
    { api: 'Analytics', send: (api: Api) => api.analytics('account', { accountId: 'x', messageId: 'm' }) },
  ])(`over $api is ${applied ? '' : 'not '}applied`, ({ send }) =>
    withSandbox({}, async (api, sandbox) => {
      sandbox.setFaults(always(kind));
      const seen = await meet(send(kind.startsWith('timeout') ? new Api(sandbox.url, 300) : api));
      if (met instanceof RegExp) expect(seen.met).toMatch(met);
      else expect(seen.met).toBe(met);
      if (contentType !== undefined) expect(seen.contentType).toBe(contentType);
      if (met === 200) expect(seen.body).toBeUndefined();
      expect(sandbox.accounts.size).toBe(applied ? 1 : 0);
      expect(sandbox.requests().map(({ fault }) => fault)).toEqual([kind]);
      sandbox.setFaults({ rate: 0, kinds: [], seed: 1 });
      expect((await send(api)).status).toBe(200);
      expect(sandbox.accounts.size).toBe(1);
    }),
  );
});

test('what a gateway gave up on is applied later, before what comes then', async () => {
  let now = 1_000_000;
  await withSandbox({ now: () => now, faults: { ...always('504-late'), limit: 1 } }, async (api, sandbox) => {
    expect((await api.post('/accounts', { externalId: 'x', name: 'x' })).status).toBe(504);
    now += 2_999;
    expect((await api.get('/accounts/x')).status).toBe(404);
    now += 1;
    expect((await api.get('/accounts/x')).status).toBe(200);
    expect(sandbox.accounts.size).toBe(1);
  });
});

describe('a DELETE, whose answer has no body', () => {
  test.each(['truncated', 'garbage', 'reset-after'] as const)('is applied under %s', (kind) =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      sandbox.setFaults(always(kind));
      await meet(api.delete('/accounts/a1'));
      expect(sandbox.accounts.size).toBe(0);
    }),
  );
});

test('a 429 bears the reset of the plan and costs nothing', () =>
  withSandbox({ requestsPerMinute: 10 }, async (api, sandbox) => {
    sandbox.setFaults({ ...always('429'), resetSeconds: 7, limit: 5 });
    const reply = await api.get('/accounts');
    expect(reply.headers).toMatchObject({ 'ratelimit-reset': '7', 'ratelimit-remaining': '0' });
    for (let n = 0; n < 4; n++) expect((await api.get('/accounts')).status).toBe(429);
    expect((await api.get('/accounts')).headers['ratelimit-remaining']).toBe('9');
  }));

describe('a plan', () => {
  test('a sequence is used up request by request, then the rate decides', () =>
    withSandbox({}, async (api, sandbox) => {
      sandbox.setFaults({ rate: 0, kinds: [], seed: 1, sequence: ['none', '500', 'none', '503'] });
      const statuses = [];
      for (let n = 0; n < 6; n++) statuses.push((await api.get('/accounts')).status);
      expect(statuses).toEqual([200, 500, 200, 503, 200, 200]);
    }));

  test('paths pick the requests, others use nothing up', () =>
    withSandbox({}, async (api, sandbox) => {
      sandbox.setFaults({
        rate: 0,
        kinds: [],
        seed: 1,
        sequence: ['500', '503'],
        paths: /^\/resources\/users/g,
      });
      expect((await api.get('/accounts')).status).toBe(200);
      expect((await api.get('/users')).status).toBe(500);
      expect((await api.get('/users')).status).toBe(503);
      expect((await api.get('/users')).status).toBe(200);
    }));

  const draws = (seed: number, rate: number, limit?: number) => {
    const draw = new FaultDraw({
      rate,
      kinds: ['500', 'timeout', 'html'],
      seed,
      ...(limit === undefined ? {} : { limit }),
    });
    return Array.from({ length: DRAWS }, () => draw.next('/resources/accounts'));
  };

  test('a pattern that takes for ever matches nothing, and keeps nobody waiting', () => {
    const draw = new FaultDraw({ rate: 1, kinds: ['500'], seed: 1, paths: /(.*)*(.*)*$^/ });
    const { user } = process.cpuUsage();
    expect(draw.next(`/resources/accounts/${'a'.repeat(60)}`)).toBeUndefined();
    expect(process.cpuUsage().user - user).toBeLessThan(1_000_000);
  });

  test('the same seed draws the same faults', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (seed, rate) => {
          expect(draws(seed, rate)).toEqual(draws(seed, rate));
        },
      ),
      { numRuns: 50 },
    );
    expect(draws(1, 0.5)).not.toEqual(draws(2, 0.5));
  });

  test.each([0, 0.2, 0.5, 1])('a rate of %s is about that share, of all kinds', (rate) => {
    const drawn = draws(7, rate).filter((kind) => kind !== undefined);
    expect(Math.abs(drawn.length / DRAWS - rate)).toBeLessThan(0.05);
    expect(new Set(drawn).size).toBe(rate === 0 ? 0 : 3);
  });

  test('the limit bounds the faults', () => {
    expect(draws(7, 1, 5).filter((kind) => kind !== undefined)).toHaveLength(5);
  });
});

describe('parseFaultPlan', () => {
  test.each([
    {
      plan: {},
      parsed: {
        rate: 0,
        kinds: Object.keys(FAULT_KINDS).filter((kind) => kind !== '504-late' && kind !== 'html-403'),
        seed: 1,
      },
    },
    { plan: { rate: 0.2, kinds: '429,500', seed: 3 }, parsed: { rate: 0.2, kinds: ['429', '500'], seed: 3 } },
    {
      plan: { paths: '^/resources', limit: 2, sequence: ['none', 'html'], resetSeconds: 2 },
      parsed: { paths: /^\/resources/, limit: 2, sequence: ['none', 'html'], resetSeconds: 2 },
    },
  ])('$plan', ({ plan, parsed }) => {
    expect(parseFaultPlan(plan)).toMatchObject(parsed);
  });

  test.each([
    { plan: { rate: 1.5 }, error: 'rate must be between 0 and 1' },
    { plan: { rate: -1 }, error: 'rate must be a number' },
    { plan: { seed: 'x' }, error: 'seed must be a number' },
    { plan: { kinds: ['explode'] }, error: 'explode is no kind of fault' },
    { plan: { kinds: 'toString' }, error: 'toString is no kind of fault' },
    { plan: { sequence: ['none', 'never'] }, error: 'never is no kind of fault' },
  ])('$plan is refused', ({ plan, error }) => {
    expect(() => parseFaultPlan(plan)).toThrow(error);
  });
});
