import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { build, inspect, run, shell } from './engine.ts';

const TAG = 'destination-vitally:test';
const ENTRYPOINT = '/app/bin/destination-vitally';
const ROWS = 1_000;
const CHILDREN = 100_000;
const PARENTS = 1_000;
/** As an orchestrator with strict rules runs it. */
const LOCKED = ['--read-only', '--tmpfs', '/tmp', '--memory', '256m'];

const version: string = JSON.parse(readFileSync('package.json', 'utf8')).version;

let sandbox: Sandbox;
let folder: string;

beforeAll(async () => {
  const built = await build(TAG);
  if (built.code !== 0) throw new Error(`the image cannot be built:\n${built.stdout}${built.stderr}`);
  sandbox = await startSandbox({ requestsPerMinute: 100_000 });
  folder = mkdtempSync(join(tmpdir(), 'image-test-'));
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'config.json'), JSON.stringify(configFor(sandbox.url)));
  writeFileSync(join(folder, 'catalog.json'), JSON.stringify(catalogOf('accounts')));
}, 600_000);

afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

const mounted = (): string[] => [...LOCKED, '-v', `${folder}:/config:ro`];

describe('the image', () => {
  test('names product, version, user and entry point', async () => {
    const image = await inspect(TAG);
    expect(image.Entrypoint).toEqual([ENTRYPOINT]);
    expect(image.Env).toContain(`AIRBYTE_ENTRYPOINT=${ENTRYPOINT}`);
    expect(image.User).toBe('airbyte');
    expect(image.Labels).toMatchObject({
      'io.airbyte.name': 'destination-vitally/destination-vitally',
      'io.airbyte.version': version,
    });
  });

  test.each([
    ['runs as airbyte, uid and gid 1000', 'id', /^uid=1000\(airbyte\) gid=1000\(airbyte\)/],
    ['gives /airbyte to its user', 'stat -c "%U:%G %a" /airbyte', /^airbyte:airbyte 755$/m],
    ['lets its user write into /airbyte', 'touch /airbyte/x && echo done', /^done$/m],
    ['bears nothing in /airbyte', 'ls -A /airbyte | wc -l', /^0$/m],
    ['keeps its program from its user', 'find /app ! -user root -o -perm /022 ! -type l | wc -l', /^0$/m],
    [
      'runs no Node that its user could replace',
      'stat -c "%U %a" /usr/local/bin/node /usr/local/bin',
      /^(root 755\n){2}$/,
    ],
    ['makes nobody another user', 'find / -xdev -perm /6000 -type f 2>/dev/null | wc -l', /^0$/m],
    [
      'bears no package manager, Perl or other way to become root',
      'for c in npm npx corepack yarn apt-get perl su mount passwd; do command -v $c; done; ls /usr/local/lib',
      /^(?!.*(node_modules|\/))/s,
    ],
    ['bears the programs of nobody else', 'ls /usr/local/bin', /^node\n$/],
    [
      'bears no compiler, linter or test runner',
      'ls -a /app/node_modules',
      /^(?!.*(typescript|biome|vitest))/s,
    ],
    ['bears no sources', 'ls /app', /^(?!.*(src|test))/s],
    ['hides nothing from other users', 'find /app ! -perm -o=r | wc -l', /^0$/m],
    [
      'has what the platform calls',
      'for c in sh sleep mv kill touch; do command -v $c; done | wc -l',
      /^5$/m,
    ],
  ])('%s', async (_what, line, expected) => {
    expect((await shell(TAG, line)).stdout).toMatch(expected);
  });

  test('says which packages it bears, each with its licence', async () => {
    const { stdout } = await shell(TAG, 'cat /app/sbom.cdx.json');
    const components: { name: string; group?: string; version: string; licenses?: object[] }[] =
      JSON.parse(stdout).components;
    const named = components.map(
      ({ group, name, version }) => `${group ? `${group}/` : ''}${name}@${version}`,
    );
    expect(new Set(named)).toEqual(new Set(packagesAtRunTime()));
    expect(components.filter(({ licenses = [] }) => licenses.length === 0)).toEqual([]);
  });

  test('gives the heap what a small memory limit leaves beside Node itself', async () => {
    const line = `${ENTRYPOINT} sandbox --port 0 >/dev/null & sleep 1; tr '\\0' ' ' </proc/$!/cmdline; kill $!`;
    expect((await shell(TAG, line, LOCKED)).stdout).toContain(
      '--max-old-space-size=168 --max-semi-space-size=4 ',
    );
  });
});

