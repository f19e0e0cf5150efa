import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf, ROOT, type Source, sources, withoutComments } from './support/sources.ts';

/** Rooms by floor. A file imports from its own room and from floors below. */
const FLOORS: readonly (readonly string[])[] = [
  ['errors', 'json', 'net', 'sandbox'],
  ['config', 'objects', 'protocol', 'vitally'],
  ['mapping'],
  ['routing'],
  ['rejected'],
  ['checkpoint'],
  ['report'],
  ['write'],
  ['pipeline'],
  ['commands'],
  ['cli.ts'],
  ['main.ts'],
];

/** Each package has one home. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  '@aws-sdk/client-s3': ['rejected'],
  '@aws-sdk/credential-providers': ['rejected'],
  ajv: ['config'],
  'csv-parse': ['commands'],
  'csv-stringify': ['report'],
  entities: ['mapping'],
  'fastest-levenshtein': ['config'],
  'jsonc-parser': ['json'],
  liquidjs: ['config'],
  'lru-cache': ['vitally'],
  'p-queue': ['pipeline'],
  'sanitize-html': ['mapping'],
  undici: ['vitally'],
  yargs: ['commands'],
};

const MAX_LINES = 250;
const MAX_MEDIAN_LINES = 80;
const MAX_FILES_OF_A_FOLDER = 16;
/** Folders that hold one file a thing. */
const CATALOGUES = ['objects'];

const files = sources();

describe('rooms and floors', () => {
  test('every file is in a room that has a floor', () => {
    expect(files.filter(({ room }) => floorOf(room) === -1).map(({ path }) => path)).toEqual([]);
  });

  test.each(FLOORS.flat())('%s imports from its own room and from below', (room) => {
    const above = files
      .filter((file) => file.room === room)
      .flatMap((file) =>
        file.rooms.filter((other) => !mayImport(room, other)).map((other) => `${file.path}: ${other}`),
      );
    expect(above).toEqual([]);
  });

  test('the sandbox imports nothing of ours', () => {
    const sandbox = files.filter(({ room }) => room === 'sandbox');
    expect(sandbox.flatMap(({ rooms }) => rooms).filter((room) => room !== 'sandbox')).toEqual([]);
  });

  test('no two files import one another, over however many others', () => {
    expect(circles(files)).toEqual([]);
  });
});

