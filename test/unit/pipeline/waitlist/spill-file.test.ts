import { open, readdir, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { Place } from '../../../../src/pipeline/nameless-file.ts';
import { SpillFile, type SpillFileOptions } from '../../../../src/pipeline/waitlist/spill-file.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

interface Opened {
  readonly file: SpillFile;
  readonly directory: string;
  readonly troubles: unknown[];
}

async function opened(options: Partial<SpillFileOptions> = {}): Promise<Opened> {
  const directory = temporaryDirectory();
  const troubles: unknown[] = [];
  const file = await SpillFile.open({ directory, onTrouble: (error) => troubles.push(error), ...options });
  if (file === undefined) throw new Error('the file was not opened', { cause: troubles });
  onTestFinished(() => file.close());
  return { file, directory, troubles };
}

async function kept(file: SpillFile, text: string): Promise<Place> {
  const place = await file.put(text);
  if (place === undefined) throw new Error('there was no room');
  return place;
}

test.runIf(process.platform === 'linux')('it has no name, and is its owner’s alone', async () => {
  const { file, directory } = await opened();
  await kept(file, 'secret row');
  expect(await readdir(directory)).toEqual([]);
  const links = await Promise.all(
    (await readdir('/proc/self/fd')).map(async (fd) => ({
      fd,
      path: await readlink(join('/proc/self/fd', fd)).catch(() => ''),
    })),
  );
  const own = links.filter(({ path }) => path.startsWith(directory));
  expect(own.map(({ path }) => path)).toEqual([expect.stringMatching(/\/rows \(deleted\)$/)]);
  const handle = await open(join('/proc/self/fd', own[0]?.fd ?? ''));
  try {
    expect((await handle.stat()).mode & 0o777).toBe(0o600);
  } finally {
    await handle.close();
  }
});

test.each([
  { what: 'its own bound', options: { maxBytes: 10 } },
  { what: 'half of what is free', options: { freeBytes: async () => 21 } },
])('a text beyond $what finds no room, and what is there stays', async ({ options }) => {
  const { file, troubles } = await opened(options);
  const first = await kept(file, '12345');
  expect(await file.put('678901')).toBeUndefined();
  const second = await kept(file, 'äöx');
  expect(await file.put('x')).toBeUndefined();
  expect([await file.get(first), await file.get(second)]).toEqual(['12345', 'äöx']);
  expect(troubles).toEqual([]);
});

/** Texts of a few bytes, and of more than a segment. */
const TIMES = fc.constantFrom(1, 1, 1, 100, 1_000, 5_000);

test('whatever is put, read and given back at the same time, a text comes back as it was put', async () => {
  const step = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ put: fc.string({ unit: 'grapheme', maxLength: 40 }), times: TIMES }),
    },
    { weight: 2, arbitrary: fc.record({ free: fc.nat() }) },
  );
  const { file } = await opened({ maxBytes: 200_000 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { maxLength: 12 }), { maxLength: 12 }), async (rounds) => {
      const held: { readonly text: string; readonly place: Place }[] = [];
      for (const steps of rounds) {
        const puts: Promise<void>[] = [];
        for (const one of steps) {
          if ('free' in one) {
            const [gone] = held.splice(one.free % Math.max(1, held.length), 1);
            if (gone !== undefined) file.free(gone.place);
          } else
            puts.push(
              file.put(one.put.repeat(one.times)).then((place) => {
                if (place !== undefined) held.push({ text: one.put.repeat(one.times), place });
              }),
            );
        }
        await Promise.all(puts);
        for (const { text, place } of held) expect(await file.get(place)).toBe(text);
      }
      for (const { place } of held) file.free(place);
    }),
  );
  // Everything was given back: all of its room is there again.
  expect(await file.put('x'.repeat(200_000))).toBeDefined();
});

test('one text that stays does not keep the room of all those that went', async () => {
  const { file, troubles } = await opened({ maxBytes: 4 * 1024 * 1024 });
  const stays = await kept(file, 'stays');
  const text = 'x'.repeat(100_000);
  for (let round = 0; round < 200; round++) file.free(await kept(file, text));
  expect(await file.get(stays)).toBe('stays');
  expect(troubles).toEqual([]);
});

test('where no temporary directory can be written it says why', async () => {
  const directory = join(temporaryDirectory(), 'file');
  await writeFile(directory, '');
  const troubles: unknown[] = [];
  const file = await SpillFile.open({ directory, onTrouble: (error) => troubles.push(error) });
  expect(file).toBeUndefined();
  expect(troubles).toEqual([expect.objectContaining({ code: 'ENOTDIR' })]);
});

test('a file that can’t be written any more takes nothing, and says why once', async () => {
  const { file, troubles } = await opened();
  await file.close();
  expect(await file.put('a')).toBeUndefined();
  expect(await file.put('b')).toBeUndefined();
  expect(troubles).toHaveLength(1);
});
