import { expect, test } from 'vitest';
import { parseSettings, parseSettingsOrFaults } from '../../../../src/config/parse-settings.ts';
import { faultsOf } from '../../../support/config-faults.ts';
import { configFor } from '../../../support/messages.ts';
import { spec } from '../../../support/spec.ts';

const SANDBOX = { url: 'http://127.0.0.1:8080' };
const KEY = { name: 'X-Gateway-Key', value: 'gateway-key-marker' };

function configWith(headers: unknown): Record<string, unknown> {
  const config = configFor(SANDBOX);
  return { ...config, data_center: { ...Object(config.data_center), headers } };
}

test('headers are taken over, without blanks around their values', () => {
  const headers = [KEY, { name: 'x-two', value: ' \ta b\té ' }, { name: '__proto__', value: 'own' }];
  expect(Object.entries(parseSettings(configWith(headers), spec).headers)).toEqual([
    ['X-Gateway-Key', 'gateway-key-marker'],
    ['x-two', 'a b\té'],
    ['__proto__', 'own'],
  ]);
});

test.each([[undefined], [null], [[]], [{}]])('%j is no header', (headers) => {
  expect(parseSettings(configWith(headers), spec).headers).toEqual({});
});

test.each([
  'Authorization',
  'AUTHORIZATION',
  'Proxy-Authorization',
  'proxy-',
  'Host',
  'Connection',
  'Keep-Alive',
  'Transfer-Encoding',
  'TE',
  'te',
  'Trailer',
  'Upgrade',
  'HTTP2-Settings',
  'Expect',
  'Content-Type',
  'content-length',
  'Content-Anything',
  'Accept',
  'Accept-Encoding',
  'User-Agent',
])('the name %s is a fault', (name) => {
  expect(faultsOf(configWith([KEY, { name, value: 'value-marker' }]))).toEqual([
    { path: '/data_center/headers/1/name', message: expect.stringContaining('sets itself') },
  ]);
});

test.each(['a b', 'a:', 'é', 'a\r\nb', 'a\u0000', '(x)', ' X-Key', 'X-Key\n', '{"x"}', '日本'])(
  'the name %j is a fault',
  (name) => {
    const [fault, ...others] = faultsOf(configWith([{ name, value: 'value-marker' }]));
    expect(fault?.path).toBe('/data_center/headers/0/name');
    expect(fault?.message).toContain('no name of a header');
    expect(others).toEqual([]);
  },
);

test.each(['a\r\nX-Evil: 1', 'a\n', '\r\na', 'a\u0000b', 'a\u007fb', 'a\u001bb', 'zł', '日本', 'a\u2028b'])(
  'the value %j is a fault',
  (value) => {
    expect(faultsOf(configWith([{ name: 'X-Key', value }]))).toEqual([
      { path: '/data_center/headers/0/value', message: expect.stringContaining('line break') },
    ]);
  },
);

test('one name twice is a fault, in any case', () => {
  expect(faultsOf(configWith([KEY, { name: 'x-gateway-KEY', value: 'other' }]))).toEqual([
    {
      path: '/data_center/headers/1/name',
      message: expect.stringContaining('the same header as /data_center/headers/0/name'),
    },
  ]);
});

test('everything that is wrong is told at once, and no value of it', () => {
  const headers = [
    { name: 'secret marker', value: 'secret-marker\n' },
    { name: 'Host', value: 'secret-marker' },
    { value: 'secret-marker' },
    { name: 'X-Key', value: 17 },
    { name: 'X-Other', value: 'x', valeu: 'secret-marker' },
  ];
  const faults = faultsOf(configWith(headers));
  expect(faults.map(({ path }) => path)).toEqual(
    expect.arrayContaining([
      '/data_center/headers/2/name',
      '/data_center/headers/3/value',
      '/data_center/headers/4/valeu',
    ]),
  );
  expect(JSON.stringify(faults)).not.toMatch(/secret.marker/);
  const unshaped = faultsOf(configWith(headers.slice(0, 2)));
  expect(unshaped.map(({ path }) => path)).toEqual([
    '/data_center/headers/0/name',
    '/data_center/headers/0/value',
    '/data_center/headers/1/name',
  ]);
  expect(JSON.stringify(unshaped)).not.toMatch(/secret.marker/);
});

test('beside another region they are ignored, which is told', () => {
  const config = { ...configFor(SANDBOX), data_center: { region: 'eu', headers: [KEY] } };
  const { settings, warnings } = parseSettingsOrFaults(config, spec);
  expect(settings?.headers).toEqual({});
  expect(warnings.join()).toContain('/data_center/headers has no meaning beside "region": "eu"');
});

test('a value is a secret from six characters on, also where another fault keeps the config from being taken', () => {
  const { redact, faults } = parseSettingsOrFaults(
    {
      ...configWith([KEY, { name: 'X-Short', value: 'abcde' }, { name: 'X-Six', value: ' abcdef ' }]),
      streams: [{ stream: 's', object: 'account', [KEY.value]: 1 }],
    },
    spec,
  );
  expect(redact(`${KEY.value} ${KEY.value.toUpperCase()} abcde abcdef`)).toBe('*** *** abcde ***');
  expect(JSON.stringify(faults)).not.toContain(KEY.value);
  const unsound = parseSettingsOrFaults({ data_center: { region: 'custom', headers: [KEY, 1] } }, spec);
  expect(unsound.redact(`x${KEY.value}`)).toBe('x***');
});
