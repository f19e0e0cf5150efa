import { statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/errors/config-error.ts';
import { LocalStore } from '../../../src/rejected/local-store.ts';

let root: string;
let directory: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'local-store-'));
  directory = join(root, 'new', 'rejected');
});

afterEach(() => rm(root, { recursive: true }));

const STARTED_AT_MS = Date.UTC(2026, 2, 2, 8);

function storeOf(id = 'run'): LocalStore {
  return new LocalStore(directory, { id, startedAtMs: STARTED_AT_MS, keeps: 'Rejected records' });
}

function read(file: string, folder = 'run'): Promise<string> {
  return readFile(join(directory, folder, file), 'utf8');
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
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
    const store = storeOf();
    for (const line of ['1', '2', 'drei 漢字']) await store.append('a.jsonl', line);
    await store.append('b.jsonl', 'x');
    await store.flush();
    expect(await read('a.jsonl')).toBe('1\n2\ndrei 漢字\n');
    expect(await read('b.jsonl')).toBe('x\n');
    await store.append('a.jsonl', '4');
    await store.close();
    expect(await read('a.jsonl')).toBe('1\n2\ndrei 漢字\n4\n');
  });

  test('are not written one by one', async () => {
    const store = storeOf();
    await store.append('a.jsonl', 'x');
    await expect(readdir(root)).resolves.toEqual([]);
    await store.close();
  });

  test('are written when the buffer is full, without a flush', async () => {
    const store = storeOf();
    const line = 'x'.repeat(262_144);
    for (let count = 0; count < 4; count++) await store.append('a.jsonl', line);
    expect(await read('a.jsonl')).toBe(`${line}\n`.repeat(4));
    const long = 'y'.repeat(3_145_728);
    await store.append('b.jsonl', long);
    expect(await read('b.jsonl')).toBe(`${long}\n`);
  });

  test('keep their order when many flushes run at once', async () => {
    const store = storeOf();
    const numbers = Array.from({ length: 200 }, (_, index) => `${index}`);
    await Promise.all(
      numbers.map(async (number) => {
        await store.append('a.jsonl', number);
        await store.flush();
      }),
    );
    expect(await read('a.jsonl')).toBe(`${numbers.join('\n')}\n`);
  });

  test('a flush waits for the one under way', async () => {
    const store = storeOf();
    await store.append('a.jsonl', 'x');
    const first = store.flush();
    await store.flush();
    expect(await read('a.jsonl')).toBe('x\n');
    await first;
  });
});

test('a flush with nothing to write touches nothing', async () => {
  const store = storeOf();
  await store.flush();
  await store.close();
  expect(await readdir(root)).toEqual([]);
});

