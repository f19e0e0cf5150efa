import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../src/rejected/rejections.ts';
import type { RunStore } from '../../../src/rejected/store.ts';
import { type S3Refusal, type S3Server, startS3 } from '../../support/s3-server.ts';

const STARTED_AT_MS = Date.UTC(2026, 2, 2, 8);
const TIME = '2026-03-02T08-00-00-000Z';

async function serverThat(refuse?: S3Refusal): Promise<S3Server> {
  const server = await startS3(refuse);
  onTestFinished(() => server.close());
  return server;
}

function storeAt({ url }: { readonly url: string }, path = 'kept', id = '42', env = {}): RunStore {
  const keys = { accessKeyId: 'AKIASECRETID', secretAccessKey: 'hush-hush-hush' };
  const common = { type: 'S3', bucket: 'acme', region: 'eu-central-1', roleArn: undefined } as const;
  return openStore(
    { storage: { ...common, endpoint: url, path, keys }, outcomeLog: 'none' },
    { id, startedAtMs: STARTED_AT_MS },
    env,
  );
}

test('each flush puts what has gathered as the next part of its file', async () => {
  const server = await serverThat();
  const store = storeAt(server);
  expect(store.place).toBeUndefined();
  await store.append('mart.users.jsonl', '{"n":1}');
  await store.append('mart.users.outcomes.jsonl', '{"o":1}');
  await store.append('mart.users.jsonl', '{"n":"ü"}');
  await store.flush();
  await store.flush();
  await store.append('mart.users.jsonl', '{"n":3}');
  await store.close();
  expect(Object.fromEntries(server.objects)).toEqual({
    [`acme/kept/42/mart.users.${TIME}.1.jsonl`]: '{"n":1}\n{"n":"ü"}\n',
    [`acme/kept/42/mart.users.outcomes.${TIME}.1.jsonl`]: '{"o":1}\n',
    [`acme/kept/42/mart.users.${TIME}.2.jsonl`]: '{"n":3}\n',
  });
  expect(store.place).toBe('s3://acme/kept/42');
  expect(server.requests.every(({ authorization }) => authorization.includes('AKIASECRETID/'))).toBe(true);
});

test('lines that come while an object is being put gather for the next', async () => {
  const server = await serverThat();
  const store = storeAt(server);
  await store.append('a.jsonl', '1');
  const flushed = [store.flush()];
  for (const line of ['2', '3', '4']) {
    await store.append('a.jsonl', line);
    flushed.push(store.flush());
  }
  await Promise.all(flushed);
  expect([...server.objects.values()].join('')).toBe('1\n2\n3\n4\n');
  expect(server.objects.size).toBeLessThanOrEqual(2);
});

test('no object is above 8 MiB, and lines go without a flush before they fill the memory', async () => {
  const server = await serverThat();
  const store = storeAt(server);
  const line = 'ü'.repeat(1_500_000);
  for (let n = 0; n < 6; n++) await store.append('a.jsonl', line);
  expect(server.objects.size).toBeGreaterThan(0);
  await store.close();
  const sizes = [...server.objects.values()].map((text) => Buffer.byteLength(text));
  expect(sizes.every((size) => size <= 8_388_608)).toBe(true);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(6 * 3_000_001);
});

test('no run adds to the folder of another', async () => {
  const server = await serverThat();
  server.objects.set('acme/kept/42/users.jsonl', 'of another run');
  server.objects.set('acme/kept/420/users.jsonl', 'of a third');
  const store = storeAt(server);
  await store.append('users.jsonl', '1');
  await store.close();
  expect(store.place).toBe(`s3://acme/kept/42.${TIME}`);
});

test('keys that may not look into the bucket get a folder with the start time at once', async () => {
  const server = await serverThat(({ method }) =>
    method === 'GET' ? { status: 403, code: 'AccessDenied' } : undefined,
  );
  const store = storeAt(server, '');
  await store.append('users.jsonl', '1');
  await store.close();
  expect([...server.objects.keys()]).toEqual([`acme/42.${TIME}/users.${TIME}.1.jsonl`]);
});

test('the probe puts an object and takes it away', async () => {
  const server = await serverThat();
  await storeAt(server).probe();
  expect(server.requests.map(({ method }) => method)).toEqual(['PUT', 'DELETE']);
  expect(server.requests[0]?.url).toMatch(/^\/acme\/kept\/\.probe-/);
  expect(server.objects.size).toBe(0);
});

test('a job id is one name of the path, whatever it holds', async () => {
  const server = await serverThat();
  const store = storeAt(server, 'kept', '../../other/42');
  await store.append('users.jsonl', '1');
  await store.close();
  expect([...server.objects.keys()].join()).toMatch(
    /^acme\/kept\/%2e%2e%2f%2e%2e%2fother%2f42\/|^acme\/kept\/%2e%2e%2f\.\.%2fother%2f42\//,
  );
});

test.each([
  [404, 'NoSuchBucket', 'ConfigError', 'there is no such bucket'],
  [403, 'AccessDenied', 'ConfigError', 'may not be done with these keys'],
  [403, 'InvalidAccessKeyId', 'ConfigError', 'the keys are refused'],
  [403, 'SignatureDoesNotMatch', 'ConfigError', 'the keys are refused'],
  [403, 'SomethingNew', 'ConfigError', 'may not be done with these keys'],
  [400, 'AuthorizationHeaderMalformed', 'ConfigError', 'in another region'],
  [507, 'XMinioStorageFull', 'ConfigError', 'takes nothing more'],
  [400, 'SomethingNew', 'TransientError', 'kept failing (SomethingNew, status 400)'],
])('status %i, %s: %s, and nothing is kept after it', async (status, code, name, words) => {
  let refusing = true;
  const server = await serverThat(() => (refusing ? { status, code } : undefined));
  const store = storeAt(server);
  await store.append('users.jsonl', '1');
  const first = await store.flush().then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(first).toMatchObject({ name, message: expect.stringContaining(words) });
  expect(first).toMatchObject({ message: expect.stringContaining("can't be kept in s3://acme/kept") });
  expect(JSON.stringify(first, Object.getOwnPropertyNames(first))).not.toMatch(
    /AKIASECRETID|hush|words with/,
  );
  refusing = false;
  await store.append('users.jsonl', '2');
  await expect(store.flush()).rejects.toBe(first);
  expect(server.objects.size).toBe(0);
});

test('a bucket whose host has an address that is refused is not connected to', async () => {
  const server = await serverThat();
  const url = server.url.replace('127.0.0.1', 'localhost');
  const refused = storeAt({ url }, 'kept', '42', { DEPLOYMENT_MODE: 'CLOUD' }).probe();
  await expect(refused).rejects.toMatchObject({
    name: 'ConfigError',
    message: expect.stringContaining('an address to which no request goes (ADDRESS_REFUSED)'),
  });
  expect(server.requests).toEqual([]);
});

test('a proxy is asked, whatever its own address, and looks the bucket up', async () => {
  const proxy = await serverThat();
  const env = { DEPLOYMENT_MODE: 'CLOUD', HTTP_PROXY: proxy.url.replace('127.0.0.1', 'localhost') };
  await storeAt({ url: 'http://s3.invalid' }, 'kept', '42', env).probe();
  expect(proxy.requests.map(({ method, host }) => [method, host])).toEqual([
    ['PUT', 's3.invalid'],
    ['DELETE', 's3.invalid'],
  ]);
});
