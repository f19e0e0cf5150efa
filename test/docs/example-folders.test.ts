import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSandbox } from '../support/sandboxes.ts';
import { ROOT } from '../support/sources.ts';
import { blocksOf, Reader } from './walk.ts';

const EXAMPLES = join(ROOT, 'examples');
const index = readFileSync(join(EXAMPLES, 'README.md'), 'utf8');
const seed: Record<string, object[]> = JSON.parse(readFileSync(join(EXAMPLES, 'sandbox/seed.json'), 'utf8'));

/** Folders of examples that have a page: the others hold what pages elsewhere use. */
const folders = readdirSync(EXAMPLES).filter((name) => readdirIn(name).includes('README.md'));

function readdirIn(name: string): string[] {
  return name.includes('.') ? [] : readdirSync(join(EXAMPLES, name));
}

test('the page of examples names every folder, and no other', () => {
  const named = [...index.matchAll(/\]\(([\w-]+)\/README\.md\)/g)].map(([, name]) => name);
  expect(named.sort()).toEqual(folders.sort());
  expect(folders.length).toBeGreaterThanOrEqual(9);
});

describe.each(folders)('examples/%s', (folder) => {
  const page = readFileSync(join(EXAMPLES, folder, 'README.md'), 'utf8');
  const blocks = blocksOf(page);

  test('has a configuration, rows, a command, what it shows and what Vitally holds then', () => {
    expect(readdirIn(folder)).toContain('config.json');
    expect(blocks.map(({ language }) => language).slice(0, 2)).toEqual(['sh', 'console']);
    expect(blocks.some(({ language }) => language === 'text')).toBe(true);
  });

  test('is used whole: its commands name every other file of the folder', () => {
    const commands = blocks.flatMap(({ language, body }) => (language === 'sh' ? [body] : [])).join('');
    const unnamed = readdirIn(folder).filter((name) => !commands.includes(`examples/${folder}/${name}`));
    expect(unnamed).toEqual(['README.md']);
  });

  test('does what it says', async () => {
    const sandbox = await openSandbox();
    for (const [kind, records] of Object.entries(seed)) sandbox.seed(kind, records as never);
    const reader = new Reader(sandbox);
    for (const block of blocks) {
      await reader.take(block);
      if (block.language === 'sh') reader.expectCode(0);
    }
  });
});
