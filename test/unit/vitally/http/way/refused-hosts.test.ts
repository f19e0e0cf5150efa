import { afterEach, expect, test } from 'vitest';
import type { AllAddresses } from '../../../../../src/net/guarded-lookup.ts';
import { createClient, type VitallyClient } from '../../../../../src/vitally/http/client.ts';
import type { ClientOptions } from '../../../../../src/vitally/http/client-options.ts';
import { json, type Loopback, startLoopback } from '../../../../support/loopback.ts';
import { JumpingClock } from '../../../../support/virtual-clock.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const GET = { method: 'GET', path: '/resources/accounts/1' } as const;

async function started(): Promise<Loopback> {
  // A connection that the server closes makes the next request look the host up again.
  const server = await startLoopback(json({ id: '1' }, 200, { connection: 'close' }));
  open.push(() => server.close());
  return server;
}

/** A client of a host name that has these addresses, one list at each look-up, the last for good. */
function client(port: string, env: ClientOptions['env'], ...answers: readonly string[][]): VitallyClient {
  let asked = 0;
  const addressesOf: AllAddresses = (_, __, done) => {
    const addresses = answers[Math.min(asked++, answers.length - 1)] ?? [];
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  const made = createClient({
    api: 'rest',
    headers: {},
    baseUrl: `http://vitally.test:${port}`,
    authorization: 'Basic secret-marker',
    requestsPerMinute: 1_000,
    clock: new JumpingClock(),
    signal: new AbortController().signal,
    env,
    userAgent: 'test',
    addressesOf,
  });
  open.push(() => made.close());
  return made;
}

test('a host is connected to under the address that was judged', async () => {
  const server = await started();
  const answer = await client(new URL(server.url).port, {}, ['127.0.0.1']).send(GET);
  expect(answer).toMatchObject({ kind: 'ok', body: { id: '1' } });
  expect(server.received).toHaveLength(1);
});

// With the guard broken, these reach no other machine.
test.each([
  [{}, ['0.0.0.0'], 'an unspecified address'],
  [{}, ['127.0.0.1', '0.0.0.0'], 'an unspecified address'],
  [{ DEPLOYMENT_MODE: 'CLOUD' }, ['127.0.0.1'], 'a loopback address'],
  [{ DEPLOYMENT_MODE: 'CLOUD' }, ['::ffff:127.0.0.1'], 'a loopback address'],
])('%j, a host that has %j is refused before anything is sent', async (env, addresses, what) => {
  const server = await started();
  const refused = client(new URL(server.url).port, env, addresses).send(GET);
  await expect(refused).rejects.toMatchObject({
    name: 'ConfigError',
    faults: [{ path: '/data_center', message: expect.stringContaining(`has ${what}`) }],
  });
  expect(server.received).toEqual([]);
});

test('a host that gets such an address after its first answer is refused too', async () => {
  const server = await started();
  const closing = client(new URL(server.url).port, {}, ['127.0.0.1'], ['0.0.0.0']);
  expect(await closing.send(GET)).toMatchObject({ kind: 'ok' });
  await expect(closing.send(GET)).rejects.toMatchObject({ name: 'ConfigError' });
});

test("a proxy's own address is not judged, nor is a name that the proxy looks up", async () => {
  const proxy = await started();
  const env = { DEPLOYMENT_MODE: 'CLOUD', HTTP_PROXY: proxy.url };
  expect(await client('80', env, ['0.0.0.0']).send(GET)).toMatchObject({ kind: 'ok' });
  expect(proxy.received).toMatchObject([{ url: 'http://vitally.test/resources/accounts/1' }]);
});

test('a host that NO_PROXY names is looked up and judged here', async () => {
  const proxy = await started();
  const env = { HTTP_PROXY: proxy.url, NO_PROXY: 'vitally.test' };
  await expect(client(new URL(proxy.url).port, env, ['0.0.0.0']).send(GET)).rejects.toMatchObject({
    name: 'ConfigError',
  });
  expect(proxy.received).toEqual([]);
});
