import { describe, expect, test } from 'vitest';
import { type Api, seedCouple } from '../../support/sandbox/client.ts';
import { withSandbox } from '../../support/sandboxes.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

function submit(api: Api, name: string, fields: Readonly<Record<string, string>> = {}) {
  const text = new URLSearchParams(fields).toString();
  return api.raw(`/controls/${name}`, { method: 'POST', headers: FORM, text });
}

/** The address of the first link whose text is this. */
function linkOf(text: string, page: string): string {
  const [, address = ''] = new RegExp(`href="([^"]+)">${text}</a>`).exec(page) ?? [];
  return address.replaceAll('&amp;', '&');
}

describe('a record', () => {
  test('shows its fields, changes from old to new by request, and relations', () =>
    withSandbox({}, async (api, sandbox) => {
      seedCouple(sandbox);
      const { body: account } = await api.get('/accounts/a1');
      const { id } = account as { id: string };
      await api.post('/notes', {
        externalId: 'n1',
        accountId: id,
        note: '<b>Hi</b>',
        noteDate: '2027-01-04',
        subject: 'Call',
      });
      await api.put(`/accounts/${id}`, { name: 'Acme, Inc', traits: { tier: 'gold' } });
      await api.analytics('track', {
        event: 'Signed up',
        userId: 'u1',
        accountId: 'a1',
        messageId: 'm',
        properties: {},
      });
      const list = (await api.raw('/records/accounts')).text;
      const page = (await api.raw(linkOf('a1', list))).text;
      expect(page).toContain('<h1>Acme, Inc</h1>');
      expect(page).toContain('<span class="muted">name</span> Acme → Acme, Inc');
      expect(page).toContain('<span class="muted">traits.tier</span> <span class="muted">–</span> → gold');
      expect(page).toContain('<h2>Its users');
      expect(page).toContain('<h2>Its notes');
      expect(page).toContain('Signed up');
      const request = (await api.raw(linkOf('request \\d+', page))).text;
      expect(request).toContain(`PUT /resources/accounts/${id}`);
      expect(request).toContain('&quot;tier&quot;: &quot;gold&quot;');
      expect(request).toMatch(/ratelimit-remaining/i);
      const note = (await api.raw(linkOf('n1', page))).text;
      expect(note).toContain(
        '<iframe sandbox title="note as Vitally shows it" srcdoc="&lt;!doctype html&gt;',
      );
      expect(note).not.toContain('<b>Hi</b>');
    }));

  test.each(['/records/accounts/none', '/records/nothing', '/runs/9', '/requests/9'])(
    '%s: not there',
    (path) =>
      withSandbox({}, async (api) => {
        const { status, text } = await api.raw(path);
        expect(status).toBe(404);
        expect(text).toContain('<h1>Not there</h1>');
      }),
  );

  test.each(['/records/accounts/a/b', '/runs/x', '/requests/1/2', '/controls/x', '/%', '/nothing'])(
    '%s is no page',
    (path) =>
      withSandbox({}, async (api) => {
        const { status, headers } = await api.raw(path);
        expect([status, headers['content-type']]).toEqual([404, expect.stringContaining('json')]);
      }),
  );
});

describe('a run', () => {
  test('leads to what it made of the records, and to what was refused', () =>
    withSandbox({}, async (api) => {
      await api.post('/accounts', { externalId: 'a1', name: 'Acme' });
      await api.post('/accounts', { externalId: 'a2', name: 'Beta' });
      await api.post('/accounts', { externalId: 'a3' });
      const overview = (await api.raw('/')).text;
      expect(overview).toContain('<span class="bad">1</span>');
      const run = (await api.raw('/runs/1')).text;
      expect(run).toContain('<td data-name="key">a3</td>');
      expect(run).toContain('name is required');
      const created = (await api.raw(linkOf('2', run))).text;
      expect(created).toContain('Those that <a href="/runs/1">run 1</a> created.');
      expect(created).toContain('Beta');
      expect((await api.raw('/records/accounts?run=1&outcome=updated')).text).toContain('None yet.');
    }));
});

describe('forms', () => {
  test('set switches and faults, put a seed in, and clear', () =>
    withSandbox({}, async (api, sandbox) => {
      expect(
        (await submit(api, 'seed', { seed: '{"accounts": [{"externalId": "a", "name": "A"}]}' })).text,
      ).toContain('The seed is in.');
      expect(sandbox.accounts.size).toBe(1);
      expect((await submit(api, 'switches', { switch: 'not-found-400' })).text).toMatch(
        /value="not-found-400" checked/,
      );
      expect((await api.get('/accounts/nobody')).status).toBe(400);
      expect(
        (await submit(api, 'faults', { percent: '100', kind: '503', paths: 'users', limit: '' })).text,
      ).toContain('100 % of the requests: 503');
      expect([(await api.get('/users/u')).status, (await api.get('/accounts/a')).status]).toEqual([503, 200]);
      expect((await submit(api, 'no-faults')).text).toContain('<span class="note">none</span>');
      expect((await api.get('/users/u')).status).toBe(400);
      await submit(api, 'clear');
      expect(sandbox.accounts.size).toBe(0);
    }));

  test.each([
    ['seed', { seed: '{"accounts": [' }, 'JSON'],
    ['seed', { seed: '[1]' }, 'a seed is an object of kinds of records'],
    ['seed', { seed: '{"account": [{"externalId": "<i>"}]}' }, 'accounts'],
    ['faults', { percent: 'many' }, 'percent: many is no number'],
    ['faults', { percent: '10', kind: '<script>' }, '&lt;script&gt; is no kind of fault'],
    ['switches', { switch: 'on' }, 'unknown sandbox switch: on'],
  ])('%s %j is refused, and what was written stays', (name, fields, said) =>
    withSandbox({}, async (api) => {
      const { status, text } = await submit(api, name, fields);
      expect(status).toBe(400);
      expect(text).toContain('role="alert"');
      expect(text).toContain(said);
      if ('seed' in fields)
        expect(text).toContain(
          `required>${fields.seed.replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</textarea>`,
        );
    }),
  );

  test('of another site are not taken', () =>
    withSandbox({}, async (api, sandbox) => {
      sandbox.seed('accounts', [{ externalId: 'a', name: 'A' }]);
      const headers = { ...FORM, origin: 'http://elsewhere.example' };
      expect((await api.raw('/controls/clear', { method: 'POST', headers, text: '' })).status).toBe(403);
      expect(sandbox.accounts.size).toBe(1);
    }));
});
