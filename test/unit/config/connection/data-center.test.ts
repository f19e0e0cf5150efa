import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseBaseUrl } from '../../../../src/config/connection/base-url.ts';
import { parseDataCenter } from '../../../../src/config/connection/data-center.ts';
import { parseSubdomain } from '../../../../src/config/connection/subdomain.ts';
import { createFindings } from '../../../../src/errors/findings.ts';

test.each([
  'acme',
  'ACME',
  ' acme ',
  'acme.vitally.io',
  'https://acme.vitally.io',
  'https://acme.vitally.io/',
  'https://acme.vitally.io/customers/accounts?x=1#y',
  'HTTP://Acme.Vitally.IO:443/x',
  'acme.rest.vitally.io',
  'https://acme.api.vitally.io/analytics/v1',
  'acme.vitally.io.',
])('%j is the subdomain acme', (text) => {
  expect(parseSubdomain(text)).toEqual({ kind: 'subdomain', subdomain: 'acme' });
});

test.each([
  { text: 'rest', says: "Vitally's own host" },
  { text: 'https://rest.vitally.io', says: "Vitally's own host" },
  { text: 'api.vitally.io', says: "Vitally's own host" },
  { text: 'https://docs.vitally.io/en', says: "Vitally's own host" },
  { text: 'vitally.io', says: 'login page' },
  { text: 'acme.example.com', says: 'login page' },
  { text: 'acme.vitally.io.example.com', says: 'login page' },
  { text: 'a.b.vitally.io', says: 'login page' },
  { text: 'a.b.rest.vitally.io', says: 'login page' },
  { text: 'a.rest.b.vitally.io', says: 'login page' },
  { text: 'acme_inc', says: 'login page' },
  { text: '-acme', says: 'login page' },
  { text: 'a'.repeat(64), says: 'login page' },
  { text: '', says: 'login page' },
  { text: 'acme.vitally-eu.io', says: '"region": "eu"' },
  { text: 'https://rest.vitally-eu.io/', says: '"region": "eu"' },
])('$text is no subdomain', ({ text, says }) => {
  expect(parseSubdomain(text)).toEqual({ kind: 'fault', message: expect.stringContaining(says) });
});

test.each([
  { text: 'https://proxy.example.com', url: 'https://proxy.example.com' },
  { text: ' https://Proxy.example.com/ ', url: 'https://proxy.example.com' },
  { text: 'https://proxy.example.com:8443//', url: 'https://proxy.example.com:8443' },
  { text: 'https://proxy.example.com/resources', url: 'https://proxy.example.com' },
  { text: 'https://proxy.example.com/analytics/v1/', url: 'https://proxy.example.com' },
  { text: 'https://proxy.example.com/vitally/resources//', url: 'https://proxy.example.com/vitally' },
  { text: 'https://proxy.example.com/a/b/', url: 'https://proxy.example.com/a/b' },
  { text: 'http://localhost:8080', url: 'http://localhost:8080' },
  { text: 'http://127.0.0.1:8080/x', url: 'http://127.0.0.1:8080/x' },
  { text: 'http://127.1', url: 'http://127.0.0.1' },
  { text: 'http://[::1]:8080/', url: 'http://[::1]:8080' },
])('$text is the base $url', ({ text, url }) => {
  expect(parseBaseUrl(text, false)).toEqual({ kind: 'url', url });
});

test.each([
  { text: 'proxy.example.com', says: 'such as https://host' },
  { text: '', says: 'such as https://host' },
  { text: 'https://', says: 'such as https://host' },
  { text: 'localhost:8080', says: 'begin with https://' },
  { text: 'ftp://proxy.example.com', says: 'begin with https://' },
  { text: 'https://user:secret@proxy.example.com', says: 'user or password' },
  { text: 'https://user@proxy.example.com', says: 'user or password' },
  { text: 'https://proxy.example.com?key=1', says: 'before the ? or #' },
  { text: 'https://proxy.example.com/#top', says: 'before the ? or #' },
  { text: 'http://proxy.example.com', says: '"allow_insecure_http": true' },
  { text: 'http://127.0.0.1.example.com', says: '"allow_insecure_http": true' },
  { text: 'http://localhost.example.com', says: '"allow_insecure_http": true' },
  { text: 'http://vitally.localhost:8080', says: '"allow_insecure_http": true' },
  { text: 'http://128.0.0.1', says: '"allow_insecure_http": true' },
  { text: 'https://169.254.169.254/latest', says: 'must not be a metadata service' },
  { text: 'http://2852039166', says: 'must not be a metadata service' },
  { text: 'https://0xA9FEA9FE', says: 'must not be a metadata service' },
  { text: 'https://169.254.169.254.', says: 'must not be a metadata service' },
  { text: 'https://[::ffff:a9fe:a9fe]', says: 'must not be a metadata service' },
  { text: 'https://0', says: 'must not be an unspecified address' },
])('$text is no base address', ({ text, says }) => {
  const parsed = parseBaseUrl(text, false);
  expect(parsed).toEqual({ kind: 'fault', message: expect.stringContaining(says) });
  expect(JSON.stringify(parsed)).not.toContain('secret');
});

