import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { VitallyRequest } from '../../../../src/vitally/http/answer.ts';
import { createClient, type VitallyClient } from '../../../../src/vitally/http/client.ts';
import type { ClientOptions } from '../../../../src/vitally/http/client-options.ts';
import { json, startLoopback } from '../../../support/loopback.ts';
import {
  answer,
  type Behaviour,
  dripping,
  endless,
  type RawServer,
  saying,
  startRaw,
} from '../../../support/raw-server.ts';
import { JumpingClock, START_MS } from '../../../support/virtual-clock.ts';

const GET: VitallyRequest = { method: 'GET', path: '/resources/accounts/acc-17' };
const PUT: VitallyRequest = { method: 'PUT', path: '/resources/accounts/acc-17', body: '{"name":"Acme"}' };
const TOKEN = 'Basic c2VjcmV0LW1hcmtlcjo=';
const MIB = 1024 * 1024;
/** What is thrown away as it comes is ended by the time that a request may take. */
const UNTIL_THE_TIME_OUT = Number.POSITIVE_INFINITY;
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';

interface Setup {
  readonly server: RawServer;
  readonly client: VitallyClient;
  readonly clock: JumpingClock;
}

/** A client with little patience: an attempt may take 200 ms, and all of them together seconds of a clock that jumps. */
function clientOf(baseUrl: string, options: Partial<ClientOptions> = {}): VitallyClient {
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
    giveUpAfterMs: 1_500,
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}

async function connected(
  behaviours: readonly Behaviour[],
  options: Partial<ClientOptions> = {},
): Promise<Setup> {
  const server = await startRaw(...behaviours);
  const clock = new JumpingClock();
  return { server, clock, client: clientOf(server.url, { clock, ...options }) };
}

async function thrownBy(sent: Promise<unknown>): Promise<unknown> {
  return await sent.then(
    (value) => ({ answered: value }),
    (error: unknown) => error,
  );
}

/** Everything that an error says, causes too. */
function saidBy(error: unknown): string {
  return error instanceof Error
    ? `${error.message} ${JSON.stringify(error)} ${error.stack} ${saidBy(error.cause)}`
    : String(error);
}

