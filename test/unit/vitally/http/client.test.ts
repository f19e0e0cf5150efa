import { afterEach, describe, expect, test } from 'vitest';
import type { VitallyRequest } from '../../../../src/vitally/http/answer.ts';
import { createClient, type VitallyClient } from '../../../../src/vitally/http/client.ts';
import type { ClientOptions } from '../../../../src/vitally/http/client-options.ts';
import {
  json,
  type Loopback,
  noContent,
  type Reply,
  reset,
  silence,
  startLoopback,
  text,
  truncated,
} from '../../../support/loopback.ts';
import { JumpingClock, START_MS } from '../../../support/virtual-clock.ts';

const PUT: VitallyRequest = { method: 'PUT', path: '/resources/accounts/acc-17', body: '{"name":"Acme"}' };
const GET: VitallyRequest = { method: 'GET', path: '/resources/accounts/acc-17' };
const TOKEN = 'Basic c2VjcmV0LW1hcmtlcjo=';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

interface Setup {
  readonly server: Loopback;
  readonly client: VitallyClient;
  readonly clock: JumpingClock;
  readonly log: string[];
  readonly stop: AbortController;
}

async function connected(replies: readonly Reply[], options: Partial<ClientOptions> = {}): Promise<Setup> {
  const server = await startLoopback(...replies);
  const clock = new JumpingClock();
  const log: string[] = [];
  const stop = new AbortController();
  const client = createClient({
    api: 'rest',
    headers: {},
    baseUrl: server.url,
    authorization: TOKEN,
    requestsPerMinute: 1_000,
    clock,
    random: () => 0.5,
    signal: stop.signal,
    env: {},
    userAgent: 'destination-vitally/test',
    log: (level, message) => log.push(`${level} ${message}`),
    requestTimeoutMs: 5_000,
    ...options,
  });
  open.push(
    () => client.close(),
    () => server.close(),
  );
  return { server, client, clock, log, stop };
}

describe('a request', () => {
  test('goes out with method, path, headers and body, below the base URL', async () => {
    const { server, client } = await connected([json({ id: '1' })]);
    await client.send(PUT);
    const below = await connected([json({ id: '1' })]);
    const prefixed = createClient({
      api: 'rest',
      headers: {},
      baseUrl: `${below.server.url}/vitally/`,
      authorization: TOKEN,
      requestsPerMinute: 1_000,
      clock: below.clock,
      signal: below.stop.signal,
      env: {},
      userAgent: 'x',
    });
    open.push(() => prefixed.close());
    await prefixed.send(GET);
    expect(server.received).toMatchObject([
      {
        method: 'PUT',
        url: '/resources/accounts/acc-17',
        body: '{"name":"Acme"}',
        headers: {
          authorization: TOKEN,
          'content-type': 'application/json',
          accept: 'application/json',
          'user-agent': 'destination-vitally/test',
        },
      },
    ]);
    expect(below.server.received).toMatchObject([
      { method: 'GET', url: '/vitally/resources/accounts/acc-17', body: '' },
    ]);
  });

  test('up to maxInFlight go at the same time, once the first answers are there', async () => {
    let atOnce = 0;
    let most = 0;
    const counting: Reply = (response) => {
      atOnce++;
      most = Math.max(most, atOnce);
      setTimeout(() => {
        atOnce--;
        response.end('{"id":"1"}');
      }, 5);
    };
    const { client, server } = await connected([counting], { maxInFlight: 4 });
    await Promise.all(Array.from({ length: 40 }, () => client.send(PUT)));
    expect(server.received).toHaveLength(40);
    expect(most).toBe(4);
  });
});

