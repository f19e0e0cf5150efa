import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/errors/config-error.ts';
import { LocalStore, MAX_BUFFER_CHARACTERS } from '../../src/sync/local-store.ts';

let root: string;
let directory: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'local-store-'));
  directory = join(root, 'new', 'rejected');
});

afterEach(() => rm(root, { recursive: true }));

function read(file: string): Promise<string> {
  return readFile(join(directory, file), 'utf8');
}

/** The failure must be the user's to mend: it names the directory and what to do. */
async function expectConfigError(work: Promise<unknown>, remedy: RegExp): Promise<void> {
  const error: unknown = await work.then(() => undefined).catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(ConfigError);
  expect(error).toMatchObject({ message: expect.stringContaining(directory) });
  expect(error).toMatchObject({ message: expect.stringMatching(remedy) });
  expect(error).toMatchObject({ cause: expect.anything() });
}

describe('lines', () => {
  test('are in their files, in order, once flushed; directories are made', async () => {
    const store = new LocalStore(directory);
    for (const line of ['1', '2', 'drei 漢字']) await store.append('run/a.jsonl', line);
    await store.append('run/b.jsonl', 'x');
    await store.append('other/a.jsonl', 'y');
    await store.flush();
    expect(await read('run/a.jsonl')).toBe('1\n2\ndrei 漢字\n');
    expect([await read('run/b.jsonl'), await read('other/a.jsonl')]).toEqual(['x\n', 'y\n']);
    await store.append('run/a.jsonl', '4');
    await store.close();
    expect(await read('run/a.jsonl')).toBe('1\n2\ndrei 漢字\n4\n');
  });

  test('are not written one by one', async () => {
    const store = new LocalStore(directory);
    await store.append('run/a.jsonl', 'x');
    await expect(readdir(root)).resolves.toEqual([]);
    await store.close();
  });

  test('are written when the buffer is full, without a flush', async () => {
    const store = new LocalStore(directory);
    const line = 'x'.repeat(MAX_BUFFER_CHARACTERS / 4);
    for (let count = 0; count < 4; count++) await store.append('run/a.jsonl', line);
    expect(await read('run/a.jsonl')).toBe(`${line}\n`.repeat(4));
    const long = 'y'.repeat(MAX_BUFFER_CHARACTERS * 3);
    await store.append('run/b.jsonl', long);
    expect(await read('run/b.jsonl')).toBe(`${long}\n`);
  });

  test('keep their order when many flushes run at once', async () => {
    const store = new LocalStore(directory);
    const numbers = Array.from({ length: 200 }, (_, index) => `${index}`);
    await Promise.all(
      numbers.map(async (number) => {
        await store.append('run/a.jsonl', number);
        await store.flush();
      }),
    );
    expect(await read('run/a.jsonl')).toBe(`${numbers.join('\n')}\n`);
  });

  test('a flush waits for the one under way', async () => {
    const store = new LocalStore(directory);
    await store.append('run/a.jsonl', 'x');
    const first = store.flush();
    await store.flush();
    expect(await read('run/a.jsonl')).toBe('x\n');
    await first;
  });
});

test('a flush with nothing to write touches nothing', async () => {
  const store = new LocalStore(directory);
  await store.flush();
  await store.close();
  expect(await readdir(root)).toEqual([]);
});

describe('a file of an earlier attempt', () => {
  test.each([
    ['is continued', '{"a":1}\n{"a":2}\n', '{"a":1}\n{"a":2}\n'],
    ['is cut back to its last line end', '{"a":1}\n{"a":2}\n{"a', '{"a":1}\n{"a":2}\n'],
    ['is cut back over more than a block', `{"a":1}\n${'x'.repeat(200_000)}`, '{"a":1}\n'],
    ['is emptied when its only line is torn', '{"a', ''],
    ['may be empty', '', ''],
  ])('%s', async (_, before, kept) => {
    await mkdir(join(directory, 'run'), { recursive: true });
    await writeFile(join(directory, 'run/a.jsonl'), before);
    const store = new LocalStore(directory);
    await store.append('run/a.jsonl', 'new');
    await store.flush();
    await store.append('run/a.jsonl', 'newer');
    await store.flush();
    expect(await read('run/a.jsonl')).toBe(`${kept}new\nnewer\n`);
  });
});

describe('what was written may not vanish', () => {
  test.each<[string, () => Promise<void>]>([
    ['the file is removed', () => rm(join(directory, 'run/a.jsonl'))],
    ['the directory is removed', () => rm(directory, { recursive: true })],
    ['the directory is moved', () => rename(directory, `${directory}.moved`)],
    [
      'the file is replaced by another',
      async () => {
        await writeFile(join(directory, 'run/b.jsonl'), 'x\n');
        await rename(join(directory, 'run/b.jsonl'), join(directory, 'run/a.jsonl'));
      },
    ],
  ])('%s', async (_, lose) => {
    const store = new LocalStore(directory);
    await store.append('run/a.jsonl', 'x');
    await store.flush();
    await lose();
    await store.append('run/a.jsonl', 'y');
    await expectConfigError(store.flush(), /leave it in place while a sync runs/);
  });

  test('a new file is not begun in a directory made anew', async () => {
    const store = new LocalStore(directory);
    await store.append('run/a.jsonl', 'x');
    await store.flush();
    await rename(directory, `${directory}.moved`);
    await mkdir(join(directory, 'run'), { recursive: true });
    await store.append('run/b.jsonl', 'y');
    await expectConfigError(store.flush(), /leave it in place while a sync runs/);
    expect(await readdir(join(directory, 'run'))).toEqual([]);
  });
});

describe('a store that can’t be written', () => {
  test('stops the run when the disk is full, for good', async () => {
    await mkdir(join(directory, 'run'), { recursive: true });
    await symlink('/dev/full', join(directory, 'run/a.jsonl'));
    const store = new LocalStore(directory);
    await store.append('run/a.jsonl', 'x');
    await expectConfigError(store.flush(), /ENOSPC.*free some space/);
    await store.append('run/b.jsonl', 'y');
    await expectConfigError(store.flush(), /ENOSPC/);
    await expectConfigError(store.close(), /ENOSPC/);
  });

  test('stops the run when the buffer overflows onto a full disk', async () => {
    await mkdir(join(directory, 'run'), { recursive: true });
    await symlink('/dev/full', join(directory, 'run/a.jsonl'));
    const store = new LocalStore(directory);
    await expectConfigError(store.append('run/a.jsonl', 'x'.repeat(MAX_BUFFER_CHARACTERS + 1)), /ENOSPC/);
  });

  test.each<[string, () => Promise<void>]>([
    ['the path leads through a file', () => writeFile(join(root, 'new'), '')],
    [
      'the path is a file',
      async () => {
        await mkdir(join(root, 'new'));
        await writeFile(directory, '');
      },
    ],
  ])('when %s', async (_, spoil) => {
    await spoil();
    const store = new LocalStore(directory);
    await expectConfigError(store.probe(), /a part of the path is a file/);
    await store.append('run/a.jsonl', 'x');
    await expectConfigError(store.flush(), /a part of the path is a file/);
  });
});

describe('a probe', () => {
  test('makes the directory, leaves nothing in it, and can be repeated', async () => {
    const store = new LocalStore(directory);
    await store.probe();
    await store.probe();
    expect(await readdir(directory)).toEqual([]);
  });
});
