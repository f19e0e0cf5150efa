import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isJsonObject } from '../../src/json/guards.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.ts';
import { configFor } from '../support/messages.ts';
import { type Invocation, runCommand } from '../support/run-command.ts';
import { openSandbox } from '../support/sandboxes.ts';

const CHECK = ['check', '--config', 'config.json'];
const NO_REST = { rest_api_token: undefined };
const NO_ANALYTICS = { analytics_api_token: undefined };

/** Runs check: exit 0 and exactly one CONNECTION_STATUS, whatever is found. */
async function check(
  config: unknown,
  invocation: Invocation = {},
): Promise<{ status: unknown; message: string }> {
  const result = await runCommand(CHECK, { ...invocation, config });
  expect(result.code).toBe(0);
  expect(result.stderr).toBe('');
  expect(result.messages.map(({ type }) => type)).toEqual(['CONNECTION_STATUS']);
  const status = result.messages[0]?.connectionStatus;
  if (!isJsonObject(status)) throw new Error('no status');
  return { status: status.status, message: String(status.message) };
}

/** Runs check against a sandbox, and makes sure that it was only read from. */
async function checkSandbox(
  options: SandboxOptions,
  overrides: Record<string, unknown> = {},
  seed: (sandbox: Sandbox) => void = () => {},
) {
  const sandbox = await openSandbox(options);
  seed(sandbox);
  const answer = await check(configFor(sandbox, overrides));
  expect(sandbox.requests().filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(answer.message).not.toMatch(/rest-token|analytics-token/);
  return { ...answer, requests: sandbox.requests() };
}

describe('a configuration that will do', () => {
  test('says what was proved of each API and what wasn’t', async () => {
    const { status, message, requests } = await checkSandbox({});
    expect(status).toBe('SUCCEEDED');
    expect(message).toMatch(/REST API at 127\.0\.0\.1:\d+: the token works\./);
    expect(message).toMatch(/Analytics API at \S+: .*only a write proves/);
    expect(requests.filter(({ api }) => api === 'rest').map(({ path }) => path)).toContain(
      '/resources/accounts?limit=1',
    );
  });

  test.each([
    { overrides: NO_ANALYTICS, says: /no analytics_api_token, so events cannot be written/ },
    {
      overrides: NO_REST,
      says: /no rest_api_token, so the modes update, append and delete cannot be used/,
    },
  ])('with one token: $says', async ({ overrides, says }) => {
    const { status, message } = await checkSandbox({}, overrides);
    expect(status).toBe('SUCCEEDED');
    expect(message).toMatch(says);
  });

  test('streams of organizations are read where they are wanted', async () => {
    const streams = [{ stream: 'orgs', object: 'organization', sync_key: ['id'] }];
    const { status, requests } = await checkSandbox({}, { ...NO_ANALYTICS, streams });
    expect(status).toBe('SUCCEEDED');
    expect(requests.map(({ path }) => path)).toEqual(['/resources/organizations?limit=1']);
  });

  test('a store that can be written leaves no trace', async () => {
    const sandbox = await openSandbox();
    const config = configFor(sandbox, {
      object_storage_config: { storage_type: 'Local', directory: 'kept' },
    });
    expect(await check(config)).toMatchObject({ status: 'SUCCEEDED' });
  });
});

describe('each fault has its own sentence', () => {
  const foreign = { restToken: 'another', analyticsToken: 'one-more' };

  test.each<{ what: string; options: SandboxOptions; overrides: Record<string, unknown>; says: RegExp }>([
    {
      what: 'no token at all',
      options: {},
      overrides: { ...NO_REST, ...NO_ANALYTICS },
      says: /rest_api_token.*analytics_api_token|token/i,
    },
    {
      what: 'a wrong REST token',
      options: { restToken: 'another' },
      overrides: {},
      says: /REST API at \S+ refused the token \(401\)/,
    },
    {
      what: 'a wrong Analytics token',
      options: { analyticsToken: 'another' },
      overrides: NO_REST,
      says: /Analytics API at \S+ refused the token \(401\)/,
    },
    {
      what: 'the Analytics token in the REST field',
      options: {},
      overrides: { ...NO_ANALYTICS, rest_api_token: 'analytics-token' },
      says: /^rest_api_token holds a token of the Analytics API/,
    },
    {
      what: 'the REST token in the Analytics field',
      options: {},
      overrides: { ...NO_REST, analytics_api_token: 'rest-token' },
      says: /analytics_api_token|Analytics API/,
    },
    { what: 'both wrong', options: foreign, overrides: {}, says: /REST API at \S+ refused the token/ },
    {
      what: 'the REST API switched off',
      options: { profile: ['rest-off'] },
      overrides: {},
      says: /REST API at \S+ forbids this \(403\)/,
    },
    {
      what: 'the Analytics API switched off',
      options: { profile: ['analytics-off'] },
      overrides: NO_REST,
      says: /Analytics API at \S+ forbids this \(403\)/,
    },
    {
      what: 'organizations switched off',
      options: { profile: ['organizations-off'] },
      overrides: { streams: [{ stream: 'orgs', object: 'organization', sync_key: ['id'] }] },
      says: /does not give out organizations.*switched off/,
    },
    {
      what: 'a route that needs the missing REST token',
      options: {},
      overrides: {
        ...NO_REST,
        streams: [{ stream: 'gone', object: 'account', mode: 'delete', sync_key: ['id'] }],
      },
      says: /rest_api_token.*gone|gone.*rest_api_token/s,
    },
    {
      what: 'a route that needs the missing Analytics token',
      options: {},
      overrides: { ...NO_ANALYTICS, streams: [{ stream: 'clicks', object: 'event' }] },
      says: /analytics_api_token.*clicks|clicks.*analytics_api_token/s,
    },
    {
      what: 'an entry that can’t work',
      options: {},
      overrides: { streams: [{ stream: 'x', object: 'event', mode: 'delete' }] },
      says: /\/streams\/0\/mode/,
    },
    {
      what: 'a store that can’t be written',
      options: {},
      overrides: { object_storage_config: { storage_type: 'Local', directory: 'config.json/below' } },
      says: /config\.json/,
    },
  ])('$what', async ({ options, overrides, says }) => {
    const { status, message } = await checkSandbox(options, overrides);
    expect(status).toBe('FAILED');
    expect(message).toMatch(says);
  });

  test('several faults of the config are told at once', async () => {
    const { status, message } = await checkSandbox(
      {},
      { write_via: 'mail', streams: [{ stream: 'x', object: 'nothing' }] },
    );
    expect(status).toBe('FAILED');
    expect(message).toContain('/write_via');
    expect(message).toContain('/streams/0/object');
  });

  test('the REST token in both fields', async () => {
    const { status, message } = await checkSandbox({}, { analytics_api_token: 'rest-token' });
    expect(status).toBe('FAILED');
    expect(message).toMatch(/^analytics_api_token holds a token of the REST API/);
  });

  test('one token for both APIs is fine where both take it', async () => {
    const { status } = await checkSandbox(
      { restToken: 'one-for-both', analyticsToken: 'one-for-both' },
      { rest_api_token: 'one-for-both', analytics_api_token: 'one-for-both' },
    );
    expect(status).toBe('SUCCEEDED');
  });

  test('a proxy that refuses nobody says nothing about tokens', async () => {
    const url = await serve((_path, respond) => respond(200, '{"results":[],"next":null}'));
    const sandbox = await openSandbox();
    const config = configFor(sandbox, {
      data_center: { region: 'custom', rest_url: url, analytics_url: url },
    });
    expect(await check(config)).toMatchObject({ status: 'SUCCEEDED' });
  });

  test.each(
    [200, 401, 403, 404].flatMap((rest) => [200, 401, 403, 404].map((analytics) => ({ rest, analytics }))),
  )(
    'a token goes to its own API alone where the two have different origins ($rest, $analytics)',
    async ({ rest, analytics }) => {
      const restSeen = new Set<string | undefined>();
      const analyticsSeen = new Set<string | undefined>();
      const config = {
        data_center: {
          region: 'custom',
          rest_url: await serve((_path, respond) => respond(rest, '{"results":[],"error":null}'), restSeen),
          analytics_url: await serve((_path, respond) => respond(analytics, '{}'), analyticsSeen),
        },
        rest_api_token: 'the-rest-token',
        analytics_api_token: 'the-analytics-token',
      };
      await check(config);
      expect([...restSeen]).toEqual([`Basic ${btoa('the-rest-token:')}`]);
      expect([...analyticsSeen].filter((seen) => seen !== 'Basic the-analytics-token')).toEqual([]);
    },
    40_000,
  );

  test.each([
    {
      what: 'something else',
      status: 200,
      body: '{"hello":"world"}',
      says: /not as Vitally's REST API does/,
    },
    { what: 'a web page', status: 200, body: '<html></html>', says: /web page|keep|fail|NOT_JSON/ },
    { what: 'a redirect', status: 302, body: '', says: /elsewhere/ },
  ])(
    'a host where $what answers',
    async ({ status, body, says }) => {
      const url = await serve((_path, respond) => respond(status, body));
      expect(await check(configFor({ url }, NO_ANALYTICS))).toMatchObject({
        status: 'FAILED',
        message: expect.stringMatching(says),
      });
    },
    40_000,
  );
});

test('a config that is no JSON, and none at all', async () => {
  expect(await check('{"data_center": ')).toMatchObject({ status: 'FAILED' });
  const result = await runCommand(['check']);
  expect(result.code).toBe(0);
  expect(result.messages).toMatchObject([
    { connectionStatus: { status: 'FAILED', message: expect.stringContaining('--config') } },
  ]);
});

/** A loopback server that answers everything alike. */
async function serve(
  answer: (path: string, respond: (status: number, body: string) => void) => void,
  authorizations = new Set<string | undefined>(),
): Promise<string> {
  const server = createServer((request, response) => {
    authorizations.add(request.headers.authorization);
    answer(request.url ?? '', (status, body) => {
      const type = body.startsWith('<') ? 'text/html' : 'application/json';
      response.writeHead(status, { 'content-type': type, location: 'http://127.0.0.1:1/' });
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

describe('what is ignored', () => {
  const STREAM = { stream: 'accounts', object: 'account', sync_key: ['id'] };

  test.each([
    {
      overrides: { writeVia: 'rest' },
      says: /\/writeVia is not known here; did you mean "write_via"\? \(it is ignored\)/,
    },
    {
      overrides: { rejected_records: { policy: 'fail_fast', max_percent: 5 } },
      says: /\/rejected_records\/max_percent has no meaning beside "policy": "fail_fast"/,
    },
  ])('is told in the message of a check that succeeds: $says', async ({ overrides, says }) => {
    const { status, message } = await checkSandbox({}, { streams: [STREAM], ...overrides });
    expect(status).toBe('SUCCEEDED');
    expect(message).toMatch(says);
  });

  test('is not there in a config of a form', async () => {
    const overrides = { streams: [{ ...STREAM, fields: [], constants: [], if_empty: [], delete_limit: {} }] };
    const { status, message } = await checkSandbox({}, overrides);
    expect(status).toBe('SUCCEEDED');
    expect(message).not.toContain('Note:');
  });
});

describe('custom objects', () => {
  const there = (sandbox: Sandbox) =>
    sandbox.seed('customObjects', [
      { name: 'subscriptions', label: 'Subscription plans', writeMode: 'writable' },
      { name: 'sites', label: 'Sites', writeMode: 'writable' },
    ]);
  const entry = (stream: string, object: string, custom?: string) => ({
    stream,
    object,
    custom_object: custom,
  });

  test('that are there are proved by one read', async () => {
    const streams = [entry('a', 'custom_object', 'subscriptions'), entry('b', 'custom_object:Sites')];
    const { status, requests } = await checkSandbox({}, { streams }, there);
    expect(status).toBe('SUCCEEDED');
    expect(requests.filter(({ path }) => path.startsWith('/resources/customObjects'))).toHaveLength(1);
  });

  test('that are not are told together, each with its place and the nearest', async () => {
    const streams = [entry('a', 'custom_object', 'Subscription'), entry('b', 'custom_object:Spaceship')];
    const { status, message } = await checkSandbox({}, { streams }, there);
    expect(status).toBe('FAILED');
    expect(message).toMatch(/\/streams\/0\/custom_object: .*"Subscription"; did you mean "subscriptions"\?/);
    expect(message).toMatch(/\/streams\/1\/object: .*"Spaceship"; it has "sites", "subscriptions"/);
  });

  test('cannot be looked for by name without a REST token, nor need they be where no entry names one', async () => {
    const named = [entry('a', 'custom_object', 'Spaceship')];
    expect(await checkSandbox({}, { streams: named, ...NO_REST })).toMatchObject({
      status: 'FAILED',
      message: expect.stringContaining('/streams/0/custom_object'),
    });
    const byId = [entry('a', 'custom_object', '0197a4a6-5b1e-7c3d-8a2f-3d5b1c9e7f10')];
    expect(await checkSandbox({}, { streams: byId, ...NO_REST })).toMatchObject({ status: 'SUCCEEDED' });
    const { requests } = await checkSandbox({}, { streams: [entry('a', 'account')] });
    expect(requests.filter(({ path }) => path.includes('customObjects'))).toEqual([]);
  });
});

describe('a config that is odd JSON', () => {
  const text = (members: string) =>
    `{"data_center": {"region": "eu"}, "rest_api_token": "sk_live_0123456789"${members}}`;

  test.each([
    {
      name: 'a name twice',
      config: text(', "write_via": "rest", "write_via": "auto"'),
      says: /^\/write_via: is there twice/,
    },
    {
      name: 'a name twice in an entry',
      config: text(', "streams": [{"stream": "accounts", "object": "account", "object": "user"}]'),
      says: /^\/streams\/0\/object: is there twice/,
    },
    {
      name: 'a token where a name belongs, twice',
      config: text(', "sk_live_0123456789": 1, "sk_live_0123456789": 2'),
      says: /^the config has an object with one name twice/,
    },
    {
      name: '__proto__ in an entry',
      config: text(', "streams": [{"__proto__": {"stream": "a"}}]'),
      says: /holds a name that is not known/,
    },
    {
      name: 'a number as text',
      config: text(', "requests_per_minute": "1000"'),
      says: /must be a whole number/,
    },
    {
      name: 'a number beyond all',
      config: text(', "requests_per_minute": 1e400'),
      says: /must be (a whole number|from 1 to)/,
    },
    {
      name: 'a limit beyond all',
      config: text(', "streams": [{"stream": "a", "object": "account", "delete_limit": 1e400}]'),
      says: /delete_limit: must be a JSON object/,
    },
    { name: 'a list', config: '[]', says: /must be a JSON object/ },
    { name: 'a text', config: '"config"', says: /must be a JSON object/ },
    { name: 'null', config: 'null', says: /must be a JSON object/ },
    { name: 'nothing', config: '', says: /is not JSON: it is empty/ },
    { name: 'UTF-16', config: `\uFEFF${text('')}`, says: /UTF-16/, encoding: 'utf16le' as const },
  ])('$name is a fault that says where', async ({ config, says, encoding }) => {
    const answer = await check(Buffer.from(config, encoding));
    expect(answer.status).toBe('FAILED');
    expect(answer.message).toMatch(says);
    expect(answer.message).not.toContain('0123456789');
  });
});
