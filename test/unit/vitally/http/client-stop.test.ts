import { afterEach, expect, test } from 'vitest';
import { answerRedactor } from '../../../../src/config/connection/redact.ts';
import type { VitallyRequest } from '../../../../src/vitally/http/answer.ts';
import { createClient, type VitallyClient } from '../../../../src/vitally/http/client.ts';
import type { ClientOptions } from '../../../../src/vitally/http/client-options.ts';
import { systemClock } from '../../../../src/vitally/http/clock.ts';
import { SendAborted } from '../../../../src/vitally/http/send-aborted.ts';
import {
  closedPort,
  json,
  type Loopback,
  type Reply,
  silence,
  startLoopback,
  text,
} from '../../../support/loopback.ts';
import { settle } from '../../../support/virtual-clock.ts';

const PUT: VitallyRequest = { method: 'PUT', path: '/resources/accounts/1', body: '{}' };

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function connected(replies: readonly Reply[], options: Partial<ClientOptions> = {}) {
  const server = await startLoopback(...replies);
  const stop = new AbortController();
  const client = createClient({
    api: 'rest',
    headers: {},
    baseUrl: server.url,
    authorization: 'Basic x',
    requestsPerMinute: 1_000,
    clock: systemClock,
    signal: stop.signal,
    env: {},
    userAgent: 'test',
    ...options,
  });
  open.push(
    () => client.close(),
    () => server.close(),
  );
  return { server, client, stop };
}

/** A reply that is given when `release` is called. */
function held() {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const reply: Reply = (response) => {
    released.then(() => response.end('{"id":"1"}'));
  };
  return { reply, release };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await settle();
}

const received = (server: Loopback, count: number) => until(() => server.received.length >= count);

test('what waits is given up at once, what is on the wire goes on', async () => {
  const { reply, release } = held();
  const { server, client, stop } = await connected([reply]);
  const onTheWire = client.send(PUT);
  await received(server, 1);
  const waiting = [client.send(PUT), client.send(PUT)];
  stop.abort();
  for (const call of waiting) await expect(call).rejects.toBeInstanceOf(SendAborted);
  release();
  expect(await onTheWire).toMatchObject({ kind: 'ok' });
  expect(server.received).toHaveLength(1);
});

test('what would be tried again is given up', async () => {
  const { client, stop, server } = await connected([text('', 500)], { random: () => 1 });
  const call = client.send(PUT);
  await received(server, 1);
  stop.abort();
  await expect(call).rejects.toBeInstanceOf(SendAborted);
});

test('nothing is sent after the stop', async () => {
  const { client, stop, server } = await connected([json({ id: '1' })]);
  stop.abort();
  await expect(client.send(PUT)).rejects.toBeInstanceOf(SendAborted);
  expect(server.received).toHaveLength(0);
});

test("a call's own signal gives up that call alone", async () => {
  const { reply, release } = held();
  const { server, client } = await connected([reply]);
  const first = client.send(PUT);
  await received(server, 1);
  const own = new AbortController();
  const given = client.send(PUT, { signal: own.signal });
  const other = client.send(PUT);
  own.abort();
  await expect(given).rejects.toBeInstanceOf(SendAborted);
  release();
  expect(await Promise.all([first, other])).toMatchObject([{ kind: 'ok' }, { kind: 'ok' }]);
});

test('idle resolves when the last call has ended, however it ended', async () => {
  const { reply, release } = held();
  const { client, server } = await connected([reply]);
  await client.idle();
  const call = client.send(PUT);
  await received(server, 1);
  let idle = false;
  const waiting = client.idle().then(() => {
    idle = true;
  });
  await settle();
  expect(idle).toBe(false);
  release();
  await Promise.all([call, waiting]);
  expect(idle).toBe(true);
});

test('close cuts what is on the wire and gives up what waits', async () => {
  const { client, server } = await connected([silence]);
  const calls = [client.send(PUT), client.send(PUT)];
  await received(server, 1);
  const ends = Promise.allSettled(calls);
  await client.close();
  for (const end of await ends)
    expect(end).toMatchObject({ status: 'rejected', reason: expect.any(SendAborted) });
  await expect(client.send(PUT)).rejects.toBeInstanceOf(SendAborted);
});

test('many waiting calls are given up without a warning', async () => {
  const warnings: string[] = [];
  const note = (warning: Error): void => {
    warnings.push(warning.name);
  };
  process.on('warning', note);
  const { client, stop, server } = await connected([silence]);
  const calls: Promise<unknown>[] = Array.from({ length: 100 }, () => client.send(PUT));
  await received(server, 1);
  stop.abort();
  const waiting = Promise.allSettled(calls.slice(1));
  for (const end of await waiting) expect(end.status).toBe('rejected');
  calls[0]?.catch(() => {});
  await settle();
  process.off('warning', note);
  expect(warnings).toEqual([]);
});

test('a port where nobody listens is a TransientError, and the request was never sent', async () => {
  const baseUrl = `http://127.0.0.1:${await closedPort()}`;
  const client: VitallyClient = createClient({
    api: 'rest',
    headers: {},
    baseUrl,
    authorization: 'Basic x',
    requestsPerMinute: 1_000,
    clock: systemClock,
    signal: new AbortController().signal,
    env: {},
    userAgent: 'test',
    giveUpAfterMs: 1_000,
    requestTimeoutMs: 990,
  });
  open.push(() => client.close());
  await expect(client.send(PUT)).rejects.toThrow(/kept failing .*\(ECONNREFUSED\)/);
});

test('a token that was taken and is refused now was revoked: neither region nor subdomain is to blame', async () => {
  const { client } = await connected([json({ id: '1' }), text('{"error":"Unauthorized"}', 401)]);
  await client.send(PUT);
  const error = await client.send(PUT).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    name: 'ConfigError',
    message: expect.stringMatching(
      /refuses the token \(401\) that it took until \S+ \S+ UTC: .* revoked or replaced/,
    ),
    technical: expect.stringMatching(
      /^PUT \/resources\/accounts\/:id at 127\.0\.0\.1:\d+: status 401; try 1$/,
    ),
  });
  expect(String(error)).not.toMatch(/region|subdomain/);
});

test('a token that no answer has shown to be right may be of another region', async () => {
  const { client } = await connected([text('', 502), text('{"error":"Unauthorized"}', 401)]);
  await expect(client.send(PUT)).rejects.toThrow(/refused the token \(401\).* region/);
});

test('a part of the token that an answer quotes is redacted in it', async () => {
  const token = 'sk_live_SECRETTOKEN';
  const reply = text(JSON.stringify({ error: `${'x '.repeat(995)}${token}` }), 400);
  const { client } = await connected([reply], { redact: answerRedactor([token]) });
  expect(await client.send(PUT)).toMatchObject({
    kind: 'refused',
    text: expect.not.stringContaining('SECRET'),
  });
});
