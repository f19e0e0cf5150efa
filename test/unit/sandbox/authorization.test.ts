import { describe, expect, test } from 'vitest';
import { ANALYTICS_AUTHORIZATION, REST_AUTHORIZATION } from '../../support/sandbox/client.ts';
import { withSandbox } from '../../support/sandboxes.ts';

const encoded = (text: string) => Buffer.from(text).toString('base64');

describe('REST', () => {
  test.each([
    { header: undefined, status: 401, error: 'Authorization header not present.' },
    { header: REST_AUTHORIZATION, status: 200 },
    { header: 'Basic rest-token', status: 401, error: 'Invalid credentials.' },
    { header: `Basic ${encoded('rest-token')}`, status: 401, error: 'Invalid credentials.' },
    { header: `Basic ${encoded('analytics-token:')}`, status: 401, error: 'Invalid credentials.' },
    { header: ANALYTICS_AUTHORIZATION, status: 401, error: 'Invalid credentials.' },
    { header: `Bearer ${encoded('rest-token:')}`, status: 401, error: 'Invalid credentials.' },
  ])('$header is answered with $status', ({ header, status, error }) =>
    withSandbox({}, async (api) => {
      const headers = header === undefined ? {} : { authorization: header };
      const reply = await api.raw('/resources/accounts', { headers });
      expect(reply.status).toBe(status);
      if (error !== undefined) expect(reply.body).toEqual({ error });
    }),
  );
});

describe('Analytics', () => {
  test.each([
    { header: undefined, status: 401 },
    { header: ANALYTICS_AUTHORIZATION, status: 200 },
    { header: `Basic ${encoded('analytics-token:')}`, status: 401 },
    { header: REST_AUTHORIZATION, status: 401 },
    { header: 'analytics-token', status: 401 },
  ])('$header is answered with $status', ({ header, status }) =>
    withSandbox({}, async (api) => {
      const reply = await api.raw('/analytics/v1/account', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(header === undefined ? {} : { authorization: header }),
        },
        body: { accountId: 'a1', messageId: 'm1' },
      });
      expect(reply.status).toBe(status);
    }),
  );
});

test('tokens are those of the options', () =>
  withSandbox({ restToken: 'other', analyticsToken: 'another' }, async (api) => {
    expect((await api.get('/accounts')).status).toBe(401);
    expect((await api.analytics('account', {})).status).toBe(401);
    const reply = await api.raw('/resources/accounts', {
      headers: { authorization: `Basic ${encoded('other:')}` },
    });
    expect(reply.status).toBe(200);
  }));

test('authorization is judged before everything else', () =>
  withSandbox({ requestsPerMinute: 1 }, async (api, sandbox) => {
    sandbox.setFaults({ rate: 1, kinds: ['500'], seed: 1 });
    for (const path of ['/resources/nothing', '/resources/accounts/%zz', '/analytics/v1/nothing'])
      expect((await api.raw(path, { method: 'POST', text: '{' })).status).toBe(401);
    sandbox.setFaults({ rate: 0, kinds: [], seed: 1 });
    expect((await api.get('/accounts')).status).toBe(200);
  }));
