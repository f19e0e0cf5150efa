import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSandbox } from '../support/sandboxes.ts';
import { ROOT } from '../support/sources.ts';
import { headingsOf } from './headings.ts';
import { blocksOf, Reader } from './walk.ts';

const page = readFileSync(join(ROOT, 'docs/first-sync.md'), 'utf8');
const seed: Record<string, never[]> = JSON.parse(
  readFileSync(join(ROOT, 'examples/sandbox/seed.json'), 'utf8'),
);

/** Steps that every test has taken already: the build is the suite's, and the sandbox listens in its process. */
const TAKEN = [
  'npm ci && npm run build\n',
  'bin/destination-vitally sandbox --seed examples/sandbox/seed.json\n',
];

test('the first sync has ten steps', () => {
  const numbers = headingsOf(page).flatMap((heading) => /^(\d+)\. /.exec(heading)?.[1] ?? []);
  expect(numbers).toEqual(Array.from({ length: 10 }, (_, index) => String(index + 1)));
});

test('each step of the first sync does what the page says', async () => {
  const sandbox = await openSandbox();
  for (const [kind, records] of Object.entries(seed)) sandbox.seed(kind, records);
  const reader = new Reader(sandbox);
  const blocks = blocksOf(page);
  expect(blocks.slice(0, 2).map(({ body }) => body)).toEqual(TAKEN);
  for (const block of blocks.slice(2)) await reader.take(block);
  reader.expectCode(0);
});
