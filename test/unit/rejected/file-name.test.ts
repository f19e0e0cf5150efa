import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { streamId } from '../../../src/protocol/messages.ts';
import { type FileKind, FileNames, fileNameOf } from '../../../src/rejected/file-name.ts';
import { pathPart } from '../../../src/rejected/safe-name.ts';

test.each([
  ['dim_customers', undefined, 'dim_customers.jsonl'],
  ['dim_customers', 'mart', 'mart.dim_customers.jsonl'],
  ['CamelCase-1', 'Mart', 'Mart.CamelCase-1.jsonl'],
  ['a.b', undefined, 'a.b.jsonl'],
  ['b.c', 'a', 'a.b.c.jsonl'],
  ['c', 'a.b', 'a.b.c.jsonl'],
  ['..', undefined, '...jsonl'],
  ['../../etc/passwd', '..', '.....%2f..%2fetc%2fpasswd.jsonl'],
  ['a/b\\c', undefined, 'a%2fb%5cc.jsonl'],
  ['nul\u0000byte', undefined, 'nul%00byte.jsonl'],
  ['50%', undefined, '50%25.jsonl'],
  ['two words: *?"<>|', undefined, 'two%20words%3a%20%2a%3f%22%3c%3e%7c.jsonl'],
  ['é😀', undefined, '%c3%a9%f0%9f%98%80.jsonl'],
  ['con', undefined, '%63on.jsonl'],
  ['x', 'Aux', '%41ux.x.jsonl'],
  ['console', undefined, 'console.jsonl'],
  ['a', 'LPT1', '%4cPT1.a.jsonl'],
])('stream %j of namespace %j is kept in %s', (name, namespace, file) => {
  expect(fileNameOf({ name, namespace }, 'rejected')).toBe(file);
});

test.each([
  ['1234', '1234'],
  ['2026-01-01T00:00:00.000Z', '2026-01-01T00%3a00%3a00.000Z'],
  ['', '_'],
  ['.', '%2e'],
  ['..', '%2e%2e'],
  ['a/b', 'a%2fb'],
  ['PRN', '%50RN'],
])('%j is one part of a path: %s', (text, part) => {
  expect(pathPart(text)).toBe(part);
});

const name = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }),
  fc.stringMatching(/^[ab.~%/]{1,4}$/),
  fc.constantFrom('\ud800', '\ufffd', 'x'.repeat(300), `${'x'.repeat(299)}y`, 'con'),
);
const stream = fc.record({ name, namespace: fc.option(name, { nil: undefined }) });

const kinds = fc.constantFrom<FileKind>('rejected', 'outcomes');

test('every name is one safe part of a path', () => {
  fc.assert(
    fc.property(stream, kinds, (descriptor, kind) => {
      const file = fileNameOf(descriptor, kind);
      expect(file).toMatch(/^[A-Za-z0-9_.%~-]*\.jsonl$/);
      expect(basename(file)).toBe(file);
      expect(Buffer.byteLength(file)).toBeLessThanOrEqual(255);
    }),
  );
});

test('no two streams of a run share a file, nor the rejected records and outcomes of one, whatever their names', () => {
  const tricky = fc.constantFrom(
    'a.outcomes',
    'outcomes',
    'a.b',
    'A.B',
    'a',
    'b',
    'B',
    'a.b~2',
    '..',
    '',
    'x.y.z',
    'x',
  );
  const streams = fc.array(
    fc.oneof(stream, fc.record({ name: tricky, namespace: fc.option(tricky, { nil: undefined }) })),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(streams, (all) => {
      const names = new FileNames();
      const wanted = all.flatMap((one) => [
        { id: `${streamId(one)} rejected`, file: () => names.of(one, 'rejected') },
        { id: `${streamId(one)} outcomes`, file: () => names.of(one, 'outcomes') },
      ]);
      const files = new Map(wanted.map(({ id, file }) => [id, file()]));
      const distinct = new Set([...files.values()].map((file) => file.toLowerCase()));
      expect(distinct.size).toBe(files.size);
      for (const { id, file } of wanted) expect(file()).toBe(files.get(id));
      for (const file of files.values()) expect(Buffer.byteLength(file)).toBeLessThanOrEqual(255);
    }),
    { numRuns: 1_000 },
  );
});

test('the file system takes the longest and the oddest', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'rejection-file-'));
  for (const odd of ['😀'.repeat(500), '\u0000', '/', 'é'.repeat(40)]) {
    await writeFile(join(directory, fileNameOf({ name: odd, namespace: odd }, 'outcomes')), '');
  }
  await rm(directory, { recursive: true });
});
