import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCommand, startCommand } from '../support/run-command.ts';
import { Api } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { ROOT } from '../support/sources.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const EXAMPLE = readFileSync(join(ROOT, 'examples/sandbox/seed.json'), 'utf8');

function folderWith(seed: string): string {
  const cwd = temporaryDirectory();
  writeFileSync(join(cwd, 'seed.json'), seed);
  return cwd;
}

async function start(args: readonly string[], cwd = temporaryDirectory()) {
  const listens = Promise.withResolvers<() => void>();
  const { output, ended } = startCommand(['sandbox', '--port', '0', ...args], {
    cwd,
    onSignal: (handler) => {
      listens.resolve(() => handler('SIGTERM'));
      return () => {};
    },
  });
  const end = await Promise.race([
    listens.promise,
    ended.then(({ stderr }) => Promise.reject(new Error(stderr))),
  ]);
  const url = String(output.messages[0]?.url);
  return {
    url,
    output,
    end: async () => {
      end();
      return (await ended).code;
    },
  };
}

describe('--seed', () => {
  test('puts the records of the example in', async () => {
    const { url, end } = await start(['--seed', 'seed.json'], folderWith(EXAMPLE));
    const api = new Api(url);
    expect((await api.control('GET', 'stats')).body).toMatchObject({
      accounts: 2,
      users: 2,
      notes: 1,
      tasks: 1,
      npsResponses: 1,
      instances: 1,
      admins: 2,
      events: 1,
    });
    expect((await api.get('/accounts/acme')).body).toMatchObject({ name: 'Acme', traits: { plan: 'pro' } });
    expect(await end()).toBe(0);
  });

  test('takes the kinds in any order and spelling', async () => {
    const seed = {
      users: [{ externalId: 'u', accountIds: ['a'] }],
      Account: [{ externalId: 'a', name: 'A' }],
    };
    const named = { 'Team members': [{ name: 'M', email: 'm@v.example' }], ...seed };
    const { url, end } = await start(['--seed', 'seed.json'], folderWith(JSON.stringify(named)));
    expect((await new Api(url).control('GET', 'stats')).body).toMatchObject({
      accounts: 1,
      users: 1,
      admins: 1,
    });
    await end();
  });

  test('tells every fault by its place, with what to do, and begins nothing', async () => {
    const seed = `{
  "planets": [],
  "accounts": [
    {"externalId": "a", "name": "A"},
    {"name": "no id"},
    7
  ],
  "users": [{"externalId": "u", "accountIds": ["nobody"]}],
  "notes": {}
}`;
    const result = await runCommand(['sandbox', '--port', '0', '--seed', 'seed.json'], {
      cwd: folderWith(seed),
    });
    expect(result.code).toBe(2);
    expect(result.lines).toEqual([]);
    for (const line of [
      'seed.json:2:14 /planets: there are no records of this kind; use one of organizations, accounts',
      'seed.json:5:5 /accounts/1: externalId is required; add it',
      'seed.json:6:5 /accounts/2: a record is a JSON object; correct the value',
      'seed.json:8:13 /users/0: accountIds has an id that is not one of ours; name one that is in this file',
      'seed.json:9:12 /notes: the records of a kind are an array; write "notes": [{…}, {…}]',
    ])
      expect(result.stderr).toContain(line);
  });

  test.each([
    { seed: '{"accounts": [', says: 'is not JSON: line 1, column 15' },
    { seed: '[]', says: 'a seed is a JSON object' },
    { seed: '{"accounts": [], "accounts": []}', says: '/accounts is there twice' },
  ])('$seed: $says', async ({ seed, says }) => {
    const result = await runCommand(['sandbox', '--port', '0', '--seed=seed.json'], {
      cwd: folderWith(seed),
    });
    expect([result.code, result.stderr]).toEqual([2, expect.stringContaining(says)]);
  });

  test('a file that is not there', async () => {
    const result = await runCommand(['sandbox', '--port', '0', '--seed', 'none.json']);
    expect([result.code, result.stderr]).toEqual([2, expect.stringContaining('is not there')]);
  });
});

describe('--host', () => {
  test('wants both tokens given where other machines reach it', async () => {
    const result = await runCommand(['sandbox', '--port', '0', '--host', '0.0.0.0', '--rest-token', 'mine']);
    expect([result.code, result.stderr]).toEqual([2, expect.stringContaining('add --analytics-token')]);
  });

  test('takes requests for loopback and for the names of --allow-host, and warns', async () => {
    const tokens = ['--rest-token', 'rest-token', '--analytics-token', 'analytics-token'];
    const hosts = ['--host', '0.0.0.0', '--allow-host', 'vitally', 'vitally.local', '--allow-host', 'third'];
    const { url, output, end } = await start([...hosts, ...tokens]);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(output.stderr).toContain('WARN: --host 0.0.0.0 lets other machines reach the sandbox');
    const api = new Api(url);
    const statusFor = async (host: string) => (await api.raw('/', { headers: { host } })).status;
    for (const host of ['vitally:8080', 'Vitally.local.', 'third', '0.0.0.0:1', 'localhost', '[::1]:8080'])
      expect(await statusFor(host), host).toBe(200);
    for (const host of ['vitally.evil.test', 'evil.test', '10.0.0.1', ''])
      expect(await statusFor(host), host).not.toBe(200);
    await end();
  });

  test('loopback needs neither tokens nor a warning', async () => {
    const { url, output, end } = await start(['--host', 'localhost']);
    expect(output.stderr).toBe('');
    expect(url).toContain('http://localhost:');
    await end();
  });
});

describe('foreign hosts and origins are refused on every path', () => {
  const paths = ['/', '/resources/accounts', '/analytics/v1/batch', '/sandbox/stats', '/nothing'];
  test.each([
    { host: 'evil.test' },
    { host: 'evil.test:80' },
    { host: '127.0.0.1.evil.test' },
    { origin: 'https://evil.test' },
    { origin: 'null' },
    { origin: 'http://localhost:1' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' },
  ])('%o', async (headers) => {
    const sandbox = await openSandbox();
    const api = new Api(sandbox.url);
    for (const path of paths)
      for (const method of ['GET', 'POST'] as const) {
        const { status, body } = await api.raw(path, { method, headers });
        expect([path, status, body]).toEqual([path, 403, { error: expect.any(String) }]);
      }
    expect(sandbox.requests()).toEqual([]);
  });

  test('its own origin is none', async () => {
    const { url } = await openSandbox();
    const headers = { origin: url, 'sec-fetch-site': 'same-origin' };
    expect((await new Api(url).raw('/sandbox/stats', { headers })).status).toBe(200);
  });

  test('a link on another site may lead to the page', async () => {
    const { url } = await openSandbox();
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await new Api(url).raw('/', { headers })).status).toBe(200);
    expect((await new Api(url).raw('/sandbox/stall', { method: 'POST', headers })).status).toBe(403);
  });
});
