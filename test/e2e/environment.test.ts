import { createServer } from 'node:https';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listen } from '../support/loopback.ts';
import { catalogOf, configFor, record } from '../support/messages.ts';
import { run } from '../support/program.ts';
import { runCommand } from '../support/run-command.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { CERTIFICATE, KEY } from '../support/self-signed.ts';

const WRITE = ['write', '--config', 'config.json', '--catalog', 'catalog.json'];
const CHECK = ['check', '--config', 'config.json'];
const SECRET = 'hunter2';
const VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];
const NO_ADDRESS = [`socks5://jane:${SECRET}@proxy:1080`, `http://jane:%${SECRET}@proxy`, 'http://'];

const CASES = VARIABLES.flatMap((variable) => NO_ADDRESS.map((value) => ({ variable, value })));

describe.each(CASES)('$variable=$value, which is no address of a proxy', ({ variable, value }) => {
  test('fails a write before any record is read, with its summary', async () => {
    const sandbox = await openSandbox();
    const result = await runCommand([...WRITE, '--summary', 'summary.json'], {
      config: configFor(sandbox),
      catalog: catalogOf('accounts'),
      stdin: [record('accounts', { id: 'a-1', name: 'Acme' })],
      env: { [variable]: value },
    });
    expect(result.code).toBe(1);
    expect(result.failure).toMatch(new RegExp(`^config_error: The environment variable ${variable} `));
    expect(JSON.parse(await result.file('summary.json'))).toMatchObject({ status: 'failed' });
    expect(sandbox.requests()).toEqual([]);
    expect(result.lines.join()).not.toContain(SECRET);
  });

  test('fails a check', async () => {
    const sandbox = await openSandbox();
    const result = await runCommand(CHECK, { config: configFor(sandbox), env: { [variable]: value } });
    expect(result.code).toBe(0);
    const [answer] = result.messagesOf('CONNECTION_STATUS');
    expect(answer).toMatchObject({
      connectionStatus: { status: 'FAILED', message: expect.stringContaining(variable) },
    });
    expect(result.lines.join()).not.toContain(SECRET);
  });
});

test.each([
  { config: { write_via: 'x' }, catalog: catalogOf('accounts'), says: '/write_via' },
  { config: '{', catalog: catalogOf('accounts'), says: 'config file' },
  { config: {}, catalog: '{', says: 'catalog file' },
])('both proxies are told with the other faults: $says', async ({ config, catalog, says }) => {
  const sandbox = await openSandbox();
  const result = await runCommand(WRITE, {
    config: typeof config === 'string' ? config : configFor(sandbox, config),
    catalog,
    env: { HTTP_PROXY: 'ftp://a', HTTPS_PROXY: 'ftp://b' },
  });
  expect(result.failure).toMatch(/^config_error: 3 faults/);
  for (const word of ['HTTP_PROXY', 'HTTPS_PROXY', says]) expect(result.failure).toContain(word);
});

describe('NODE_TLS_REJECT_UNAUTHORIZED=0', () => {
  const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };

  test('is ignored, which write and check say once', async () => {
    const sandbox = await openSandbox();
    const config = configFor(sandbox);
    const written = await runCommand(WRITE, { config, catalog: catalogOf('accounts'), env });
    const about = written.logs.filter((line) => line.includes('NODE_TLS_REJECT_UNAUTHORIZED'));
    expect(about).toEqual([expect.stringMatching(/^WARN .*ignored.*NODE_EXTRA_CA_CERTS/)]);
    const checked = await runCommand(CHECK, { config, env });
    expect(checked.messagesOf('CONNECTION_STATUS')[0]).toMatchObject({
      connectionStatus: {
        status: 'SUCCEEDED',
        message: expect.stringMatching(/NODE_TLS_REJECT_UNAUTHORIZED.*ignored/),
      },
    });
    const without = await runCommand(WRITE, { config, catalog: catalogOf('accounts') });
    expect(without.lines.join()).not.toContain('NODE_TLS');
  });

  test('leaves stderr empty, Node’s own warning of it too', async () => {
    const server = createServer({ key: KEY, cert: CERTIFICATE }, (_request, response) => response.end('{}'));
    const port = await listen(server);
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const program = await run('check', { config: configFor({ url: `https://127.0.0.1:${port}` }), env });
    expect(program.stderr).toBe('');
    expect(program.lines.join()).toContain('trusted TLS');
  });
});