describe('an answer', () => {
  test.each([
    [
      '200 with an object',
      json({ id: '1', name: 'Acme' }),
      { kind: 'ok', status: 200, body: { id: '1', name: 'Acme' } },
    ],
    ['201', json({ id: '1' }, 201), { kind: 'ok', status: 201, body: { id: '1' } }],
    ['204', noContent, { kind: 'ok', status: 204, body: undefined }],
    ['200 without a body', text(''), { kind: 'ok', status: 200, body: undefined }],
    ['200 with a list', json([1, 2]), { kind: 'ok', body: [1, 2] }],
    [
      '404',
      json({ error: 'Account not found' }, 404),
      { kind: 'not_found', status: 404, text: 'Account not found' },
    ],
    [
      '404 from a proxy',
      text('<html>nothing here</html>', 404, 'text/html'),
      { kind: 'not_found', text: '<html>nothing here</html>' },
    ],
    [
      '400 about a missing record',
      json({ error: 'User not found' }, 400),
      { kind: 'not_found', status: 400 },
    ],
    ['409', json({ error: 'conflict' }, 409), { kind: 'exists', status: 409 }],
    [
      '400 about an existing record',
      json({ error: 'externalId already exists' }, 400),
      { kind: 'exists', status: 400 },
    ],
    ['413', text('', 413), { kind: 'too_large', status: 413 }],
    [
      '400 in general',
      json({ error: 'name is required' }, 400),
      { kind: 'refused', status: 400, text: 'name is required' },
    ],
    ['422', json({ message: 'bad' }, 422), { kind: 'refused', status: 422, text: 'bad' }],
    [
      '200 with `error` and no id',
      json({ error: 'Account not found' }),
      { kind: 'not_found', status: 200, text: 'Account not found' },
    ],
    [
      '200 with `error` on a write',
      json({ error: 'name is required' }),
      { kind: 'refused', status: 200, text: 'name is required' },
    ],
  ] as [string, Reply, object][])('%s', async (_name, reply, expected) => {
    const { client, server } = await connected([reply]);
    expect(await client.send(PUT)).toMatchObject({ ...expected, repeated: false });
    expect(server.received).toHaveLength(1);
  });

  test('200 with any `error` on a read is a missing record', async () => {
    const { client } = await connected([json({ error: 'nope' })]);
    expect(await client.send(GET)).toMatchObject({ kind: 'not_found', text: 'nope' });
  });

  test('keeps every digit of its numbers', async () => {
    const { client } = await connected([text('{"id":"1","traits":{"n":9007199254740993}}')]);
    const answer = await client.send(GET);
    expect(JSON.stringify(answer.kind === 'ok' && answer.body)).toBe(
      '{"id":"1","traits":{"n":9007199254740993}}',
    );
  });

  test('has a bounded text', async () => {
    const { client } = await connected([text('x'.repeat(1_000_000), 400)]);
    const answer = await client.send(PUT);
    expect(answer.kind === 'refused' && answer.text.length).toBeLessThan(3_000);
  });

  test("tells when the first attempt was sent, on Vitally's clock", async () => {
    const dated = (offsetMs: number): Reply =>
      json({ id: '1' }, 200, { date: new Date(START_MS + offsetMs).toUTCString() });
    const hour = 3_600_000;
    const { client } = await connected([dated(hour), reset, dated(hour)]);
    expect((await client.send(PUT)).sentAtMs).toBeCloseTo(START_MS + hour, -4);
    const second = await client.send(PUT);
    expect(second).toMatchObject({ repeated: true });
    expect(second.sentAtMs - START_MS - hour).toBeLessThan(1_000);
  });
});

describe('a request is sent again', () => {
  test.each([
    ["500 in Vitally's envelope: it failed", text('{"error":"oops"}', 500), false, 'status 500'],
    ['500 in other words', text('oops', 500), true, 'status 500'],
    ["503 in Vitally's envelope", text('{"error":"oops"}', 503), true, 'status 503'],
    ['502 with a page', text('<html>', 502, 'text/html'), true, 'status 502'],
    ['408', text('', 408), true, 'status 408'],
    ['425', text('', 425), false, 'status 425'],
    ['a reset after it was sent', reset, true, 'the connection was cut off'],
    ['an answer cut short', truncated(), true, 'status 200'],
    ['a refusal cut short', truncated(400), false, 'status 400'],
    ['a page in the place of JSON', text('<html>hello</html>', 200, 'text/html'), true, 'status 200'],
    ['garbage', text('{"id":'), true, 'status 200'],
  ] as [string, Reply, boolean, string][])('after %s', async (_name, reply, repeated, reason) => {
    const { client, server, clock, log } = await connected([reply, reply, json({ id: '1' })]);
    expect(await client.send(PUT)).toMatchObject({ kind: 'ok', repeated });
    expect(server.received.map(({ body }) => body)).toEqual(Array(3).fill(PUT.body));
    expect(clock.sleptMs).toEqual([250, 500]);
    expect(client.stats()).toMatchObject({ requests: 3, retried: 2, throttled: 0, waitedMs: 0 });
    expect(log).toHaveLength(1);
    expect(log[0]).toContain(reason);
  });

  test('after a time-out, and its connection is cut', async () => {
    const { client, server } = await connected([silence, json({ id: '1' })], { requestTimeoutMs: 100 });
    expect(await client.send(PUT)).toMatchObject({ kind: 'ok', repeated: true });
    expect(server.received).toHaveLength(2);
  });

  test('after an answer that drips too slowly', async () => {
    const dripping: Reply = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(timer));
    };
    const { client } = await connected([dripping, json({ id: '1' })], { requestTimeoutMs: 100 });
    expect(await client.send(PUT)).toMatchObject({ kind: 'ok', repeated: true });
  });

  test('`repeated` is about this request alone', async () => {
    const { client } = await connected([reset, json({ id: '1' })]);
    expect(await client.send(PUT)).toMatchObject({ repeated: true });
    expect(await client.send(PUT)).toMatchObject({ repeated: false });
  });

  test('after 429, once the pause is over, and without counting it as a retry', async () => {
    const tooMany = json({ error: 'Too Many Requests' }, 429, { 'retry-after': '7' });
    const { client, server, clock, log } = await connected([tooMany, tooMany, json({ id: '1' })]);
    expect(await client.send(PUT)).toMatchObject({ kind: 'ok', repeated: false });
    expect(server.received).toHaveLength(3);
    expect(clock.sleptMs.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(2 * 7_350, -1);
    expect(client.stats()).toMatchObject({ requests: 3, retried: 0, throttled: 2 });
    expect(client.stats().waitedMs).toBeCloseTo(14_700, -1);
    expect(log).toEqual(["WARN Vitally's REST API: rate limit reached (429); slowing down."]);
  });
});

