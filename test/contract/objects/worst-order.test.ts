import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { at } from '../../sandbox/client.ts';
import { run, temporaryDirectory } from '../harness.ts';
import { contentOf, countsOf, imbalance } from '../messages.ts';
import { sandboxFor } from '../sandboxes.ts';
import {
  inWorstOrder,
  type ModelRow,
  modelRows,
  modelSync,
  orphans,
  type Parent,
  seedSettings,
  WORST_ORDER,
} from './whole-model.ts';

test.each([{ withAnalytics: true }, { withAnalytics: false }])('x %o', async ({ withAnalytics }) => {
  const sandbox = await sandboxFor();
  seedSettings(sandbox);
  const lines = inWorstOrder(modelRows(6), withAnalytics);
  const program = await run('write', modelSync(sandbox, withAnalytics), lines);
  console.log(program.code, program.errors, program.stderr, JSON.stringify(program.summary, null, 0));
  console.log(program.logs('WARN'));
  console.log(JSON.stringify(await contentOf(sandbox), null, 1));
});
