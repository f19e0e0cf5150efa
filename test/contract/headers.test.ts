import { createServer, type IncomingHttpHeaders, request as onward, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { createClient } from '../../src/vitally/http/client.ts';
import { listen } from '../support/loopback.ts';
import { catalogOf, configFor, configured, record } from '../support/messages.ts';
import { type Result, runCommand } from '../support/run-command.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { CERTIFICATE, KEY } from '../support/self-signed.ts';
import { JumpingClock } from '../support/virtual-clock.ts';

const VALUE = 'gateway-key-marker';
const HEADERS = [
  { name: 'X-Gateway-Key', value: VALUE },
  { name: 'Cookie', value: 'é=1' },
];

interface Seen {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
}

interface Gateway {
  readonly url: string;
  readonly seen: Seen[];
}

/** A gateway before a sandbox that asks every request for its key, and quotes the headers of those that it refuses. */
async function gatewayTo(
  sandbox: Sandbox,
  refuses: (line: string) => boolean = () => false,
): Promise<Gateway> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const line = `${request.method} ${request.url}`;
    seen.push({ line, headers: request.headers });
    if (request.headers['x-gateway-key'] !== VALUE || refuses(line)) {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: `no: ${'y '.repeat(140)}${JSON.stringify(request.headers)}` }));
      return;
    }
    const passed = onward(`${sandbox.url}${request.url}`, {
      method: request.method,
      headers: request.headers,
    });
    passed.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(passed);
  });
  const port = await listen(server);
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${port}`, seen };
}

function configThrough(gateway: Gateway, more: object = {}): Record<string, unknown> {
  const config = configFor(gateway, more);
  return { ...config, data_center: { ...Object(config.data_center), headers: HEADERS } };
}

function outputOf({ messages, stderr }: Result): string {
  return `${JSON.stringify(messages)}${stderr}`;
}

describe('headers of custom addresses', () => {
  test.each(['check', 'discover'])('go with every request of %s', async (command) => {
    const gateway = await gatewayTo(await openSandbox());
    const result = await runCommand([command, '--config', 'config.json'], { config: configThrough(gateway) });
    expect(result.code).toBe(0);
    expect(gateway.seen.length).toBeGreaterThan(0);
    for (const { headers } of gateway.seen)
      expect(headers).toMatchObject({ 'x-gateway-key': VALUE, cookie: 'é=1' });
    expect(outputOf(result)).not.toContain(VALUE);
  });

  test('go with every request of write, to both APIs, beside the token', async () => {
    const sandbox = await openSandbox();
    const gateway = await gatewayTo(sandbox);
    const result = await runCommand(['write', '--config', 'config.json', '--catalog', 'catalog.json'], {
      config: configThrough(gateway),
      catalog: catalogOf('accounts', configured('notes', { mode: 'append_dedup' })),
      stdin: [
        record('accounts', { id: 'a1', name: 'Acme' }),
        record('notes', { id: 'n1', note: 'Hello', noteDate: '2026-01-01T00:00:00Z', accountId: 'a1' }),
      ],
    });
    expect({ code: result.code, errors: result.errors }).toEqual({ code: 0, errors: [] });
    expect(gateway.seen.map(({ line }) => line)).toEqual(
      expect.arrayContaining(['POST /analytics/v1/batch', 'POST /resources/notes']),
    );
    for (const { headers } of gateway.seen) {
      expect(headers['x-gateway-key']).toBe(VALUE);
      expect(headers.authorization).toMatch(/^Basic /);
    }
    expect(outputOf(result)).not.toContain(VALUE);
  });

  test('are shown nowhere, also where an answer quotes them', async () => {
    const gateway = await gatewayTo(await openSandbox(), (line) => line === 'POST /resources/accounts');
    const config = configThrough(gateway, {
      analytics_api_token: undefined,
      object_storage_config: { storage_type: 'Local', directory: 'rejected' },
    });
    const result = await runCommand(['write', '--config', 'config.json', '--catalog', 'catalog.json'], {
      config,
      catalog: catalogOf('accounts'),
      stdin: [record('accounts', { id: 'a1', name: 'Acme' }), record('accounts', { id: VALUE, name: 'Key' })],
      env: { WORKER_JOB_ID: '7' },
    });
    expect(result.code).toBe(1);
    expect(outputOf(result)).toContain('2 of 2 records');
    expect(outputOf(result)).not.toContain(VALUE);
    const kept = await result.file('rejected/7/accounts.jsonl');
    expect(kept).toContain('x-gateway-key');
    expect(kept).not.toContain(VALUE);
  });
});

describe('a proxy on the way', () => {
  test.each(['https', 'http'])('is not sent them over %s, and what is behind it is', async (scheme) => {
    const before = getCACertificates('default');
    setDefaultCACertificates([...before, CERTIFICATE]);
    onTestFinished(() => setDefaultCACertificates(before));
    const seen: IncomingHttpHeaders[] = [];
    const answer: RequestListener = (request, response) => {
      seen.push(request.headers);
      response.end('{"id":"1"}');
    };
    const tls = { key: KEY, cert: CERTIFICATE };
    const server = scheme === 'https' ? createTlsServer(tls, answer) : createServer(answer);
    const port = await listen(server);
    const asked: Seen[] = [];
    const proxy = createServer((request, response) => {
      asked.push({ line: request.url ?? '', headers: request.headers });
      response.end('{}');
    });
    proxy.on('connect', (request, socket) => {
      asked.push({ line: request.url ?? '', headers: request.headers });
      const through = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connected\r\n\r\n');
        socket.pipe(through).pipe(socket);
      });
    });
    const proxyPort = await listen(proxy);
    // With the dot it is a name like any other: this machine itself is never asked for through a proxy.
    const client = createClient({
      api: 'rest',
      baseUrl: `${scheme}://localhost.:${port}`,
      headers: { 'X-Gateway-Key': VALUE },
      authorization: 'Basic token',
      requestsPerMinute: 1_000,
      clock: new JumpingClock(),
      signal: new AbortController().signal,
      env: { [`${scheme}_proxy`]: `http://jane:pass@127.0.0.1:${proxyPort}` },
      userAgent: 'test',
    });
    onTestFinished(async () => {
      await client.close();
      for (const one of [server, proxy]) one.close();
    });
    await expect(client.send({ method: 'GET', path: '/resources/accounts/1' })).resolves.toMatchObject({
      kind: 'ok',
    });
    expect(asked.map(({ line }) => line)).toEqual([`localhost.:${port}`]);
    expect(asked[0]?.headers).not.toHaveProperty('x-gateway-key');
    expect(asked[0]?.headers).not.toHaveProperty('authorization');
    expect(seen).toMatchObject([{ 'x-gateway-key': VALUE, authorization: 'Basic token' }]);
    expect(seen[0]).not.toHaveProperty('proxy-authorization');
  });
});
