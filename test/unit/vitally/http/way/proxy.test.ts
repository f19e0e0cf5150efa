import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createClient, type VitallyClient } from '../../../../../src/vitally/http/client.ts';
import type { ClientOptions } from '../../../../../src/vitally/http/client-options.ts';
import {
  closedPort,
  json,
  type Loopback,
  listen,
  type Reply,
  startLoopback,
  text,
} from '../../../../support/loopback.ts';
import { CERTIFICATE, KEY } from '../../../../support/self-signed.ts';
import { JumpingClock } from '../../../../support/virtual-clock.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

function client(baseUrl: string, env: ClientOptions['env'], giveUpAfterMs = 3_000): VitallyClient {
  const made = createClient({
    api: 'rest',
    headers: {},
    baseUrl,
    authorization: 'Basic secret-marker',
    requestsPerMinute: 1_000,
    clock: new JumpingClock(),
    signal: new AbortController().signal,
    env,
    userAgent: 'test',
    giveUpAfterMs,
    requestTimeoutMs: 2_900,
  });
  open.push(() => made.close());
  return made;
}

async function started(...replies: readonly Reply[]): Promise<Loopback> {
  const server = await startLoopback(...replies);
  open.push(() => server.close());
  return server;
}

/** A name that no resolver knows: a request for it arrives by proxy or not at all. */
const TARGET = 'http://acme.rest.vitally.invalid';
const GET = { method: 'GET', path: '/resources/accounts/1' } as const;

describe('HTTP_PROXY', () => {
  test.each([['HTTP_PROXY'], ['http_proxy']])(
    '%s is asked for a host that is not this machine',
    async (name) => {
      const proxy = await started(json({ id: '1' }));
      expect(await client(TARGET, { [name]: proxy.url }).send(GET)).toMatchObject({ kind: 'ok' });
      expect(proxy.received).toMatchObject([
        {
          url: `${TARGET}/resources/accounts/1`,
          headers: { host: 'acme.rest.vitally.invalid', authorization: 'Basic secret-marker' },
        },
      ]);
    },
  );

  test('with user and password, which go to the proxy alone', async () => {
    const proxy = await started(json({ id: '1' }));
    const url = proxy.url.replace('http://', 'http://jane:pass@');
    await client(TARGET, { HTTP_PROXY: url }).send(GET);
    expect(proxy.received[0]?.headers['proxy-authorization']).toBe(`Basic ${btoa('jane:pass')}`);
  });

  test('is not asked for this machine', async () => {
    const proxy = await started(json({ id: 'proxy' }));
    const server = await started(json({ id: 'server' }));
    const answer = await client(server.url, { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url }).send(GET);
    expect(answer).toMatchObject({ body: { id: 'server' } });
    expect(proxy.received).toEqual([]);
  });

  test.each([['*'], ['vitally.invalid'], ['.vitally.invalid'], ['other.test,acme.rest.vitally.invalid']])(
    'is not asked for what NO_PROXY=%s names',
    async (noProxy) => {
      const proxy = await started(json({ id: '1' }));
      await expect(client(TARGET, { HTTP_PROXY: proxy.url, NO_PROXY: noProxy }).send(GET)).rejects.toThrow();
      expect(proxy.received).toEqual([]);
    },
  );

  test('an empty one is none', async () => {
    const server = await started(json({ id: '1' }));
    expect(await client(server.url, { HTTP_PROXY: '', HTTPS_PROXY: '' }).send(GET)).toMatchObject({
      kind: 'ok',
    });
  });

  test('that wants a password is a fault of the config', async () => {
    const proxy = await started(text('', 407));
    await expect(client(TARGET, { HTTP_PROXY: proxy.url }).send(GET)).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining('proxy'),
    });
  });
});

describe('HTTPS_PROXY', () => {
  test.each([
    [407, 'ConfigError', 'wants a user and password'],
    [502, 'TransientError', 'kept failing'],
  ])('that answers CONNECT with %i: %s', async (status, name, words) => {
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
    });
    const port = await listen(proxy);
    open.push(() => new Promise((resolve) => proxy.close(() => resolve())));
    const target = client('https://acme.rest.vitally.invalid', { HTTPS_PROXY: `http://127.0.0.1:${port}` });
    await expect(target.send(GET)).rejects.toMatchObject({ name, message: expect.stringContaining(words) });
    expect(asked[0]).toBe('acme.rest.vitally.invalid:443');
  });
});

describe('a proxy variable', () => {
  const PASSWORD = 'pass-marker';

  test.each([
    ['HTTPS_PROXY', 'socks5://proxy.test:1080'],
    ['https_proxy', `http://jane:${PASSWORD}@:bad`],
    ['HTTP_PROXY', `http://jane${'%ZZ'}:${PASSWORD}@proxy.test`],
    ['http_proxy', `jane:${PASSWORD}@proxy.test:99999`],
    ['HTTPS_PROXY', 'http://'],
    ['HTTP_PROXY', 'file:///etc/proxy'],
    ['HTTPS_PROXY', 'a b c'],
  ])('%s=%s that is no address is a fault that names it and not its value', (name, value) => {
    for (const target of [TARGET, 'https://acme.rest.vitally.invalid', 'http://127.0.0.1:1']) {
      expect(() => client(target, { [name]: value })).toThrow(
        expect.objectContaining({ name: 'ConfigError', message: expect.stringContaining(` ${name} `) }),
      );
      expect(() => client(target, { [name]: value })).not.toThrow(PASSWORD);
    }
  });

  test.each([
    ['host:port', (port: number) => `127.0.0.1:${port}`],
    ['user:password@host:port', (port: number) => `jane:pass@127.0.0.1:${port}`],
    ['blanks around', (port: number) => ` http://127.0.0.1:${port} `],
    ['a path behind', (port: number) => `http://127.0.0.1:${port}/`],
  ])('may be written as %s', async (_name, write) => {
    const proxy = await started(json({ id: '1' }));
    expect(await client(TARGET, { HTTP_PROXY: write(proxy.port) }).send(GET)).toMatchObject({ kind: 'ok' });
  });

  test.each([
    ['HTTP_PROXY', TARGET],
    ['http_proxy', TARGET],
    ['HTTPS_PROXY', 'https://acme.rest.vitally.invalid'],
  ])('%s whose proxy is down is a fault that names it', async (name, target) => {
    const url = `http://jane:${PASSWORD}@127.0.0.1:${await closedPort()}`;
    const error = await client(target, { [name]: url }, 60_000)
      .send(GET)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ConfigError', message: expect.stringContaining(` ${name}`) });
    expect(String(error)).not.toContain(PASSWORD);
  });

  test('whose proxy goes down in the midst is waited for', async () => {
    const proxy = await startLoopback(json({ id: '1' }));
    const made = client(TARGET, { HTTP_PROXY: proxy.url });
    await made.send(GET);
    await proxy.close();
    await expect(made.send(GET)).rejects.toMatchObject({ name: 'TransientError' });
  });
});

describe('TLS', () => {
  test.each([['0'], [undefined]])('is verified with NODE_TLS_REJECT_UNAUTHORIZED=%s', async (value) => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', value);
    onTestFinished(() => void vi.unstubAllEnvs());
    const server = createTlsServer({ key: KEY, cert: CERTIFICATE }, (_request, response) =>
      response.end('{}'),
    );
    const port = await listen(server);
    open.push(
      () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    );
    await expect(client(`https://127.0.0.1:${port}`, {}).send(GET)).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining('trusted TLS'),
    });
  });
});