describe('what a run writes is its own', () => {
  const DATED = 'run.2026-03-02T08-00-00-000Z';

  test('no run adds to the files of another, whatever it left', async () => {
    await mkdir(join(directory, 'run'), { recursive: true });
    await writeFile(join(directory, 'run/a.jsonl'), '{"a":1}\n{"torn');
    for (const line of ['second', 'third', 'fourth']) {
      const store = storeOf();
      await store.append('a.jsonl', line);
      await store.close();
    }
    expect(await read('a.jsonl')).toBe('{"a":1}\n{"torn');
    expect(await read('a.jsonl', DATED)).toBe('second\n');
    expect(await read('a.jsonl', `${DATED}.2`)).toBe('third\n');
    expect(await read('a.jsonl', `${DATED}.3`)).toBe('fourth\n');
  });

  test('of runs that begin at once with one job id, each has a folder', async () => {
    const stores = Array.from({ length: 8 }, () => storeOf());
    await Promise.all(
      stores.map(async (store, index) => {
        await store.append('a.jsonl', `${index}`);
        await store.flush();
        await store.append('a.jsonl', 'end');
        await store.close();
      }),
    );
    const places = stores.map(({ place }) => place ?? '');
    expect(new Set(places).size).toBe(8);
    for (const [index, place] of places.entries())
      expect(await readFile(join(place, 'a.jsonl'), 'utf8')).toBe(`${index}\nend\n`);
  });

  test.each([
    ['a link to a folder', async (path: string, elsewhere: string) => symlink(elsewhere, path)],
    ['a link to nothing', async (path: string) => symlink('nowhere', path)],
    ['a file', async (path: string) => writeFile(path, 'kept')],
  ])('%s in the place of the folder is left alone', async (_, put) => {
    const elsewhere = join(root, 'elsewhere');
    await mkdir(elsewhere);
    await mkdir(directory, { recursive: true });
    await put(join(directory, 'run'), elsewhere);
    const store = storeOf();
    await store.append('a.jsonl', 'x');
    await store.close();
    expect(await readdir(elsewhere)).toEqual([]);
    expect(store.place).toBe(join(directory, DATED));
    expect(await read('a.jsonl', DATED)).toBe('x\n');
  });

  test('a link put into the folder in mid-run is not followed', async () => {
    const victim = join(root, 'victim');
    await writeFile(victim, 'its last line has no end');
    const store = storeOf();
    await store.append('a.jsonl', 'x');
    await store.flush();
    await symlink(victim, join(directory, 'run/b.jsonl'));
    await store.append('b.jsonl', 'y');
    await expect(store.flush()).rejects.toThrow(ConfigError);
    expect(await readFile(victim, 'utf8')).toBe('its last line has no end');
  });

  test('a file that became a link in mid-run is not followed', async () => {
    const victim = join(root, 'victim');
    await writeFile(victim, 'kept');
    const store = storeOf();
    await store.append('a.jsonl', 'x');
    await store.flush();
    await rm(join(directory, 'run/a.jsonl'));
    await symlink(victim, join(directory, 'run/a.jsonl'));
    await store.append('a.jsonl', 'y');
    await expect(store.flush()).rejects.toThrow(ConfigError);
    expect(await readFile(victim, 'utf8')).toBe('kept');
  });

  test('is for its owner alone; a folder that was there keeps its mode', async () => {
    await mkdir(join(root, 'new'), { mode: 0o755 });
    const store = storeOf();
    await store.append('a.jsonl', 'x');
    await store.close();
    expect(modeOf(join(root, 'new'))).toBe('755');
    expect([directory, join(directory, 'run')].map(modeOf)).toEqual(['700', '700']);
    expect(modeOf(join(directory, 'run/a.jsonl'))).toBe('600');
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
    const store = storeOf();
    await store.append('a.jsonl', 'x');
    await store.flush();
    await lose();
    await store.append('a.jsonl', 'y');
    await expectConfigError(store.flush(), /has gone.*Leave it in place while a sync runs/);
  });

  test('a new file is not begun in a directory made anew', async () => {
    const store = storeOf();
    await store.append('a.jsonl', 'x');
    await store.flush();
    await rename(directory, `${directory}.moved`);
    await mkdir(join(directory, 'run'), { recursive: true });
    await store.append('b.jsonl', 'y');
    await expectConfigError(store.flush(), /has gone.*Leave it in place while a sync runs/);
    expect(await readdir(join(directory, 'run'))).toEqual([]);
  });
});

describe('a store that can’t be written', () => {
  test('stops the run for good', async () => {
    const store = storeOf();
    await store.append('a.jsonl', 'x');
    await store.flush();
    await rm(join(directory, 'run/a.jsonl'));
    await store.append('a.jsonl', 'y');
    await expectConfigError(store.flush(), /has gone/);
    await store.append('b.jsonl', 'z');
    await expectConfigError(store.flush(), /has gone/);
    await expectConfigError(store.append('b.jsonl', 'x'.repeat(1_048_577)), /has gone/);
    await expectConfigError(store.close(), /has gone/);
  });

  test.each(['/proc/rejected', '/proc/self/deep/er/rejected'])(
    'says so for %s, and does so at once',
    async (place) => {
      directory = place;
      const store = storeOf();
      await expectConfigError(store.probe(), /no folder can be made there/);
    },
  );

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
    const store = storeOf();
    await expectConfigError(store.probe(), /a part of the path is a file/);
    await store.append('a.jsonl', 'x');
    await expectConfigError(store.flush(), /a part of the path is a file/);
  });
});

describe('a probe', () => {
  test('makes the directory, leaves nothing in it, and can be repeated', async () => {
    const store = storeOf();
    await store.probe();
    await store.probe();
    expect(await readdir(directory)).toEqual([]);
  });
});
