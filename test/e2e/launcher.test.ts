import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ended, installation, ROOT, readAll, script, start } from '../support/installation.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Where this Node is: the launcher takes it from PATH when the tree has none of its own. */
const NODE_DIRECTORY = dirname(process.execPath);
const WITH_NODE = { PATH: `${NODE_DIRECTORY}:/usr/bin:/bin` };

/** What the launcher always gives Node. */
const NO_DEBUGGER = '--disable-sigusr1';

const relative = (link: string, target: string): string => {
  symlinkSync(target, link);
  return link;
};

describe('finds its program', () => {
  test.each([
    ['by its own path', (root: string, _elsewhere: string) => join(root, 'bin/destination-vitally')],
    [
      'through an absolute link',
      (root: string, elsewhere: string) =>
        relative(join(elsewhere, 'dv'), join(root, 'bin/destination-vitally')),
    ],
    [
      'through a relative link',
      (root: string, _elsewhere: string) => relative(join(root, 'dv'), 'bin/destination-vitally'),
    ],
    [
      'through a chain of links in several directories',
      (root: string, elsewhere: string) => {
        mkdirSync(join(root, 'links'));
        relative(join(root, 'links/second'), '../bin/destination-vitally');
        relative(join(elsewhere, 'first'), join(root, 'links/second'));
        return relative(join(elsewhere, 'dv'), 'first');
      },
    ],
    [
      'through a link to its directory',
      (root: string, elsewhere: string) =>
        join(relative(join(elsewhere, 'bin'), join(root, 'bin')), 'destination-vitally'),
    ],
  ])('%s', async (_how, link) => {
    const root = installation();
    const elsewhere = temporaryDirectory();
    const { stdout, code } = await ended(start(link(root, elsewhere), { cwd: elsewhere, env: WITH_NODE }));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ program: join(root, 'dist/main.js'), cwd: elsewhere });
  });

  test.each([
    ['from its own directory', 'bin', './destination-vitally'],
    ['from its root', '.', 'bin/destination-vitally'],
    ['from below its root', 'dist', '../bin/destination-vitally'],
  ])('by a relative path %s', async (_where, cwd, path) => {
    const root = installation();
    const { stdout } = await ended(start(path, { cwd: join(root, cwd), env: WITH_NODE }));
    expect(JSON.parse(stdout)).toMatchObject({ program: join(root, 'dist/main.js'), cwd: join(root, cwd) });
  });

  test.each(['with spaces', "it's", 'a$b', '-dash', 'ünïcode'])('in a directory named %j', async (name) => {
    const root = installation(undefined, name);
    const { stdout } = await ended(start(join(root, 'bin/destination-vitally'), { env: WITH_NODE }));
    expect(JSON.parse(stdout)).toMatchObject({ program: join(root, 'dist/main.js') });
  });

  test('whatever CDPATH says', async () => {
    const root = installation();
    const env = { ...WITH_NODE, CDPATH: ROOT };
    const { stdout } = await ended(start('bin/destination-vitally', { cwd: root, env }));
    expect(JSON.parse(stdout)).toMatchObject({ program: join(root, 'dist/main.js') });
  });

  test('and says how to build it where it is not there', async () => {
    const root = installation('');
    const { code, stdout, stderr } = await ended(
      start(join(root, 'bin/destination-vitally'), { env: WITH_NODE }),
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/not built: run npm ci and npm run build/);
  });
});

describe('finds Node', () => {
  test('in its own tree, without one on PATH', async () => {
    const root = installation();
    mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
    symlinkSync(process.execPath, join(root, 'node_modules/.bin/node'));
    const { stdout } = await ended(start(join(root, 'bin/destination-vitally')));
    expect(JSON.parse(stdout)).toMatchObject({ node: process.execPath });
  });

  test('in its own tree, before another one on PATH', async () => {
    const root = installation();
    const other = temporaryDirectory();
    script(join(other, 'node'), 'echo true; exit 3');
    mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
    symlinkSync(process.execPath, join(root, 'node_modules/.bin/node'));
    const env = { PATH: `${other}:/usr/bin:/bin` };
    expect((await ended(start(join(root, 'bin/destination-vitally'), { env }))).code).toBe(0);
  });

  test('on PATH where its own is not installed', async () => {
    const root = installation();
    mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
    symlinkSync('../node/bin/node', join(root, 'node_modules/.bin/node'));
    const { stdout } = await ended(start(join(root, 'bin/destination-vitally'), { env: WITH_NODE }));
    expect(JSON.parse(stdout)).toMatchObject({ node: process.execPath });
  });

  test.each([
    ['is too old', 'echo false'],
    ['does not run', 'exit 127'],
  ])('and says so where the one on PATH %s', async (_what, body) => {
    const root = installation();
    const other = temporaryDirectory();
    script(join(other, 'node'), body);
    const env = { PATH: `${other}:/usr/bin:/bin` };
    const { code, stdout, stderr } = await ended(start(join(root, 'bin/destination-vitally'), { env }));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/needs Node 24 or newer/);
  });

  test('and says so where PATH has none', async () => {
    const root = installation();
    const tools = temporaryDirectory();
    for (const tool of ['dirname', 'readlink', 'sh']) symlinkSync(`/usr/bin/${tool}`, join(tools, tool));
    const { code, stderr } = await ended(
      start(join(root, 'bin/destination-vitally'), { env: { PATH: tools } }),
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/needs Node 24 or newer/);
  });
});