describe('an answer that cannot be used ends in one error, after bounded tries and bytes', () => {
  test.each([
    ['headers without end', endless('HTTP/1.1 200 OK\r\n', 'X-Marker: marker\r\n'), 1],
    ['one header without end', endless('HTTP/1.1 200 OK\r\nX-Marker: ', 'marker'), 1],
    ['a header of 1 MiB', saying(`${HEAD}X: ${'m'.repeat(MIB)}\r\nContent-Length: 2\r\n\r\n{}`), 2],
    ['100,000 headers', saying(`${HEAD}${'A: b\r\n'.repeat(100_000)}\r\n`), 1],
    ['a status line without end', endless('HTTP/1.1 200 ', 'marker'), UNTIL_THE_TIME_OUT],
    ['early hints without end', endless('', 'HTTP/1.1 103 Early Hints\r\n\r\n'), UNTIL_THE_TIME_OUT],
    [
      'a switch of protocol that nobody asked for',
      saying('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n'),
      1,
    ],
    ['a body without end', endless(`${HEAD}\r\n`, ' '), 34],
    ['chunks without end', endless(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`, '4\r\n    \r\n'), 120],
    [
      'an extension of a chunk without end',
      endless(`${HEAD}Transfer-Encoding: chunked\r\n\r\n4;`, 'marker'),
      UNTIL_THE_TIME_OUT,
    ],
    [
      'trailers without end',
      endless(`${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n`, 'X: marker\r\n'),
      1,
    ],
    ['a chunk of 2^64 bytes', saying(`${HEAD}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{}`), 1],
    ['a negative length', saying(`${HEAD}Content-Length: -1\r\n\r\n{}`), 1],
    ['two lengths', saying(`${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`), 1],
    ['a length beside chunks', saying(`${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`), 1],
    ['a length beyond its bytes', saying(`${HEAD}Content-Length: 1000000000000\r\n\r\n{}`), 1],
    ['another protocol', saying('SSH-2.0-OpenSSH_9.2\r\n'), 1],
    ['zeros', saying(Buffer.alloc(100_000)), 1],
    ['silence', () => {}, 1],
    ['an end without a word', (socket) => socket.end(), 1],
    ['an end behind half a head', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-'), 1],
    ['an end behind half a body', (socket) => socket.end(`${HEAD}Content-Length: 100\r\n\r\n{"id":`), 1],
    ['a head that drips', dripping('HTTP/1.1 200 OK\r\nX-Marker: ', 'm'), 1],
    ['a body that drips', dripping(`${HEAD}\r\n`, ' '), 1],
    ['a body packed a thousand times', saying(bomb('gzip')), 1],
    [
      'a body that says it is packed and is not',
      saying(answer('{"id":"1"', '200 OK', ['Content-Encoding: br'])),
      1,
    ],
    ['UTF-16', saying(answer(Buffer.from('{"id":"marker"}', 'utf16le'))), 1],
    ['Latin-1', saying(answer(Buffer.from('{"name":"Müller marker"}', 'latin1'))), 1],
    ['half a character', saying(answer(Buffer.from('{"name":"\xf0\x9f\x98"}', 'latin1'))), 1],
    ['100,000 levels of nesting', saying(answer('['.repeat(100_000))), 1],
  ] as [string, Behaviour, number][])('%s', async (_name, behaviour, mebibytes) => {
    const { client, server, clock } = await connected([behaviour]);
    const heldBefore = heldMib();
    const error = await thrownBy(client.send(PUT));
    expect(error).toMatchObject({ name: 'TransientError' });
    expect(saidBy(error)).not.toMatch(/marker|c2VjcmV0/);
    expect(server.requests.length).toBeGreaterThan(1);
    expect(server.requests.length).toBeLessThan(10);
    expect(clock.now() - START_MS).toBeLessThanOrEqual(1_500);
    expect(heldMib() - heldBefore).toBeLessThan(150);
    // What the kernel keeps between the two sides counts too.
    expect(server.sentBytes() / server.requests.length / MIB).toBeLessThan(mebibytes + 8);
  });
});

describe('an answer that can be used in part is used', () => {
  test('of a refusal without end the beginning is read, and its connection is cut', async () => {
    const { client, server } = await connected([
      endless('HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n\r\n{"error":"', 'no '),
    ]);
    expect(await client.send(PUT)).toMatchObject({ kind: 'refused', status: 400 });
    expect(server.sentBytes() / MIB).toBeLessThan(8);
    await expect.poll(server.open).toBe(0);
  });

  test('a byte order mark before JSON is none of it', async () => {
    const { client } = await connected([saying(answer('\ufeff{"id":"1"}'))]);
    expect(await client.send(GET)).toMatchObject({ kind: 'ok', body: { id: '1' } });
  });

  test('nobody asks for packed answers', async () => {
    const { client, server } = await connected([saying(answer('{}'))]);
    await client.send(GET);
    expect(server.requests[0]).not.toMatch(/accept-encoding/i);
  });
});

describe('a connection that goes on after its answer', () => {
  test.each([
    ['with a second answer', Buffer.concat([answer('{"id":"1"}'), answer('{"id":"planted"}')])],
    ['with bytes of nothing', Buffer.concat([answer('{"id":"1"}'), Buffer.from('garbage\r\n\r\n')])],
    ['with an answer to nobody, later', answer('{"id":"1"}')],
  ])('%s gives the next request its own', async (_how, bytes) => {
    const { client } = await connected([
      (socket) => {
        socket.write(bytes);
        setImmediate(() => socket.write(answer('{"id":"planted"}')));
      },
      saying(answer('{"id":"2"}')),
    ]);
    expect(await client.send(GET)).toMatchObject({ body: { id: '1' } });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await client.send(GET)).toMatchObject({ body: { id: '2' } });
  });
});

describe('a redirect is never followed', () => {
  test.each([301, 302, 303, 307, 308])('%i to another host, from the first answer on', async (status) => {
    const other = await startLoopback(json({ id: 'elsewhere' }));
    onTestFinished(() => other.close());
    for (const location of [
      other.url,
      `${other.url}${GET.path}`,
      `//127.0.0.1:${other.port}/x`,
      '/elsewhere',
    ]) {
      const { client, server } = await connected([
        saying(answer('{}', `${status} Moved`, [`Location: ${location}`, `Refresh: 0; url=${other.url}`])),
      ]);
      expect(await thrownBy(client.send(PUT))).toMatchObject({
        name: 'ConfigError',
        faults: [{ path: '/data_center' }],
      });
      expect(server.requests).toHaveLength(1);
    }
    expect(other.received).toEqual([]);
  });

  test('nor in the midst of a run, where it counts as a page of maintenance', async () => {
    const other = await startLoopback(json({ id: 'elsewhere' }));
    onTestFinished(() => other.close());
    const moved = saying(answer('{}', '307 Temporary Redirect', [`Location: ${other.url}/x`]));
    const { client } = await connected([saying(answer('{"id":"1"}')), moved]);
    await client.send(GET);
    expect(await thrownBy(client.send(GET))).toMatchObject({ name: 'TransientError' });
    expect(other.received).toEqual([]);
  });
});

describe('clocks that step', () => {
  test.each([
    ['the server is set back 50 years', 'Thu, 01 Jan 1976 00:00:00 GMT'],
    ['the server is set ahead 50 years', 'Wed, 01 Jan 2076 00:00:00 GMT'],
    ['the server has no clock', 'yesterday'],
  ])('%s between two answers: no wait goes beyond its bound', async (_how, date) => {
    const throttled = (headers: readonly string[]): Behaviour =>
      saying(answer('{"error":"Too Many Requests"}', '429 Too Many Requests', headers));
    const { client, clock } = await connected(
      [
        throttled(['Date: Thu, 01 Jan 2026 00:00:00 GMT', 'Retry-After: Thu, 01 Jan 2026 00:00:02 GMT']),
        throttled([`Date: ${date}`, 'Retry-After: Thu, 01 Jan 2026 00:00:02 GMT']),
        throttled([`Date: ${date}`, `RateLimit-Reset: ${START_MS / 1_000 + 2}`]),
        saying(answer('{"id":"1"}')),
      ],
      { giveUpAfterMs: 300_000 },
    );
    expect(await client.send(GET)).toMatchObject({ kind: 'ok' });
    expect(Math.max(...clock.sleptMs)).toBeLessThan(11 * 60_000);
    expect(Math.min(...clock.sleptMs)).toBeGreaterThanOrEqual(0);
  });
});

/** MiB that this process holds in its heap and in buffers. */
function heldMib(): number {
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / MIB;
}

/** An answer whose body is 64 MiB of blanks once it is unpacked. */
function bomb(encoding: string): Buffer {
  return answer(gzipSync(Buffer.alloc(64 * MIB, ' ')), '200 OK', [`Content-Encoding: ${encoding}`]);
}
