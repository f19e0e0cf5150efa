import { createServer as createTcpServer, type Server } from 'node:net';
import {
  createServer as createTlsServer,
  getCACertificates,
  setDefaultCACertificates,
  type TlsOptions,
} from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AllAddresses } from '../../../../../src/net/guarded-lookup.ts';
import type { VitallyRequest } from '../../../../../src/vitally/http/answer.ts';
import { createClient, type VitallyClient } from '../../../../../src/vitally/http/client.ts';
import { closedPort, json, listen, startLoopback } from '../../../../support/loopback.ts';
import { CERTIFICATE, KEY } from '../../../../support/self-signed.ts';
import { JumpingClock } from '../../../../support/virtual-clock.ts';

const GET: VitallyRequest = { method: 'GET', path: '/resources/accounts/acc-17' };
const TOKEN = 'Basic c2VjcmV0LW1hcmtlcjo=';

/** A client with little patience: an attempt may take 200 ms. Every host leads to this machine. */
function clientOf(baseUrl: string, addressesOf: AllAddresses = loopback, giveUpAfterMs = 400): VitallyClient {
  const client = createClient({
    api: 'rest',
    headers: {},
    baseUrl,
    authorization: TOKEN,
    requestsPerMinute: 1_000,
    clock: new JumpingClock(),
    random: () => 0.5,
    signal: new AbortController().signal,
    env: {},
    userAgent: 'destination-vitally/test',
    requestTimeoutMs: 200,
    giveUpAfterMs,
    addressesOf,
  });
  onTestFinished(() => client.close());
  return client;
}

const loopback: AllAddresses = (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]);

async function portOf(server: Server): Promise<number> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return await listen(server);
}

/** A TLS server, and what it was sent through TLS. */
async function tlsServer(options: TlsOptions): Promise<{ readonly port: number; readonly heard: string[] }> {
  const heard: string[] = [];
  const server = createTlsServer({ key: KEY, cert: CERTIFICATE, ...options }, (socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      heard.push(String(chunk));
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
    });
  });
  server.on('tlsClientError', () => {});
  return { port: await portOf(server), heard };
}

/** Trusts the tests' certificate as if a public authority had made it. */
function trustOurs(): void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, CERTIFICATE]);
  onTestFinished(() => setDefaultCACertificates(before));
}

describe('TLS', () => {
  test('that is right is spoken', async () => {
    trustOurs();
    const { port, heard } = await tlsServer({});
    expect(await clientOf(`https://localhost:${port}`).send(GET)).toMatchObject({ kind: 'ok' });
    expect(heard).toHaveLength(1);
  });

  test.each([
    ['a certificate for another name', 'other.test', {}, 'made out to another name'],
    [
      'TLS 1.1',
      'localhost',
      { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' },
      'trusted TLS',
    ],
    [
      'no cipher in common',
      'localhost',
      { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0' },
      'trusted TLS',
    ],
  ] as [string, string, TlsOptions, string][])(
    '%s is told before a byte of the token',
    async (_what, host, options, words) => {
      trustOurs();
      const { port, heard } = await tlsServer(options);
      await expect(clientOf(`https://${host}:${port}`).send(GET)).rejects.toMatchObject({
        name: 'ConfigError',
        message: expect.stringContaining(words),
      });
      expect(heard).toEqual([]);
    },
  );

  test.each([
    [
      'is cut off at the first word',
      (server: Server) => server.on('connection', (socket) => socket.once('data', () => socket.destroy())),
    ],
    ['gets no answer', (server: Server) => server],
    [
      'gets half a word',
      (server: Server) => server.on('connection', (socket) => socket.write(Buffer.from([22, 3, 3, 64, 0]))),
    ],
  ])('a handshake that %s is tried again, and ends in one error', async (_how, behave) => {
    const port = await portOf(behave(createTcpServer()));
    await expect(clientOf(`https://localhost:${port}`).send(GET)).rejects.toMatchObject({
      name: 'TransientError',
    });
  });

  test('a plain answer to a handshake is a fault of the address', async () => {
    const server = createTcpServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    await expect(clientOf(`https://localhost:${await portOf(server)}`).send(GET)).rejects.toMatchObject({
      name: 'ConfigError',
    });
  });
});

describe('a name server', () => {
  const failing =
    (code: string): AllAddresses =>
    (_host, _options, done) =>
      done(Object.assign(new Error(code), { code }), []);

  test.each([
    ['has no such name', failing('ENOTFOUND'), 'ConfigError'],
    ['is not there', failing('EAI_AGAIN'), 'TransientError'],
    ['fails', failing('ESERVFAIL'), 'TransientError'],
    ['never answers', () => {}, 'TransientError'],
    ['answers without an address', (_host, _options, done) => done(null, []), 'TransientError'],
    [
      'answers with what is no address',
      (_host, _options, done) => done(null, [{ address: 'x', family: 4 }]),
      'TransientError',
    ],
    [
      'hides an address that is refused behind one that is not',
      (_host, _options, done) =>
        done(null, [
          { address: '127.0.0.1', family: 4 },
          { address: '169.254.169.254', family: 4 },
        ]),
      'ConfigError',
    ],
  ] as [string, AllAddresses, string][])(
    'that %s ends the request in one error',
    async (_what, addressesOf, name) => {
      const server = await startLoopback(json({ id: '1' }));
      onTestFinished(() => server.close());
      await expect(
        clientOf(
          `http://vitally.test:${server.port}`,
          addressesOf,
          name === 'ConfigError' ? 1_500 : 400,
        ).send(GET),
      ).rejects.toMatchObject({ name });
      expect(server.received).toEqual([]);
    },
  );

  test('that loses the name in the midst of a run is waited for', async () => {
    // The first answer ends its connection, so the second request looks the name up again.
    const server = await startLoopback(json({ id: '1' }, 200, { connection: 'close' }), json({ id: '2' }));
    onTestFinished(() => server.close());
    let asked = 0;
    const forgetful: AllAddresses = (host, options, done) =>
      asked++ === 1 ? failing('ENOTFOUND')(host, options, done) : loopback(host, options, done);
    const client = clientOf(`http://vitally.test:${server.port}`, forgetful);
    expect(await client.send(GET)).toMatchObject({ body: { id: '1' } });
    expect(await client.send(GET)).toMatchObject({ body: { id: '2' } });
    expect(asked).toBe(3);
  });

  test('that moves the name goes along with it, an address that nobody serves costing tries', async () => {
    const server = await startLoopback(json({ id: '1' }));
    onTestFinished(() => server.close());
    let asked = 0;
    const moving: AllAddresses = (_host, _options, done) =>
      done(null, [{ address: asked++ === 0 ? '127.77.77.77' : '127.0.0.1', family: 4 }]);
    expect(await clientOf(`http://vitally.test:${server.port}`, moving).send(GET)).toMatchObject({
      kind: 'ok',
    });
    expect(asked).toBe(2);
  });

  test('that changes nothing about a host that nobody serves ends in one error', async () => {
    await expect(clientOf(`http://vitally.test:${await closedPort()}`).send(GET)).rejects.toMatchObject({
      name: 'TransientError',
    });
  });
});