describe('what is thrown', () => {
  test('a TransientError once the bounds are reached, that says what, since when, how often and what to do', async () => {
    const { client, clock } = await connected([text('{"error":"marker-of-a-row"}', 503)], {
      requestTimeoutMs: 30_000,
    });
    const error = await client.send(PUT).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'TransientError',
      message: expect.stringMatching(
        /^Vitally's REST API at 127\.0\.0\.1:\d+ kept failing since \S+ \S+ UTC, for 4 minutes and \d+ seconds \(\d+ tries\): the last time the server is not available.* \(status 503\)\. Run the sync again/,
      ),
      technical: expect.stringMatching(
        /^PUT \/resources\/accounts\/:id at 127\.0\.0\.1:\d+: status 503; \d+ tries in 4 minutes/,
      ),
    });
    expect(clock.now() - START_MS).toBeLessThanOrEqual(300_000);
    expect(clock.now() - START_MS).toBeGreaterThan(240_000);
  });

  test('a TransientError after one try where there is time for no more', async () => {
    const { client, server } = await connected([reset], { giveUpAfterMs: 1_000 });
    await expect(client.send(GET)).rejects.toThrow(
      /kept failing .*\(1 try\): the last time the connection was cut off \([A-Z_]+\)\./,
    );
    expect(server.received).toHaveLength(1);
  });

  test('a TransientError after half an hour of nothing but 429', async () => {
    const { client, clock } = await connected([json({ error: 'Too Many Requests' }, 429)]);
    await expect(client.send(GET)).rejects.toThrow(/\(429\) since .* for 30 minutes.* requests_per_minute/);
    expect(clock.now() - START_MS).toBeLessThan(32 * 60_000);
  });

  test.each([
    [401, 'rest', 'rest_api_token'],
    [401, 'analytics', 'analytics_api_token'],
    [403, 'rest', 'rest_api_token'],
    [403, 'analytics', 'analytics_api_token'],
  ] as const)('a ConfigError for %i of the %s API, at once', async (status, api, field) => {
    const { client, server } = await connected([json({ error: 'marker-of-the-server' }, status)], { api });
    const error = await client.send(GET).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ConfigError', faults: [{ path: `/${field}` }] });
    expect(String(error)).not.toMatch(/marker-of-the-server|c2VjcmV0|secret-marker/);
    expect(server.received).toHaveLength(1);
  });

  test('a ConfigError for TLS to a port that has none', async () => {
    const { client } = await connected([json({})], {});
    const { server } = await connected([json({})]);
    const tls = createClient({
      api: 'rest',
      headers: {},
      baseUrl: `https://127.0.0.1:${server.port}`,
      authorization: TOKEN,
      requestsPerMinute: 1_000,
      clock: new JumpingClock(),
      signal: new AbortController().signal,
      env: {},
      userAgent: 'x',
    });
    open.push(() => tls.close());
    await expect(tls.send(GET)).rejects.toMatchObject({
      name: 'ConfigError',
      faults: [{ path: '/data_center' }],
    });
    expect(client.stats().requests).toBe(0);
  });

  test('a ConfigError for a web page in the place of the API', async () => {
    const { client, server } = await connected([text('<html>Sign in</html>', 200, 'text/html')]);
    await expect(client.send(GET)).rejects.toMatchObject({
      name: 'ConfigError',
      faults: [{ path: '/data_center' }],
    });
    expect(server.received).toHaveLength(3);
  });

  test('a TransientError for a web page in the midst of a run', async () => {
    const { client } = await connected([
      json({ id: '1' }),
      text('<html>Maintenance</html>', 200, 'text/html'),
    ]);
    await client.send(GET);
    await expect(client.send(GET)).rejects.toMatchObject({ name: 'TransientError' });
  });
});