describe('becomes the program', () => {
  test('with its arguments as they are', async () => {
    const args = ['write', '--config=a b.json', '', '*', '$HOME', "it's", '--', '-x'];
    const { stdout } = await ended(
      start(join(installation(), 'bin/destination-vitally'), { args, env: WITH_NODE }),
    );
    expect(JSON.parse(stdout).args).toEqual(args);
  });

  test('under its own process id', async () => {
    const result = await ended(start(join(installation(), 'bin/destination-vitally'), { env: WITH_NODE }));
    expect(JSON.parse(result.stdout).pid).toBe(result.pid);
  });

  test('with its stdin', async () => {
    const root = installation('process.stdin.pipe(process.stdout);');
    const child = start(join(root, 'bin/destination-vitally'), { env: WITH_NODE });
    expect((await ended(child, 'ein Ümlaut\nand a line\n')).stdout).toBe('ein Ümlaut\nand a line\n');
  });

  test.each([0, 1, 2, 130, 143])('and gives its exit code %i', async (code) => {
    const root = installation(`process.exit(${code});`);
    expect((await ended(start(join(root, 'bin/destination-vitally'), { env: WITH_NODE }))).code).toBe(code);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('and %s reaches it', async (signal) => {
    const root = installation(`
      process.on('${signal}', () => { process.stdout.write(' caught'); process.exit(7); });
      setInterval(() => {}, 1000);
      process.stdout.write('ready');
    `);
    const child = start(join(root, 'bin/destination-vitally'), { env: WITH_NODE });
    child.stdout?.once('data', () => child.kill(signal));
    expect(await ended(child)).toMatchObject({ code: 7, stdout: 'ready caught' });
  });

  test('and SIGUSR1 opens no debugger, by which others on the machine could read its memory', async () => {
    const root = installation(`
      import { url } from 'node:inspector';
      process.stdin.once('data', () => setTimeout(() => process.stdout.write(String(url())), 300));
      process.stdout.write('ready ');
    `);
    const child = start(join(root, 'bin/destination-vitally'), { env: WITH_NODE });
    child.stdout?.once('data', () => {
      child.kill('SIGUSR1');
      child.stdin?.end('go');
    });
    expect(await readAll(child)).toMatchObject({ code: 0, stdout: 'ready undefined', stderr: '' });
  });

  test('and dies by a signal that it does not catch', async () => {
    const root = installation(`setInterval(() => {}, 1000); process.stdout.write('ready');`);
    const child = start(join(root, 'bin/destination-vitally'), { env: WITH_NODE });
    child.stdout?.once('data', () => child.kill('SIGTERM'));
    expect(await ended(child)).toMatchObject({ code: null, signal: 'SIGTERM' });
  });
});

describe('sizes the heap', () => {
  test('by what the control group allows', async () => {
    const { stdout } = await ended(
      start(join(installation(), 'bin/destination-vitally'), { env: WITH_NODE }),
    );
    expect(JSON.parse(stdout).nodeFlags).toEqual([NO_DEBUGGER, ...expectedHeapFlags()]);
  });

  test.each(['--max-old-space-size=300', '--trace-warnings --max_old_space_size=300'])(
    'not where NODE_OPTIONS says %s',
    async (options) => {
      const env = { ...WITH_NODE, NODE_OPTIONS: options };
      const { stdout } = await ended(start(join(installation(), 'bin/destination-vitally'), { env }));
      expect(JSON.parse(stdout).nodeFlags).toEqual([NO_DEBUGGER]);
    },
  );
});

describe('this very product', () => {
  test('answers spec through a link, from any directory, without Node on PATH', async () => {
    const elsewhere = temporaryDirectory();
    symlinkSync(join(ROOT, 'bin/destination-vitally'), join(elsewhere, 'destination-vitally'));
    const result = await ended(start('./destination-vitally', { args: ['spec'], cwd: elsewhere }));
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(result.stdout).type).toBe('SPEC');
  });

  test('ends with 2 and its usage on stderr without a command', async () => {
    const result = await ended(start(join(ROOT, 'bin/destination-vitally')));
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/^usage: destination-vitally/);
  });
});

/** By this process's own limit, where there is one; tests in containers try given limits. */
function expectedHeapFlags(): string[] {
  for (const path of ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes']) {
    let limit: string;
    try {
      limit = readFileSync(path, 'utf8').trim();
    } catch {
      continue;
    }
    const bytes = Number(limit);
    if (Number.isNaN(bytes) || bytes >= 1e15) return [];
    const mebibytes = Math.floor(bytes / 2 ** 20);
    return mebibytes < 512
      ? [`--max-old-space-size=${Math.floor((mebibytes * 42) / 64)}`, '--max-semi-space-size=4']
      : [`--max-old-space-size=${Math.floor((mebibytes * 3) / 4)}`];
  }
  return [];
}