test.each(['http://127.0.0.1:8080', 'https://10.0.0.1', 'https://[fd00::1]', 'http://[::1]'])(
  '%s is a base address, but on no shared platform',
  (text) => {
    expect(parseBaseUrl(text, false, false)).toEqual({ kind: 'url', url: text });
    expect(parseBaseUrl(text, false, true)).toMatchObject({ kind: 'fault' });
  },
);

test('http to other machines is taken where it is allowed', () => {
  expect(parseBaseUrl('http://proxy.example.com', true)).toEqual({
    kind: 'url',
    url: 'http://proxy.example.com',
  });
});

test.each([
  {
    config: { region: 'us', subdomain: 'Acme' } as const,
    hosts: {
      region: 'us',
      restUrl: 'https://acme.rest.vitally.io',
      analyticsUrl: 'https://acme.api.vitally.io',
    },
  },
  {
    config: { region: 'eu' } as const,
    hosts: { region: 'eu', restUrl: 'https://rest.vitally-eu.io', analyticsUrl: 'https://api.vitally-eu.io' },
  },
  {
    config: {
      region: 'custom',
      rest_url: 'http://127.0.0.1:8080/resources',
      analytics_url: 'http://127.0.0.1:8080/analytics/v1',
      allow_insecure_http: false,
      headers: [],
    } as const,
    hosts: { region: 'custom', restUrl: 'http://127.0.0.1:8080', analyticsUrl: 'http://127.0.0.1:8080' },
  },
])('the hosts of $config', ({ config, hosts }) => {
  const findings = createFindings();
  expect(parseDataCenter(config, '/data_center', findings)).toEqual({ ...hosts, headers: {} });
  expect(findings.faults).toEqual([]);
});

test('both addresses of one data center can be at fault', () => {
  const findings = createFindings();
  const hosts = parseDataCenter(
    { region: 'custom', rest_url: 'http://a', analytics_url: 'b', allow_insecure_http: false, headers: [] },
    '/data_center',
    findings,
  );
  expect(hosts).toBeUndefined();
  expect(findings.faults.map(({ path }) => path)).toEqual([
    '/data_center/rest_url',
    '/data_center/analytics_url',
  ]);
});

const label = fc
  .stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/)
  .filter((text) => !/^(rest|api|www|docs)$/.test(text));

test('a subdomain is the same in whatever it is pasted', () => {
  fc.assert(
    fc.property(
      label,
      fc.constantFrom('', 'http://', 'https://'),
      fc.constantFrom('', '.rest', '.api'),
      (name, scheme, api) => {
        for (const text of [
          name,
          `${scheme}${name}${api}.vitally.io`,
          `${scheme}${name}${api}.vitally.io/x/?y#z`,
        ]) {
          expect(parseSubdomain(text.toUpperCase())).toEqual({ kind: 'subdomain', subdomain: name });
        }
      },
    ),
  );
});

test('any text is a subdomain that can stand in a host, or a fault', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.domain()), (text) => {
      const parsed = parseSubdomain(text);
      if (parsed.kind === 'fault') return;
      const hosts = parseDataCenter({ region: 'us', subdomain: text }, '', createFindings());
      expect(new URL(hosts?.restUrl ?? '').host).toBe(`${parsed.subdomain}.rest.vitally.io`);
    }),
  );
});

test('a base address stays the same when it is parsed again, and takes paths', () => {
  fc.assert(
    fc.property(
      fc.webUrl({ validSchemes: ['https'] }),
      fc.constantFrom('', '/', '/resources/', '/analytics/v1'),
      (base, end) => {
        const parsed = parseBaseUrl(base + end, false);
        if (parsed.kind === 'fault') return;
        expect(parsed.url).not.toMatch(/\/$/);
        expect(parseBaseUrl(parsed.url, false)).toEqual(parsed);
        expect(URL.canParse(`${parsed.url}/resources/accounts`)).toBe(true);
      },
    ),
  );
});
