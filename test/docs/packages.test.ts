import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { '': _root, ...locked }: Record<string, Locked> = JSON.parse(
  readFileSync('package-lock.json', 'utf8'),
).packages;
const atRunTime = Object.entries(locked).filter(([, { dev }]) => dev !== true);
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const page = readFileSync('docs/architecture.md', 'utf8');

/** Licences that ask for their text to be handed on and for nothing else. */
const PERMISSIVE = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', '0BSD'];

/** Where Node finds a package that another one names: the nearest `node_modules` upwards. */
function found(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (locked[path] !== undefined) return path;
    if (folder === '') return undefined;
  }
}

/** A package and all that it brings along. */
function tree(path: string, into = new Set<string>()): Set<string> {
  if (into.has(path)) return into;
  into.add(path);
  const { dependencies, optionalDependencies } = locked[path] ?? {};
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const below = found(path, name);
    if (below !== undefined) tree(below, into);
  }
  return into;
}

describe('the lock', () => {
  test('holds the hash of every package, for every platform', () => {
    const unchecked = Object.entries(locked).filter(
      ([, { integrity = '' }]) => !integrity.startsWith('sha512-'),
    );
    expect(unchecked.map(([path]) => path)).toEqual([]);
  });

  test('lets one package alone run a script at its installation: the Node of a checkout', () => {
    const running = Object.entries(locked).filter(([, { hasInstallScript }]) => hasInstallScript === true);
    expect(running.map(([path, { dev }]) => [path, dev])).toEqual([['node_modules/node', true]]);
    expect(manifest.allowScripts).toEqual({ node: true });
  });

  test('stands for exact versions', () => {
    const versions: string[] = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  test('takes permissive licences alone into the product', () => {
    expect(atRunTime.filter(([, { license = '' }]) => !PERMISSIVE.includes(license))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  test('counts what each package brings along, and says why it is there', () => {
    const rows = [...page.matchAll(/^\| `([a-z0-9@/-]+)` \| .* \| (\d+) \| (\S.*) \|$/gm)];
    expect(Object.fromEntries(rows.map(([, name, brings]) => [name, Number(brings)]))).toEqual(
      Object.fromEntries(
        Object.keys(manifest.dependencies).map((name) => [name, tree(`node_modules/${name}`).size]),
      ),
    );
  });

  test('counts the packages at run time by licence', () => {
    const counts = [...page.matchAll(/(\d+) under\s(\S+?)[,.]\s/g)].map(([, count, name]) => [
      name,
      Number(count),
    ]);
    const licences = Object.groupBy(atRunTime, ([, { license = '' }]) => license);
    expect(Object.fromEntries(counts)).toEqual(
      Object.fromEntries(Object.entries(licences).map(([name, packages = []]) => [name, packages.length])),
    );
    expect(page).toContain(`Together ${atRunTime.length} packages run with the product`);
  });
});
