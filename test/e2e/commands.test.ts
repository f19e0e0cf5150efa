import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { catalogOf, configFor, record, state } from '../support/messages.ts';
import { EXECUTABLE, run, start } from '../support/program.ts';
import { Api, at } from '../support/sandbox/client.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const ROWS = [record('accounts', { id: 1, name: 'One' }), state('accounts', 1)];

/** Scripts that a run of the program loaded, as V8's coverage lists them. */
async function scriptsOf(command: string, flags: readonly string[] = []): Promise<string[]> {
  const directory = temporaryDirectory();
  await run(command, { flags, env: { NODE_V8_COVERAGE: directory } });
  const files = await readdir(directory);
  const reports = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
  return reports.flatMap((report): string[] => {
    const result: unknown = at(JSON.parse(report), 'result');
    return Array.isArray(result) ? result.map((script: unknown) => String(at(script, 'url'))) : [];
  });
}

test.each([[''], ['nonsense'], ['toString'], ['SPEC']])(
  'the command %j is none: usage on stderr, exit 2',
  async (command) => {
    const program = await run(command);
    expect(program).toMatchObject({ code: 2, lines: [] });
    expect(program.stderr).toMatch(/^usage: destination-vitally COMMAND/);
  },
);

test('spec prints one SPEC whose schema is valid, and loads neither HTTP client nor validator', async () => {
  const program = await run('spec');
  expect(program).toMatchObject({ code: 0, stderr: '', messages: [{ type: 'SPEC' }] });
  const schema = at(program.messages[0], 'spec', 'connectionSpecification');
  if (typeof schema !== 'object' || schema === null) throw new TypeError('the spec has no schema');
  expect(new Ajv({ strict: false, validateFormats: false }).compile(schema)).toBeTypeOf('function');
  const scripts = await scriptsOf('spec');
  expect(scripts.filter((url) => /node_modules\/(?:undici|ajv|p-queue)\//.test(url))).toEqual([]);
  // Proof that the list would have shown them.
  const checked = await scriptsOf('check', ['--config', '/dev/null']);
  expect(checked.some((url) => url.includes('/node_modules/undici/'))).toBe(true);
  expect(scripts.some((url) => url.endsWith('/dist/main.js'))).toBe(true);
});

test.each([
  {
    name: '--flag value',
    flags: (config: string, catalog: string) => ['--config', config, '--catalog', catalog],
  },
  {
    name: '--flag=value',
    flags: (config: string, catalog: string) => [`--config=${config}`, `--catalog=${catalog}`],
  },
  {
    name: 'the other order',
    flags: (config: string, catalog: string) => ['--catalog', catalog, `--config=${config}`],
  },
])('flags are taken as $name, relative paths from where the caller stands', async ({ flags }) => {
  const sandbox = await openSandbox();
  const cwd = temporaryDirectory();
  await mkdir(join(cwd, 'a b'));
  await writeFile(join(cwd, 'a b', 'c=1.json'), JSON.stringify(configFor(sandbox)));
  await writeFile(join(cwd, 'catalog.json'), JSON.stringify(catalogOf('accounts')));
  const options = { cwd, flags: [...flags('a b/c=1.json', 'catalog.json'), '--summary=summary.json'] };
  const program = await run('write', options, ROWS);
  expect(program).toMatchObject({ code: 0, stderr: '' });
  expect(program.logsOf('WARN')).toEqual([]);
  expect(JSON.parse(await readFile(join(cwd, 'summary.json'), 'utf8'))).toEqual(program.summary);
});

test.each([
  { command: 'spec', type: 'SPEC' },
  { command: 'check', type: 'CONNECTION_STATUS' },
  { command: 'discover', type: 'DESTINATION_CATALOG' },
])('$command goes on when it does not know a flag, with a WARN for each', async ({ command, type }) => {
  const sandbox = await openSandbox();
  const flags = ['--novel', '--state=state.json', '-x', '--dry', 'run'];
  const config = command === 'spec' ? {} : { config: configFor(sandbox) };
  const program = await run(command, { ...config, flags });
  expect(program).toMatchObject({ code: 0, stderr: '' });
  const warned = program.logsOf('WARN').map((message) => /--?[a-z]+/.exec(message)?.[0]);
  expect(warned.sort()).toEqual(['--dry', '--novel', '--state', '-x']);
  expect(program.messagesOf(type)).toHaveLength(1);
});

test('it runs through symbolic links, relative and absolute ones, from any directory', async () => {
  const directory = temporaryDirectory();
  await symlink(EXECUTABLE, join(directory, 'absolute'));
  await symlink('absolute', join(directory, 'relative'));
  for (const [executable, cwd] of [
    [join(directory, 'absolute'), '/'],
    [join(directory, 'relative'), directory],
    ['./relative', directory],
  ] as const) {
    const program = await run('spec', { executable, cwd });
    expect(program).toMatchObject({ code: 0, stderr: '', messages: [{ type: 'SPEC' }] });
  }
});

test('discover lists the objects with their operations', async () => {
  const sandbox = await openSandbox();
  const program = await run('discover', { config: configFor(sandbox) });
  expect(program).toMatchObject({ code: 0, stderr: '' });
  const operations = at(program.messages[0], 'destination_catalog', 'operations');
  const names = Array.isArray(operations) ? operations.map((one: unknown) => at(one, 'object_name')) : [];
  expect(names).toEqual(expect.arrayContaining(['organization', 'account', 'user', 'event']));
  expect(sandbox.requests().filter(({ method }) => method !== 'GET')).toEqual([]);
});

test.each([
  { name: 'right', config: {}, status: 'SUCCEEDED', says: 'the token works' },
  {
    name: 'no REST token',
    config: { rest_api_token: undefined },
    status: 'SUCCEEDED',
    says: 'no rest_api_token',
  },
  {
    name: 'wrong token',
    config: { rest_api_token: 'sk_live_of-yesterday' },
    status: 'FAILED',
    says: 'refused the token',
  },
  { name: 'no config at all', config: undefined, status: 'FAILED', says: '--config is missing' },
  { name: 'wrong value', config: { write_via: 'pigeon' }, status: 'FAILED', says: '/write_via' },
])('check says what it found and ends with 0: $name', async ({ config, status, says }) => {
  const sandbox = await openSandbox();
  const program = await run('check', config === undefined ? {} : { config: configFor(sandbox, config) });
  expect(program).toMatchObject({ code: 0, stderr: '' });
  const [answer, ...more] = program.messagesOf('CONNECTION_STATUS');
  expect(more).toEqual([]);
  expect(at(answer, 'connectionStatus', 'status')).toBe(status);
  expect(at(answer, 'connectionStatus', 'message')).toContain(says);
  expect(sandbox.requests().filter(({ method }) => method !== 'GET')).toEqual([]);
});

test('write tells every fault of config and catalog at once, before it reads or sends anything', async () => {
  const sandbox = await openSandbox();
  const streams = [
    { stream: 'accounts', object: 'acount' },
    { stream: 'users', object: 'user', mode: 'replace' },
  ];
  const config = configFor(sandbox, { write_via: 'pigeon', streams, requests_per_minute: 0 });
  const catalog = catalogOf('accounts', 'users', 'dim_customers');
  const program = await start('write', { config, catalog });
  // Its stdin is never closed.
  expect(await program.ended).toEqual({ code: 1, signal: null });
  expect(program.errors).toHaveLength(1);
  expect(program.errors[0]?.type).toBe('config_error');
  for (const path of ['/write_via', '/requests_per_minute', '/streams/1/mode']) {
    expect(program.errors[0]?.message).toContain(path);
  }
  expect(sandbox.requests()).toEqual([]);
});

test.each([
  { name: 'config', options: { catalog: catalogOf('accounts') }, says: '--config is missing' },
  { name: 'catalog', options: { config: {} }, says: '--catalog is missing' },
])('write without --$name is a config_error', async ({ options, says }) => {
  const program = await run('write', options);
  expect(program).toMatchObject({ code: 1, stderr: '' });
  expect(program.errors).toMatchObject([{ type: 'config_error' }]);
  expect(program.errors[0]?.message).toContain(says);
});

test('sandbox prints its URL, is written to, and ends when it is told to', async () => {
  const sandbox = await start('sandbox', { flags: ['--port', '0', '--analytics-token=analytics-token'] });
  await expect.poll(() => sandbox.lines.length, { timeout: 20_000 }).toBe(1);
  const url = String(at(sandbox.messages[0], 'url'));
  const program = await run('write', { config: configFor({ url }), catalog: catalogOf('accounts') }, ROWS);
  expect(program.code).toBe(0);
  const { body } = await new Api(url).get('/accounts/1');
  expect(at(body, 'name')).toBe('One');
  sandbox.kill('SIGTERM');
  expect((await sandbox.ended).signal).toBeNull();
});