describe('spec', () => {
  test.each([
    ['as it is', []],
    ['locked down', LOCKED],
    ['as a user that the image does not know', [...LOCKED, '--user', '4711:4711']],
    ['in a directory of the platform', [...LOCKED, '--workdir', '/tmp']],
  ])('runs %s', async (_how, options) => {
    const { code, stdout, stderr } = await run(TAG, ['spec'], options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout).type).toBe('SPEC');
  });

  test('runs as the platform calls it', async () => {
    const { code, stdout } = await shell(TAG, 'eval "$AIRBYTE_ENTRYPOINT spec "', LOCKED);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).type).toBe('SPEC');
  });
});

describe('check', () => {
  test('finds Vitally', async () => {
    const { code, stdout } = await run(TAG, ['check', '--config', '/config/config.json'], mounted());
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ connectionStatus: { status: 'SUCCEEDED' } });
  });

  test('says that there is no config', async () => {
    const { code, stdout } = await run(TAG, ['check', '--config', '/config/none.json'], mounted());
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ connectionStatus: { status: 'FAILED' } });
  });
});

describe('write', () => {
  test(`carries ${ROWS} rows to Vitally within 256 MB`, async () => {
    const args = ['write', '--config', '/config/config.json', '--catalog', '/config/catalog.json'];
    const { code, stdout, stderr } = await run(TAG, args, mounted(), messages());
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const states = stdout
      .split('\n')
      .filter((line) => line.startsWith('{"type":"STATE"'))
      .map((line) => JSON.parse(line).state);
    expect(states).toHaveLength(1);
    expect(states[0]).toMatchObject({
      stream: { stream_state: { cursor: ROWS } },
      destinationStats: { recordCount: ROWS, rejectedRecordCount: 0 },
    });
    expect(sandbox.accounts.size).toBe(ROWS);
    expect(sandbox.accounts.byExternalId('a-1000')).toMatchObject({ name: 'Account 1000' });
  });

  test(`${CHILDREN} users before their accounts land whole within 256 MiB`, async () => {
    const config = { ...configFor(sandbox.url), analytics_api_token: 'analytics-token' };
    writeFileSync(join(folder, 'both.json'), JSON.stringify(config));
    writeFileSync(join(folder, 'children.json'), JSON.stringify(catalogOf('users', 'accounts')));
    const args = ['write', '--config', '/config/both.json', '--catalog', '/config/children.json'];
    const options = ['--memory', '256m', '-v', `${folder}:/config:ro`];
    const { code, stdout, stderr } = await run(TAG, args, options, childrenFirst());
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const summary = JSON.parse(
      stdout.split('summary: ')[1]?.split('\n')[0]?.replace(/"}}$/, '').replaceAll('\\"', '"') ?? '',
    );
    expect(summary.streams).toMatchObject([{ accepted: CHILDREN }, { accepted: PARENTS }]);
    expect(sandbox.users.size).toBe(CHILDREN);
  }, 300_000);
});

/** As package-lock.json has them: `name@version`. */
function packagesAtRunTime(): string[] {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  return Object.entries<{ dev?: boolean; version: string }>(packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')}@${version}`);
}

/** Users of about 450 bytes, then the accounts that they belong to. */
function childrenFirst(): string {
  const row = (stream: string, data: object): string =>
    `${JSON.stringify({ type: 'RECORD', record: { stream, emitted_at: 1_772_438_400_000, data } })}\n`;
  const users = Array.from({ length: CHILDREN }, (_, index) =>
    row('users', {
      id: `u${index}`,
      name: `User ${index}`,
      account_id: `p${index % PARENTS}`,
      about: 'x'.repeat(300),
    }),
  );
  const accounts = Array.from({ length: PARENTS }, (_, index) =>
    row('accounts', { id: `p${index}`, name: `Parent ${index}` }),
  );
  return [...users, ...accounts].join('');
}

function catalogOf(...names: readonly string[]): Record<string, unknown> {
  return {
    streams: names.map((name) => ({
      stream: { name, json_schema: {}, supported_sync_modes: ['incremental'] },
      sync_mode: 'incremental',
      destination_sync_mode: 'append_dedup',
      primary_key: [['id']],
    })),
  };
}

function configFor(url: string): Record<string, unknown> {
  return {
    data_center: { region: 'custom', rest_url: url, analytics_url: url },
    rest_api_token: 'rest-token',
    requests_per_minute: 100_000,
  };
}

function messages(): string {
  const records = Array.from({ length: ROWS }, (_, index) => ({
    type: 'RECORD',
    record: {
      stream: 'accounts',
      emitted_at: 1_772_438_400_000,
      data: { id: `a-${index + 1}`, name: `Account ${index + 1}`, seats: index },
    },
  }));
  const state = {
    type: 'STATE',
    state: {
      type: 'STREAM',
      stream: { stream_descriptor: { name: 'accounts' }, stream_state: { cursor: ROWS } },
    },
  };
  return [...records, state].map((message) => `${JSON.stringify(message)}\n`).join('');
}
