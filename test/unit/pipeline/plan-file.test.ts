import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { PlanFile } from '../../../src/pipeline/plan-file.ts';

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plan-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function written(plan: PlanFile): Promise<string> {
  let text = '';
  await plan.writeTo({
    async write(more) {
      text += more;
    },
  });
  return text;
}

test.each(['in a file', 'in memory'])(
  'lines given in any order leave in that of the input: %s',
  async (where) => {
    const folder = where === 'in a file' ? await temporary() : '/proc/nowhere';
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(fc.nat(1_000), fc.string({ unit: 'grapheme' })), {
          selector: ([line]) => line,
        }),
        async (lines) => {
          const plan = await PlanFile.open(folder);
          await Promise.all(lines.map(([line, text]) => plan.add(line, `${line} ${text}\n`)));
          const sorted = [...lines].sort(([one], [other]) => one - other);
          expect(await written(plan)).toBe(sorted.map(([line, text]) => `${line} ${text}\n`).join(''));
        },
      ),
      { numRuns: 50 },
    );
  },
);

test('more than one chunk, backwards', async () => {
  const folder = await temporary();
  const plan = await PlanFile.open(folder);
  const long = 'ü'.repeat(1_000);
  for (let line = 3_000; line > 0; line--) await plan.add(line, `${line} ${long}\n`);
  const lines = (await written(plan)).split('\n');
  expect(lines).toHaveLength(3_001);
  expect(lines.slice(0, 3_000).map((line) => Number(line.split(' ')[0]))).toEqual(
    Array.from({ length: 3_000 }, (_, index) => index + 1),
  );
  expect(lines[17]).toBe(`18 ${long}`);
});

test('its temporary file has no name from the start', async () => {
  const folder = await temporary();
  const plan = await PlanFile.open(folder);
  await plan.add(1, 'x'.repeat(2 * 1024 * 1024));
  expect(await readdir(folder)).toEqual([]);
  await written(plan);
});