describe('what a file may know', () => {
  test('main.ts alone names the process', () => {
    const naming = files.filter(({ code }) => /\bprocess\s*[.[]|node:process|globalThis\.process/.test(code));
    expect(naming.map(({ path }) => path)).toEqual(['main.ts']);
  });

  test.each(Object.entries(HOMES))('%s is imported in %j only', (name, rooms) => {
    const importing = files.filter(({ packages }) => packages.includes(name)).map(({ room }) => room);
    expect([...new Set(importing)].sort()).toEqual([...rooms].sort());
  });

  test('the packages are those of package.json, no more and no fewer', () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect([...new Set(files.flatMap(({ packages }) => packages))].sort()).toEqual(
      Object.keys(dependencies).sort(),
    );
    expect(Object.keys(HOMES).sort()).toEqual(Object.keys(dependencies).sort());
  });

  test('errors/tried.ts alone tells rejections from what else is thrown', () => {
    const telling = files.filter(({ code }) => /\binstanceof RecordError\b/.test(code));
    expect(telling.map(({ path }) => path)).toEqual(['errors/tried.ts']);
  });

  test('write/result.ts alone makes outcomes', () => {
    const making = files.filter(({ code }) => /\boutcome:\s*\{\s*kind\b/.test(code));
    expect(making.map(({ path }) => path)).toEqual(['write/result.ts']);
  });

  test('spec loads neither HTTP client nor validator nor queue', () => {
    const heavy = ['undici', 'ajv', 'p-queue'];
    const loaded = ['main.ts', 'cli.ts', 'commands/spec.ts'].flatMap((path) => [...reachable(path)]);
    const packages = files.filter(({ path }) => loaded.includes(path)).flatMap((file) => file.packages);
    expect(packages.filter((name) => heavy.includes(name))).toEqual([]);
  });
});

describe('sizes', () => {
  test(`no file has more than ${MAX_LINES} lines`, () => {
    expect(
      files.filter(({ lines }) => lines > MAX_LINES).map(({ path, lines }) => `${path}: ${lines}`),
    ).toEqual([]);
  });

  test(`half of the files have at most ${MAX_MEDIAN_LINES}`, () => {
    const sizes = files.map(({ lines }) => lines).sort((one, other) => one - other);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(MAX_MEDIAN_LINES);
  });
});

describe('folders', () => {
  test(`none holds more than ${MAX_FILES_OF_A_FOLDER} files, save catalogues`, () => {
    const folders = Map.groupBy(files, ({ path }) => dirname(path));
    const wide = [...folders].filter(
      ([folder, held]) => held.length > MAX_FILES_OF_A_FOLDER && !CATALOGUES.includes(folder),
    );
    expect(wide.map(([folder, held]) => `${folder}: ${held.length}`)).toEqual([]);
  });

  test('every catalogue is there', () => {
    expect(CATALOGUES.filter((folder) => !files.some(({ path }) => dirname(path) === folder))).toEqual([]);
  });
});

describe('the page docs/architecture.md', () => {
  const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');

  test('draws the floors as they are', () => {
    const drawn = [...page.matchAll(/^(\d+) +(\S+?)\/? /gm)].map(([, floor, room]) => `${floor} ${room}`);
    const built = FLOORS.flatMap((rooms, floor) => rooms.map((room) => `${floor} ${room}`));
    expect(drawn.sort()).toEqual(built.sort());
  });

  test('names no file that is not there', () => {
    const named = [...page.matchAll(/`((?:[a-z-]+\/)+[a-z-]+\.ts)`/g)].map(([, path = '']) =>
      path.replace(/^src\//, ''),
    );
    expect(named.filter((path) => !files.some((file) => file.path === path))).toEqual([]);
  });

  test('draws ways over files that are there', () => {
    const drawings = [...page.matchAll(/^```\n([\s\S]*?)^```$/gm)].map(([, drawing = '']) => drawing);
    const rooms = FLOORS.flat().filter((room) => !room.endsWith('.ts'));
    const steps = new RegExp(`\\b(?:${rooms.join('|')})(?:/[a-z-]+)+`, 'g');
    const drawn = drawings.flatMap((drawing) => [...drawing.matchAll(steps)].map(([path]) => path));
    expect(drawn.length).toBeGreaterThan(30);
    expect(drawn.filter((path) => !files.some((file) => file.path === `${path}.ts`))).toEqual([]);
  });

  test('gives every package its home', () => {
    const rows = [...page.matchAll(/^\| `([a-z0-9@/-]+)` \| /gm)].map(([, name]) => name);
    expect(rows.sort()).toEqual(Object.keys(HOMES).sort());
  });
});

describe('what these tests read from a file', () => {
  test.each([
    ["import { a } from './a.ts';", ['./a.ts']],
    ["import type { A } from './a.ts';", ['./a.ts']],
    ["export { type A, b } from './a.ts';", ['./a.ts']],
    ["import {\n  a,\n  b,\n} from 'yargs';", ['yargs']],
    ["await (await import('./a.ts')).a();", ['./a.ts']],
    ["import './a.ts';", ['./a.ts']],
    ["const from = 'here';", []],
    ["get('from'); get('next');", []],
  ])('%j imports %j', (code, names) => {
    expect(importsOf(code)).toEqual(names);
  });

  test.each([
    ['/** process.exit */ a;', ' a;'],
    ['a; // process.exit', 'a; '],
    ["const url = 'https://a.b';", "const url = 'https://a.b';"],
  ])('%j without comments is %j', (text, code) => {
    expect(withoutComments(text)).toBe(code);
  });
});

function floorOf(room: string): number {
  return FLOORS.findIndex((rooms) => rooms.includes(room));
}

function mayImport(room: string, other: string): boolean {
  return room === other || floorOf(other) < floorOf(room);
}

/** The files that are loaded with one, `import()` apart. */
function reachable(start: string): Set<string> {
  const found = new Set<string>();
  const visit = (path: string): void => {
    const file = files.find((candidate) => candidate.path === path);
    if (found.has(path) || file === undefined) return;
    found.add(path);
    const lazy = [...file.code.matchAll(/import\(\s*'\.\/([^']+)'/g)].map(([, name]) => name);
    for (const next of file.files) if (!lazy.includes(next)) visit(next);
  };
  visit(start);
  return found;
}

function circles(all: readonly Source[]): string[] {
  const imports = new Map(all.map(({ path, files: imported }) => [path, imported]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) found.push([...way.slice(way.indexOf(path)), path].join(' -> '));
    if (done.has(path) || way.includes(path)) return;
    for (const next of imports.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const { path } of all) visit(path, []);
  return found;
}
