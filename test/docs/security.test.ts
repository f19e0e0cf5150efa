import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync('SECURITY.md', 'utf8');

test('every threat of SECURITY.md is held by a test that exists', () => {
  const threats = page.split('\n').filter((line) => /^\| (?!---|threat)/.test(line));
  const tests = threats.map((line) => / \| `(test\/\S+\.test\.ts)` \|$/.exec(line)?.[1]);
  expect(threats.length).toBeGreaterThan(10);
  expect(tests.filter((path) => path === undefined || !existsSync(path))).toEqual([]);
});

test('the workflow builds the published image on a digest, and scans what runs with it', () => {
  const workflow = readFileSync('.github/workflows/ci.yml', 'utf8');
  const bases = readFileSync('Dockerfile', 'utf8').match(/^FROM .*$/gm);
  expect(bases?.filter((line) => !/^FROM (?:\$\{NODE_IMAGE\} AS \w+|scratch)$/.test(line))).toEqual([]);
  expect(workflow).toMatch(/build-args: NODE_IMAGE=\$\{\{ steps\.base\.outputs\.image \}\}/);
  expect(workflow).toMatch(/echo "image=\$name@\$digest"/);
  expect(workflow).toContain('npm audit --omit=dev');
});
