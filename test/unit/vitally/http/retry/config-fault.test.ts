import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../../../src/errors/config-error.ts';
import type { Exchange } from '../../../../../src/vitally/http/exchange.ts';
import { type ConfigFaultContext, configFault } from '../../../../../src/vitally/http/retry/config-fault.ts';

const REST: ConfigFaultContext = {
  api: 'rest',
  host: 'acme.rest.vitally.io',
  answeredBefore: false,
  attempts: 1,
};
const ANALYTICS: ConfigFaultContext = { ...REST, api: 'analytics', host: 'acme.api.vitally.io' };
const ANSWERED: ConfigFaultContext = { ...REST, answeredBefore: true };

function answered(status: number): Exchange {
  return { kind: 'answered', status, headers: {}, body: '{"error":"marker-of-the-server"}' };
}

function failed(code: string, detail: { cause?: unknown; contentType?: string } = {}): Exchange {
  const headers = detail.contentType === undefined ? {} : { 'content-type': detail.contentType };
  return { kind: 'failed', code, status: undefined, headers, mayBeApplied: false, cause: detail.cause };
}

const dnsError = (hostname: string): Error => Object.assign(new Error('getaddrinfo'), { hostname });

describe('stopError blames the config', () => {
  test.each([
    [
      'for a refused REST token',
      answered(401),
      REST,
      '/rest_api_token',
      [
        'REST API',
        'acme.rest.vitally.io',
        'Settings > Integrations > Vitally REST API',
        'not the Analytics token',
        'revoked',
        'region',
      ],
    ],
    [
      'for a refused Analytics token',
      answered(401),
      ANALYTICS,
      '/analytics_api_token',
      [
        'Analytics API',
        'acme.api.vitally.io',
        'Settings > Integrations > Vitally Analytics API',
        'not the REST token',
        'revoked',
      ],
    ],
    ['for a token refused in the midst of a run', answered(401), ANSWERED, '/rest_api_token', ['revoked']],
    [
      'for a right that is missing',
      answered(403),
      REST,
      '/rest_api_token',
      ['403', 'lacks the right', 'switched off'],
    ],
    [
      'for an API that is off',
      answered(403),
      ANALYTICS,
      '/analytics_api_token',
      ['Analytics API', 'switched off'],
    ],
    ['for a proxy without password', answered(407), REST, '', ['proxy', 'HTTPS_PROXY']],
    [
      'for a proxy without password, as the tunnel says it',
      failed('UND_ERR_ABORTED', { cause: new Error('Proxy response (407) !== 200 when HTTP Tunneling') }),
      REST,
      '',
      ['proxy', 'HTTPS_PROXY'],
    ],
    ['for a redirect', answered(302), REST, '/data_center', ['redirect', 'subdomain']],
    [
      'for an unknown host',
      failed('ENOTFOUND'),
      { ...REST, attempts: 3 },
      '/data_center',
      ['acme.rest.vitally.io', 'unknown', 'subdomain', 'region'],
    ],
    [
      'for an unknown host that the error names',
      failed('ENOTFOUND', { cause: dnsError('acme.rest.vitally.io') }),
      { ...REST, attempts: 3 },
      '/data_center',
      ['unknown', 'subdomain'],
    ],
    [
      'for an unknown host with a port',
      failed('ENOTFOUND', { cause: dnsError('vitally.acme.test') }),
      { ...REST, host: 'vitally.acme.test:8080', attempts: 3 },
      '/data_center',
      ['vitally.acme.test:8080'],
    ],
    [
      'for an unknown proxy',
      failed('ENOTFOUND', { cause: dnsError('proxy.acme.test') }),
      { ...REST, attempts: 3, proxy: { url: 'http://proxy.acme.test:3128', variable: 'https_proxy' } },
      '',
      ['proxy', 'unknown', 'https_proxy'],
    ],
    [
      "for another name's certificate",
      failed('ERR_TLS_CERT_ALTNAME_INVALID'),
      REST,
      '/data_center',
      ['certificate', 'acme.rest.vitally.io', 'another name', 'subdomain'],
    ],
    [
      'for a proxy that inspects TLS',
      failed('SELF_SIGNED_CERT_IN_CHAIN'),
      REST,
      '/data_center',
      ['NODE_EXTRA_CA_CERTS'],
    ],
    ['for an expired certificate', failed('CERT_HAS_EXPIRED'), REST, '/data_center', ['CERT_HAS_EXPIRED']],
    ['for TLS to a port without', failed('ERR_SSL_WRONG_VERSION_NUMBER'), REST, '/data_center', ['port']],
    [
      'for a web page in the place of the API',
      failed('NOT_JSON', { contentType: 'text/html; charset=utf-8' }),
      { ...REST, attempts: 3 },
      '/data_center',
      ['web page', 'region'],
    ],
  ] as [string, Exchange, ConfigFaultContext, string, string[]][])(
    '%s',
    (_name, result, context, path, words) => {
      const error = configFault(result, context);
      expect(error).toBeInstanceOf(ConfigError);
      for (const word of words) expect(error?.message).toContain(word);
      expect(error?.faults).toEqual([{ path, message: error?.message }]);
      expect(error?.message).not.toContain('marker-of-the-server');
    },
  );
});

describe('stopError leaves to time, or to the row', () => {
  test.each([
    ['a good answer', answered(200), REST],
    ['a refused row', answered(400), REST],
    ['a missing record', answered(404), REST],
    ['too many requests', answered(429), REST],
    ['a server error', answered(500), REST],
    ['a redirect in the midst of a run', answered(302), ANSWERED],
    ['an unknown host at the first try', failed('ENOTFOUND'), REST],
    ['an unknown host at the second try', failed('ENOTFOUND'), { ...REST, attempts: 2 }],
    ['a host unknown in the midst of a run', failed('ENOTFOUND'), { ...ANSWERED, attempts: 9 }],
    ['a resolver that is down', failed('EAI_AGAIN'), { ...REST, attempts: 9 }],
    ['a refused connection', failed('ECONNREFUSED'), { ...REST, attempts: 9 }],
    ['a certificate fault in the midst of a run', failed('CERT_HAS_EXPIRED'), ANSWERED],
    ['a page at the first try', failed('NOT_JSON', { contentType: 'text/html' }), REST],
    [
      'a page in the midst of a run',
      failed('NOT_JSON', { contentType: 'text/html' }),
      { ...ANSWERED, attempts: 9 },
    ],
    [
      'garbage that says it is JSON',
      failed('NOT_JSON', { contentType: 'application/json' }),
      { ...REST, attempts: 9 },
    ],
  ] as [string, Exchange, ConfigFaultContext][])('%s', (_name, result, context) => {
    expect(configFault(result, context)).toBeUndefined();
  });
});
