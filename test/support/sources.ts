import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SRC = join(ROOT, 'src');

/** A file of `src`, with what it imports. */
export interface Source {
  /** From `src`, e.g. `checkpoint/ledger.ts`. */
  readonly path: string;
  /** The room it is in, or its own name where it is in none: `checkpoint`, `cli.ts`. */
  readonly room: string;
  readonly lines: number;
  /** Without its comments. */
  readonly code: string;
  /** Rooms of ours that it imports from. */
  readonly rooms: readonly string[];
  /** Paths from `src` of the files of ours that it imports. */
  readonly files: readonly string[];
  /** Packages that it imports, Node's own apart. */
  readonly packages: readonly string[];
}

export function sources(): Source[] {
  return readdirSync(SRC, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => sourceOf(join(entry.parentPath, entry.name)))
    .sort((one, other) => one.path.localeCompare(other.path));
}

function sourceOf(path: string): Source {
  const text = readFileSync(path, 'utf8');
  const code = withoutComments(text);
  const names = importsOf(code);
  const files = names
    .filter((name) => name.startsWith('.'))
    .map((name) => fromSrc(join(dirname(path), name)));
  return {
    path: fromSrc(path),
    room: roomOf(fromSrc(path)),
    lines: text.split('\n').length - 1,
    code,
    rooms: [...new Set(files.map(roomOf))],
    files,
    packages: names.filter((name) => !name.startsWith('.') && !name.startsWith('node:')).map(packageOf),
  };
}

/** Without the path within it, e.g. of `csv-stringify/sync`. */
function packageOf(name: string): string {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/');
}

function fromSrc(path: string): string {
  return relative(SRC, path).split(sep).join('/');
}

function roomOf(path: string): string {
  return path.split('/')[0] ?? path;
}

/** Every module that is imported or exported from, types and `import()` included. */
export function importsOf(code: string): string[] {
  const found = code.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|^\s*import\s+)'([^'\n]+)'/gm);
  return [...found].map(([, name = '']) => name);
}

/** Code without comments, for as long as no text in it holds a comment's begin after a space. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
