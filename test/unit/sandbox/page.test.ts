import { describe, expect, test } from 'vitest';
import { brief, html } from '../../../src/sandbox/page/html.ts';
import { seedCouple } from '../../support/sandbox/client.ts';
import { withSandbox } from '../../support/sandboxes.ts';

const HOSTILE = `</td><script>alert(1)</script><img src=x onerror='alert(2)'>"&amp;`;

describe('the page', () => {
  test('shows counts, records, events and requests', () =>
    withSandbox({ profile: ['no-at-end'] }, async (api, sandbox) => {
      seedCouple(sandbox);
      await api.analytics('track', {
        event: 'Signed up',
        userId: 'u1',
        properties: { plan: 'pro' },
        messageId: 'm1',
      });
      await api.get('/accounts/nobody');
      const { status, headers, text } = await api.raw('/');
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
      });
      const shown = [
        '<b>1</b>organizations',
        '<b>1</b>events',
        '<b>1</b>REST requests',
        'Switches</a>: no-at-end.',
        '<td data-name="name">Acme</td>',
        '<td data-name="name">Ann@acme.test</td>',
        'Signed up',
        '{&quot;plan&quot;:&quot;pro&quot;}',
        'GET /resources/accounts/nobody',
        '<b class="bad">404</b>',
        '<b class="good">200</b>',
      ];
      for (const text_ of shown) expect(text).toContain(text_);
    }));

  test('says so where there is nothing', () =>
    withSandbox({}, async (api) => {
      const { text } = await api.raw('/');
      expect(text.match(/None yet\./g)).toHaveLength(6);
      expect(text).toContain('Switches</a>: none.');
    }));

  test('loads nothing and runs nothing, whatever the rows hold', () =>
    withSandbox({}, async (api, sandbox) => {
      sandbox.seed('organizations', [{ externalId: HOSTILE, name: HOSTILE, traits: { [HOSTILE]: HOSTILE } }]);
      sandbox.seed('accounts', [{ externalId: HOSTILE, name: HOSTILE, organizationId: HOSTILE }]);
      sandbox.seed('users', [{ externalId: HOSTILE, name: HOSTILE, email: HOSTILE, accountIds: [HOSTILE] }]);
      sandbox.seed('events', [
        { messageId: HOSTILE, event: HOSTILE, userId: HOSTILE, properties: { [HOSTILE]: 1 } },
      ]);
      await api.get(`/accounts/${encodeURIComponent(HOSTILE)}?${encodeURI(HOSTILE)}`);
      const { text, headers } = await api.raw('/');
      expect(text).toContain('&lt;script&gt;');
      expect(text).not.toMatch(/<script|<img|javascript:|\bsrc=["'x]?http|<link|@import|url\(/i);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
    }));

  test('stays short with many records and long values', () =>
    withSandbox({}, async (api, sandbox) => {
      const events = Array.from({ length: 10_000 }, (_, n) => ({
        messageId: `m${n}`,
        event: `Event ${n}`,
        userId: 'u',
        properties: { long: 'x'.repeat(200) },
      }));
      sandbox.seed('events', events);
      const accounts = Array.from({ length: 500 }, (_, n) => ({
        externalId: `a${n}`,
        name: 'x'.repeat(5_000),
      }));
      sandbox.seed('accounts', accounts);
      const { text } = await api.raw('/');
      expect(text.length).toBeLessThan(60_000);
      expect(text).toContain('<b>10,000</b>events');
      expect(text).toContain('5 of 500, see all');
      expect(text).toContain('Event 9999');
      expect(text).not.toContain('Event 9000');
    }));

  test('searches and pages by plain links', () =>
    withSandbox({}, async (api, sandbox) => {
      const accounts = Array.from({ length: 45 }, (_, n) => ({ externalId: `a${n}`, name: `Name ${n}.` }));
      sandbox.seed('accounts', accounts);
      sandbox.seed('users', [{ externalId: 'u', name: 'Ann', accountIds: ['a0'] }]);
      const last = (await api.raw('/records/accounts?page=3')).text;
      expect(last).toContain('41–45 of 45');
      expect(last.match(/Name \d+\./g)).toHaveLength(5);
      expect(last).toContain('href="/records/accounts?page=2">Previous');
      expect(last).not.toContain('>Next<');
      expect(last).not.toContain('Ann');
      const found = (await api.raw('/?q=NAME+1')).text;
      expect(found.match(/Name \d+\./g)).toHaveLength(11);
      expect(found).not.toContain('Ann');
      expect((await api.raw('/?q=nobody')).text).toContain('No record holds this text');
      expect((await api.raw('/records/accounts?page=x')).text).toContain('1–20 of 45');
      expect((await api.raw('/records/accounts?q=name+1&page=9')).text).toContain(
        'Nothing here; there are 11',
      );
      const hostile = (await api.raw(`/?q=${encodeURIComponent(HOSTILE)}`)).text;
      expect(hostile).not.toMatch(/<script|<img/i);
    }));

  test.each([
    { method: 'POST', path: '/', status: 404 },
    { method: 'GET', path: '/favicon.ico', status: 404 },
    { method: 'GET', path: '/resources', status: 404 },
  ] as const)('$method $path: $status', ({ method, path, status }) =>
    withSandbox({}, async (api) => {
      expect((await api.raw(path, { method })).status).toBe(status);
    }),
  );
});

describe('html', () => {
  test.each([
    { made: html`<b title="${'"'}">${"<i>&'"}</b>`, text: '<b title="&quot;">&lt;i&gt;&amp;&#39;</b>' },
    {
      made: html`<p>${html`<i>${'<'}</i>`}${[html`<b>1</b>`, html`<b>2</b>`]}</p>`,
      text: '<p><i>&lt;</i><b>1</b><b>2</b></p>',
    },
    { made: html`${0}\n`, text: '0\n' },
  ])('$text', ({ made, text }) => {
    expect(made.text).toBe(text);
  });

  test.each([
    { value: 'short', text: 'short' },
    { value: { a: [1] }, text: '{"a":[1]}' },
    { value: 'x'.repeat(161), text: `${'x'.repeat(160)}…` },
    { value: undefined, text: '' },
  ])('brief: $text', ({ value, text }) => {
    expect(brief(value)).toBe(text);
  });
});
