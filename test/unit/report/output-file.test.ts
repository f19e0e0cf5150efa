import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/errors/config-error.ts';
import { type OutputFlag, openOutput } from '../../../src/report/output-file.ts';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'output-'));
});

afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

const FLAGS = ['--plan', '--summary'] as const;

async function put(flag: OutputFlag, path: string, text: string, inputs: string[] = []): Promise<void> {
  const file = await openOutput({ flag, path, cwd, inputs, stdoutCarries: 'Airbyte messages' });
  try {
    await file.write(text);
  } finally {
    await file.close();
  }
}

function modeOf(name: string): string {
  return (statSync(join(cwd, name)).mode & 0o777).toString(8);
}

describe.each(FLAGS)('%s', (flag) => {
  test('makes a file that was not there', async () => {
    await put(flag, 'out', 'text\n');
    expect(readFileSync(join(cwd, 'out'), 'utf8')).toBe('text\n');
  });

  test('replaces what was there, also where nothing is written, and leaves its other names alone', async () => {
    writeFileSync(join(cwd, 'out'), 'old\n');
    chmodSync(join(cwd, 'out'), 0o644);
    linkSync(join(cwd, 'out'), join(cwd, 'other'));
    await put(flag, 'out', '');
    expect(readFileSync(join(cwd, 'out'), 'utf8')).toBe('');
    expect(readFileSync(join(cwd, 'other'), 'utf8')).toBe('old\n');
  });

  test.each([['a file'], ['nothing']])('refuses a symbolic link to %s and leaves its target', async (to) => {
    if (to === 'a file') writeFileSync(join(cwd, 'victim'), 'kept');
    symlinkSync('victim', join(cwd, 'out'));
    await expect(put(flag, 'out', 'text')).rejects.toThrow(`${flag} out is a symbolic link`);
    expect(existsSync(join(cwd, 'victim'))).toBe(to === 'a file');
    if (to === 'a file') expect(readFileSync(join(cwd, 'victim'), 'utf8')).toBe('kept');
    expect(lstatSync(join(cwd, 'out')).isSymbolicLink()).toBe(true);
  });

  test('refuses a file that the run reads, under whichever name', async () => {
    writeFileSync(join(cwd, 'config.json'), '{}');
    linkSync(join(cwd, 'config.json'), join(cwd, 'same.json'));
    for (const path of ['config.json', 'same.json', `${cwd}/./config.json`])
      await expect(put(flag, path, 'text', [join(cwd, 'config.json')])).rejects.toThrow('this run needs');
    expect(readFileSync(join(cwd, 'config.json'), 'utf8')).toBe('{}');
  });

  test.each([
    ['folder', 'is a folder'],
    ['absent/out', 'ENOENT'],
    ['file/out', 'ENOTDIR'],
    ['/proc/out', 'ENOENT'],
    ['/dev/stdout', 'is where Airbyte messages go'],
    ['/dev/fd/1', 'is where Airbyte messages go'],
    ['/proc/self/fd/1', 'is where Airbyte messages go'],
    ['/dev/stdin', 'rows come from'],
    ['/dev/fd/0', 'rows come from'],
    ['/dev/full', 'ENOSPC'],
    [`${'x'.repeat(300)}`, 'ENAMETOOLONG'],
  ])('tells why %s can not be written, and what to do', async (path, why) => {
    mkdirSync(join(cwd, 'folder'));
    writeFileSync(join(cwd, 'file'), '');
    const failure = await put(flag, path, 'text').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigError);
    const { message } = failure as ConfigError;
    expect(message).toContain(why);
    expect(message).toContain(flag);
    expect(message).toContain(path);
  });

  test('writes a device in place', async () => {
    await put(flag, '/dev/null', 'text');
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test('writes into a named pipe, however slow its reader', async () => {
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    const text = 'a line that fills pipes\n'.repeat(20_000);
    const reader = spawn('sh', ['-c', 'sleep 0.2; wc -c < pipe'], { cwd });
    const counted = new Promise<string>((done) => reader.stdout.on('data', (data) => done(String(data))));
    await put(flag, 'pipe', text);
    expect(Number(await counted)).toBe(text.length);
    expect(lstatSync(join(cwd, 'pipe')).isFIFO()).toBe(true);
  });
});

test('refuses the file that stdout goes to', async () => {
  const program = `
    import { openOutput } from ${JSON.stringify(join(import.meta.dirname, '../../../src/report/output-file.ts'))};
    await openOutput({ flag: '--summary', path: 'out', cwd: process.cwd(), inputs: [], stdoutCarries: 'messages' })
      .catch((error) => console.log(error.message));`;
  writeFileSync(join(cwd, 'program.mjs'), program);
  execFileSync('sh', ['-c', `${process.execPath} program.mjs > out`], { cwd });
  expect(readFileSync(join(cwd, 'out'), 'utf8')).toContain('--summary out is where messages go');
});

test('a plan is its owner’s alone, a summary follows the umask', async () => {
  await put('--plan', 'plan', 'rows');
  await put('--summary', 'summary', 'counts');
  expect(modeOf('plan')).toBe('600');
  writeFileSync(join(cwd, 'any'), '');
  expect(modeOf('summary')).toBe(modeOf('any'));
});

test('a plan that replaces a file which everybody read is its owner’s alone', async () => {
  writeFileSync(join(cwd, 'plan'), 'old');
  chmodSync(join(cwd, 'plan'), 0o666);
  await put('--plan', 'plan', 'rows');
  expect(modeOf('plan')).toBe('600');
});

test.each(['/dev/stderr', '/dev/fd/2', '/proc/self/fd/2', '/dev/../dev/stderr'])(
  '%s is the process’s own stream, whatever it leads to',
  async (path) => {
    const program = `
      import { openOutput } from ${JSON.stringify(join(import.meta.dirname, '../../../src/report/output-file.ts'))};
      const file = await openOutput({ flag: '--plan', path: ${JSON.stringify(path)}, cwd: '/', inputs: [] });
      await file.write('to stderr\\n');
      await file.close();`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (data) => {
      said += data;
    });
    await new Promise((done) => child.on('close', done));
    expect(said).toBe('to stderr\n');
  },
);
