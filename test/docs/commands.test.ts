import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readArguments } from '../../src/commands/command-line/arguments.ts';
import { openSandbox } from '../support/sandboxes.ts';
import { ROOT } from '../support/sources.ts';
import { rowsOf, sectionOf } from './headings.ts';
import { blocksOf, Reader } from './walk.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const PAGES = [
  'README.md',
  ...['docs', 'examples'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ),
].filter((path) => path.endsWith('.md'));

/** Command lines of the program in a page's blocks and sentences: in a checkout, in the image, or by its name. */
function commandsOf(page: string): string[] {
  const blocks = blocksOf(page).flatMap(({ language, body }) => (language === 'sh' ? [body] : []));
  const spans = [...page.matchAll(/`(bin\/destination-vitally [^`]+)`/g)].map(([, text = '']) => text);
  return [...blocks, ...spans]
    .flatMap((text) =>
      text
        .replaceAll(/\\?\n(?= )/g, ' ')
        .replaceAll('\\\n', ' ')
        .split('\n'),
    )
    .filter((line) => !line.startsWith('docker build'))
    .flatMap((line) => /(?:^|\s|\/)destination-vitally\s+(.*)$/.exec(line)?.[1] ?? []);
}

const commands = PAGES.flatMap((page) => commandsOf(read(page)).map((command) => ({ page, command })));

describe('the commands of all pages', () => {
  test('are found', () => {
    expect(new Set(commands.map(({ page }) => page)).size).toBeGreaterThan(10);
  });

  test.each(commands)('$page: $command', ({ command }) => {
    const [words = ''] = command.split(/ [<>|] /);
    expect(readArguments(words.trim().split(/\s+/))).toMatchObject({ kind: 'command', unknown: [] });
  });
});

test('the controls of the sandbox are called as its page says', async () => {
  const sandbox = await openSandbox();
  const reader = new Reader(sandbox);
  for (const block of blocksOf(sectionOf(read('docs/sandbox.md'), 'Controls'))) {
    await reader.take({
      ...block,
      body: block.body.replaceAll('curl ', 'curl --silent --show-error --fail '),
    });
    reader.expectCode(0);
  }
  expect(sandbox.accounts.size).toBe(2);
});

test('what the connector page says of a run that fails is what the program says', () => {
  const rows = rowsOf(sectionOf(read('docs/vitally.md'), 'When a run fails'));
  const program = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => read(join('src', name)).replaceAll(/['`] \+\s+['`]/g, ''))
    .map((code) => code.replaceAll(/"?\$\{[^}]*\}"?/g, '…'))
    .join('\n');
  const told = rows.map(([text = '']) => text);
  expect(told.length).toBeGreaterThan(10);
  expect(told.filter((text) => !program.includes(text))).toEqual([]);
});
