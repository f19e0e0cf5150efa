import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseSettingsOrFaults } from '../../src/config/parse-settings.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const PAGES = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'bench/README.md',
  ...['docs', 'examples'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ),
].filter((path) => path.endsWith('.md'));

const MAX_WIDTH = 125;

/** Lines that are neither a row of a table nor in a block of code, by number. */
function proseOf(page: string): { line: number; text: string }[] {
  const lines = read(page).split('\n');
  const fences = lines.map((text) => /^ *```/.test(text));
  const inCode = (at: number): boolean => fences.slice(0, at + 1).filter(Boolean).length % 2 === 1;
  return lines
    .map((text, at) => ({ line: at + 1, text, code: inCode(at) || fences[at] === true }))
    .filter(({ text, code }) => !code && !text.trimStart().startsWith('|'));
}

const { version, scripts } = JSON.parse(read('package.json'));

describe('every page', () => {
  test.each(PAGES)('%s names npm scripts that are there', (page) => {
    const named = [...read(page).matchAll(/npm (?:run )?([a-z:]+)/g)].map(([, script = '']) => script);
    const own = ['ci', 'install', 'packages', 'and', 'audit'];
    expect(named.filter((script) => !own.includes(script) && scripts[script] === undefined)).toEqual([]);
  });

  test.each(PAGES)(`%s has prose of at most ${MAX_WIDTH} characters a line`, (page) => {
    const prose = proseOf(page);
    expect(prose.length).toBeGreaterThan(10);
    const wide = prose.filter(({ text }) => [...text].length > MAX_WIDTH);
    expect(wide.map(({ line, text }) => `${page}:${line} has ${[...text].length}`)).toEqual([]);
  });
});

test('README and npm test say the same of how long it takes', () => {
  const said = /about (\d+ minutes? \d+ seconds)/;
  const [, inReadme] = said.exec(read('README.md').replaceAll(/\s+/g, ' ')) ?? [];
  expect(inReadme).toBeDefined();
  expect(said.exec(scripts.pretest)?.[1]).toBe(inReadme);
});

describe('the version', () => {
  test.each([
    ['metadata.yaml', /dockerImageTag: (.+)/],
    ['Dockerfile', /io\.airbyte\.version="(.+)"/],
    ['CHANGELOG.md', /^## (\S+)/m],
    ['docs/vitally.md', /^\| (\d\S+) \|/m],
  ])('in %s is that of package.json', (path, pattern) => {
    expect(pattern.exec(read(path))?.[1]).toBe(version);
  });

  test('is one of an image named as metadata.yaml names it', () => {
    const repository = /dockerRepository: (.+)/.exec(read('metadata.yaml'))?.[1];
    expect(read('Dockerfile')).toContain(`io.airbyte.name="${repository}"`);
  });
});

describe('the connector page', () => {
  test('has its sections in the order that Airbyte asks for', () => {
    const titles = [...read('docs/vitally.md').matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(titles).toEqual([
      'Prerequisites',
      'Setup guide',
      'Supported sync modes',
      'Supported objects',
      'Performance considerations',
      'Data type map',
      'Limitations & Troubleshooting',
      'Namespace support',
      'IP allow list',
      'Changelog',
    ]);
  });
});

describe('examples of configuration', () => {
  const spec: unknown = JSON.parse(read('spec.json'));
  const connection = { data_center: { region: 'eu' }, rest_api_token: 'x'.repeat(20) };
  const blocks = ['README.md', 'docs/vitally.md'].flatMap((page) =>
    [...read(page).matchAll(/^ *```json\n([\s\S]*?)^ *```$/gm)].map(([, text = '']) => ({ page, text })),
  );

  test('are there', () => {
    expect([...new Set(blocks.map(({ page }) => page))]).toEqual(['README.md', 'docs/vitally.md']);
  });

  test.each(blocks)('of $page are valid', ({ text }) => {
    const example: unknown = JSON.parse(text.replaceAll('"…"', '"a-token-of-one-api"'));
    const config = Array.isArray(example)
      ? { ...connection, streams: example }
      : { ...Object(example), analytics_api_token: 'a-token-of-the-other' };
    expect(parseSettingsOrFaults(config, spec)).toMatchObject({ faults: [], warnings: [] });
  });
});
